import { describe, expect, test } from 'vitest';
import { diskNewest } from '../../src/checks/disk-newest.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const MIB = 1024 ** 2;
const MOUNTS = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:2 / /data rw - ext4 /dev/sda2 rw
30 28 0:40 / /tmp rw - tmpfs tmpfs rw
`;
const FIND = 'timeout 5 find /data -xdev -type f -size +1023k -mmin -1440 -printf %s %T@ %n %p\\0';
const OPEN = 'find /proc -mindepth 3 -maxdepth 3 -path /proc/[0-9]*/fd/* -lname /data/* -printf %l\\0';
const stat = (totalMib: number, freeMib: number) => ({
  totalBytes: totalMib * MIB,
  freeBytes: freeMib * MIB,
  availableBytes: freeMib * MIB,
  totalInodes: 100,
  freeInodes: 50,
});
const line = (mib: number, path: string, links = 1): string => `${mib * MIB} 1768478400.5 ${links} ${path}\0`;

function look(found: string, { open = '', denied = false, rootFree = 9_000, exitCode = 0 } = {}) {
  const context = fakeHost({
    files: { '/proc/self/mountinfo': MOUNTS },
    filesystems: { '/data': stat(1_000, 0), '/': stat(20_000, rootFree) },
    commands: {
      [FIND]: { stdout: found, exitCode },
      [OPEN]: { stdout: open, stderr: denied ? "find: '/proc/1/fd': Permission denied" : '', exitCode: denied ? 1 : 0 },
    },
  });
  return probeAndJudge(diskNewest, context, { path: '/data' });
}

describe('disk.newest', () => {
  test('what filled it, the largest first, and where there is room', async () => {
    const { facts, judgement } = await look(line(60, '/data/app.log') + line(400, '/data/nightly/dump-2026.sql'), {
      open: '/data/app.log\0',
    });
    expect(judgement).toMatchObject({ status: 'warn', code: 'grown', value: 46, data: { count: 2, file: '/data/nightly/dump-2026.sql' } });
    expect(facts).toMatchObject({
      complete: true,
      room: '/var/tmp',
      files: [
        { path: '/data/nightly/dump-2026.sql', open: false, spare: true, modifiedAt: 1768478400500 },
        { path: '/data/app.log', open: true, spare: false },
      ],
    });
  });

  test.each([
    ['a file of a database', '/data/pg/base/16384/1259.bak', 1],
    ['a segment of its log', '/data/pg_wal/archive.tar', 1],
    ['payments that wait to be sent', '/data/spool/batch.old', 1],
    ['a table', '/data/mysql/pay/orders_backup.ibd', 1],
    ['a file with no name that says what it is', '/data/orders-7', 1],
    ['a file with a second name', '/data/backup.tar', 2],
  ])('%s is not spare', async (_name, path, links) => {
    expect((await look(line(400, path, links))).facts).toMatchObject({ files: [{ spare: false }], room: null });
  });

  test('where it cannot be seen who has it open nothing is spare', async () => {
    expect((await look(line(400, '/data/backup.tar'), { denied: true })).facts).toMatchObject({ files: [{ open: null, spare: false }] });
  });

  test('no other disk has room', async () => {
    expect((await look(line(400, '/data/backup.tar'), { rootFree: 800 })).facts).toMatchObject({ files: [{ spare: true }], room: null });
  });

  test('little is new; time was up', async () => {
    expect((await look('')).judgement).toMatchObject({ status: 'ok', code: 'quiet' });
    expect((await look(line(10, '/data/x.tar'), { exitCode: 124 })).facts).toMatchObject({ complete: false, newCount: 1 });
  });
});
