import { expect, test } from 'vitest';
import { cpuSteal } from '../../src/checks/cpu-steal.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

test.each([
  [0, 'ok', 'ok'],
  [10, 'ok', 'ok'],
  [10 + 0.1, 'warn', 'stolen'],
  [100, 'warn', 'stolen'],
])('judge: %s %%', (percent, status, code) => {
  expect(judge(cpuSteal, { observedAt: 0, seconds: 1, cores: 2, percent })).toMatchObject({ status, code, threshold: 10 });
});

test('probe: its share of the time that passed', async () => {
  const files = {
    '/proc/stat': ['cpu  100 0 100 100 0 0 0 0 0 0\ncpu0 1 1\ncpu1 1 1\n', 'cpu  100 0 100 150 0 0 0 50 0 0\ncpu0 1 1\ncpu1 1 1\n'],
  };
  expect((await probeAndJudge(cpuSteal, fakeHost({ files }))).facts).toMatchObject({ cores: 2, percent: 50, seconds: 1 });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect(['ok', 'warn']).toContain((await probeAndJudge(cpuSteal, localContext())).judgement.status);
});
