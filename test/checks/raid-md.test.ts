import { expect, test } from 'vitest';
import { raidMd } from '../../src/checks/raid-md.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { recorded } from './recorded.ts';

const degraded = recorded('mdstat-degraded.txt');
const healthy = degraded.replace('sda2[0](F)', 'sda2[0]').replace('[3/2] [_UU]', '[3/3] [UUU]');
const look = (text: string | null, mismatches: string | null = '0') =>
  probeAndJudge(
    raidMd,
    fakeHost({
      files: {
        '/proc/mdstat': text,
        ...Object.fromEntries(
          ['md0', 'md1', 'md2', 'md127'].map((name) => [`/sys/block/${name}/md/mismatch_cnt`, name === 'md0' ? mismatches : null]),
        ),
      },
    }),
  );

test.each([
  ['all well', healthy, '0', 'ok', 'ok'],
  ['a member failed', degraded, '0', 'fail', 'degraded'],
  ['being rebuilt', recorded('mdstat-recovery.txt'), '0', 'fail', 'rebuilding'],
  ['not active', 'md0 : inactive sda1[0](S)\n      1047552 blocks super 1.2\n', '0', 'fail', 'inactive'],
  ['a failed one beside a full set', healthy.replace('sda1[0]', 'sda1[0] sde1[2](F)'), '0', 'warn', 'failed-member'],
  ['members differ', healthy, '2048\n', 'warn', 'mismatch'],
  ['a few differences are usual', healthy, '128\n', 'ok', 'ok'],
  ['no arrays', 'Personalities : \nunused devices: <none>\n', '0', 'not-applicable', 'none'],
  ['no driver', null, '0', 'not-applicable', 'none'],
])('%s', async (_name, text, mismatches, status, code) => {
  expect((await look(text, mismatches)).judgement).toMatchObject({ status, code });
});

test('names the array and the member; RAID 0 has no spare copies to lose', async () => {
  const { facts, judgement } = await look(degraded);
  expect(judgement).toMatchObject({ value: 2, threshold: 3, data: { name: 'md1', level: 'raid5', failed: 'sda2' } });
  expect(facts['arrays']).toMatchObject([{ name: 'md2', wanted: null }, { name: 'md1' }, { name: 'md0', working: 2 }]);
});

test('a table that may not be read is unknown', async () => {
  const context = fakeHost({ files: { '/proc/mdstat': new HostError('no-permission', 'EACCES', 'run as root') } });
  await expect(probeAndJudge(raidMd, context)).rejects.toMatchObject({ reason: 'no-permission' });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect((await probeAndJudge(raidMd, localContext())).judgement.status).not.toBe('unknown');
});
