/** The processes of a host that go by a name. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { mapLimited, tryRead } from './linux.ts';
import { matchesProcess, namesOf, parseCmdline } from './proc-name.ts';
import { type ProcessStat, readProcesses, showsAll } from './processes.ts';

export interface FoundProcess {
  readonly stat: ProcessStat;
  readonly argv: readonly string[];
}

/** In order of pid. A process that ends while it is read is left out. Throws where none is found and not all are shown. */
export async function findProcesses(host: Host, wanted: string): Promise<readonly FoundProcess[]> {
  const stats = await readProcesses(host);
  const all = await mapLimited(stats, 32, async (stat) => ({ stat, argv: await readArgv(host, stat) }));
  const found = all.filter(({ stat, argv }) => matchesProcess(wanted, { comm: stat.name, argv }));
  if (found.length === 0 && !showsAll(stats))
    throw new HostError(
      'no-permission',
      `no ${wanted} among the processes that are shown; /proc hides those of others (hidepid)`,
      'run as root',
    );
  return found.sort((a, b) => a.stat.pid - b.stat.pid);
}

/** The names one process goes by; empty when it is gone. */
export async function readProcessNames(host: Host, pid: number): Promise<readonly string[]> {
  const [stat] = await readProcesses(host, [pid]);
  return stat ? namesOf({ comm: stat.name, argv: await readArgv(host, stat) }) : [];
}

async function readArgv(host: Host, { pid, hasNoArguments }: ProcessStat): Promise<readonly string[]> {
  if (hasNoArguments) return [];
  return parseCmdline((await tryRead(host, `/proc/${pid}/cmdline`)) ?? '');
}
