import { HostError } from '../errors.ts';
import type { Protocols } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { resolveAddresses } from './connect.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { type PingCount, parsePing } from './ping-output.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { readTargets, targetParams } from './target-params.ts';

/** Three packets find a dead path; only when some of them are lost are twenty more sent, which can tell 5 % from 10 %. */
const FIRST_PACKETS = 3;
const MORE_PACKETS = 20;
const TCP_ATTEMPTS = 5;
/**
 * Bytes take time only where a line is slow or full: a large packet that needs this much longer than a small one, and half as
 * long again at least, has met less than about 150 kbit/s.
 */
const SLOW_BYTES = { extraMs: 150, times: 1.5 };
/** A SYN that was lost is sent again after 1 s (RFC 6298). */
const RETRANSMITTED_MS = 900;

const params = v.pipe(
  strictObject({
    /** `port` is a TCP port to try where ICMP is not answered; `refused` counts as an answer. */
    ...targetParams,
    /** Also sends packets with this much payload that must not be fragmented: finds an MTU black hole (1472 for Ethernet) and a full line. */
    size: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_000))),
  }),
  v.check(({ to, host }) => (to == null) !== (host == null), 'expected `to`, or `host` and perhaps `port`'),
);
type Params = Infer<typeof params>;

const count = v.object({ sent: v.number(), received: v.number(), averageMs: v.nullable(v.number()) });
const facts = v.object({
  observedAt: v.number(),
  host: v.string(),
  /** The TCP port that may be tried; null when none is known. */
  port: v.optional(v.nullable(v.number()), null),
  resolves: v.boolean(),
  /** null: no ping here, or no permission; `icmpError` says why. */
  icmp: v.nullable(count),
  icmpError: v.string(),
  /** A machine on the way, or this one, said that there is no way. */
  unreachable: v.boolean(),
  /** Answers include refusals. null: not tried. */
  tcp: v.nullable(
    v.object({ sent: v.number(), answered: v.number(), retransmitted: v.number(), medianMs: v.nullable(v.number()), outcome: v.string() }),
  ),
  /** Packets of `size`. `localMtu`: the limit this machine already knows, 0 when it knows of none. */
  large: v.nullable(
    v.object({
      size: v.number(),
      sent: v.number(),
      received: v.number(),
      localMtu: v.number(),
      averageMs: v.optional(v.nullable(v.number()), null),
    }),
  ),
  lossPercent: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

const LOSS: Thresholds = { warn: 5, crit: 10, unit: '%', source: 'Netdata ping.conf' };
const ROUND_TRIP: Thresholds = { warn: 200, crit: 500, unit: 'ms', source: 'monitoring-plugins check_icmp' };

export const netPing = defineCheck<Params, Facts>({
  id: 'net.ping',
  phase: 'network',
  title: { en: 'Loss and round trip', 'zh-CN': '丢包与往返时延' },
  params,
  facts,
  messages: {
    ok: {
      en: '{host} answers all {sent|packet|packets} in {ms} ms on average',
      'zh-CN': '{host} 应答全部 {sent} 个数据包，平均 {ms} 毫秒',
    },
    loss: { en: '{percent} % of {sent|packet|packets} to {host} are lost', 'zh-CN': '到 {host} 的 {sent} 个数据包丢失 {percent} %' },
    congested: {
      en: '{host} answers small packets in {ms} ms and packets of {size} bytes in {largeMs} ms: the line is full or very narrow',
      'zh-CN': '{host} 小包 {ms} 毫秒，{size} 字节大包 {largeMs} 毫秒：链路拥塞或带宽过低',
    },
    'high-latency': { en: '{host} answers in {ms} ms on average', 'zh-CN': '{host} 平均往返时延 {ms} 毫秒' },
    'no-icmp-but-tcp': {
      en: '{host} does not answer pings, but TCP port {port} does ({outcome}, {ms} ms)',
      'zh-CN': '{host} 不响应 ping，但 TCP 端口 {port} 有响应（{outcome}，{ms} 毫秒）',
    },
    unreachable: { en: '{host} answers neither pings nor TCP ({detail})', 'zh-CN': '{host} 对 ping 和 TCP 均无响应（{detail}）' },
    'no-route': { en: 'no way to {host}: {detail}', 'zh-CN': '无法到达 {host}：{detail}' },
    'no-icmp': {
      en: '{host} does not answer pings, which many networks drop; no TCP port was given to try',
      'zh-CN': '{host} 不响应 ping（许多网络会丢弃 ICMP），且未指定可尝试的 TCP 端口',
    },
    'large-packets-lost': {
      en: 'small packets reach {host}, packets of {size} bytes vanish: an MTU black hole on the path',
      'zh-CN': '小包可达 {host}，{size} 字节大包丢失：链路存在 MTU 黑洞',
    },
    'name-not-resolved': { en: 'the name {host} does not resolve', 'zh-CN': '域名 {host} 无法解析' },
  },
  thresholds: LOSS,
  timeoutMs: 20_000,
  example: { host: 'api.bank.example.test', port: 443, size: 1400 },
  probe,
  judge,
});

async function probe({ size, ...given }: Params, context: ProbeContext): Promise<Facts> {
  const { host: target, port } = await readPeer(given, context);
  const { addresses } = await resolveAddresses(context.net, target, 3_000);
  const [address] = addresses;
  const observed = { observedAt: context.host.now().wallMs, host: target, port };
  if (address === undefined)
    return { ...observed, resolves: false, icmp: null, icmpError: '', unreachable: false, tcp: null, large: null, lossPercent: null };
  const ping = await pingHost(address, context);
  const answers = ping.icmp !== null && ping.icmp.received === ping.icmp.sent;
  const tcp = answers || port === null ? null : await connectRepeatedly(address, port, context.net);
  const large = size != null && (ping.icmp?.received ?? 0) > 0 ? await pingLarge(address, size, context) : null;
  return { ...observed, resolves: true, ...ping, tcp, large, lossPercent: ping.icmp && lossOf(ping.icmp) };
}

async function readPeer(given: Params, { secrets }: ProbeContext): Promise<{ readonly host: string; readonly port: number | null }> {
  if (given.host != null) return { host: given.host, port: given.port ?? null };
  return (await readTargets(given, secrets))[0];
}

type PingFacts = Pick<Facts, 'icmp' | 'icmpError' | 'unreachable'>;

async function pingHost(address: string, context: ProbeContext): Promise<PingFacts> {
  const first = await runPing(address, FIRST_PACKETS, context);
  const { icmp } = first;
  if (!icmp || icmp.received === 0 || icmp.received === icmp.sent) return first;
  const second = await runPing(address, MORE_PACKETS, context);
  if (!second.icmp) return first;
  return {
    ...first,
    icmp: {
      sent: icmp.sent + second.icmp.sent,
      received: icmp.received + second.icmp.received,
      averageMs: second.icmp.averageMs ?? icmp.averageMs,
    },
  };
}

async function runPing(address: string, packets: number, { host, signal }: ProbeContext): Promise<PingFacts> {
  try {
    const argv = ['ping', '-n', '-c', String(packets), '-i', '0.2', '-W', '3', '--', address];
    const { stdout, stderr } = await host.run(argv, { timeoutMs: 12_000, signal });
    const counted = parsePing(`${stdout}\n${stderr}`);
    return { icmp: keepCount(counted), icmpError: counted.error, unreachable: counted.unreachable };
  } catch (error) {
    if (error instanceof HostError) return { icmp: null, icmpError: error.message, unreachable: false };
    throw error;
  }
}

function keepCount({ sent, received, averageMs }: PingCount): Facts['icmp'] {
  return sent > 0 ? { sent, received, averageMs } : null;
}

/** `-M do` forbids fragments, `-s` is payload: IP and ICMP add 28 bytes. */
async function pingLarge(address: string, size: number, { host, signal }: ProbeContext): Promise<Facts['large']> {
  const argv = ['ping', '-n', '-c', '3', '-i', '0.2', '-W', '3', '-M', 'do', '-s', String(size), '--', address];
  const { stdout, stderr } = await host.run(argv, { timeoutMs: 6_000, signal });
  const { sent, received, localMtu, averageMs } = parsePing(`${stdout}\n${stderr}`);
  return sent > 0 ? { size, sent, received, localMtu, averageMs } : null;
}

async function connectRepeatedly(address: string, port: number, net: Protocols): Promise<Facts['tcp']> {
  const results = await Promise.all(Array.from({ length: TCP_ATTEMPTS }, () => net.connect({ host: address, port }, { timeoutMs: 4_000 })));
  const answered = results.filter(({ outcome }) => outcome === 'connected' || outcome === 'refused');
  const times = answered.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)];
  return {
    sent: results.length,
    answered: answered.length,
    retransmitted: times.filter((ms) => ms >= RETRANSMITTED_MS).length,
    medianMs: median === undefined ? null : round(median),
    outcome: (answered[0] ?? results[0])?.outcome ?? '',
  };
}

