import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import type { TcpSocket } from './proc-net.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { readSocketInfo } from './ss-info.ts';
import { findPeer, judgeUnresolved, namesOneTarget, ONE_TARGET, peerMessages, targetParams } from './target-params.ts';
import { readSockets } from './tcp-sockets.ts';
import { SAMPLE_MS, sampleTwice } from './two-samples.ts';

const params = v.pipe(
  strictObject({
    ...targetParams,
    /** True: a line that always stands, so that none is a failure. */
    persistent: v.nullish(v.boolean(), false),
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
  established: count,
  /** SYN sent and not answered, in both samples. */
  connecting: count,
  /** Closed by the other side and not by the program here. */
  closeWait: count,
  /** Established, with data that was sent again and is not acknowledged yet. */
  stalled: count,
  unsentBytes: count,
  /** How long ago something came over any of the connections; null without one, or when it cannot be told. */
  receivedAgoMs: v.optional(v.nullable(count), null),
});
type Facts = Infer<typeof facts>;

export const tcpPeer = defineCheck<Params, Facts>({
  id: 'tcp.peer',
  phase: 'network',
  title: { en: 'Connections to a peer', 'zh-CN': '到对端的连接' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    established: {
      en: '{count|established connection|established connections} to {host}:{port}',
      'zh-CN': '到 {host}:{port} 有 {count} 个连接',
    },
    none: { en: 'this machine has no connection to {host}:{port}', 'zh-CN': '本机没有到 {host}:{port} 的连接' },
    connecting: {
      en: '{count|unanswered connection attempt|unanswered connection attempts} to {host}:{port}',
      'zh-CN': '到 {host}:{port} 的 {count} 次连接请求无应答',
    },
    stalled: {
      en: '{count|connection|connections} to {host}:{port} with data that is not acknowledged ({bytes|byte|bytes})',
      'zh-CN': '到 {host}:{port} 的 {count} 个连接有未确认数据（{bytes} 字节）',
    },
    ...peerMessages,
  },
  timeoutMs: 8_000,
  example: { host: 'switch.example.test', port: 8583, persistent: true },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  requireLinux(host);
  const { target, addresses } = await findPeer(params, context);
  const look = async (): Promise<readonly TcpSocket[]> => {
    const { sockets } = await readSockets(host);
    return sockets.filter(({ remotePort, remoteAddress }) => remotePort === target.port && addresses.includes(remoteAddress));
  };
  const { before, after } = await sampleTwice(context, look);
  const pending = new Set(before.filter(({ state }) => state === 'SYN_SENT').map(({ localPort }) => localPort));
  const stalled = after.filter(({ state, retransmits, sendQueue }) => state === 'ESTABLISHED' && retransmits > 0 && sendQueue > 0);
  return {
    observedAt: host.now().wallMs,
    host: target.host,
    port: target.port,
    addresses: [...addresses],
    established: after.filter(({ state }) => state === 'ESTABLISHED').length,
    connecting: after.filter(({ state, localPort }) => state === 'SYN_SENT' && pending.has(localPort)).length,
    closeWait: after.filter(({ state }) => state === 'CLOSE_WAIT').length,
    stalled: stalled.length,
    unsentBytes: stalled.reduce((sum, { sendQueue }) => sum + sendQueue, 0),
    receivedAgoMs: await readReceivedAgo(target.port, addresses, context),
  };
}

async function readReceivedAgo(port: number, addresses: readonly string[], context: ProbeContext): Promise<number | null> {
  try {
    // Where nothing ever came, the kernel counts from the handshake.
    const heard = (await readSocketInfo(port, addresses, context)).filter(({ read }) => (read('bytes_received') ?? 0) > 0);
    const ages = heard.map(({ read }) => read('lastrcv') ?? 0);
    return ages.length === 0 ? null : Math.min(...ages);
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

function judge({ host, port, addresses, established, connecting, stalled, unsentBytes }: Facts, { persistent }: Params): Judgement {
  const data = { host, port, count: established, bytes: unsentBytes };
  if (addresses.length === 0) return judgeUnresolved(data);
  if (stalled > 0) return { status: 'fail', code: 'stalled', data: { ...data, count: stalled } };
  if (established > 0) return { status: 'ok', code: 'established', data };
  if (connecting > 0) return { status: 'fail', code: 'connecting', data: { ...data, count: connecting } };
  return { status: persistent === true ? 'fail' : 'ok', code: 'none', data };
}
