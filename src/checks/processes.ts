/** Processes as /proc/PID/stat tells them. A process that ends while it is read is left out. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { mapLimited, tryRead } from './linux.ts';

export interface ProcessStat {
  readonly pid: number;
  /** At most 15 characters, spaces and brackets included. */
  readonly name: string;
  /** One letter: R, S, D (waits for a device), Z (zombie), T, I, ... */
  readonly state: string;
  readonly parentPid: number;
  /** Time on a processor, user and system, in ticks of 10 ms. */
  readonly cpuTicks: number;
  /** Ticks after boot; together with the pid it names one process for ever. */
  readonly startTicks: number;
  /** A thread of the kernel, or dead: it has no command line. */
  readonly hasNoArguments: boolean;
}

/** USER_HZ is 100 on every architecture that Node runs on. */
export const MS_PER_TICK = 10;

/** PF_KTHREAD of the kernel's flags of a task. */
const KERNEL_THREAD = 0x0020_0000;

/** Beyond this the sample would cost more than it tells. */
const MOST_PROCESSES = 5_000;

/** Looks at all processes that are under way: checks that begin together share one. */
const looks = new WeakMap<Host, Promise<readonly ProcessStat[]>>();

export async function readProcesses(host: Host, pids?: readonly number[]): Promise<readonly ProcessStat[]> {
  if (pids) return await readStats(host, pids);
  const known = looks.get(host);
  if (known !== undefined) return await known;
  const look = listProcesses(host)
    .then((all) => readStats(host, all))
    .finally(() => looks.delete(host));
  looks.set(host, look);
  return await look;
}

async function readStats(host: Host, pids: readonly number[]): Promise<readonly ProcessStat[]> {
  const texts = await mapLimited(pids.slice(0, MOST_PROCESSES), 32, (pid) => tryRead(host, `/proc/${pid}/stat`));
  return texts.flatMap((text) => (text === null ? [] : (parseProcessStat(text) ?? [])));
}

/** This process itself is always there, so an empty list means that /proc is hidden. */
async function listProcesses(host: Host): Promise<readonly number[]> {
  const pids = (await host.list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  if (pids.length === 0) throw new HostError('not-found', '/proc shows no process', 'run where /proc is mounted');
  return pids;
}

/** Where /proc hides the processes of others (hidepid) not even the first of all is shown. */
export function showsAll(processes: readonly ProcessStat[]): boolean {
  return processes.some(({ pid }) => pid === 1);
}

/** proc(5): the name stands in brackets and may hold brackets itself, so the last one ends it. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // Numbered as in proc(5) less three: state is field 3.
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const [state = '?'] = fields;
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state,
    parentPid: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startTicks: Number(fields[19]),
    hasNoArguments: state === 'Z' || (Number(fields[6]) & KERNEL_THREAD) !== 0,
  };
}
