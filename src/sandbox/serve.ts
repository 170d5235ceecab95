/** The stack as a process of its own: up until told to stop, or until nobody is there any more who could tell. */
import type { Random } from '../ports.ts';
import { startSandbox } from './sandbox.ts';

export interface ServeOptions {
  readonly dir: string;
  readonly fault?: string;
  readonly random: Random;
  readonly controlArgv: readonly string[];
  readonly signal: AbortSignal;
  /** Called once, with the path of the site profile, when everything is up. */
  readonly onReady: (profilePath: string) => void;
}

/** Resolves when everything is down again. */
export async function serveSandbox({ signal, onReady, ...options }: ServeOptions): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  // A process that was given a channel to its parent ends with the parent, however that ended.
  const hasParent = process.channel !== undefined;
  if (hasParent && !process.connected) end();
  if (hasParent) process.once('disconnect', end);
  try {
    const sandbox = await startSandbox({ ...options, signal: ending.signal });
    if (!ending.signal.aborted) onReady(sandbox.profilePath);
    await untilAborted(ending.signal);
    await sandbox.stop();
  } finally {
    process.off('disconnect', end);
    if (process.connected) process.disconnect();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
