import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type BytePull, pullFrom } from './byte-pull.ts';
import { GRACE_MS, startCommand } from './command.ts';
import { findLaunchFailure } from './command-launch.ts';
import { killGroup, killTagged, trackGroup, untrackGroup } from './command-processes.ts';
import { createOutputCapture } from './output-capture.ts';

const ERROR_BYTES = 64 * 1024;

export interface CommandStream extends BytePull {
  /** How the command ended, once its output is at its end; null: by a signal, or not within the grace. */
  ending(): Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
}

export interface CommandStreamOptions {
  /** Looks also for descendants that left the process group, when it is closed early; for commands that are not our own. */
  readonly sweep: boolean;
}

/** Runs argv as `runCommand` does and hands out its standard output while it comes; nothing of the command survives `close`. */
export async function openCommand(argv: readonly string[], { sweep }: CommandStreamOptions): Promise<CommandStream> {
  const tag = randomBytes(8).toString('hex');
  const child = await startCommand(argv, tag, {});
  trackGroup(child.pid);
  const stderr = createOutputCapture(ERROR_BYTES);
  child.stderr.on('data', (chunk: Uint8Array) => stderr.add(chunk)).on('error', () => {});
  const output = pullFrom(child.stdout);
  let exited = false;
  const exit = child.exited.then((exitCode) => {
    exited = true;
    killGroup(child.pid);
    return exitCode;
  });
  let closing: Promise<unknown> | undefined;

  async function close(): Promise<void> {
    const early = !exited;
    if (early) killGroup(child.pid);
    await output.close();
    child.stderr.destroy();
    if (early) await Promise.all([withinGrace(exit), sweep && killTagged(tag, GRACE_MS)]);
    untrackGroup(child.pid);
    // A process that cannot die (state D) must not keep this one from ending.
    child.unref();
  }

  return {
    next: () => output.next(),
    async ending() {
      const exitCode = await withinGrace(exit);
      const failure = child.viaShell ? findLaunchFailure(argv[0] as string, exitCode, stderr.text()) : undefined;
      if (failure) throw failure;
      return { exitCode, stderr: stderr.text() };
    },
    async close() {
      closing ??= close();
      await closing;
    },
  };
}

async function withinGrace(exit: Promise<number | null>): Promise<number | null> {
  const done = new AbortController();
  try {
    return await Promise.race([exit, wait(GRACE_MS, null, { signal: done.signal })]);
  } finally {
    done.abort();
  }
}