function lossOf({ sent, received }: NonNullable<Facts['icmp']>): number {
  return round((100 * (sent - received)) / sent);
}

function judge(facts: Facts, _params: Params, limits: Thresholds = LOSS): Judgement {
  const { host, icmp, tcp, large } = facts;
  if (!facts.resolves) return { status: 'fail', code: 'name-not-resolved', data: { host } };
  if (!icmp || icmp.received === 0) return judgeSilence(facts);
  if (large && large.received === 0 && large.localMtu === 0)
    return { status: 'fail', code: 'large-packets-lost', data: { host, size: large.size } };
  const congestion = judgeBytes(host, icmp.averageMs, large);
  if (congestion) return congestion;
  const loss = lossOf(icmp);
  const tcpIsFine = tcp !== null && tcp.answered === tcp.sent && tcp.retransmitted === 0;
  const grade = gradeAbove(loss, limits);
  if (grade !== 'ok') {
    const status = tcpIsFine ? 'warn' : grade;
    return { status, code: 'loss', data: { host, percent: loss, sent: icmp.sent }, ...showLimit(loss, limits, status) };
  }
  const ms = icmp.averageMs ?? 0;
  const slow = gradeAbove(ms, ROUND_TRIP);
  return {
    status: slow,
    code: slow === 'ok' ? 'ok' : 'high-latency',
    data: { host, sent: icmp.sent, ms },
    ...showLimit(ms, ROUND_TRIP, slow),
  };
}

