/** The stack as a process of its own: up until told to stop, or for a while after the one who could tell is gone. */
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { Random } from '../ports.ts';
import type { CardWire } from './card-wire.ts';
import { SANDBOX_DIR_PREFIX } from './leftovers.ts';
import { startSandbox } from './sandbox.ts';

/** A run that was quit or killed can be resumed against its stack within this time. */
const LINGER_MS = 15 * 60_000;

export interface ServeOptions {
  readonly dir: string;
  readonly fault?: string;
  readonly random: Random;
  readonly controlArgv: readonly string[];
  readonly cardWire?: CardWire | undefined;
  readonly signal: AbortSignal;
  /** Called once, with the path of the site profile, when everything is up. */
  readonly onReady: (profilePath: string) => void;
  /** How long it stays without its parent. */
  readonly lingerMs?: number;
}

/** Resolves when everything is down again. */
export async function serveSandbox({ signal, onReady, lingerMs = LINGER_MS, ...options }: ServeOptions): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  let alone: NodeJS.Timeout | undefined;
  const linger = () => {
    alone = setTimeout(end, lingerMs);
  };
  // A process that was given a channel to its parent does not outlive it for long, however that ended.
  const hasParent = process.channel !== undefined;
  if (hasParent && !process.connected) linger();
  if (hasParent) process.once('disconnect', linger);
  try {
    const sandbox = await startSandbox({ ...options, signal: ending.signal });
    if (!ending.signal.aborted) onReady(sandbox.profilePath);
    await untilAborted(ending.signal);
    await sandbox.stop();
  } finally {
    process.off('disconnect', linger);
    clearTimeout(alone);
    if (process.connected) process.disconnect();
    // With a parent the folder is the parent's to remove.
    if (alone && basename(options.dir).startsWith(SANDBOX_DIR_PREFIX)) rmSync(options.dir, { recursive: true, force: true });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
