import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logFreshness } from '../../src/checks/log-freshness.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder, writeAged } from './temporary-folder.ts';

const folder = temporaryFolder();

test.each([
  [100, 'ok', 'fresh'],
  [300, 'warn', 'stale'],
  [700, 'fail', 'stale'],
])('a real file written %s s ago', async (age, status, code) => {
  const file = writeAged(join(folder, `${age}.log`), age * 1_000);
  expect((await probeAndJudge(logFreshness, localContext(), { file })).judgement).toMatchObject({ status, code });
});

test('of a folder the newest counts; a missing one fails', async () => {
  writeAged(join(folder, 'zz.log'), 5_000);
  expect((await probeAndJudge(logFreshness, localContext(), { file: `${folder}/` })).judgement).toMatchObject({
    status: 'ok',
    data: { path: join(folder, 'zz.log') },
  });
  expect((await probeAndJudge(logFreshness, localContext(), { file: join(folder, 'gone') })).judgement).toMatchObject({
    status: 'fail',
    code: 'missing',
  });
});

test('one that may not be looked at is unknown', async () => {
  const context = fakeHost({ stats: { '/root/log': new HostError('no-permission', 'EACCES', 'run as root') } });
  await expect(probeAndJudge(logFreshness, context, { file: '/root/log' })).rejects.toMatchObject({ reason: 'no-permission' });
});
