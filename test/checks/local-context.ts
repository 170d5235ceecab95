import { setTimeout as wait } from 'node:timers/promises';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { type FakeContext, fakeHost } from './fake-host.ts';

/** This machine without its protocols: for checks that only read and run. */
export function localContext(): FakeContext {
  return { ...fakeHost(), host: createLocalHost(), since: Date.now() - 1_800_000, timeoutMs: 30_000, sleep: (ms) => wait(ms) };
}
