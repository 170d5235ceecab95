/**
 * A small file system of its own for the payment data, so that it can be really full or really read-only without touching
 * anything else of the machine. Only where the process may mount (see `canMount`).
 */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface DataMount {
  readonly mounted: boolean;
  mount(): Promise<void>;
  remount(mode: 'ro' | 'rw'): Promise<void>;
  unmount(): Promise<void>;
}

const run = promisify(execFile);
/** The source shown in the mount table: who mounted it, by pid and start time, so that a later run can tell a leftover from a live one. */
const SOURCE_PREFIX = 'paydata-';
const OPTIONS = 'size=4m,nr_inodes=512,mode=0755,nosuid,nodev,noexec';
const TIMEOUT_MS = 5000;

export function createDataMount(dir: string): DataMount {
  let mounted = false;
  const detachAtExit = () => {
    spawnSync('umount', ['-l', dir], { timeout: TIMEOUT_MS, stdio: 'ignore' });
  };
  return {
    get mounted() {
      return mounted;
    },
    async mount() {
      if (mounted) return;
      await run('mount', ['-t', 'tmpfs', '-o', OPTIONS, `${SOURCE_PREFIX}${process.pid}-${startTime(process.pid)}`, dir], {
        timeout: TIMEOUT_MS,
      });
      mounted = true;
      process.once('exit', detachAtExit);
    },
    async remount(mode) {
      await run('mount', ['-o', `remount,${mode}`, dir], { timeout: TIMEOUT_MS });
    },
    async unmount() {
      if (!mounted) return;
      await detach(dir);
      mounted = false;
      process.off('exit', detachAtExit);
    },
  };
}

/** Unmounts what processes that are no more have left. */
export async function detachLeftovers(): Promise<void> {
  for (const { source, path } of listMounts()) {
    const owner = new RegExp(`^${SOURCE_PREFIX}(\\d+)-(\\d+)$`).exec(source);
    if (owner && startTime(Number(owner[1])) !== owner[2]) await detach(path).catch(() => {});
  }
}

/** Field 22 of /proc/PID/stat: clock ticks after boot. undefined: no such process. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks; 20 fields follow it up to the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function detach(dir: string): Promise<void> {
  await run('umount', [dir], { timeout: TIMEOUT_MS }).catch(() => run('umount', ['-l', dir], { timeout: TIMEOUT_MS }));
}

function listMounts(): { source: string; path: string }[] {
  try {
    return readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, , type]) => type === 'tmpfs')
      .map(([source = '', path = '']) => ({
        source,
        path: path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      }));
  } catch {
    return [];
  }
}