function judgeBytes(host: string, ms: number | null, large: Facts['large']): Judgement | undefined {
  if (ms === null || !large || large.averageMs === null) return undefined;
  const extra = large.averageMs - ms;
  if (extra < SLOW_BYTES.extraMs || large.averageMs < SLOW_BYTES.times * ms) return undefined;
  const data = { host, ms, size: large.size, largeMs: large.averageMs };
  return {
    status: 'fail',
    code: 'congested',
    data,
    value: round(extra),
    unit: 'ms',
    threshold: SLOW_BYTES.extraMs,
    thresholdSource: 'own',
  };
}

function judgeSilence({ host, port, icmp, icmpError, unreachable, tcp }: Facts): Judgement {
  const ms = tcp?.medianMs ?? 0;
  if (tcp && tcp.answered > 0 && tcp.answered < tcp.sent) {
    const percent = round((100 * (tcp.sent - tcp.answered)) / tcp.sent);
    return { status: 'fail', code: 'loss', data: { host, percent, sent: tcp.sent }, ...showLimit(percent, LOSS, 'fail') };
  }
  if (tcp && tcp.answered > 0) {
    const grade = gradeAbove(ms, ROUND_TRIP);
    const data = { host, port: port ?? '', outcome: tcp.outcome, ms };
    return { status: grade, code: grade === 'ok' ? 'no-icmp-but-tcp' : 'high-latency', data, ...showLimit(ms, ROUND_TRIP, grade) };
  }
  if (tcp) return { status: 'fail', code: 'unreachable', data: { host, detail: icmpError ? `${tcp.outcome}; ${icmpError}` : tcp.outcome } };
  if (unreachable) return { status: 'fail', code: 'no-route', data: { host, detail: icmpError } };
  return {
    status: 'unknown',
    code: 'no-icmp',
    data: { host },
    unlock: icmp ? 'give `port`: a TCP port that should answer' : `give \`port\`, or make ping work (${icmpError})`,
  };
}
