import { expect, test } from 'vitest';
import { cpuIowait } from '../../src/checks/cpu-iowait.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

test.each([
  [0, 'ok', 'ok'],
  [40, 'ok', 'ok'],
  [40 + 0.1, 'warn', 'waiting'],
  [100, 'warn', 'waiting'],
])('judge: %s %%', (percent, status, code) => {
  expect(judge(cpuIowait, { observedAt: 0, seconds: 1, cores: 2, percent })).toMatchObject({ status, code, threshold: 40 });
});

test('probe: its share of the time that passed', async () => {
  const files = {
    '/proc/stat': ['cpu  100 0 100 100 0 0 0 0 0 0\ncpu0 1 1\ncpu1 1 1\n', 'cpu  100 0 100 150 50 0 0 0 0 0\ncpu0 1 1\ncpu1 1 1\n'],
  };
  expect((await probeAndJudge(cpuIowait, fakeHost({ files }))).facts).toMatchObject({ cores: 2, percent: 50, seconds: 1 });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect(['ok', 'warn']).toContain((await probeAndJudge(cpuIowait, localContext())).judgement.status);
});
