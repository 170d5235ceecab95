import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskLatency } from '../../src/checks/disk-latency.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const facts = (worstMs: number) => ({ observedAt: 0, path: '/d', batchMs: [worstMs], medianMs: 1, worstMs });

test.each([
  [4.9, 'ok', 'ok'],
  [5, 'warn', 'slow'],
  [8, 'fail', 'slow'],
])('judge: %s ms', (worst, status, code) => {
  expect(judge(diskLatency, facts(worst))).toMatchObject({ status, code });
});

test('nothing is written unasked, nor to a nearly full or hung disk', async () => {
  expect(diskLatency.active).toBe(true);
  const unasked = fakeHost();
  expect((await probeAndJudge(diskLatency, unasked)).judgement).toMatchObject({ status: 'not-applicable' });
  expect(unasked.calls).toEqual([]);
  const space = (availableBytes: number) => ({
    totalBytes: 1_000,
    freeBytes: availableBytes,
    availableBytes,
    totalInodes: 1,
    freeInodes: 1,
  });
  const full = fakeHost({ filesystems: { '/d': space(49) } });
  await expect(probeAndJudge(diskLatency, full, { path: '/d' })).rejects.toMatchObject({ reason: 'unsupported' });
  await expect(probeAndJudge(diskLatency, fakeHost({ filesystems: { '/d': 'hung' } }), { path: '/d' })).rejects.toMatchObject({
    reason: 'timed-out',
  });
  expect(full.calls).toEqual(['statfs /d']);
});

describe.skipIf(process.platform !== 'linux')('a real folder', () => {
  const folder = temporaryFolder();

  test('is measured in ten batches and left as it was', async () => {
    const { facts: found, judgement } = await probeAndJudge(diskLatency, localContext(), { path: folder });
    expect(found['batchMs']).toHaveLength(10);
    expect(Number(found['worstMs'])).toBeGreaterThanOrEqual(Number(found['medianMs']));
    expect(['ok', 'warn', 'fail']).toContain(judgement.status);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('one that cannot be written is unknown', async () => {
    await expect(probeAndJudge(diskLatency, localContext(), { path: '/proc' })).rejects.toMatchObject({ unlock: expect.any(String) });
    await expect(probeAndJudge(diskLatency, localContext(), { path: join(folder, 'gone') })).rejects.toMatchObject({ name: 'HostError' });
  });
});
