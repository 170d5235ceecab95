import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError, OorError } from '../errors.ts';
import type { Pacer } from '../ports.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { errorCode } from './file-journal.ts';
import { acquireLock, systemLockInfo } from './file-lock.ts';
import { makeSafeDirectory, stateError } from './file-state-dir.ts';

/** One small file for each thing that has a pace, in the state directory; so the pace is kept for each user who has one of his own. */
export function createFilePacer({ stateDir, now }: { readonly stateDir: string; readonly now: () => number }): Pacer {
  const dir = join(stateDir, 'pace');
  return {
    async take(what, everyMs) {
      try {
        await makeSafeDirectory(dir);
        const path = join(dir, createHash('sha256').update(what).digest('hex').slice(0, 32));
        const release = await acquireLock(`${path}.lock`, systemLockInfo(), what);
        try {
          return await takeTurn(path, what, everyMs, now());
        } finally {
          await release();
        }
      } catch (error) {
        throw asHostError(error, dir);
      }
    },
  };
}

async function takeTurn(path: string, what: string, everyMs: number, now: number): ReturnType<Pacer['take']> {
  const before = await readLast(path);
  // A clock that was set back: the wait begins again, and does not last until the clock has caught up.
  const lastAt = before === null ? null : Math.min(before, now);
  const taken = lastAt === null || now - lastAt >= everyMs;
  if (taken || lastAt !== before) await writeFileAtomically(path, `${JSON.stringify({ what, lastAt: now })}\n`, 0o600);
  return { taken, lastAt };
}

async function readLast(path: string): Promise<number | null> {
  try {
    const { lastAt } = JSON.parse(await readFile(path, 'utf8')) as { readonly lastAt?: unknown };
    if (typeof lastAt === 'number') return lastAt;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new HostError('io', `${path} does not say when the last turn was`, `delete ${path} once you know that enough time has passed`);
}

function asHostError(error: unknown, dir: string): unknown {
  const known = error instanceof HostError || error instanceof OorError ? error : stateError(error, dir);
  if (!(known instanceof OorError)) return known;
  return new HostError(known.code === 'session-locked' ? 'io' : 'no-permission', known.message, known.hint);
}
