import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { withDeadline } from './deadline.ts';

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
  await withDeadline(killTaggedNow(tag), timeoutMs, 'looking for survivors').catch(() => {});
}

async function killTaggedNow(tag: string): Promise<void> {
  const wanted = `${RUN_TAG}=${tag}`;
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 1 && pid !== process.pid);
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (environment.split('\0').includes(wanted)) kill(pid);
  }
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
