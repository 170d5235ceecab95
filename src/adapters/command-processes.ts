import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Names a run in the environment of all its descendants, so that those that left the process group can be found. */
export const RUN_TAG = 'OOR_RUN';

const liveGroups = new Set<number>();
let exitHandled = false;

/** Groups that run when this process ends are killed with it. */
export function trackGroup(pid: number): void {
  liveGroups.add(pid);
  if (exitHandled) return;
  exitHandled = true;
  process.once('exit', () => {
    for (const group of liveGroups) killGroup(group);
  });
}

export function untrackGroup(pid: number): void {
  liveGroups.delete(pid);
}

export function killGroup(pid: number): void {
  kill(-pid);
}

/** Kills what escaped the group (setsid) but inherited the environment. Linux only; elsewhere there is nothing to read. */
export async function killTagged(tag: string, timeoutMs: number): Promise<void> {
  for (const pid of await findTagged(`${RUN_TAG}=${tag}`, timeoutMs)) kill(pid);
}

/** By a child: the environment of a process that hangs in its memory may not be readable, and then this process would hang too. */
function findTagged(wanted: string, timeoutMs: number): Promise<number[]> {
  const script = 'exec grep -als -F -e "$1" /proc/[0-9]*/environ';
  const search = spawn('/bin/sh', ['-c', script, 'sh', wanted], { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/', env: {} });
  return new Promise((resolve) => {
    let found = '';
    const finish = () => {
      clearTimeout(timer);
      search.stdout.destroy();
      search.unref();
      resolve([...found.matchAll(/\/proc\/(\d+)\/environ\n/g)].map(([, pid]) => Number(pid)));
    };
    const timer = setTimeout(() => {
      search.kill('SIGKILL');
      finish();
    }, timeoutMs);
    search.stdout.on('data', (chunk: Buffer) => {
      found += chunk.toString('latin1');
    });
    search.once('close', finish).once('error', finish);
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, or another user's (sudo): the caller sees whether it ended.
  }
}

/**
 * Hands the reading end to a `cat` that lives as long as the writer: a service started by a fix and still holding our pipe
 * would otherwise die of SIGPIPE at its next line, after the fix was found good.
 */
export function drainForever(stream: Readable): void {
  if (stream.readableEnded || stream.destroyed) return;
  stream.pause();
  const drain = spawn('cat', { stdio: [stream, 'ignore', 'ignore'], detached: true, cwd: '/' });
  drain.on('error', () => {});
  drain.unref();
}
