import { readMonoMs } from './clock.ts';
/** What ends a long look before its own end: its deadline or the caller. */
export interface Stop {
  /** Also true between turns of the event loop, where no timer has fired yet. */
  readonly reason: 'timed-out' | 'aborted' | undefined;
  /** No more calls of `onStop`. */
  release(): void;
}

export interface StopOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** `onStop` is called once, to wake what waits. */
export function startStop({ timeoutMs, signal }: StopOptions, onStop: () => void): Stop {
  const end = readMonoMs() + timeoutMs;
  // A timer may fire a little before its time by this clock.
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    onStop();
  }, timeoutMs);
  signal?.addEventListener('abort', onStop, { once: true });
  return {
    get reason() {
      if (signal?.aborted) return 'aborted';
      return isOver || readMonoMs() >= end ? 'timed-out' : undefined;
    },
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onStop);
    },
  };
}
