/**
 * One session at a time with the same server: several checks look at one database, and a server that is about to run out of
 * connections must not lose its last ones to them. Those who waited share the answer of the one before when it failed.
 */
import { HostError } from '../../errors.ts';
import { withDeadline } from '../deadline.ts';

/** Those that began together with one that hears nothing shall still be told so. */
const EXTRA_MS = 1_500;

interface Finished {
  readonly outcome: string;
}

interface Turn {
  readonly done: Promise<Finished | undefined>;
}

export interface Turns {
  take<T extends Finished>(key: string, waitMs: number, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Turn>();
  return {
    async take<T extends Finished>(key: string, waitMs: number, work: () => Promise<T>): Promise<T> {
      const before = last.get(key);
      const mine = run(before, waitMs, key, work);
      const turn = { done: mine.catch(() => undefined) };
      last.set(key, turn);
      try {
        return await mine;
      } finally {
        if (last.get(key) === turn) last.delete(key);
      }
    },
  };
}

async function run<T extends Finished>(before: Turn | undefined, waitMs: number, key: string, work: () => Promise<T>): Promise<T> {
  if (before === undefined) return work();
  const seen = await withDeadline(before.done, waitMs + EXTRA_MS, 'the session before this one').catch((error: unknown) => {
    throw error instanceof HostError ? new HostError('timed-out', `${key.split(' ')[0]}: ${error.message}`, error.unlock) : error;
  });
  return seen === undefined || seen.outcome === 'connected' ? work() : ({ ...seen, answers: emptyLike(seen) } as unknown as T);
}

/** Answers are of the other's statements. */
function emptyLike(seen: Finished): readonly never[] | Readonly<Record<string, never>> {
  return Array.isArray((seen as { answers?: unknown }).answers) ? [] : {};
}
