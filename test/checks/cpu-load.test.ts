import { describe, expect, test } from 'vitest';
import { cpuLoad } from '../../src/checks/cpu-load.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const CGROUP_FILES = ['cpu.max', 'cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us', 'cgroup.type'].map((name) => `/sys/fs/cgroup/${name}`);
const NO_CGROUP = { ...Object.fromEntries(CGROUP_FILES.map((path) => [path, null])), '/proc/1/cgroup': '2:cpuacct:/x\n1:cpu:/\n0::/\n' };
const PROC = { '/proc/loadavg': '1.50 2.00 4.25 3/321 4242\n', '/proc/stat': 'cpu  1 2 3\ncpu0 1\ncpu1 1\nintr 5\n' };

describe('judge', () => {
  const facts = (load1: number, load5: number, load15: number, extra: Record<string, unknown> = {}) => ({
    observedAt: 0,
    load1,
    load5,
    load15,
    cores: 4,
    quotaCores: null,
    inContainer: false,
    runnable: 1,
    ...extra,
  });
  test.each([
    ['low', facts(1, 1, 1), 'ok', 'ok', 2],
    ['load15 above 2 per core', facts(9, 9, 9), 'warn', 'high', 2],
    ['load5 above 4 per core', facts(1, 17, 1), 'warn', 'high', 4],
    ['load1 above 8 per core', facts(33, 1, 1), 'warn', 'high', 8],
    ['a burst that is allowed', facts(31, 15, 7), 'ok', 'ok', 8],
    ['far too much', facts(90, 90, 90), 'fail', 'overloaded', 20],
    ['one core counts as two', facts(3, 3, 3, { cores: 1 }), 'ok', 'ok', 2],
    ['one core, load above', facts(5, 5, 5, { cores: 1 }), 'warn', 'high', 2],
    ['a quota above the cores changes nothing', facts(9, 9, 9, { quotaCores: 8 }), 'warn', 'high', 2],
  ])('%s', (_name, given, status, code, threshold) => {
    expect(judge(cpuLoad, given)).toMatchObject({ status, code, threshold });
  });

  test('a quota makes it not-applicable', () => {
    expect(judge(cpuLoad, facts(90, 90, 90, { quotaCores: 1.5 }))).toMatchObject({
      status: 'not-applicable',
      code: 'quota',
      data: { quota: 1.5 },
    });
  });
});

test.each([
  ['version 2, no limit', { '/sys/fs/cgroup/cgroup.type': 'domain\n' }],
  ['version 1, no limit', { '/proc/1/cgroup': '5:cpu,cpuacct:/docker/4f\n1:name=systemd:/docker/4f\n' }],
])('in a container it is not-applicable: %s', async (_name, files) => {
  const { judgement } = await probeAndJudge(cpuLoad, fakeHost({ files: { ...PROC, ...NO_CGROUP, ...files } }));
  expect(judgement).toMatchObject({ status: 'not-applicable', code: 'container' });
});

test.each([
  ['no control group', NO_CGROUP, null],
  ['version 2 without a limit', { ...NO_CGROUP, '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, null],
  ['version 2', { ...NO_CGROUP, '/sys/fs/cgroup/cpu.max': '150000 100000\n' }, 1.5],
  [
    'version 1 without a limit',
    { ...NO_CGROUP, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    null,
  ],
  [
    'version 1',
    { ...NO_CGROUP, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    0.5,
  ],
])('probe: %s', async (_name, files, quotaCores) => {
  const { facts } = await probeAndJudge(cpuLoad, fakeHost({ files: { ...PROC, ...files } }));
  expect(facts).toMatchObject({ load1: 1.5, load5: 2, load15: 4.25, cores: 2, runnable: 3, quotaCores });
});
