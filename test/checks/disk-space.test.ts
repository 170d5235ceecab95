import { describe, expect, test } from 'vitest';
import { diskSpace } from '../../src/checks/disk-space.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const GIB = 1024 ** 3;
const MOUNTS = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:2 / /var rw - ext4 /dev/sda2 rw
30 28 0:40 / /mnt/nas rw - nfs4 nas:/export rw
31 28 0:41 / /tiny rw - tmpfs tmpfs rw,size=1m
32 28 0:42 / /run rw - tmpfs tmpfs rw
`;

function filesystem(usedPercent: number, availableBytes: number, extra: Record<string, unknown> = {}) {
  return {
    mount: '/x',
    paths: [],
    type: 'ext4',
    source: '/dev/x',
    answer: 'answered',
    totalBytes: 100 * GIB,
    availableBytes,
    usedPercent,
    ...extra,
  };
}
const hung = filesystem(0, 0, { mount: '/mnt/nas', answer: 'hung', totalBytes: 0 });
const statOf = (totalBytes: number, freeBytes: number, availableBytes = freeBytes) => ({
  totalBytes,
  freeBytes,
  availableBytes,
  totalInodes: 100,
  freeInodes: 50,
});

describe('judge', () => {
  const profile = { warn: 60, crit: 70, unit: '%', source: 'profile' };
  test.each([
    ['half full', [filesystem(50, 50 * GIB)], undefined, 'ok', 'ok'],
    ['at the bound', [filesystem(90, 10 * GIB)], undefined, 'ok', 'ok'],
    ['above warn', [filesystem(91, 9 * GIB)], undefined, 'warn', 'filling'],
    ['above crit, yet much is left of a large disk', [filesystem(99, 100 * GIB)], undefined, 'warn', 'filling'],
    ['above crit and scarce', [filesystem(99, 4 * GIB)], undefined, 'fail', 'full'],
    ['a tiny one, full to the brim', [filesystem(100, 0, { totalBytes: 65_536 })], undefined, 'fail', 'full'],
    ['thresholds of the profile count alone', [filesystem(75, 100 * GIB)], profile, 'fail', 'full'],
    ['one of many is full', [filesystem(10, 9 * GIB), filesystem(100, 0), filesystem(95, 9 * GIB)], undefined, 'fail', 'full'],
    ['a hung one makes it unknown', [filesystem(10, 9 * GIB), hung], undefined, 'unknown', 'hung'],
    ['a full one is full, hung or not the other', [filesystem(100, 0), hung], undefined, 'fail', 'full'],
    [
      'a declared one that refuses',
      [filesystem(0, 0, { answer: 'failed', error: 'EACCES', paths: ['/x'] })],
      undefined,
      'unknown',
      'unreadable',
    ],
    [
      'an undeclared one that refuses is passed over',
      [filesystem(10, GIB), filesystem(0, 0, { answer: 'failed', error: 'EACCES' })],
      undefined,
      'ok',
      'ok',
    ],
    ['nothing to judge', [], undefined, 'not-applicable', 'none'],
    ['a pseudo file system without size', [filesystem(0, 0, { totalBytes: 0 })], undefined, 'not-applicable', 'none'],
  ])('%s', (_name, filesystems, thresholds, status, code) => {
    expect(judge(diskSpace, { observedAt: 0, filesystems }, {}, thresholds)).toMatchObject({ status, code });
  });

  test('names the worst mount, its percent and what is left', () => {
    const facts = { observedAt: 0, filesystems: [filesystem(95, 9 * GIB, { mount: '/a' }), filesystem(98.6, GIB, { mount: '/b' })] };
    expect(judge(diskSpace, facts)).toEqual({
      status: 'fail',
      code: 'full',
      item: '/b',
      data: { mount: '/b', used: 98.6, free: '1 GiB', freeBytes: GIB },
      value: 98.6,
      unit: '%',
      threshold: 98,
      thresholdSource: 'Netdata disks.conf',
      clear: 90,
    });
  });
});

describe('probe', () => {
  test('asks every writable file system and counts as df does', async () => {
    const context = fakeHost({
      files: { '/proc/self/mountinfo': MOUNTS },
      filesystems: { '/': statOf(100, 50, 40), '/var': statOf(100, 20, 0), '/mnt/nas': 'hung', '/tiny': statOf(1024, 0) },
    });
    const { facts, judgement } = await probeAndJudge(diskSpace, context);
    expect(facts.filesystems).toMatchObject([
      { mount: '/', usedPercent: (50 / 90) * 100 },
      { mount: '/var', usedPercent: 100 },
      { mount: '/mnt/nas', answer: 'hung', usedPercent: 0 },
      { mount: '/tiny', usedPercent: 100, availableBytes: 0 },
    ]);
    expect(judgement).toMatchObject({ status: 'fail', code: 'full', data: { mount: '/var' } });
  });

  test('a path stands for the mount that holds it, links followed; nothing else is asked', async () => {
    const context = fakeHost({
      files: { '/proc/self/mountinfo': MOUNTS },
      commands: { 'readlink -f -- /opt/data': { stdout: '/var/lib/data\n' } },
      filesystems: { '/var': statOf(100, 50) },
    });
    const { facts } = await probeAndJudge(diskSpace, context, { path: '/opt/data' });
    expect(facts.filesystems).toMatchObject([{ mount: '/var', paths: ['/opt/data'], usedPercent: 50 }]);
  });

  test('several paths on one mount are one question; a mount point needs no readlink; a failing readlink leaves the path as it is', async () => {
    const context = fakeHost({
      files: { '/proc/self/mountinfo': MOUNTS },
      commands: { 'readlink -f -- /var/a': new HostError('timed-out', 'readlink'), 'readlink -f -- /missing/b': { exitCode: 1 } },
      filesystems: { '/': statOf(100, 50), '/var': statOf(100, 50) },
    });
    const { facts } = await probeAndJudge(diskSpace, context, { path: ['/var/a', '/var/', '/missing/b'] });
    expect(facts.filesystems).toMatchObject([
      { mount: '/var', paths: ['/var/a', '/var/'] },
      { mount: '/', paths: ['/missing/b'] },
    ]);
  });

  test('a refusal and a failure of the mount are kept apart', async () => {
    const context = fakeHost({
      files: { '/proc/self/mountinfo': MOUNTS },
      filesystems: {
        '/': statOf(100, 50),
        '/var': new HostError('no-permission', 'denied', 'run as root'),
        '/mnt/nas': new HostError('timed-out', 'late'),
        '/tiny': statOf(10, 5),
      },
    });
    const { facts } = await probeAndJudge(diskSpace, context);
    expect(facts.filesystems).toMatchObject([
      { answer: 'answered' },
      { answer: 'failed', error: 'denied', unlock: 'run as root' },
      { answer: 'hung' },
      { answer: 'answered' },
    ]);
  });

  test('refuses a relative path and other platforms', async () => {
    await expect(probeAndJudge(diskSpace, fakeHost(), { path: 'var' })).rejects.toThrow(/absolute path/);
    await expect(probeAndJudge(diskSpace, fakeHost({ platform: 'darwin' }))).rejects.toMatchObject({ reason: 'unsupported' });
  });
});
