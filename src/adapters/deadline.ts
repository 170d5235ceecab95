import { HostError } from '../errors.ts';
import { readMonoMs } from './clock.ts';

/** A span of time that several operations share. */
export interface Deadline {
  readonly totalMs: number;
  /** Never below 1, so that it can be handed to a timer; the timer then ends the operation. */
  remainingMs(): number;
  elapsedMs(): number;
}

export function startDeadline(totalMs: number): Deadline {
  const start = readMonoMs();
  const elapsedMs = () => readMonoMs() - start;
  return { totalMs, elapsedMs, remainingMs: () => Math.max(1, totalMs - elapsedMs()) };
}

/** Settles with the promise, or throws `timed-out`; what the promise stands for is not stopped by it. */
export async function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HostError('timed-out', `${what}: no answer within ${Math.round(ms)} ms`, 'a longer timeout')), ms);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
