import { HostError } from '../errors.ts';
import type { Protocols } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { askChrony, hasNoChrony } from './chrony.ts';
import { findConsensus, type Reading } from './clock-votes.ts';
import { boundTimeout } from './connect.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { parseTarget } from './target.ts';

const NTP_PORT = 123;
/** Two servers that are both right may differ by this much and half their round trips. */
const SERVER_TOLERANCE_MS = 50;
/** An HTTP date is cut to the second and was written somewhere during the exchange. */
const WITNESS_TOLERANCE_MS = 1_500;
/** An offset beyond this is measured twice more, and the answer with the shortest way counts. */
const DOUBTFUL_MS = 50;

const params = strictObject({
  /** `host` or `host:port`. */
  servers: v.nullish(v.array(v.string())),
  /** URLs whose Date header bears witness, so that one wrong time server is not taken for a wrong clock. */
  witnesses: v.nullish(v.array(v.string())),
  timeout: v.nullish(duration, '2s'),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  servers: v.array(
    v.object({
      server: v.string(),
      answered: v.boolean(),
      offsetMs: v.nullable(v.number()),
      roundTripMs: v.nullable(v.number()),
      stratum: v.nullable(v.number()),
      error: v.string(),
    }),
  ),
  witnesses: v.array(v.object({ url: v.string(), offsetMs: v.nullable(v.number()) })),
  chrony: v.nullable(
    v.object({ daemon: v.boolean(), synchronised: v.boolean(), offsetMs: v.number(), stratum: v.number(), reference: v.string() }),
  ),
  /** What the clocks that agree say: true time minus this host's clock; null when nothing could tell. */
  offsetMs: v.nullable(v.number()),
  /** The true value lies within this of `offsetMs`. */
  toleranceMs: v.number(),
  /** Servers that differ from the clocks that agree. */
  disagreeing: v.array(v.string()),
  silent: v.array(v.string()),
});
type Facts = Infer<typeof facts>;
type ServerFacts = Facts['servers'][number];

const LIMITS: Thresholds = { warn: 0.05, crit: 0.5, unit: 's', source: 'Prometheus node mixin NodeClockSkewDetected (0.05 s); 0.5 s own' };

export const timeOffset = defineCheck<Params, Facts>({
  id: 'time.offset',
  phase: 'network',
  title: { en: 'Clock offset', 'zh-CN': '时钟偏差' },
  params,
  facts,
  messages: {
    'in-sync': { en: 'the clock is off by {offset} s', 'zh-CN': '时钟偏差 {offset} 秒' },
    drifting: { en: 'the clock is off by {offset} s', 'zh-CN': '时钟偏差 {offset} 秒' },
    skewed: { en: "this host's clock is wrong by {offset} s", 'zh-CN': '本机时钟偏差 {offset} 秒' },
    'server-disagrees': {
      en: 'time server {servers} is off by {off} s from all other clocks, this one included',
      'zh-CN': '时间服务器 {servers} 与包括本机在内的其他时钟相差 {off} 秒',
    },
    'server-silent': {
      en: 'time server {servers} does not answer; the clock is off by {offset} s',
      'zh-CN': '时间服务器 {servers} 无应答；时钟偏差 {offset} 秒',
    },
    'no-answer': { en: 'no time server answers ({servers})', 'zh-CN': '所有时间服务器均无应答（{servers}）' },
    'no-server': { en: 'no time server is declared and chrony is not installed', 'zh-CN': '未声明时间服务器，也未安装 chrony' },
  },
  thresholds: LIMITS,
  timeoutMs: 12_000,
  example: { servers: ['ntp.example.test'], witnesses: ['https://api.bank.example.test/'] },
  probe,
  judge,
});

