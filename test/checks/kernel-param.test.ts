import { expect, test } from 'vitest';
import { kernelParam } from '../../src/checks/kernel-param.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { problemsOf } from './params.ts';

test.each([
  ['4096\n', { min: 1_024 }, 'ok', 'ok'],
  ['4096\n', { min: 1_024, max: 2_048 }, 'fail', 'differs'],
  ['128\n', { min: 1_024 }, 'fail', 'differs'],
  ['32768\t60999\n', { want: '32768 60999' }, 'ok', 'ok'],
  ['0\n', { want: 0 }, 'ok', 'ok'],
  ['1\n', { want: 0 }, 'fail', 'differs'],
  [null, { want: 0 }, 'fail', 'missing'],
  ['1\n', {}, 'ok', 'ok'],
])('%j against %j', async (text, bounds, status, code) => {
  const context = fakeHost({ files: { '/proc/sys/net/core/somaxconn': text }, lists: { '/proc/sys': ['net'] } });
  expect((await probeAndJudge(kernelParam, context, { name: 'net.core.somaxconn', ...bounds })).judgement).toMatchObject({ status, code });
});

test('a name with a dot inside, no name, a name that climbs', async () => {
  const context = fakeHost({ files: { '/proc/sys/net/ipv4/conf/eth0-100/rp_filter': '1' } });
  expect((await probeAndJudge(kernelParam, context, { name: 'net/ipv4/conf/eth0-100/rp_filter', want: 1 })).judgement.status).toBe('ok');
  expect((await probeAndJudge(kernelParam, fakeHost())).judgement).toMatchObject({ status: 'not-applicable' });
  expect(problemsOf(kernelParam, { name: '../../etc/passwd' })).toHaveLength(1);
  expect(problemsOf(kernelParam, { name: 'net/../../x' })).toHaveLength(1);
});

test('one that may not be read is unknown', async () => {
  const context = fakeHost({ files: { '/proc/sys/fs/protected_links': new HostError('no-permission', 'EACCES', 'run as root') } });
  await expect(probeAndJudge(kernelParam, context, { name: 'fs.protected_links' })).rejects.toMatchObject({ reason: 'no-permission' });
});

test.skipIf(process.platform !== 'linux')('reads this kernel', async () => {
  const look = async (params: object) => (await probeAndJudge(kernelParam, localContext(), params)).judgement.status;
  expect(await look({ name: 'kernel.pid_max', min: 100 })).toBe('ok');
  expect(await look({ name: 'kernel.pid_max', max: 100 })).toBe('fail');
  expect(await look({ name: 'kernel.no_such_thing' })).toBe('fail');
});
