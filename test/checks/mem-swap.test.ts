import { expect, test } from 'vitest';
import { memSwap } from '../../src/checks/mem-swap.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const facts = (usedPercent: number, pacePercent = 0) => ({
  observedAt: 0,
  memoryBytes: 8e9,
  swapBytes: 1e9,
  usedBytes: usedPercent * 1e7,
  usedPercent,
  outBytesPerSecond: 4_096,
  inBytesPerSecond: 0,
  pacePercent,
});

test.each([
  ['little', facts(10), 'ok', 'ok'],
  ['much', facts(91), 'warn', 'full'],
  ['nearly all', facts(99), 'fail', 'full'],
  ['written to now', facts(10, 31), 'warn', 'swapping'],
  ['full goes before written to', facts(99, 31), 'fail', 'full'],
  ['no swap', { ...facts(0), swapBytes: 0 }, 'not-applicable', 'none'],
])('judge: %s', (_name, given, status, code) => {
  expect(judge(memSwap, given)).toMatchObject({ status, code });
});

test('probe: pages written in a second, as a share of the memory in half an hour', async () => {
  const files = {
    '/proc/meminfo': 'MemTotal:        1024000 kB\nSwapTotal:        512000 kB\nSwapFree:         384000 kB\n',
    '/proc/vmstat': ['pswpin 5\npswpout 1000\n', 'pswpin 6\npswpout 1100\n'],
  };
  const { facts: found, judgement } = await probeAndJudge(memSwap, fakeHost({ files }));
  expect(found).toMatchObject({ usedPercent: 25, outBytesPerSecond: 409_600, inBytesPerSecond: 4_096, pacePercent: 70.3 });
  expect(judgement).toMatchObject({ status: 'warn', code: 'swapping', value: 70.3 });
});

test('without swap it does not wait for a sample', async () => {
  const context = fakeHost({ files: { '/proc/meminfo': 'MemTotal: 1024 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n' } });
  expect((await probeAndJudge(memSwap, context)).judgement.status).toBe('not-applicable');
  expect(context.calls).toEqual(['read /proc/meminfo']);
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect((await probeAndJudge(memSwap, localContext())).judgement.status).not.toBe('unknown');
});
