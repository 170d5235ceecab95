import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { readSocketInfo, type SocketInfo } from './ss-info.ts';
import { findPeer, judgeUnresolved, namesOneTarget, ONE_TARGET, peerMessages, targetParams } from './target-params.ts';

/** Waits end between two looks, so several are taken; the longest wait that was seen is at most one gap too short. */
const LOOKS = 6;
const GAP_MS = 600;
/** Beyond the round trip: the kernel's clock ticks every 4 ms. */
const TICKETS_MS = 8;
/** The second ticket can be held back until the first is acknowledged (Nagle), which the kernel here delays by 40 ms (`ato`) and more when busy. */
const DELAYED_ACK_MS = 40;
/** Segments that a handshake, its tickets and hardly more come in; a connection that carried many answers has had more. */
const YOUNG_SEGMENTS = 8;

const params = v.pipe(
  strictObject({
    ...targetParams,
    /** The peer speaks TLS: its session tickets come a round trip after the request and are no answer to it. */
    tls: v.nullish(v.boolean(), false),
  }),
  v.check((given) => namesOneTarget(given), ONE_TARGET),
);
type Params = Infer<typeof params>;

const count = v.number();
const facts = v.object({
  observedAt: count,
  host: v.string(),
  port: count,
  addresses: v.array(v.string()),
  /** Different connections that were seen. */
  connections: count,
  /** Of these, how many had sent something and received nothing since, for the warning time and longer. */
  waiting: count,
  /** Of the waiting: the last that came may have been a quick answer and not a ticket, so the connection may be idle. */
  unsure: v.optional(count, 0),
  /** The longest such wait, ms. */
  longestMs: count,
  /** Of the waiting, those whose data the other side has not acknowledged: the network, not the program there. */
  unacknowledged: count,
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 1_000, crit: 2_000, unit: 'ms', source: 'own' };

export const tcpWaiting = defineCheck<Params, Facts>({
  id: 'tcp.waiting',
  phase: 'network',
  title: { en: 'Requests that wait for a peer', 'zh-CN': '等待对端应答的请求' },
  watchMs: (LOOKS - 1) * GAP_MS,
  params,
  facts,
  messages: {
    answering: {
      en: '{host}:{port} answers: the longest of {connections|connection|connections} waits {ms} ms',
      'zh-CN': '{host}:{port} 正常应答：{connections} 个连接中最长等待 {ms} 毫秒',
    },
    idle: { en: 'this machine has no connection to {host}:{port} at present', 'zh-CN': '本机当前没有到 {host}:{port} 的连接' },
    waiting: {
      en: '{waiting} of {connections|connection|connections} to {host}:{port} wait for an answer, up to {ms} ms; what they sent was received there',
      'zh-CN': '到 {host}:{port} 的 {connections} 个连接中有 {waiting} 个在等待应答，最长 {ms} 毫秒；对端已收到数据',
    },
    unacknowledged: {
      en: '{waiting} of {connections|connection|connections} to {host}:{port} wait, up to {ms} ms; what they sent is not acknowledged',
      'zh-CN': '到 {host}:{port} 的 {connections} 个连接中有 {waiting} 个在等待，最长 {ms} 毫秒；所发数据未被确认',
    },
    ...peerMessages,
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  example: { to: 'https://api.bank.example.test/' },
  probe,
  judge,
});

async function probe(given: Params, context: ProbeContext): Promise<Facts> {
  const { host, sleep } = context;
  requireLinux(host);
  const { target, addresses } = await findPeer(given, context);
  const longest = new Map<string, Wait>();
  for (let look = 0; look < LOOKS && addresses.length > 0; look++) {
    if (look > 0) await sleep(GAP_MS);
    for (const wait of await readWaits(target.port, addresses, given.tls === true ? TICKETS_MS : 0, context)) {
      if (wait.ms >= (longest.get(wait.local)?.ms ?? 0)) longest.set(wait.local, wait);
    }
  }
  const waits = [...longest.values()];
  const late = waits.filter(({ ms }) => ms >= LIMITS.warn);
  return {
    observedAt: host.now().wallMs,
    host: target.host,
    port: target.port,
    addresses: [...addresses],
    connections: waits.length,
    waiting: late.length,
    longestMs: Math.max(0, ...waits.map(({ ms }) => ms)),
    unsure: late.filter(({ sure }) => !sure).length,
    unacknowledged: late.filter(({ acknowledged }) => !acknowledged).length,
  };
}

interface Wait {
  readonly local: string;
  readonly ms: number;
  readonly acknowledged: boolean;
  readonly sure: boolean;
}

async function readWaits(port: number, addresses: readonly string[], ticketsMs: number, context: ProbeContext): Promise<readonly Wait[]> {
  return (await readSocketInfo(port, addresses, context)).map((socket) => waitOf(socket, ticketsMs));
}

/**
 * After the handshake `lastrcv` is as old as the connection, so a request that was never answered has sent later than it received.
 * Tickets of TLS 1.3 are received up to a round trip after it; no payment is answered as soon as that. Tickets that a delayed
 * acknowledgement held back come as late as a quick answer does.
 */
export function waitOf({ local, read }: SocketInfo, ticketsMs = 0): Wait {
  const hasSent = (read('bytes_sent') ?? read('data_segs_out') ?? 0) > 0;
  const lateMs = (read('lastsnd') ?? 0) - (read('lastrcv') ?? 0);
  const ticketsEndMs = ticketsMs > 0 ? ticketsMs + (read('rtt') ?? 0) : 0;
  const isYoung = ticketsMs > 0 && (read('data_segs_in') ?? Number.POSITIVE_INFINITY) <= YOUNG_SEGMENTS;
  const sure = lateMs < ticketsEndMs;
  const open = hasSent && (sure || (isYoung && lateMs < ticketsEndMs + 2 * (read('ato') ?? DELAYED_ACK_MS)));
  return { local, ms: open ? (read('lastsnd') ?? 0) : 0, acknowledged: (read('unacked') ?? 0) === 0, sure: sure || !open };
}

function judge(
  { host, port, addresses, connections, waiting, unsure, longestMs, unacknowledged }: Facts,
  _params: Params,
  limits = LIMITS,
): Judgement {
  const data = { host, port, connections, waiting, ms: longestMs };
  if (addresses.length === 0) return judgeUnresolved(data);
  if (connections === 0) return { status: 'ok', code: 'idle', data };
  // One request may be a slow one; two at a time are how the peer is.
  const worst = waiting > 1 ? gradeAbove(longestMs, limits) : 'ok';
  const grade = worst === 'fail' && waiting - unsure < 2 ? 'warn' : worst;
  const code = grade === 'ok' ? 'answering' : 2 * unacknowledged > waiting ? 'unacknowledged' : 'waiting';
  return { status: grade, code, data, ...showLimit(longestMs, limits, grade) };
}
