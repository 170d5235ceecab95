import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskIo } from '../../src/checks/disk-io.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const disk = (utilPercent: number, queue: number) => ({
  name: 'sda',
  utilPercent,
  queue,
  requestMs: 3,
  requestsPerSecond: 1,
  readBytesPerSecond: 0,
  writtenBytesPerSecond: 0,
});

test.each([
  ['calm', [disk(20, 0.2)], 'ok', 'ok'],
  ['busy', [disk(99, 2)], 'warn', 'busy'],
  ['a long queue', [disk(50, 2), disk(99, 11)], 'warn', 'queue'],
  ['slow for every request', [disk(5, 0.1), { ...disk(30, 0.5), name: 'sdb', requestMs: 300, requestsPerSecond: 4 }], 'warn', 'slow'],
  ['one slow request', [{ ...disk(30, 0.5), requestMs: 300, requestsPerSecond: 1 }], 'ok', 'ok'],
  ['none', [], 'not-applicable', 'none'],
])('judge: %s', (_name, disks, status, code) => {
  expect(judge(diskIo, { observedAt: 0, disks })).toMatchObject({ status, code });
});

const stats = (reads: number, sectors: number, readMs: number, busyMs: number, weightedMs: number) =>
  `   7       0 loop0 9 0 9 9 0 0 0 0 0 9 9\n 254       0 vda ${reads} 5 ${sectors} ${readMs} 10 0 100 50 3 ${busyMs} ${weightedMs} 1 2 3 4 5 6\n 254       1 vda1 1 0 0 0 0 0 0 0 0 0 0\n`;
const lists = { '/sys/block': ['loop0', 'vda'] };

test('probe: whole disks, over a second', async () => {
  const files = { '/proc/diskstats': [stats(100, 800, 40, 100, 200), stats(150, 1_600, 240, 1_090, 12_200)] };
  const { facts, judgement } = await probeAndJudge(diskIo, fakeHost({ files, lists }));
  expect(facts['disks']).toEqual([
    {
      name: 'vda',
      utilPercent: 99,
      queue: 12,
      requestMs: 4,
      requestsPerSecond: 50,
      readBytesPerSecond: 409_600,
      writtenBytesPerSecond: 0,
    },
  ]);
  expect(judgement).toMatchObject({ status: 'warn', code: 'queue' });
});

test('probe: a disk that is not there is unknown', async () => {
  const files = { '/proc/diskstats': stats(1, 1, 1, 1, 1) };
  await expect(probeAndJudge(diskIo, fakeHost({ files, lists }), { disks: ['/dev/sdz'] })).rejects.toMatchObject({
    reason: 'not-found',
    unlock: expect.any(String),
  });
});

test.skipIf(process.platform !== 'linux')('sees real writes on this machine', async () => {
  const context = localContext();
  const folder = mkdtempSync(join(tmpdir(), 'oor-io-'));
  const sleep = async () => void (await context.host.run(['dd', 'if=/dev/zero', `of=${folder}/f`, 'bs=64k', 'count=50', 'oflag=dsync']));
  const { facts, judgement } = await probeAndJudge(diskIo, { ...context, sleep });
  rmSync(folder, { recursive: true });
  const disks = facts['disks'] as { writtenBytesPerSecond: number }[];
  expect(['ok', 'warn', 'not-applicable']).toContain(judgement.status);
  // A memory-backed /tmp writes to no disk.
  if (disks.length > 0) expect(disks.every(({ writtenBytesPerSecond }) => writtenBytesPerSecond >= 0)).toBe(true);
});

test('a file that serves as a disk counts where something is written to it', async () => {
  const line = (name: string, reads: number, writes: number) =>
    ` 7 0 ${name} ${reads} 0 8 9 ${writes} 0 80 ${writes * 300} 0 ${writes * 100} ${writes * 300}\n`;
  const files = { '/proc/diskstats': [line('loop0', 10, 100) + line('loop1', 10, 0), line('loop0', 10, 104) + line('loop1', 60, 0)] };
  const { facts, judgement } = await probeAndJudge(diskIo, fakeHost({ files, lists: { '/sys/block': ['loop0', 'loop1'] } }));
  expect(facts['disks']).toMatchObject([{ name: 'loop0', requestMs: 300 }]);
  expect(judgement).toMatchObject({ status: 'warn', code: 'slow' });
});
