import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { findProcesses, readProcessNames } from './proc-find.ts';
import type { TcpSocket } from './proc-net.ts';
import { type Infer, port, strictObject, v } from './schema.ts';
import { findOwners, type Protocol, readSockets } from './tcp-sockets.ts';

const params = strictObject({
  ports: v.union([port, v.pipe(v.array(port), v.minLength(1))]),
  /** A UDP port is listened on when a socket is bound to it and to no peer. */
  protocol: v.nullish(v.picklist(['tcp', 'udp']), 'tcp'),
  /** Where it has to listen; without it any address will do. */
  address: v.nullish(v.string()),
  /** Who has to own it, by a name as in proc.match. */
  process: v.nullish(v.string()),
  /** By a name as in proc.match: where it listens instead is told. Of a port that is listened on it asks nothing: a proxy may hold it. */
  runs_as: v.nullish(v.string()),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  ports: v.array(
    v.object({
      port: v.number(),
      listeners: v.array(
        v.object({ address: v.string(), uid: v.number(), waiting: v.number(), pid: v.nullable(v.number()), names: v.array(v.string()) }),
      ),
      loopbackOnly: v.boolean(),
    }),
  ),
  missing: v.array(v.number()),
  /** Of a missing port, where the process that should listen does. */
  elsewhere: v.optional(v.array(v.number()), []),
});
type Facts = Infer<typeof facts>;
type PortFacts = Facts['ports'][number];

export const portListen = defineCheck<Params, Facts>({
  id: 'port.listen',
  phase: 'software',
  title: { en: 'Listening port', 'zh-CN': '端口监听' },
  params,
  facts,
  messages: {
    listening: { en: 'port {port} is listened on at {addresses}', 'zh-CN': '端口 {port} 正在监听（{addresses}）' },
    'not-listening': { en: 'nothing listens on port {port}', 'zh-CN': '端口 {port} 无服务监听' },
    elsewhere: {
      en: '{process} runs and listens on port {others}, and nothing on port {port}',
      'zh-CN': '{process} 正在运行并监听端口 {others}，而端口 {port} 无服务监听',
    },
    'other-owner': {
      en: 'port {port} belongs to {owner} (pid {pid}), not to {process}',
      'zh-CN': '端口 {port} 被 {owner}（pid {pid}）占用，而不是 {process}',
    },
    'loopback-only': {
      en: 'port {port} is listened on at {addresses} only: other machines cannot reach it',
      'zh-CN': '端口 {port} 仅监听 {addresses}：其他主机无法访问',
    },
    'other-address': {
      en: 'port {port} is listened on at {addresses}, not at {wanted}',
      'zh-CN': '端口 {port} 监听于 {addresses}，而不是 {wanted}',
    },
  },
  timeoutMs: 8_000,
  example: { ports: [443], process: 'nginx' },
  probe,
  judge,
});

async function probe({ ports, process, protocol, runs_as }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const { sockets } = await readSockets(host, protocol);
  const wanted = [...new Set([ports].flat())];
  const isListening = ({ state, remotePort }: (typeof sockets)[number]): boolean =>
    protocol === 'tcp' ? state === 'LISTEN' : state === 'CLOSE' && remotePort === 0;
  const listening = sockets.filter((each) => isListening(each) && wanted.includes(each.localPort));
  const owners = process != null && listening.length > 0 ? await findOwners(host, protocol) : null;
  const listeners = await Promise.all(
    listening.map(async ({ localPort, localAddress, uid, receiveQueue, inode }) => {
      const pid = owners?.get(inode) ?? null;
      return {
        port: localPort,
        address: localAddress,
        uid,
        waiting: receiveQueue,
        pid,
        names: pid === null ? [] : [...(await readProcessNames(host, pid))],
      };
    }),
  );
  const found = wanted.map((each): PortFacts => {
    const own = listeners.filter((listener) => listener.port === each).map(({ port: _port, ...rest }) => rest);
    return { port: each, listeners: own, loopbackOnly: own.length > 0 && own.every(({ address }) => isLoopback(address)) };
  });
  const missing = found.filter(({ listeners: own }) => own.length === 0).map((each) => each.port);
  const elsewhere = runs_as == null || missing.length === 0 ? [] : await findPorts(host, sockets.filter(isListening), runs_as, protocol);
  return { observedAt: host.now().wallMs, ports: found, missing, elsewhere };
}

/** Of sockets that listen, the ports of those that a process of that name holds; none where that cannot be seen. */
async function findPorts(host: Host, listening: readonly TcpSocket[], name: string, protocol: Protocol): Promise<number[]> {
  const [processes, owners] = await Promise.all([findProcesses(host, name).catch(hidden), findOwners(host, protocol)]);
  const pids = new Set(processes.map(({ stat }) => stat.pid));
  const own = listening.filter(({ inode }) => pids.has(owners?.get(inode) ?? 0));
  return [...new Set(own.map(({ localPort }) => localPort))].sort((one, other) => one - other);
}

function hidden(error: unknown): readonly [] {
  if (error instanceof HostError && error.reason === 'no-permission') return [];
  throw error;
}

function judge({ ports, missing, elsewhere }: Facts, params: Params): Judgement {
  if (missing.length > 0 && elsewhere.length > 0)
    return {
      status: 'fail',
      code: 'elsewhere',
      data: { port: missing.join(', '), process: params.runs_as ?? '', others: elsewhere.join(', ') },
      value: elsewhere.join(', '),
    };
  if (missing.length > 0) return { status: 'fail', code: 'not-listening', data: { port: missing.join(', ') }, value: missing.join(', ') };
  const problem = ports.map((each) => findProblem(each, params)).find((judgement) => judgement !== undefined);
  if (problem) return problem;
  const addresses = [...new Set(ports.flatMap(({ listeners }) => listeners.map(({ address }) => address)))].join(', ');
  return { status: 'ok', code: 'listening', data: { port: ports.map(({ port: each }) => each).join(', '), addresses } };
}

function findProblem({ port: number, listeners, loopbackOnly }: PortFacts, { address, process }: Params): Judgement | undefined {
  const addresses = listeners.map((listener) => listener.address).join(', ');
  const stranger = process == null ? undefined : findStranger(listeners, process);
  if (stranger)
    return {
      status: 'fail',
      code: 'other-owner',
      data: { port: number, owner: stranger.names[0] ?? '', pid: stranger.pid ?? 0, process: process ?? '' },
    };
  if (address == null || listeners.some((listener) => covers(listener.address, address))) return undefined;
  if (loopbackOnly) return { status: 'fail', code: 'loopback-only', data: { port: number, addresses } };
  return { status: 'fail', code: 'other-address', data: { port: number, addresses, wanted: address } };
}

/** A listener whose owner is known and goes by other names, when none of them is owned by the right one. */
function findStranger(listeners: PortFacts['listeners'], process: string): PortFacts['listeners'][number] | undefined {
  const known = listeners.filter(({ names }) => names.length > 0);
  const word = process.trim().split(/\s+/)[0] as string;
  const wanted = word.slice(word.lastIndexOf('/') + 1);
  // A pattern or a command line cannot be held against bare names; proc.match does that.
  if (process.startsWith('/') || known.some(({ names }) => names.includes(wanted) || names.includes(process))) return undefined;
  return known[0];
}

function covers(listened: string, wanted: string): boolean {
  if (listened === wanted || listened === '::') return true;
  if (listened === '0.0.0.0') return !wanted.includes(':');
  return false;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
