import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cronAge } from '../../src/checks/cron-age.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder, writeAged } from './temporary-folder.ts';

const folder = temporaryFolder();

test.each([
  [4, 'ok', 'recent'],
  [8, 'warn', 'late'],
  [16, 'fail', 'late'],
])('every 5 minutes, done %s minutes ago', async (age, status, code) => {
  const marker = writeAged(join(folder, `${age}.done`), age * 60_000);
  expect((await probeAndJudge(cronAge, localContext(), { marker, every: '5m' })).judgement).toMatchObject({ status, code });
});

test('never done fails; a marker that may not be looked at is unknown', async () => {
  const params = { marker: '/root/done', every: '1d' };
  expect((await probeAndJudge(cronAge, fakeHost({ stats: { '/root/done': null } }), params)).judgement).toMatchObject({
    status: 'fail',
    code: 'never',
  });
  const denied = fakeHost({ stats: { '/root/done': new HostError('no-permission', 'EACCES', 'run as root') } });
  await expect(probeAndJudge(cronAge, denied, params)).rejects.toMatchObject({ reason: 'no-permission' });
});
