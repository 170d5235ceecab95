import { describe, expect, test } from 'vitest';
import { fsHung } from '../../src/checks/fs-hung.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

function mount(answer: string, extra: Record<string, unknown> = {}) {
  return { mount: '/m', paths: [], type: 'nfs4', source: 'nas:/m', answer, ...extra };
}

describe('judge', () => {
  test.each([
    ['all answer', [mount('answered')], 'ok', 'ok'],
    ['a hung one nobody declared', [mount('answered'), mount('hung')], 'warn', 'hung'],
    ['a hung one that is declared', [mount('hung', { paths: ['/m/data'] })], 'fail', 'hung'],
    ['stale NFS handle', [mount('failed', { error: '/m: Stale file handle' })], 'warn', 'broken'],
    [
      'dead FUSE daemon under a declared path',
      [mount('failed', { paths: ['/m'], error: 'ENOTCONN: socket is not connected' })],
      'fail',
      'broken',
    ],
    ['a refusal is an answer', [mount('failed', { error: '/m: Permission denied' })], 'ok', 'ok'],
    ['nothing that can hang', [], 'not-applicable', 'none'],
  ])('%s', (_name, mounts, status, code) => {
    expect(judge(fsHung, { observedAt: 0, withinMs: 2_000, mounts })).toMatchObject({ status, code });
  });

  test('a declared mount is named before others', () => {
    const mounts = [mount('hung', { mount: '/other' }), mount('failed', { mount: '/own', paths: ['/own'], error: 'Stale file handle' })];
    expect(judge(fsHung, { observedAt: 0, withinMs: 2_000, mounts })).toMatchObject({ status: 'fail', value: 2, data: { mount: '/own' } });
  });
});

test('probe asks each mount once and waits less where the budget is small', async () => {
  const context = fakeHost({
    timeoutMs: 1_500,
    files: {
      '/proc/self/mountinfo':
        '28 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 28 0:40 / /nas rw - nfs4 nas:/e rw\n31 28 0:40 /s /nas/sub rw - nfs4 nas:/e rw\n32 28 0:41 / /mem rw - tmpfs t rw\n',
    },
    filesystems: {
      '/': { totalBytes: 1, freeBytes: 1, availableBytes: 1, totalInodes: 1, freeInodes: 1 },
      '/nas': new HostError('timed-out', 'no answer'),
    },
  });
  const { facts, judgement } = await probeAndJudge(fsHung, context);
  expect(facts).toMatchObject({
    withinMs: 500,
    mounts: [
      { mount: '/', answer: 'answered' },
      { mount: '/nas', answer: 'hung' },
    ],
  });
  expect(judgement).toMatchObject({ status: 'warn', code: 'hung', data: { source: 'nas:/e', seconds: 0.5 } });
  expect(context.calls.filter((call) => call.startsWith('statfs'))).toEqual(['statfs /', 'statfs /nas']);
});
