import { describe, expect, test } from 'vitest';
import { memOom } from '../../src/checks/mem-oom.ts';
import { HostError } from '../../src/errors.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

describe('judge', () => {
  const facts = { observedAt: 0, uptimeSeconds: 93_600, hostKills: 0, groupKills: null, recentKills: null };
  test.each([
    ['none', {}, 'ok', 'ok', 0],
    ['some, time unknown', { hostKills: 3 }, 'warn', 'killed', 3],
    ['some, all of them old', { hostKills: 3, recentKills: 0 }, 'ok', 'old', 0],
    ['one of them recent', { hostKills: 3, recentKills: 1 }, 'warn', 'recent', 1],
    ['in the container', { hostKills: 5, groupKills: 2 }, 'warn', 'killed-in-container', 2],
    ['in another container only', { hostKills: 5, groupKills: 0 }, 'ok', 'ok', 0],
  ])('%s', (_name, counts, status, code, value) => {
    expect(judge(memOom, { ...facts, ...counts })).toMatchObject({ status, code, value, data: { uptime: '1 d 2 h' } });
  });

  test('a kernel that does not count is not-applicable', () => {
    expect(judge(memOom, { ...facts, hostKills: null, uptimeSeconds: null })).toMatchObject({ status: 'not-applicable', code: 'none' });
  });
});

const GROUP = '/sys/fs/cgroup';
const FILES = {
  '/proc/vmstat': 'nr_free_pages 1\noom_kill 4\n',
  '/proc/uptime': '600.5 1200.1\n',
  [`${GROUP}/memory.events`]: null,
  [`${GROUP}/memory.max`]: null,
  [`${GROUP}/memory/memory.limit_in_bytes`]: null,
};
const minutesAgo = (minutes: number) => new Date(FAKE_NOW - minutes * 60_000).toISOString().replace('Z', '+00:00').replace('.', ',');
const kill = (minutes: number) => `${minutesAgo(minutes)} Out of memory: Killed process 7 (paygw) total-vm:1kB\n`;

describe('probe', () => {
  test.each([
    ['version 2', { [`${GROUP}/memory.events`]: 'low 0\noom 2\noom_kill 1\n' }],
    [
      'version 1',
      {
        [`${GROUP}/memory/memory.limit_in_bytes`]: '536870912\n',
        [`${GROUP}/memory/memory.usage_in_bytes`]: '1000\n',
        [`${GROUP}/memory/memory.stat`]: 'total_inactive_file 0\n',
        [`${GROUP}/memory/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
      },
    ],
  ])('the container of %s decides, and the log of the host is not asked', async (_name, files) => {
    const { facts, judgement } = await probeAndJudge(memOom, fakeHost({ files: { ...FILES, ...files } }));
    expect(facts).toMatchObject({ hostKills: 4, groupKills: 1, recentKills: null, uptimeSeconds: 600.5 });
    expect(judgement).toMatchObject({ status: 'warn', code: 'killed-in-container' });
  });

  test.each([
    ['an old one', `${minutesAgo(99)} Linux version 6.1\n${kill(31)}`, 0, 'old'],
    ['one of each', `${minutesAgo(99)} Linux version 6.1\n${kill(31)}${kill(29)}`, 1, 'recent'],
    ['older messages are gone', `${minutesAgo(20)} eth0: link up\n`, null, 'killed'],
    ['a log that was cleared', '', null, 'killed'],
  ])('dates the kills by the kernel log: %s', async (_name, stdout, recentKills, code) => {
    const context = fakeHost({ files: FILES, commands: { 'dmesg --time-format iso': { stdout } } });
    const { facts, judgement } = await probeAndJudge(memOom, context);
    expect(facts).toMatchObject({ hostKills: 4, groupKills: null, recentKills });
    expect(judgement.code).toBe(code);
  });

  test('a log that may not be read dates nothing', async () => {
    const commands = {
      'dmesg --time-format iso': new HostError('no-permission', 'EPERM'),
      'journalctl --dmesg --boot --lines=20000 --no-pager --output=short-unix': null,
    };
    expect((await probeAndJudge(memOom, fakeHost({ files: FILES, commands }))).judgement).toMatchObject({ status: 'warn', code: 'killed' });
  });

  test('on an old kernel outside of a container there is nothing to count', async () => {
    const files = { ...FILES, '/proc/vmstat': 'nr_free_pages 1\n' };
    expect((await probeAndJudge(memOom, fakeHost({ files }))).judgement.status).toBe('not-applicable');
  });
});
