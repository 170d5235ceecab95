import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ExitCode, OorError } from '../errors.ts';
import { errorCode } from './file-journal.ts';

/** Who holds a lock. A pid alone is not enough: pids are recycled, machines restart, containers count from 1. */
export interface LockOwner {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot; empty where there is no /proc. */
  readonly start: string;
  /** Boot id of the kernel; empty where there is no /proc. */
  readonly boot: string;
  /** PID namespace; empty where there is no /proc. */
  readonly pidNamespace: string;
  readonly host: string;
}

export interface LockInfo {
  self(): LockOwner;
  /** `unknown`: it ran on another machine or in another container, out of our sight. */
  state(owner: LockOwner): 'running' | 'gone' | 'unknown';
}

/** Each retry means that another process took or gave back the lock in the same millisecond. */
const MAX_TRIES = 10;

/** Takes the lock file `path` and resolves with the way to give it back; throws (exit 2) when someone alive holds it. */
export async function acquireLock(path: string, info: LockInfo, what: string): Promise<() => Promise<void>> {
  const nonce = randomBytes(8).toString('hex');
  const text = `${JSON.stringify({ ...info.self(), since: new Date().toISOString(), nonce })}\n`;
  const draft = `${path}.${nonce}`;
  await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    await claim({ path, draft, info, what });
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readIfThere(path)) === text) await rm(path, { force: true });
  };
}

/** Does anybody hold the lock file `path`, or may somebody whom this machine cannot see? */
export async function isLocked(path: string, info: LockInfo): Promise<boolean> {
  const found = await readIfThere(path);
  const owner = found === undefined ? undefined : parseOwner(found);
  return owner !== undefined && info.state(owner) !== 'gone';
}

/** This process and its peers, as the kernel tells. */
export function systemLockInfo(): LockInfo {
  const boot = readProc('/proc/sys/kernel/random/boot_id').trim();
  const pidNamespace = readNamespace();
  const self = { pid: process.pid, start: startOf(process.pid), boot, pidNamespace, host: hostname() };
  return {
    self: () => self,
    state(owner) {
      if (owner.host !== self.host) return 'unknown';
      if (owner.boot !== boot) return 'gone';
      if (owner.pidNamespace !== pidNamespace) return 'unknown';
      if (boot === '') return answersToSignals(owner.pid) ? 'running' : 'gone';
      return startOf(owner.pid) === owner.start ? 'running' : 'gone';
    },
  };
}

/** `link` makes the lock appear at once with its whole text, and fails when there is one already. */
async function claim({ path, draft, info, what }: { path: string; draft: string; info: LockInfo; what: string }): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      await link(draft, path);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const found = await readIfThere(path);
    if (found === undefined) continue;
    const owner = parseOwner(found);
    const state = owner === undefined ? 'gone' : info.state(owner);
    if (owner !== undefined && state !== 'gone') throw heldError({ path, what, owner, state });
    if (await takeOver({ path, draft, info, what, stale: found })) return;
  }
  throw new OorError({ code: 'session-busy', message: `Others keep taking ${what}.`, hint: 'Try again.', exitCode: ExitCode.usage });
}

/** Two processes may find the same dead owner: a lock on the take-over lets only one replace it. */
async function takeOver({
  path,
  draft,
  info,
  what,
  stale,
}: {
  path: string;
  draft: string;
  info: LockInfo;
  what: string;
  stale: string;
}): Promise<boolean> {
  const release = await acquireLock(`${path}.takeover`, info, what);
  try {
    if ((await readIfThere(path)) !== stale) return false;
    await rename(draft, path);
    return true;
  } finally {
    await release();
  }
}

/** undefined: no whole owner in it. A lock appears whole, so only a power loss leaves such a file, and its owner is gone. */
function parseOwner(text: string): (LockOwner & { readonly since: string }) | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && Number.isInteger(value.pid) ? value : undefined;
  } catch {
    return undefined;
  }
}

function heldError({
  path,
  what,
  owner,
  state,
}: {
  path: string;
  what: string;
  owner: LockOwner & { readonly since: string };
  state: 'running' | 'unknown';
}): OorError {
  return new OorError({
    code: 'session-locked',
    message: `${what} is in use by process ${owner.pid} on ${owner.host} since ${owner.since}.`,
    hint:
      state === 'running'
        ? `Wait for process ${owner.pid} to end, or end it, then try again.`
        : `It runs where this machine cannot look. If that machine or container is gone, delete ${path} and try again.`,
    exitCode: ExitCode.usage,
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Empty: no such process, or one that is dead and only waits for its parent. Format: proc(5), field 3 is the state, 22 the start time. */
function startOf(pid: number): string {
  const stat = readProc(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function answersToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
