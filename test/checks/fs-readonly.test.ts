import { describe, expect, test } from 'vitest';
import { fsReadonly } from '../../src/checks/fs-readonly.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

function mount(extra: Record<string, unknown> = {}) {
  return {
    mount: '/d',
    paths: [],
    type: 'ext4',
    source: '/dev/d',
    mountReadOnly: false,
    filesystemReadOnly: false,
    stopped: false,
    declared: 'unknown',
    ...extra,
  };
}

describe('judge', () => {
  test.each([
    ['writable', [mount()], 'ok', 'ok'],
    ['turned read-only under a writable mount', [mount(), mount({ filesystemReadOnly: true })], 'fail', 'remounted-readonly'],
    ['fstab wants it writable', [mount({ mountReadOnly: true, filesystemReadOnly: true, declared: 'rw' })], 'fail', 'mounted-readonly'],
    ['fstab wants it read-only', [mount({ mountReadOnly: true, filesystemReadOnly: true, declared: 'ro' })], 'ok', 'ok'],
    ['read-only by hand, nobody declared it', [mount({ mountReadOnly: true, filesystemReadOnly: true })], 'ok', 'ok'],
    ['a declared path must be writable', [mount({ mountReadOnly: true, paths: ['/d/x'] })], 'fail', 'mounted-readonly'],
    ['stopped by the kernel', [mount({ stopped: true })], 'fail', 'stopped'],
    ['nothing to judge', [], 'not-applicable', 'none'],
  ])('%s', (_name, mounts, status, code) => {
    expect(judge(fsReadonly, { observedAt: 0, mounts })).toMatchObject({ status, code });
  });

  test('names the declared path before others', () => {
    const mounts = [mount({ mount: '/a', filesystemReadOnly: true }), mount({ mount: '/b', mountReadOnly: true, paths: ['/b/data'] })];
    expect(judge(fsReadonly, { observedAt: 0, mounts })).toMatchObject({ value: 2, data: { mount: '/b', want: '/b/data' } });
  });
});

describe('probe', () => {
  const FSTAB =
    '# <file system> <mount point>\nUUID=1 / ext4 errors=remount-ro 0 1\n/dev/sdb1 /with\\040space ext4 defaults 0 2\n/dev/sdc1 /archive ext4 ro,noatime 0 2\n';
  const table = (lines: readonly string[]) => fakeHost({ files: { '/proc/self/mountinfo': lines.join('\n'), '/etc/fstab': FSTAB } });

  test.each([
    ['after a disk error (super block read-only)', '28 1 8:1 / / rw,relatime - ext4 /dev/sda1 ro,errors=remount-ro', 'remounted-readonly'],
    ['Linux 6.13 and later', '28 1 8:1 / / rw - ext4 /dev/sda1 rw,emergency_ro', 'stopped'],
    ['shut down', '28 1 8:1 / / rw - ext4 /dev/sda1 rw,shutdown', 'stopped'],
    ['remounted as a whole, against fstab', '29 1 8:2 / /with\\040space ro - ext4 /dev/sdb1 ro', 'mounted-readonly'],
    ['read-only as fstab says', '30 1 8:3 / /archive ro - ext4 /dev/sdc1 ro', 'ok'],
    ['a read-only bind', '31 1 8:1 /etc /container/etc ro - ext4 /dev/sda1 rw', 'ok'],
    ['an overlay without an upper layer', '32 1 0:50 / / rw - overlay overlay ro,lowerdir=/a:/b', 'none'],
    ['a snap', '33 1 7:0 / /snap/x rw - squashfs /dev/loop0 ro', 'none'],
  ])('%s', async (_name, line, code) => {
    expect((await probeAndJudge(fsReadonly, table([line]))).judgement.code).toBe(code);
  });

  test('works without fstab, and for a declared path on an image', async () => {
    const context = fakeHost({
      files: { '/proc/self/mountinfo': '33 1 7:0 / /app ro - squashfs /dev/loop0 ro\n', '/etc/fstab': null },
      commands: { 'readlink -f -- /app/data': { stdout: '/app/data\n' } },
    });
    expect((await probeAndJudge(fsReadonly, context, { path: '/app/data' })).judgement).toMatchObject({
      status: 'fail',
      code: 'mounted-readonly',
    });
  });
});
