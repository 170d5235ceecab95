import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logVolume } from '../../src/checks/log-volume.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const facts = (now: number, before: number) => ({
  observedAt: 0,
  source: 'app.log',
  minutes: 5,
  now,
  before,
  percent: before > 0 ? (100 * now) / before : null,
});

test.each([
  [200, 200, 'ok', 'ok'],
  [98, 200, 'warn', 'drop'],
  [48, 200, 'fail', 'drop'],
  [0, 120, 'fail', 'drop'],
  [402, 200, 'warn', 'surge'],
  [802, 200, 'fail', 'surge'],
  [0, 119, 'fail', 'drop'],
  [0, 14, 'fail', 'drop'],
  [0, 12, 'warn', 'drop'],
  [1, 4, 'ok', 'ok'],
  [30, 3, 'warn', 'surge'],
  [60, 3, 'fail', 'surge'],
  [12, 0, 'ok', 'quiet'],
  [0, 0, 'ok', 'quiet'],
])('judge: %s lines after %s', (now, before, status, code) => {
  expect(judge(logVolume, facts(now, before), { file: 'app.log' })).toMatchObject({ status, code });
});

test('a real log: two windows, only the lines that match', async () => {
  const file = join(temporaryFolder(), 'app.log');
  const line = (secondsAgo: number, text: string): string => `${new Date(Date.now() - secondsAgo * 1_000).toISOString()} ${text}\n`;
  const before = Array.from({ length: 200 }, (_, index) => line(590 - index, 'approved'));
  const now = Array.from({ length: 40 }, (_, index) => line(280 - index, 'approved') + line(280 - index, 'debug'));
  writeFileSync(file, [line(900, 'approved'), ...before, ...now].join(''));
  const { facts: found, judgement } = await probeAndJudge(logVolume, localContext(), { file, only: 'approved' });
  expect(found).toMatchObject({ before: 200, now: 40, percent: 20 });
  expect(judgement).toMatchObject({ status: 'fail', code: 'drop' });
  expect((await probeAndJudge(logVolume, localContext(), { file })).judgement).toMatchObject({ status: 'warn', value: 40 });
});

test('a missing log, one without times and one that may not be read are unknown', async () => {
  const folder = temporaryFolder();
  await expect(probeAndJudge(logVolume, localContext(), { file: join(folder, 'gone') })).rejects.toMatchObject({ reason: 'io' });
  writeFileSync(join(folder, 'plain.log'), 'approved\n'.repeat(300));
  await expect(probeAndJudge(logVolume, localContext(), { file: join(folder, 'plain.log') })).rejects.toMatchObject({
    reason: 'io',
  });
  const denied = fakeHost({
    stats: { '/l': new HostError('no-permission', 'EACCES', 'run as root') },
    commands: { 'date +%z': { stdout: '+0000' } },
  });
  await expect(probeAndJudge(logVolume, denied, { file: '/l' })).rejects.toMatchObject({ reason: 'no-permission' });
});