async function probe(params: Params, { host, net, timeoutMs }: ProbeContext): Promise<Facts> {
  const timeout = boundTimeout(params.timeout, timeoutMs, 3);
  const [servers, witnesses] = await Promise.all([
    Promise.all((params.servers ?? []).map((server) => askServer(net, server, timeout))),
    Promise.all((params.witnesses ?? []).map((url) => askWitness(net, url, timeout, () => host.now().wallMs))),
  ]);
  const readings = [...servers.flatMap(readServer), ...witnesses.flatMap(readWitness)];
  const consensus = findConsensus(readings);
  const chrony = !consensus && host.platform === 'linux' && !(await hasNoChrony(host)) ? await askChrony(host) : null;
  const byChrony = chrony?.synchronised ? chrony.offsetMs : null;
  return {
    observedAt: host.now().wallMs,
    servers,
    witnesses,
    chrony,
    offsetMs: consensus ? round(consensus.best.offsetMs) : byChrony,
    toleranceMs: consensus
      ? round(consensus.best.kind === 'witness' ? WITNESS_TOLERANCE_MS : consensus.best.toleranceMs - SERVER_TOLERANCE_MS)
      : 0,
    disagreeing: (consensus?.others ?? []).flatMap(({ kind, name }) => (kind === 'server' ? [name] : [])),
    silent: servers.filter(({ answered }) => !answered).map(({ server }) => server),
  };
}

async function askServer(net: Protocols, server: string, timeoutMs: number): Promise<ServerFacts> {
  try {
    const [address] = parseTarget(server, NTP_PORT);
    const first = await net.sntp(address, { timeoutMs });
    const answers = [first];
    if (Math.abs(first.offsetMs) > DOUBTFUL_MS)
      answers.push(await net.sntp(address, { timeoutMs }), await net.sntp(address, { timeoutMs }));
    const best = answers.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a));
    return {
      server,
      answered: true,
      offsetMs: round(best.offsetMs),
      roundTripMs: round(best.roundTripMs),
      stratum: best.stratum,
      error: '',
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { server, answered: false, offsetMs: null, roundTripMs: null, stratum: null, error: error.message };
  }
}

async function askWitness(net: Protocols, url: string, timeoutMs: number, now: () => number): Promise<Facts['witnesses'][number]> {
  try {
    const { headers } = await net.http({ url, method: 'HEAD', timeoutMs });
    const sent = Date.parse(headers['date'] ?? '');
    // The header is cut to the second, so the true time lies half a second later on average.
    return { url, offsetMs: Number.isNaN(sent) ? null : Math.round(sent + 500 - now()) };
  } catch (error) {
    if (error instanceof HostError) return { url, offsetMs: null };
    throw error;
  }
}

function readServer({ server, offsetMs, roundTripMs }: ServerFacts): Reading[] {
  return offsetMs === null ? [] : [{ name: server, kind: 'server', offsetMs, toleranceMs: SERVER_TOLERANCE_MS + (roundTripMs ?? 0) / 2 }];
}

function readWitness({ url, offsetMs }: Facts['witnesses'][number]): Reading[] {
  return offsetMs === null ? [] : [{ name: url, kind: 'witness', offsetMs, toleranceMs: WITNESS_TOLERANCE_MS }];
}

function judge(facts: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const { servers, offsetMs, toleranceMs, disagreeing, silent } = facts;
  const offset = round((offsetMs ?? 0) / 1_000, 3);
  const certain = Math.max(0, Math.abs(offsetMs ?? 0) - toleranceMs) / 1_000;
  const grade = gradeAbove(certain, limits);
  const shown = showLimit(offset, limits, grade);
  if (offsetMs !== null && grade === 'fail') return { status: 'fail', code: 'skewed', data: { offset }, ...shown };
  if (disagreeing.length > 0) {
    const wrong = servers.find(({ server }) => server === disagreeing[0]);
    const off = round(((wrong?.offsetMs ?? 0) - (offsetMs ?? 0)) / 1_000, 1);
    return { status: 'warn', code: 'server-disagrees', data: { servers: disagreeing.join(', '), off } };
  }
  if (servers.length > 0 && silent.length === servers.length)
    return { status: 'warn', code: 'no-answer', data: { servers: silent.join(', ') } };
  if (offsetMs === null) return { status: 'not-applicable', code: 'no-server' };
  if (grade === 'warn') return { status: 'warn', code: 'drifting', data: { offset }, ...shown };
  if (silent.length > 0) return { status: 'warn', code: 'server-silent', data: { servers: silent.join(', '), offset }, ...shown };
  return { status: 'ok', code: 'in-sync', data: { offset }, ...shown };
}
