import { describe, expect, test } from 'vitest';
import { cpuUtil } from '../../src/checks/cpu-util.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

function facts(extra: Record<string, unknown> = {}) {
  return {
    observedAt: 0,
    sampleMs: 1_000,
    cores: 2,
    busyPercent: 10,
    userPercent: 5,
    systemPercent: 5,
    iowaitPercent: 0,
    stealPercent: 0,
    group: null,
    top: [{ pid: 9, name: 'java', cpuMs: 900, percent: 90 }],
    ...extra,
  };
}

/** /proc/PID/stat with a name that holds brackets and spaces. */
function stat(pid: number, name: string, utime: number, stime: number, startTicks = 100): string {
  return `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194560 1 0 0 0 ${utime} ${stime} 0 0 20 0 1 0 ${startTicks} 1000 10 0\n`;
}

const NO_GROUP = Object.fromEntries(
  ['cpu.max', 'cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'].map((name) => [`/sys/fs/cgroup/${name}`, null]),
);
const group = (busyPercent: number, throttledPercent = 0) => ({ group: { quotaCores: 1.5, busyPercent, throttledPercent } });

describe('judge', () => {
  const profile = { warn: 50, crit: 60, unit: '%', source: 'profile' };
  test.each([
    ['idle', facts(), undefined, 'ok', 'ok'],
    ['busy', facts({ busyPercent: 90 }), undefined, 'warn', 'busy'],
    ['saturated', facts({ busyPercent: 99 }), undefined, 'fail', 'saturated'],
    ['saturated, nobody in particular', facts({ busyPercent: 99, top: [] }), undefined, 'fail', 'saturated'],
    ['theft', facts({ stealPercent: 11 }), undefined, 'warn', 'steal'],
    ['theft while saturated', facts({ busyPercent: 99, stealPercent: 30 }), undefined, 'fail', 'saturated'],
    ['waits for disks', facts({ iowaitPercent: 45 }), undefined, 'warn', 'iowait'],
    ['a busy host beside a quota that is not used up', facts({ busyPercent: 99, ...group(20) }), undefined, 'ok', 'quota-ok'],
    ['a quota nearly used up', facts(group(90)), undefined, 'warn', 'quota-used'],
    ['a quota used up', facts(group(99, 80)), undefined, 'fail', 'quota-used'],
    ['stopped again and again', facts(group(40, 26)), undefined, 'warn', 'throttled'],
    ['stopped now and then', facts(group(40, 25)), undefined, 'ok', 'quota-ok'],
    ['thresholds of the profile', facts({ busyPercent: 55 }), profile, 'warn', 'busy'],
  ])('%s', (_name, given, thresholds, status, code) => {
    expect(judge(cpuUtil, given, {}, thresholds)).toMatchObject({ status, code });
  });

  test('shows the number that crossed, its bound and source', () => {
    expect(judge(cpuUtil, facts({ busyPercent: 97.26 }))).toMatchObject({
      value: 97.3,
      threshold: 95,
      data: { process: 'java (pid 9, 90 %)' },
    });
    expect(judge(cpuUtil, facts({ stealPercent: 20 }))).toMatchObject({
      value: 20,
      threshold: 10,
      thresholdSource: 'Netdata cpu.conf 20min_steal_cpu',
    });
  });
});

test('probe: shares of time between two samples, and who used it', async () => {
  const context = fakeHost({
    files: {
      ...NO_GROUP,
      // user nice system idle iowait irq softirq steal guest guest_nice
      '/proc/stat': [
        'cpu  100 0 50 800 40 5 5 0 0 0\ncpu0 0 0 0\ncpu1 0 0 0\n',
        'cpu  190 10 80 860 40 5 5 10 0 0\ncpu0 0 0 0\ncpu1 0 0 0\n',
      ],
      '/proc/1/stat': [stat(1, 'systemd', 10, 10), stat(1, 'systemd', 10, 11)],
      '/proc/42/stat': [stat(42, 'npm (i) x', 10, 10), stat(42, 'npm (i) x', 70, 30)],
      '/proc/50/stat': [stat(50, 'sleep', 1, 1), null],
      // Its number was given to a new process between the samples.
      '/proc/60/stat': [stat(60, 'old', 1, 1, 100), stat(60, 'new', 90, 1, 999)],
      '/proc/70/stat': null,
    },
    lists: { '/proc': ['1', '42', '50', '60', '70', 'self', 'cpuinfo'] },
  });
  const { facts: found } = await probeAndJudge(cpuUtil, context);
  expect(found).toMatchObject({
    cores: 2,
    sampleMs: 1_000,
    busyPercent: 65,
    userPercent: 50,
    systemPercent: 15,
    iowaitPercent: 0,
    stealPercent: 5,
  });
  expect(found.top).toEqual([
    { pid: 42, name: 'npm (i) x', cpuMs: 800, percent: 80 },
    { pid: 1, name: 'systemd', cpuMs: 10, percent: 1 },
  ]);
});

test('probe: a /proc/stat that cannot be read as one is an error, not 0 %', async () => {
  await expect(probeAndJudge(cpuUtil, fakeHost({ files: { '/proc/stat': 'nonsense' }, lists: { '/proc': [] } }))).rejects.toMatchObject({
    reason: 'io',
  });
});

test.each([
  [
    'version 2',
    {
      'cpu.max': '50000 100000\n',
      'cpu.stat': ['usage_usec 1000000\nnr_periods 10\nnr_throttled 2\n', 'usage_usec 1400000\nnr_periods 20\nnr_throttled 5\n'],
    },
  ],
  [
    'version 1',
    {
      'cpu.max': null,
      'cpu.stat': null,
      'cpu/cpu.cfs_quota_us': '50000\n',
      'cpu/cpu.cfs_period_us': '100000\n',
      'cpu/cpu.stat': ['nr_periods 10\nnr_throttled 2\nthrottled_time 1\n', 'nr_periods 20\nnr_throttled 5\nthrottled_time 2\n'],
      'cpuacct/cpuacct.usage': ['1000000000\n', '1400000000\n'],
    },
  ],
])('probe: use of the quota of a container, %s', async (_name, files) => {
  const times = 'cpu  100 0 50 800 40 5 5 0 0 0\ncpu0 0 0 0\n';
  const inGroup = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/sys/fs/cgroup/${name}`, text]));
  const context = fakeHost({
    files: { ...NO_GROUP, ...inGroup, '/proc/stat': times, '/proc/1/stat': stat(1, 'init', 1, 1) },
    lists: { '/proc': ['1'] },
  });
  const { facts: found, judgement } = await probeAndJudge(cpuUtil, context);
  expect(found).toMatchObject({ group: { quotaCores: 0.5, busyPercent: 80, throttledPercent: 30 } });
  expect(judgement).toMatchObject({ status: 'warn', code: 'throttled', value: 30, threshold: 25 });
});
