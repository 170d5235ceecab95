import { expect, test } from 'vitest';
import { memMajfault } from '../../src/checks/mem-majfault.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

test.each([
  [500, 'ok', 'ok'],
  [501, 'warn', 'thrashing'],
])('%s a second', async (grown, status, code) => {
  const context = fakeHost({ files: { '/proc/vmstat': ['pgfault 9\npgmajfault 1000\n', `pgfault 99\npgmajfault ${1_000 + grown}\n`] } });
  expect((await probeAndJudge(memMajfault, context)).judgement).toMatchObject({ status, code, value: grown });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect(['ok', 'warn']).toContain((await probeAndJudge(memMajfault, localContext())).judgement.status);
});
