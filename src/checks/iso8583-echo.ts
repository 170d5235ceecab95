import { HostError } from '../errors.ts';
import { ECHO_DIALECTS, type EchoAnswer, echoCodec, encodeEcho, readEchoAnswer } from '../payments/iso8583/echo.ts';
import { measureFrame, parseFraming } from '../payments/iso8583/framing.ts';
import type { Exchange } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { describePeer, exchangeFacts, judgeExchange, peerMessages, summariseExchange } from './peer-exchange.ts';
import { duration, type Infer, parseDuration, port, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 1_000, crit: 5_000, unit: 'ms', source: 'own' };
/** What is left of the budget goes to the answer that there was none. */
const SPARE_MS = 500;
const MIN_INTERVAL_MS = parseDuration('300s') as number;

const params = v.pipe(
  strictObject({
    host: v.nullish(v.pipe(v.string(), v.minLength(1))),
    port: v.nullish(port),
    /** iso87-ascii, iso87-binary, iso87-ebcdic or iso93; one of its ways to encode after a slash: `iso87-ascii/raw bitmap`. */
    dialect: v.nullish(
      v.pipe(
        v.string(),
        v.check((id) => echoCodec(id) !== undefined, `expected one of ${ECHO_DIALECTS.join(', ')}, with or without /VARIANT`),
      ),
      'iso87-ascii',
    ),
    framing: v.nullish(
      v.pipe(
        v.string(),
        v.check(
          (id) => (parseFraming(id)?.length ?? 'none') !== 'none',
          'expected a framing with a length, such as len2-binary or len4-ascii',
        ),
      ),
      'len2-binary',
    ),
    /** The message header of a framing that has one, hexadecimal. */
    header: v.nullish(v.pipe(v.string(), v.regex(/^(?:[0-9a-fA-F]{2})+$/, 'expected hexadecimal bytes'))),
    echo: v.nullish(strictObject({ min_interval: v.nullish(duration), second_session: v.nullish(v.boolean()) })),
  }),
  v.check(
    ({ framing, header }) => parseFraming(framing)?.header === undefined || header != null,
    'this framing has a header: give it as `header`',
  ),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  peer: v.nullable(v.string()),
  /** Was an echo sent? no-peer and one-session: none may be; too-soon: the last one is too fresh. */
  asked: v.picklist(['sent', 'no-peer', 'one-session', 'too-soon']),
  lastAt: v.nullable(v.number()),
  minIntervalMs: v.number(),
  stan: v.nullable(v.string()),
  exchange: v.nullable(exchangeFacts),
  answer: v.nullable(
    v.object({
      mti: v.nullable(v.string()),
      stan: v.nullable(v.string()),
      responseCode: v.nullable(v.string()),
      problem: v.nullable(v.picklist(['garbage', 'other-message', 'not-echoed', 'declined'])),
      detail: v.string(),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const iso8583Echo = defineCheck<Params, Facts>({
  id: 'iso8583.echo',
  phase: 'network',
  title: { en: 'ISO 8583 echo', 'zh-CN': 'ISO 8583 回响测试' },
  active: true,
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ...peerMessages,
    answered: { en: '{peer} answers the echo after {ms} ms', 'zh-CN': '{peer} 正常应答回响测试，耗时 {ms} 毫秒' },
    slow: { en: '{peer} takes {ms} ms to answer the echo', 'zh-CN': '{peer} 应答回响测试耗时 {ms} 毫秒' },
    declined: { en: '{peer} answers the echo with response code {rc}', 'zh-CN': '{peer} 对回响测试返回应答码 {rc}' },
    'not-echoed': {
      en: '{peer} answers with STAN {got} to an echo with STAN {stan}',
      'zh-CN': '{peer} 对流水号 {stan} 的回响测试返回了流水号 {got}',
    },
    'other-message': { en: '{peer} answers the echo with a message {mti}', 'zh-CN': '{peer} 以报文 {mti} 应答回响测试' },
    'peer-asks': {
      en: '{peer} sends a request {mti} of its own before it answers: the echo was left at that',
      'zh-CN': '{peer} 在应答之前先发来请求 {mti}，回响测试到此为止',
    },
    garbage: { en: '{peer} answers with what is no message of this dialect: {detail}', 'zh-CN': '{peer} 的应答不是该方言的报文：{detail}' },
    'too-soon': {
      en: 'the last echo to {peer} was {ago} s ago; one every {every} s is allowed',
      'zh-CN': '上一次向 {peer} 发送回响测试在 {ago} 秒前，至少间隔 {every} 秒',
    },
    'one-session': {
      en: '{peer} allows one session: an echo of ours would cut the production one (echo.second_session is not true)',
      'zh-CN': '{peer} 只允许一个会话：主动回响测试会切断生产会话（echo.second_session 不为 true）',
    },
    none: { en: 'no switch is declared', 'zh-CN': '未声明交换平台' },
  },
  timeoutMs: 6_000,
  example: {
    host: '10.0.0.9',
    port: 8583,
    dialect: 'iso87-ascii',
    framing: 'len2-binary',
    echo: { min_interval: '300s', second_session: true },
  },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const { host, pacer } = context;
  const observedAt = host.now().wallMs;
  const minIntervalMs = params.echo?.min_interval ?? MIN_INTERVAL_MS;
  const peer = describePeer(params);
  const nothing = { observedAt, peer, lastAt: null, minIntervalMs, stan: null, exchange: null, answer: null };
  if (peer === null) return { ...nothing, asked: 'no-peer' };
  if (params.echo?.second_session !== true) return { ...nothing, asked: 'one-session' };
  const { taken, lastAt } = await pacer.take(`iso8583.echo ${peer}`, minIntervalMs);
  if (!taken) return { ...nothing, asked: 'too-soon', lastAt };
  // The last six digits of the seconds: no two echoes of eleven days share one.
  const stan = String(Math.floor(observedAt / 1_000) % 1_000_000).padStart(6, '0');
  const { exchange, answer } = await sendEcho(params, context, stan, observedAt);
  return { ...nothing, asked: 'sent', lastAt, stan, exchange: summariseExchange(exchange), answer };
}

async function sendEcho(
  { host, port, dialect, framing: framingId, header }: Params,
  { net, timeoutMs, signal }: ProbeContext,
  stan: string,
  at: number,
): Promise<{ readonly exchange: Exchange; readonly answer: EchoAnswer | null }> {
  const codec = echoCodec(dialect);
  const framing = parseFraming(framingId);
  if (!codec || !framing || host == null || port == null) throw new HostError('unsupported', `no echo in ${dialect}, ${framingId}`);
  const bytes = encodeEcho(codec, framing, stan, at, header == null ? undefined : bytesOf(header));
  const exchange = await net.exchange({
    host,
    port,
    payload: hexOf(bytes),
    measure: (begun) => measureFrame(begun, framing),
    timeoutMs: Math.max(1, Math.min(THRESHOLDS.crit, timeoutMs - SPARE_MS)),
    signal,
  });
  return { exchange, answer: exchange.outcome === 'answered' ? readEchoAnswer(bytesOf(exchange.answer), codec, framing, stan) : null };
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function judge(facts: Facts, _params: Params, limits: Thresholds = THRESHOLDS): Judgement {
  const { asked, peer, observedAt, lastAt, minIntervalMs, exchange } = facts;
  if (asked === 'no-peer' || peer === null) return { status: 'not-applicable', code: 'none' };
  if (asked === 'one-session') return { status: 'not-applicable', code: 'one-session', data: { peer } };
  if (asked === 'too-soon' || exchange === null) {
    const ago = Math.max(0, Math.round((observedAt - (lastAt ?? observedAt)) / 1_000));
    const every = Math.round(minIntervalMs / 1_000);
    return { status: 'unknown', code: 'too-soon', data: { peer, ago, every }, unlock: `ask again in ${Math.max(1, every - ago)} s` };
  }
  return judgeExchange(peer, exchange) ?? judgeAnswer(facts, peer, limits);
}

function judgeAnswer({ stan, exchange, answer }: Facts, peer: string, limits: Thresholds): Judgement {
  const ms = Math.round(exchange?.roundTripMs ?? 0);
  const data = {
    peer,
    ms,
    rc: answer?.responseCode ?? '-',
    stan: stan ?? '-',
    got: answer?.stan ?? '-',
    mti: answer?.mti ?? '?',
    detail: answer?.detail ?? '',
  };
  if (answer?.problem === 'other-message' && /^.[1-8][024]/.test(data.mti))
    return {
      status: 'unknown',
      code: 'peer-asks',
      data,
      unlock: 'ask the peer whether a second session may send an echo before it signs on',
    };
  if (!answer || answer.problem !== null) {
    const problem = answer?.problem ?? 'garbage';
    const isCode = problem === 'declined';
    return {
      status: 'fail',
      code: problem,
      data,
      ...(isCode
        ? { value: data.rc, threshold: data.mti.startsWith('1') ? '800' : '00', thresholdSource: 'ISO 8583 data element 39' }
        : {}),
    };
  }
  const grade = gradeAbove(ms, limits);
  return {
    status: grade,
    code: grade === 'ok' ? 'answered' : 'slow',
    data,
    ...showLimit(ms, limits, grade),
  };
}
