import type { Clock, Instant } from '../ports.ts';
import { takeTurn } from './turns.ts';

export function createClock(): Clock {
  return {
    now: readClocks,
    sleep,
    turn: takeTurn,
  };
}

/** Rejects with the signal's reason. Each probe has two such limits: node's own would make an error with a trace for each that is not met. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const wake = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', wake);
      resolve();
    }, ms);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

export function readClocks(): Instant {
  return { wallMs: Date.now(), monoMs: readMonoMs() };
}

/** To the microsecond: more digits are noise of the arithmetic. As `performance.now()`, without what node loads for it. */
export function readMonoMs(): number {
  return Math.round(process.uptime() * 1_000_000) / 1_000;
}
