import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round, tryRead, tryReadNumber } from './linux.ts';
import { type Infer, port, strictObject, v } from './schema.ts';
import { bareHost } from './target.ts';
import { readSockets } from './tcp-sockets.ts';

const SAMPLE_MS = 1_000;

const params = v.pipe(
  strictObject({ port: v.nullish(port), ports: v.nullish(v.union([port, v.pipe(v.array(port), v.minLength(1))])) }),
  v.check((given) => (given.port == null) !== (given.ports == null), 'expected `port` or `ports`'),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  listeners: v.array(
    v.object({
      port: v.number(),
      address: v.string(),
      /** Connections that wait to be accepted. */
      waiting: v.number(),
      /** null: only ss can tell. */
      limit: v.nullable(v.number()),
    }),
  ),
  /** Of the whole host. */
  overflowsPerSecond: v.number(),
  somaxconn: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;
type Listener = Facts['listeners'][number];

const LIMITS: Thresholds = { warn: 70, crit: 99, unit: '%', source: 'own' };
const OVERFLOWS: Thresholds = { warn: 1, crit: 5, unit: '/s', source: 'Netdata tcp_listen.conf' };

export const portBacklog = defineCheck<Params, Facts>({
  id: 'port.backlog',
  phase: 'software',
  title: { en: 'Queue of a listening port', 'zh-CN': '监听队列' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    ok: {
      en: 'port {port}: {waiting|connection waits|connections wait} to be accepted, room for {limit}',
      'zh-CN': '端口 {port}：{waiting} 个连接等待接受，队列容量 {limit}',
    },
    filling: {
      en: 'port {port}: {waiting|connection waits|connections wait} to be accepted, room for {limit}',
      'zh-CN': '端口 {port}：{waiting} 个连接等待接受，队列容量 {limit}',
    },
    full: {
      en: 'port {port}: the accept queue is full ({waiting} of {limit}): the program does not accept',
      'zh-CN': '端口 {port}：连接队列已满（{waiting}/{limit}）：程序未接受连接',
    },
    overflowing: {
      en: 'accept queues of this host overflow {rate|time|times} a second (port {port}: {waiting} waiting)',
      'zh-CN': '本机监听队列每秒溢出 {rate} 次（端口 {port} 等待 {waiting}）',
    },
    'not-listening': { en: 'nothing listens on port {port}', 'zh-CN': '端口 {port} 无服务监听' },
    'limit-unknown': {
      en: 'port {port}: {waiting|connection waits|connections wait}; how many may wait is not known',
      'zh-CN': '端口 {port}：{waiting} 个连接等待，队列容量未知',
    },
  },
  thresholds: LIMITS,
  timeoutMs: 8_000,
  example: { port: 8080 },
  probe,
  judge,
});

async function probe(params: Params, { host, sleep }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const wanted = [params.port ?? params.ports ?? []].flat();
  const before = await readOverflows(host);
  await sleep(SAMPLE_MS);
  const listeners = (await askSs(host)) ?? (await readListeners(host));
  const after = await readOverflows(host);
  return {
    observedAt: host.now().wallMs,
    listeners: listeners.filter((listener) => wanted.includes(listener.port)),
    overflowsPerSecond: before === null || after === null ? 0 : round((after - before) / (SAMPLE_MS / 1_000)),
    somaxconn: await tryReadNumber(host, '/proc/sys/net/core/somaxconn'),
  };
}

/** `LISTEN 129 128 0.0.0.0:8080 0.0.0.0:*`: for a listener Recv-Q is what waits and Send-Q what may. */
async function askSs(host: Host): Promise<readonly Listener[] | null> {
  try {
    const { stdout } = await host.run(['ss', '-H', '-l', '-t', '-n'], { timeoutMs: 3_000 });
    return stdout.split('\n').flatMap((line): Listener[] => {
      const match = /^LISTEN\s+(\d+)\s+(\d+)\s+(\S+):(\d+)\s/.exec(line);
      return match
        ? [
            {
              port: Number(match[4]),
              address: bareHost(match[3] as string),
              waiting: Number(match[1]),
              limit: Number(match[2]),
            },
          ]
        : [];
    });
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

async function readListeners(host: Host): Promise<readonly Listener[]> {
  const { sockets } = await readSockets(host);
  return sockets
    .filter(({ state }) => state === 'LISTEN')
    .map(({ localPort, localAddress, receiveQueue }) => ({ port: localPort, address: localAddress, waiting: receiveQueue, limit: null }));
}

/** ListenOverflows of /proc/net/netstat, whose lines come in pairs: names, then figures. */
async function readOverflows(host: Host): Promise<number | null> {
  const lines = ((await tryRead(host, '/proc/net/netstat')) ?? '').split('\n').filter((line) => line.startsWith('TcpExt:'));
  const index = lines[0]?.split(' ').indexOf('ListenOverflows') ?? -1;
  const value = Number(lines[1]?.split(' ')[index]);
  return index < 0 || Number.isNaN(value) ? null : value;
}

function judge({ listeners, overflowsPerSecond }: Facts, params: Params, limits: Thresholds = LIMITS): Judgement {
  const ports = [params.port ?? params.ports ?? []].flat();
  const used = (listener: Listener): number => (listener.limit === null ? 0 : (100 * listener.waiting) / Math.max(1, listener.limit));
  const fullest = [...listeners].sort((a, b) => used(b) - used(a) || b.waiting - a.waiting)[0];
  if (!fullest) return { status: 'not-applicable', code: 'not-listening', data: { port: ports.join(', ') } };
  const data = { port: fullest.port, waiting: fullest.waiting, limit: fullest.limit ?? '?', rate: overflowsPerSecond };
  const percent = round(used(fullest));
  const grade = gradeAbove(percent, limits);
  if (grade === 'fail') return { status: grade, code: 'full', data, ...showLimit(percent, limits, grade) };
  const overflow = gradeAbove(overflowsPerSecond, OVERFLOWS);
  if (overflow !== 'ok' && fullest.waiting > 0)
    return { status: overflow, code: 'overflowing', data, ...showLimit(overflowsPerSecond, OVERFLOWS, overflow) };
  if (fullest.limit === null && fullest.waiting > 0)
    return { status: 'unknown', code: 'limit-unknown', data, unlock: 'install ss (package iproute2)' };
  return { status: grade, code: grade === 'ok' ? 'ok' : 'filling', data, ...showLimit(percent, limits, grade) };
}
