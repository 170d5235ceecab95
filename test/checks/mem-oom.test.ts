import { describe, expect, test } from 'vitest';
import { memOom } from '../../src/checks/mem-oom.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

describe('judge', () => {
  test.each([
    ['none', { hostKills: 0, groupKills: null }, 'ok', 'ok', 0],
    ['some', { hostKills: 3, groupKills: null }, 'warn', 'killed', 3],
    ['in the container only', { hostKills: null, groupKills: 2 }, 'warn', 'killed', 2],
    ['counted by both', { hostKills: 5, groupKills: 2 }, 'warn', 'killed', 5],
  ])('%s', (_name, counts, status, code, value) => {
    expect(judge(memOom, { observedAt: 0, uptimeSeconds: 93_600, ...counts })).toMatchObject({
      status,
      code,
      value,
      data: { uptime: '1 d 2 h' },
    });
  });

  test('a kernel that does not count is not-applicable', () => {
    expect(judge(memOom, { observedAt: 0, hostKills: null, groupKills: null, uptimeSeconds: null })).toMatchObject({
      status: 'not-applicable',
      code: 'none',
    });
  });
});

test('probe reads the counters of host and container', async () => {
  const files = {
    '/proc/vmstat': 'nr_free_pages 1\noom_kill 4\n',
    '/sys/fs/cgroup/memory.events': 'low 0\noom 2\noom_kill 1\n',
    '/proc/uptime': '600.5 1200.1\n',
  };
  const { facts } = await probeAndJudge(memOom, fakeHost({ files }));
  expect(facts).toMatchObject({ hostKills: 4, groupKills: 1, uptimeSeconds: 600.5 });
});

test('probe on an old kernel outside of a container', async () => {
  const files = { '/proc/vmstat': 'nr_free_pages 1\n', '/sys/fs/cgroup/memory.events': null, '/proc/uptime': '600.5 1200.1\n' };
  expect((await probeAndJudge(memOom, fakeHost({ files }))).judgement.status).toBe('not-applicable');
});
