import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Instant } from '../ports.ts';

export function createClock(): Clock {
  return {
    now: readClocks,
    sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}),
  };
}

export function readClocks(): Instant {
  return { wallMs: Date.now(), monoMs: performance.now() };
}
