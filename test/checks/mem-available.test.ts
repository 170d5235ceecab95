import { describe, expect, test } from 'vitest';
import { memAvailable } from '../../src/checks/mem-available.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const GIB = 1024 ** 3;
const FOLDER = '/sys/fs/cgroup';
const NO_CGROUP = { [`${FOLDER}/memory.max`]: null, [`${FOLDER}/memory/memory.limit_in_bytes`]: null };
const MEMINFO =
  'MemTotal:        1000 kB\nMemFree:          50 kB\nMemAvailable:    250 kB\nBuffers:  10 kB\nCached:  40 kB\nSwapTotal:  512 kB\nSwapFree:  500 kB\nHugePages_Total:       0\n';

describe('judge', () => {
  const facts = (usedPercent: number, cgroup: unknown = null) => ({
    observedAt: 0,
    totalBytes: 10 * GIB,
    availableBytes: ((100 - usedPercent) / 10) * GIB,
    usedPercent,
    swapTotalBytes: 0,
    swapFreeBytes: 0,
    cgroup,
  });
  test.each([
    ['plenty', facts(50), 'ok', 'ok', 'host'],
    ['short', facts(91), 'warn', 'low', 'host'],
    ['exhausted', facts(99), 'fail', 'exhausted', 'host'],
    ['the container is nearer its end', facts(50, { limitBytes: GIB, usedBytes: 0.95 * GIB }), 'warn', 'low', 'cgroup'],
    ['the container is at its limit', facts(50, { limitBytes: GIB, usedBytes: GIB }), 'fail', 'exhausted', 'cgroup'],
    ['the host is nearer its end', facts(99, { limitBytes: GIB, usedBytes: 0.5 * GIB }), 'fail', 'exhausted', 'host'],
  ])('%s', (_name, given, status, code, where) => {
    expect(judge(memAvailable, given)).toMatchObject({ status, code, data: { where } });
  });
});

describe('probe', () => {
  test.each([
    ['no control group', NO_CGROUP, null],
    ['version 2 without a limit', { [`${FOLDER}/memory.max`]: 'max\n' }, null],
    [
      'version 2, file cache left out',
      {
        [`${FOLDER}/memory.max`]: '1000\n',
        [`${FOLDER}/memory.current`]: '900\n',
        [`${FOLDER}/memory.stat`]: 'anon 1\ninactive_file 300\n',
      },
      { limitBytes: 1_000, usedBytes: 600 },
    ],
    ['version 1 without a limit', { ...NO_CGROUP, [`${FOLDER}/memory/memory.limit_in_bytes`]: '9223372036854771712\n' }, null],
    [
      'version 1, by the totals of the hierarchy',
      {
        ...NO_CGROUP,
        [`${FOLDER}/memory/memory.limit_in_bytes`]: '1000\n',
        [`${FOLDER}/memory/memory.usage_in_bytes`]: '900\n',
        [`${FOLDER}/memory/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 400\n',
      },
      { limitBytes: 1_000, usedBytes: 500 },
    ],
  ])('%s', async (_name, files, cgroup) => {
    const { facts } = await probeAndJudge(memAvailable, fakeHost({ files: { '/proc/meminfo': MEMINFO, ...files } }));
    expect(facts).toMatchObject({ totalBytes: 1_024_000, availableBytes: 256_000, usedPercent: 75, swapTotalBytes: 524_288, cgroup });
  });

  test('Linux before 3.14: free, buffers and cache together', async () => {
    const meminfo = MEMINFO.replace(/MemAvailable.*\n/, '');
    const { facts } = await probeAndJudge(memAvailable, fakeHost({ files: { '/proc/meminfo': meminfo, ...NO_CGROUP } }));
    expect(facts).toMatchObject({ availableBytes: 102_400, usedPercent: 90 });
  });

  test('no MemTotal is an error', async () => {
    await expect(probeAndJudge(memAvailable, fakeHost({ files: { '/proc/meminfo': '', ...NO_CGROUP } }))).rejects.toMatchObject({
      reason: 'io',
    });
  });
});
