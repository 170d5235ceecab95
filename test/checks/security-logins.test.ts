import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { securityLogins } from '../../src/checks/security-logins.ts';
import { HostError } from '../../src/errors.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const facts = (perMinute: number, guessed: object | null = null) => ({
  observedAt: 0,
  source: '/var/log/auth.log',
  minutes: 30,
  failed: 30 * perMinute,
  accepted: 1,
  perMinute,
  addresses: [],
  guessed,
});
const guess = { address: '203.0.113.9', user: 'deploy', failed: 40, at: 0 };

test.each([
  ['some', facts(10), 'ok', 'ok'],
  ['many', facts(11), 'warn', 'attack'],
  ['a flood', facts(121), 'fail', 'attack'],
  ['a success after failures', facts(2, guess), 'warn', 'guessed'],
])('judge: %s', (_name, given, status, code) => {
  expect(judge(securityLogins, given)).toMatchObject({ status, code });
});

const line = (at: number, text: string): string => `${new Date(at).toISOString()} gw1 sshd[77]: ${text}\n`;
const log = (end: number): string =>
  [
    line(end - 7_200_000, 'Failed password for root from 198.51.100.1 port 22 ssh2'),
    ...Array.from({ length: 8 }, (_, index) =>
      line(end - 60_000 + index, 'Failed password for invalid user deploy from 203.0.113.9 port 5022 ssh2'),
    ),
    line(end - 50_000, 'Failed none for invalid user x from 203.0.113.9 port 5022 ssh2'),
    line(end - 40_000, 'Accepted password for deploy from 203.0.113.9 port 5024 ssh2'),
    line(end - 30_000, 'Failed password for ops from 10.0.0.4 port 5025 ssh2'),
    line(end - 20_000, 'Accepted publickey for ops from 10.0.0.4 port 5026 ssh2: ED25519 SHA256:x'),
  ].join('');

test('a real log: within the window, by address, and who got in', async () => {
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, log(Date.now()));
  const { facts: found, judgement } = await probeAndJudge(securityLogins, localContext(), { file, since: '10m' });
  expect(found).toMatchObject({
    failed: 9,
    accepted: 2,
    addresses: [
      { address: '203.0.113.9', failed: 8 },
      { address: '10.0.0.4', failed: 1 },
    ],
    guessed: { user: 'deploy', failed: 8 },
  });
  expect(judgement).toMatchObject({ status: 'warn', code: 'guessed' });
});

const date = { 'date +%z': { stdout: '+0000\n' } };

test('one that may not be read is unknown, and so is a silent journal', async () => {
  const denied = new HostError('no-permission', 'EACCES', 'run as root');
  const refused = fakeHost({ stats: { '/var/log/auth.log': denied }, commands: date });
  await expect(probeAndJudge(securityLogins, refused)).rejects.toMatchObject({ reason: 'no-permission' });
  const journal = `journalctl --no-pager --output=short-iso --identifier=sshd --identifier=sshd-session --since=@${FAKE_NOW / 1_000 - 1_800}`;
  const silent = fakeHost({
    stats: { '/var/log/auth.log': null, '/var/log/secure': null },
    commands: { ...date, [journal]: { stdout: '-- No entries --\n' } },
    streams: { [journal]: '-- No entries --\n' },
    lists: { '/proc': [] },
  });
  await expect(probeAndJudge(securityLogins, silent)).rejects.toMatchObject({ reason: 'no-permission', unlock: expect.any(String) });
});

test('under a supervisor the log is where sshd writes its errors to, without a name and a time before each line', async () => {
  const file = '/var/log/supervisor/sshd.err';
  const lines = Array.from({ length: 12 }, (_, index) => `Invalid user user${index} from 198.51.100.9 port 4${index}`);
  const text = `Server listening on 0.0.0.0 port 22.\n${lines.join('\n')}\n`;
  const stat = '31 (sshd) S 1 31 31 0 -1 4194560 0 0 0 0 1 1 0 0 20 0 1 0 4000 10000 100 0';
  const context = fakeHost({
    stats: { '/var/log/auth.log': null, '/var/log/secure': null, [file]: { size: text.length } },
    lists: { '/proc': ['31'], '/var/log/supervisor': ['sshd.err'] },
    files: { '/proc/31/stat': stat, [file]: text },
    commands: { ...date, 'readlink /proc/31/fd/2': { stdout: `${file}\n` } },
  });
  const { judgement, facts } = await probeAndJudge(securityLogins, context);
  expect(judgement).toMatchObject({ status: 'fail', code: 'names-tried', data: { names: 12, address: '198.51.100.9' } });
  expect(facts).toMatchObject({ source: file, failed: 12, accepted: 0 });
});

test('where its errors go into a pipe, what supervisord keeps of them is read', async () => {
  const lines = Array.from({ length: 12 }, (_, index) => `Invalid user user${index} from 198.51.100.9 port 4${index}`);
  const stat = '31 (sshd) S 1 31 31 0 -1 4194560 0 0 0 0 1 1 0 0 20 0 1 0 4000 10000 100 0';
  const context = fakeHost({
    stats: { '/var/log/auth.log': null, '/var/log/secure': null },
    lists: { '/proc': ['31'] },
    files: { '/proc/31/stat': stat },
    commands: {
      ...date,
      'readlink /proc/31/fd/2': { stdout: 'pipe:[1459798]\n' },
      'supervisorctl status': { stdout: 'nginx  RUNNING   pid 12, uptime 1:00:00\nlogin:sshd  RUNNING   pid 31, uptime 1:00:00\n' },
    },
    streams: { 'supervisorctl tail -65536 login:sshd stderr': `${lines.join('\n')}\n` },
  });
  const { judgement } = await probeAndJudge(securityLogins, context);
  expect(judgement).toMatchObject({ status: 'fail', code: 'names-tried', data: { names: 12, address: '198.51.100.9' } });
});
