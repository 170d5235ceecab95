import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupAge } from '../../src/checks/backup-age.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder, writeAged } from './temporary-folder.ts';

const folder = temporaryFolder();
const HOUR = 3_600_000;

test.each([
  [[20, 44, 68], 'ok', 'recent'],
  [[44, 68], 'warn', 'old'],
  [[92], 'fail', 'old'],
  [[], 'fail', 'missing'],
])('a folder of backups %s hours old', async (ages, status, code) => {
  const path = join(folder, `of-${ages.join('-')}`);
  mkdirSync(join(path, 'folder-inside'), { recursive: true });
  for (const age of ages) writeAged(join(path, `${age}.dump`), age * HOUR, 'dump');
  expect((await probeAndJudge(backupAge, localContext(), { path })).judgement).toMatchObject({ status, code });
});

test('an empty dump is no backup', async () => {
  const path = writeAged(join(folder, 'empty.dump'), HOUR, '');
  expect((await probeAndJudge(backupAge, localContext(), { path, min_bytes: 1 })).judgement).toMatchObject({
    status: 'fail',
    code: 'small',
  });
  expect((await probeAndJudge(backupAge, localContext(), { path })).judgement).toMatchObject({ status: 'ok' });
});

test('a folder that does not answer is unknown', async () => {
  const context = fakeHost({ stats: { '/nas/backups': new HostError('timed-out', 'stat', 'a longer timeout') } });
  await expect(probeAndJudge(backupAge, context, { path: '/nas/backups' })).rejects.toMatchObject({ reason: 'timed-out' });
});
