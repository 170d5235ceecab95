import { describe, expect, test } from 'vitest';
import { diskInodes } from '../../src/checks/disk-inodes.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

function filesystem(usedPercent: number, extra: Record<string, unknown> = {}) {
  const freeInodes = Math.round(1_000 - usedPercent * 10);
  return { mount: '/x', paths: [], type: 'ext4', answer: 'answered', counted: true, totalInodes: 1_000, freeInodes, usedPercent, ...extra };
}

describe('judge', () => {
  test.each([
    ['few', [filesystem(10)], 'ok', 'ok'],
    ['many', [filesystem(10), filesystem(91)], 'warn', 'filling'],
    ['out', [filesystem(91), filesystem(99)], 'fail', 'full'],
    ['on demand only', [filesystem(0, { counted: false, type: 'btrfs' })], 'not-applicable', 'none'],
    ['hung', [filesystem(10), filesystem(0, { answer: 'hung', counted: false, type: 'nfs4' })], 'unknown', 'hung'],
    ['out, though another hangs', [filesystem(99), filesystem(0, { answer: 'hung', counted: false })], 'fail', 'full'],
    [
      'declared and refused',
      [filesystem(0, { answer: 'failed', counted: false, paths: ['/x'], error: 'EACCES' })],
      'unknown',
      'unreadable',
    ],
  ])('%s', (_name, filesystems, status, code) => {
    expect(judge(diskInodes, { observedAt: 0, filesystems })).toMatchObject({ status, code });
  });
});

test('probe: counts inodes, not those that are made on demand', async () => {
  const context = fakeHost({
    files: {
      '/proc/self/mountinfo':
        '28 1 8:1 / / rw - ext4 /dev/sda1 rw\n29 28 8:2 / /var rw - xfs /dev/sda2 rw\n30 28 0:40 / /b rw - btrfs /dev/sdb rw\n',
    },
    filesystems: {
      '/': { totalBytes: 9, freeBytes: 9, availableBytes: 9, totalInodes: 200, freeInodes: 2 },
      '/var': { totalBytes: 9, freeBytes: 9, availableBytes: 9, totalInodes: 200, freeInodes: 0 },
      '/b': { totalBytes: 9, freeBytes: 9, availableBytes: 9, totalInodes: 0, freeInodes: 0 },
    },
  });
  const { facts, judgement } = await probeAndJudge(diskInodes, context);
  expect(facts.filesystems).toMatchObject([{ counted: true, usedPercent: 99 }, { counted: false }, { counted: false }]);
  expect(judgement).toMatchObject({ status: 'fail', value: 99, threshold: 98, data: { mount: '/', free: 2 } });
});
