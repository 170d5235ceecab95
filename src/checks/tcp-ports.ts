import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import type { TcpSocket } from './proc-net.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { readSockets } from './tcp-sockets.ts';

const NAMED = 5;

const params = strictObject({});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  rangeFrom: v.number(),
  rangeTo: v.number(),
  /** Sockets by state. */
  states: v.record(v.string(), v.number()),
  timeWait: v.number(),
  closeWait: v.number(),
  synReceived: v.number(),
  /** The destinations with most local ports in use; `local` is the address they leave from. */
  destinations: v.array(
    v.object({ local: v.string(), remote: v.string(), port: v.number(), used: v.number(), percent: v.number(), timeWait: v.number() }),
  ),
  /** Where connections were closed by the peer and not by the program here: its leak, by local or remote port. */
  closeWaitPorts: v.array(v.object({ port: v.number(), count: v.number() })),
  truncated: v.boolean(),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 70, crit: 90, unit: '%', source: 'own' };
const CLOSE_WAIT: Thresholds = { warn: 100, crit: Number.POSITIVE_INFINITY, unit: 'sockets', source: 'own' };
/** Handshakes that wait for their last packet: some are usual, a flood has hundreds (net.ipv4.tcp_max_syn_backlog is 128 to 4096). */
const SYN_RECEIVED: Thresholds = { warn: 128, crit: 1_024, unit: 'sockets', source: 'own' };

export const tcpPorts = defineCheck<Params, Facts>({
  id: 'tcp.ports',
  phase: 'network',
  title: { en: 'Local ports', 'zh-CN': '本地端口' },
  params,
  facts,
  messages: {
    ok: {
      en: 'at most {percent} % of the local ports are in use towards one destination',
      'zh-CN': '到单一目的地的本地端口最多使用 {percent} %',
    },
    filling: {
      en: '{percent} % of the local ports towards {remote} are in use ({used}, of them {timeWait} in TIME_WAIT)',
      'zh-CN': '到 {remote} 的本地端口已用 {percent} %（{used} 个，其中 TIME_WAIT {timeWait} 个）',
    },
    exhausted: {
      en: 'local ports towards {remote} are used up: {percent} % ({used}, of them {timeWait} in TIME_WAIT)',
      'zh-CN': '到 {remote} 的本地端口已耗尽：{percent} %（{used} 个，其中 TIME_WAIT {timeWait} 个）',
    },
    'close-wait': {
      en: '{count|connection was|connections were} closed by the peer and not by the program here, most at port {port}: it leaks them',
      'zh-CN': '{count} 个连接已被对端关闭而本机程序未关闭，多在端口 {port}：连接泄漏',
    },
    'syn-flood': {
      en: '{count} half-open connections wait for the last packet of the handshake',
      'zh-CN': '{count} 个半开连接等待握手完成',
    },
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  example: {},
  probe,
  judge,
});

async function probe(_params: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const range = (await host.readFile('/proc/sys/net/ipv4/ip_local_port_range')).text.trim().split(/\s+/).map(Number);
  const [rangeFrom, rangeTo] = range;
  if (rangeFrom === undefined || rangeTo === undefined || !(rangeTo >= rangeFrom))
    throw new HostError('io', 'ip_local_port_range holds no range');
  const { sockets, truncated } = await readSockets(host);
  const states = countBy(sockets, ({ state }) => state);
  return {
    observedAt: host.now().wallMs,
    rangeFrom,
    rangeTo,
    states: Object.fromEntries(states),
    timeWait: states.get('TIME_WAIT') ?? 0,
    closeWait: states.get('CLOSE_WAIT') ?? 0,
    synReceived: (states.get('SYN_RECV') ?? 0) + (states.get('NEW_SYN_RECV') ?? 0),
    destinations: countDestinations(sockets, rangeFrom, rangeTo),
    closeWaitPorts: countLeaks(sockets, rangeFrom, rangeTo),
    truncated,
  };
}

function countDestinations(sockets: readonly TcpSocket[], from: number, to: number): Facts['destinations'] {
  // A local port in the range belongs to a connection made from here; a listener's own port lies outside it as a rule.
  const listening = new Set(sockets.flatMap(({ state, localPort }) => (state === 'LISTEN' ? [localPort] : [])));
  const outgoing = sockets.filter(
    ({ state, localPort }) => state !== 'LISTEN' && localPort >= from && localPort <= to && !listening.has(localPort),
  );
  const groups = new Map<string, TcpSocket[]>();
  for (const socket of outgoing) {
    const key = `${socket.localAddress} ${socket.remoteAddress} ${socket.remotePort}`;
    const group = groups.get(key);
    if (group) group.push(socket);
    else groups.set(key, [socket]);
  }
  return [...groups.values()]
    .map((group) => {
      const [first] = group as [TcpSocket];
      const used = new Set(group.map(({ localPort }) => localPort)).size;
      return {
        local: first.localAddress,
        remote: first.remoteAddress,
        port: first.remotePort,
        used,
        percent: round((100 * used) / (to - from + 1)),
        timeWait: group.filter(({ state }) => state === 'TIME_WAIT').length,
      };
    })
    .sort((a, b) => b.used - a.used)
    .slice(0, NAMED);
}

/** By the port that names the service: the local one of a server, the remote one of a client. */
function countLeaks(sockets: readonly TcpSocket[], from: number, to: number): Facts['closeWaitPorts'] {
  const leaks = sockets.filter(({ state }) => state === 'CLOSE_WAIT');
  const counts = countBy(leaks, ({ localPort, remotePort }) => String(localPort >= from && localPort <= to ? remotePort : localPort));
  return [...counts]
    .map(([port, count]) => ({ port: Number(port), count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, NAMED);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function judge({ destinations, closeWait, closeWaitPorts, synReceived }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const [busiest] = destinations;
  const percent = busiest?.percent ?? 0;
  const data = {
    percent,
    remote: busiest ? `${busiest.remote}:${busiest.port}` : '-',
    used: busiest?.used ?? 0,
    timeWait: busiest?.timeWait ?? 0,
  };
  const use = gradeAbove(percent, limits);
  if (use !== 'ok') return { status: use, code: use === 'fail' ? 'exhausted' : 'filling', data, ...showLimit(percent, limits, use) };
  const flood = gradeAbove(synReceived, SYN_RECEIVED);
  if (flood !== 'ok')
    return { status: flood, code: 'syn-flood', data: { count: synReceived }, ...showLimit(synReceived, SYN_RECEIVED, flood) };
  if (gradeAbove(closeWait, CLOSE_WAIT) !== 'ok') {
    return {
      status: 'warn',
      code: 'close-wait',
      data: { count: closeWait, port: closeWaitPorts[0]?.port ?? 0 },
      ...showLimit(closeWait, CLOSE_WAIT, 'warn'),
    };
  }
  return { status: 'ok', code: 'ok', data, ...showLimit(percent, limits, 'ok') };
}
