import { expect, test } from 'vitest';
import { changePackages } from '../../src/checks/change-packages.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const date = { 'date +%z': { stdout: '+0800\n' } };
const log = [
  '2026-01-14 08:00:00 upgrade openssl:amd64 3.0.10-1 3.0.11-1',
  '2026-01-15 09:00:00 startup archives unpack',
  '2026-01-15 09:00:01 upgrade libssl3:amd64 3.0.11-1 3.0.12-1',
  '2026-01-15 09:00:02 status installed libssl3:amd64 3.0.12-1',
  '2026-01-15 09:30:00 install nginx:amd64 <none> 1.22.1-9',
  '2026-01-15 09:30:05 configure nginx:amd64 1.22.1-9 <none>',
  '',
].join('\n');
const dpkg = (text: string) =>
  fakeHost({
    files: { '/var/log/dpkg.log': text, '/var/log/dpkg.log.1': null },
    stats: { '/var/log/dpkg.log': { size: text.length, modifiedAt: FAKE_NOW } },
    lists: { '/var/log': ['dpkg.log'] },
    commands: date,
  });

test('what dpkg did within a day, newest first, in the zone of the host', async () => {
  const { facts, judgement } = await probeAndJudge(changePackages, dpkg(log));
  expect(facts).toMatchObject({
    source: 'dpkg',
    count: 2,
    changes: [
      { name: 'nginx:amd64', action: 'install', from: '<none>', to: '1.22.1-9', at: Date.UTC(2026, 0, 15, 1, 30) },
      { name: 'libssl3:amd64', action: 'upgrade' },
    ],
  });
  expect(judgement).toMatchObject({ status: 'warn', code: 'changed', value: 2, data: { names: 'nginx:amd64, libssl3:amd64' } });
});

test.each([
  ['further back', { within: '3d' }, 3],
  ['by name', { prefix: 'nginx' }, 1],
  ['nothing', { within: '1h' }, 0],
])('%s', async (_name, params, count) => {
  const { judgement } = await probeAndJudge(changePackages, dpkg(log), params);
  expect(judgement).toMatchObject({ status: count > 0 ? 'warn' : 'ok', value: count });
});

const rpmCommand = 'rpm -qa --qf %{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}\\n';
const without = (rpm: object | null, status: object | null) =>
  fakeHost({ stats: { '/var/log/dpkg.log': null, '/var/lib/dpkg/status': status }, commands: { ...date, [rpmCommand]: rpm } });

test('rpm tells when each was installed', async () => {
  const stdout = `${FAKE_NOW / 1_000 - 60} nginx 1.22.1-3.el9\n${FAKE_NOW / 1_000 - 900_000} bash 5.1.8-6.el9\n`;
  const { facts } = await probeAndJudge(changePackages, without({ stdout }, null));
  expect(facts).toMatchObject({ source: 'rpm', count: 1, changes: [{ name: 'nginx' }] });
});

test('neither: not-applicable; a dpkg that keeps no log: unknown', async () => {
  expect((await probeAndJudge(changePackages, without(null, null))).judgement).toMatchObject({ status: 'not-applicable' });
  await expect(probeAndJudge(changePackages, without(null, {}))).rejects.toMatchObject({ reason: 'not-found', unlock: expect.any(String) });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  const asked = probeAndJudge(changePackages, localContext(), { within: '3650d' });
  const answer = await asked.catch((error: { reason: string }) => error.reason);
  expect(typeof answer === 'string' ? 'not-found' : answer.judgement.status).toMatch(/^(not-found|ok|warn|not-applicable)$/);
});
