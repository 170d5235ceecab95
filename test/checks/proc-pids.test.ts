import { expect, test } from 'vitest';
import { procPids } from '../../src/checks/proc-pids.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const look = (threads: number, group: readonly [string, string] | null = null, folder = '/sys/fs/cgroup') =>
  probeAndJudge(
    procPids,
    fakeHost({
      files: {
        '/proc/loadavg': `2.08 2.75 4.53 1/${threads} 19408\n`,
        '/proc/sys/kernel/pid_max': '4194304\n',
        '/proc/sys/kernel/threads-max': '1000\n',
        '/sys/fs/cgroup/pids.max': null,
        '/sys/fs/cgroup/pids/pids.max': null,
        [`${folder}/pids.max`]: group?.[1] ?? null,
        [`${folder}/pids.current`]: group?.[0] ?? null,
      },
    }),
  );

test.each([
  [200, null, 'ok', 'ok', 'host'],
  [901, null, 'warn', 'many', 'host'],
  [951, null, 'fail', 'many', 'host'],
  [200, ['96\n', '100\n'], 'fail', 'many', 'container'],
  [200, ['5\n', '100\n'], 'ok', 'ok', 'host'],
  [200, ['96\n', 'max\n'], 'ok', 'ok', 'host'],
] as const)('%s threads, group %s', async (threads, group, status, code, where) => {
  expect((await look(threads, group)).judgement).toMatchObject({ status, code, data: { where } });
});

test('a limit of version 1 counts as well', async () => {
  const { facts, judgement } = await look(200, ['96\n', '100\n'], '/sys/fs/cgroup/pids');
  expect(facts).toMatchObject({ group: { used: 96, most: 100 } });
  expect(judgement).toMatchObject({ status: 'fail', data: { where: 'container' } });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  const { facts } = await probeAndJudge(procPids, localContext());
  expect(facts).toMatchObject({ host: { used: expect.any(Number) } });
});
