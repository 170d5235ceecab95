import type { Exchange } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { describePeer, exchangeFacts, judgeExchange, peerMessages, summariseExchange } from './peer-exchange.ts';
import { type Infer, port, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 1_000, crit: 5_000, unit: 'ms', source: 'own' };
/** What is left of the budget goes to the answer that there was none. */
const SPARE_MS = 500;
const LENGTH_BYTES = 2;
/** Of an answer that is not the wanted one, enough to show the vendor's error code. */
const CODE_CHARS = 2;
const printable = (what: string) => v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,64}$/, `expected ${what}: 1 to 64 characters of ASCII`));

const params = v.pipe(
  strictObject({
    host: v.nullish(v.pipe(v.string(), v.minLength(1))),
    port: v.nullish(port),
    /** The vendor's status command with its message header, e.g. `0000NC`; it must change nothing. Without it only the connection is tried. */
    command: v.nullish(printable('a command')),
    /** How a good answer begins, header included, e.g. `0000ND00`. */
    answer: v.nullish(printable('the beginning of an answer')),
  }),
  v.check(({ command, answer }) => (command == null) === (answer == null), '`command` and `answer` belong together'),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  peer: v.nullable(v.string()),
  /** Of the connection alone; null when a command was sent. */
  connect: v.nullable(v.object({ outcome: v.string(), durationMs: v.number(), errorCode: v.string() })),
  exchange: v.nullable(exchangeFacts),
  /** How the answer begins, as far as the wanted beginning goes and an error code more; null without one. */
  begins: v.nullable(v.string()),
});
type Facts = Infer<typeof facts>;

export const payHsm = defineCheck<Params, Facts>({
  id: 'pay.hsm',
  phase: 'network',
  title: { en: 'Hardware security module', 'zh-CN': '加密机' },
  active: true,
  params,
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ...peerMessages,
    connected: {
      en: '{peer} accepts connections ({ms} ms); no status command is given',
      'zh-CN': '{peer} 可连接（{ms} 毫秒），未配置状态命令',
    },
    answered: { en: '{peer} reports that it is well after {ms} ms', 'zh-CN': '{peer} 状态正常，耗时 {ms} 毫秒' },
    slow: { en: '{peer} takes {ms} ms to answer', 'zh-CN': '{peer} 应答耗时 {ms} 毫秒' },
    'error-code': { en: '{peer} answers "{begins}" where "{wanted}" is wanted', 'zh-CN': '{peer} 应答“{begins}”，期望“{wanted}”' },
    none: { en: 'no security module is declared', 'zh-CN': '未声明加密机' },
  },
  timeoutMs: 6_000,
  example: { host: '10.0.0.20', port: 1500, command: '0000NC', answer: '0000ND00' },
  probe,
  judge,
});

async function probe(params: Params, { host, net, timeoutMs, signal }: ProbeContext): Promise<Facts> {
  const observedAt = host.now().wallMs;
  const peer = describePeer(params);
  const nothing = { observedAt, peer, connect: null, exchange: null, begins: null };
  if (params.host == null || params.port == null) return nothing;
  const where = { host: params.host, port: params.port };
  const options = { timeoutMs: Math.max(1, Math.min(THRESHOLDS.crit, timeoutMs - SPARE_MS)), signal };
  if (params.command == null || params.answer == null) {
    const { outcome, durationMs, errorCode = '' } = await net.connect(where, options);
    return { ...nothing, connect: { outcome, durationMs, errorCode } };
  }
  const exchange = await net.exchange({ ...where, payload: frame(params.command), measure, ...options });
  return { ...nothing, exchange: summariseExchange(exchange), begins: beginning(exchange, params.answer) };
}

function frame(command: string): string {
  return [command.length >> 8, command.length & 0xff, ...[...command].map((character) => character.charCodeAt(0))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function measure(bytes: Uint8Array): number | undefined {
  const [high, low] = bytes;
  return high === undefined || low === undefined ? undefined : high * 256 + low + LENGTH_BYTES;
}

function beginning({ outcome, answer }: Exchange, wanted: string): string | null {
  if (outcome !== 'answered') return null;
  const codes = (answer.match(/../g) ?? []).slice(LENGTH_BYTES, LENGTH_BYTES + wanted.length + CODE_CHARS);
  const text = codes.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
  return (text.startsWith(wanted) ? wanted : text).replace(/[^\x20-\x7e]/g, '.');
}

function judge({ peer, connect, exchange, begins }: Facts, params: Params, limits: Thresholds = THRESHOLDS): Judgement {
  if (peer === null) return { status: 'not-applicable', code: 'none' };
  const silent = exchange && judgeExchange(peer, exchange);
  if (silent) return silent;
  if (connect && connect.outcome !== 'connected')
    return { status: 'fail', code: connect.outcome, data: { peer, bytes: 0, error: connect.errorCode || '-' } };
  const ms = Math.round(exchange?.roundTripMs ?? connect?.durationMs ?? 0);
  const wanted = params.answer ?? '';
  const data = { peer, ms, begins: begins ?? '', wanted };
  if (exchange && begins !== wanted)
    return { status: 'fail', code: 'error-code', data, value: data.begins, threshold: wanted, thresholdSource: 'playbook' };
  const grade = gradeAbove(ms, limits);
  return {
    status: grade,
    code: grade === 'ok' ? (exchange ? 'answered' : 'connected') : 'slow',
    data,
    ...showLimit(ms, limits, grade),
  };
}
