/** What /proc tells about one process: owner, age, memory, open files and threads against their limits. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { parseCounters, round, tryRead, tryReadNumber } from './linux.ts';
import type { FoundProcess } from './proc-find.ts';
import { MS_PER_TICK, readProcesses } from './processes.ts';
import { type Infer, v } from './schema.ts';

export const processFacts = v.object({
  pid: v.number(),
  parentPid: v.number(),
  name: v.string(),
  /** Of the second sample; D only when it was D in the first one too. */
  state: v.string(),
  uid: v.number(),
  user: v.string(),
  startedAt: v.number(),
  ageMs: v.number(),
  rssBytes: v.number(),
  threads: v.number(),
  /** null: not unlimited but unreadable without root. */
  fds: v.nullable(v.number()),
  fdLimit: v.nullable(v.number()),
  fdPercent: v.nullable(v.number()),
  threadPercent: v.nullable(v.number()),
  cpuPercent: v.number(),
});
type ProcessFacts = Infer<typeof processFacts>;

interface Moment {
  readonly users: ReadonlyMap<number, string>;
  readonly uptimeMs: number;
  readonly observedAt: number;
  readonly sampleMs: number;
}

/** Names of users by number; empty when the list cannot be read. */
export async function findUsers(host: Host): Promise<ReadonlyMap<number, string>> {
  const lines = ((await tryRead(host, '/etc/passwd')) ?? '').split('\n');
  return new Map(lines.map((line) => line.split(':')).map(([name = '', , uid]) => [Number(uid), name]));
}

export async function describeProcess(
  host: Host,
  { stat }: FoundProcess,
  { users, uptimeMs, observedAt, sampleMs }: Moment,
): Promise<ProcessFacts> {
  const { pid } = stat;
  const path = `/proc/${pid}`;
  const [[again], status, limits, fds] = await Promise.all([
    readProcesses(host, [pid]),
    tryRead(host, `${path}/status`),
    tryRead(host, `${path}/limits`),
    countEntries(host, `${path}/fd`),
  ]);
  const counters = parseCounters(status ?? '');
  const threads = counters['Threads'] ?? 0;
  const uid = counters['Uid'] ?? -1;
  const fdLimit = parseLimit(limits, 'Max open files');
  const ageMs = Math.max(0, Math.round(uptimeMs - stat.startTicks * MS_PER_TICK));
  return {
    pid,
    parentPid: stat.parentPid,
    name: stat.name,
    state: nameState(stat.state, again?.state),
    uid,
    user: users.get(uid) ?? String(uid),
    startedAt: observedAt - ageMs,
    ageMs,
    rssBytes: (counters['VmRSS'] ?? 0) * 1024,
    threads,
    fds,
    fdLimit,
    fdPercent: percentOf(fds, fdLimit),
    threadPercent: largestOf(uid === 0 ? null : percentOf(threads, parseLimit(limits, 'Max processes')), await readTaskPercent(host, path)),
    cpuPercent: again ? round((100 * (again.cpuTicks - stat.cpuTicks) * MS_PER_TICK) / sampleMs) : 0,
  };
}

/** A process passes through D all the time; only one seen there twice is said to be. `t` is T under a debugger. */
function nameState(first: string, second: string | undefined): string {
  const last = second ?? first;
  if (last === 'D' && first !== 'D') return 'S';
  return last === 't' ? 'T' : last;
}

async function countEntries(host: Host, path: string): Promise<number | null> {
  try {
    return (await host.list(path)).length;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

/** The soft limit of a line of /proc/PID/limits; null when unlimited or unreadable. */
function parseLimit(limits: string | null, name: string): number | null {
  const soft = limits
    ?.split('\n')
    .find((line) => line.startsWith(name))
    ?.slice(name.length)
    .trim()
    .split(/\s+/)[0];
  return soft === undefined || !/^\d+$/.test(soft) ? null : Number(soft);
}

/** Use of the task limit of its control group (systemd's TasksMax, a container's pids limit), v2 or v1. */
async function readTaskPercent(host: Host, path: string): Promise<number | null> {
  const lines = ((await tryRead(host, `${path}/cgroup`)) ?? '').split('\n');
  const v1 = lines.find((line) => line.split(':')[1]?.split(',').includes('pids'))?.split(':')[2];
  const v2 = lines.find((line) => line.startsWith('0::'))?.slice(3);
  const group = v1 !== undefined ? `/sys/fs/cgroup/pids${v1}` : v2 !== undefined ? `/sys/fs/cgroup${v2}` : undefined;
  if (group === undefined) return null;
  return percentOf(await tryReadNumber(host, `${group}/pids.current`), await tryReadNumber(host, `${group}/pids.max`));
}

function percentOf(used: number | null, limit: number | null): number | null {
  return used === null || limit === null || limit === 0 ? null : round((100 * used) / limit);
}

function largestOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
