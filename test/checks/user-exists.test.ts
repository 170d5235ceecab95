import { expect, test } from 'vitest';
import { userExists } from '../../src/checks/user-exists.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const look = (passwd: object, params = {}) =>
  probeAndJudge(userExists, fakeHost({ commands: { 'getent passwd paygw': passwd, 'id -nG -- paygw': { stdout: 'paygw ssl-cert\n' } } }), {
    name: 'paygw',
    ...params,
  });
const there = { stdout: 'paygw:x:998:998:Payments,,:/var/lib/paygw:/usr/sbin/nologin\n' };

test.each([
  ['there', {}, 'ok', 'ok'],
  ['as wanted', { uid: 998, groups: ['ssl-cert'], home: '/var/lib/paygw', shell: '/usr/sbin/nologin' }, 'ok', 'ok'],
  ['another uid', { uid: 1_000 }, 'fail', 'differs'],
  ['not in a group', { groups: ['ssl-cert', 'docker'] }, 'fail', 'differs'],
  ['a login shell', { shell: '/bin/bash' }, 'fail', 'differs'],
])('%s', async (_name, params, status, code) => {
  expect((await look(there, params)).judgement).toMatchObject({ status, code });
});

test('not there; a getent that fails tells nothing', async () => {
  expect((await look({ exitCode: 2 })).judgement).toMatchObject({ status: 'fail', code: 'missing' });
  await expect(look({ exitCode: 3 })).rejects.toMatchObject({ reason: 'io', unlock: expect.any(String) });
});

test.skipIf(process.platform !== 'linux')('asks this machine', async () => {
  expect((await probeAndJudge(userExists, localContext(), { name: 'root', uid: 0, groups: ['root'] })).judgement.status).toBe('ok');
  expect((await probeAndJudge(userExists, localContext(), { name: 'oor-nobody' })).judgement.code).toBe('missing');
});
