import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { userExists } from '../../src/checks/user-exists.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const DIRECTORY = 'passwd: files sss\ngroup: files sss\n';
const PASSWD = 'root:x:0:0:root:/root:/bin/bash\npaygw:x:998:998:Payments,,:/var/lib/paygw:/usr/sbin/nologin\n';
const GROUP = 'ssl-cert:x:110:postgres,paygw\nroot:x:0:\npaygw:x:998:\n';

const look = (passwd: object, params = {}) =>
  probeAndJudge(
    userExists,
    fakeHost({
      files: { '/etc/nsswitch.conf': DIRECTORY },
      commands: { 'getent passwd paygw': passwd, 'id -nG -- paygw': { stdout: 'paygw ssl-cert\n' } },
    }),
    { name: 'paygw', ...params },
  );
const there = { stdout: 'paygw:x:998:998:Payments,,:/var/lib/paygw:/usr/sbin/nologin\n' };

describe('accounts that are kept in files alone', () => {
  const files = { '/etc/passwd': PASSWD, '/etc/group': GROUP };
  const only = 'passwd:         files\ngroup:          files\nhosts: files dns\n';
  const systemd = 'passwd: files systemd\ngroup: files systemd\n';
  const account = { uid: 998, gid: 998, groups: ['paygw', 'ssl-cert'], home: '/var/lib/paygw', shell: '/usr/sbin/nologin' };
  const gone = new HostError('not-found', 'no such file');

  test.each([
    ['files', only, {}],
    ['systemd is not there to add any', systemd, { '/run/systemd/userdb': gone }],
  ])('are read, and nothing is started: %s', async (_name, sources, stats) => {
    const host = fakeHost({ files: { ...files, '/etc/nsswitch.conf': sources }, stats });
    expect((await probeAndJudge(userExists, host, { name: 'paygw' })).facts).toMatchObject({ account });
    expect(host.calls.filter((call) => call.startsWith('run'))).toEqual([]);
  });

  test.each([
    ['a directory server', DIRECTORY, {}],
    ['systemd has its own', systemd, { '/run/systemd/userdb': { kind: 'directory' as const } }],
    ['groups from elsewhere', `${only}initgroups: files ldap\n`, {}],
    ['an action in brackets', 'passwd: files [NOTFOUND=return] ldap\ngroup: files\n', {}],
  ])('are asked for where others may have a say: %s', async (_name, sources, stats) => {
    const commands = { 'getent passwd paygw': there, 'id -nG -- paygw': { stdout: 'paygw wheel\n' } };
    const host = fakeHost({ files: { ...files, '/etc/nsswitch.conf': sources }, stats, commands });
    expect((await probeAndJudge(userExists, host, { name: 'paygw' })).facts).toMatchObject({ account: { groups: ['paygw', 'wheel'] } });
  });

  test('one that is in no file is asked for', async () => {
    const host = fakeHost({ files: { ...files, '/etc/nsswitch.conf': only }, commands: { 'getent passwd bob': { exitCode: 2 } } });
    expect((await probeAndJudge(userExists, host, { name: 'bob' })).judgement.code).toBe('missing');
  });
});

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

test.skipIf(process.platform !== 'linux')('this machine: the files say what getent and id say', async () => {
  const { facts } = await probeAndJudge(userExists, localContext(), { name: 'daemon' });
  const [, , uid, gid, , home, shell] = execFileSync('getent', ['passwd', 'daemon'], { encoding: 'utf8' }).trim().split(':');
  const groups = execFileSync('id', ['-nG', '--', 'daemon'], { encoding: 'utf8' }).trim().split(' ');
  expect(facts).toMatchObject({ account: { uid: Number(uid), gid: Number(gid), home, shell, groups } });
});

test.skipIf(process.platform !== 'linux')('asks this machine', async () => {
  expect((await probeAndJudge(userExists, localContext(), { name: 'root', uid: 0, groups: ['root'] })).judgement.status).toBe('ok');
  expect((await probeAndJudge(userExists, localContext(), { name: 'oor-nobody' })).judgement.code).toBe('missing');
});
