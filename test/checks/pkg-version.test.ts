import { expect, test } from 'vitest';
import { pkgVersion } from '../../src/checks/pkg-version.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const DPKG = 'dpkg-query -W -f ${db:Status-Abbrev}\\t${Version}\\n nginx';
const RPM = 'rpm -q --qf %{VERSION}-%{RELEASE}\\n nginx';
const look = (dpkg: object | null, rpm: object | null, want?: string) =>
  probeAndJudge(pkgVersion, fakeHost({ commands: { [DPKG]: dpkg, [RPM]: rpm } }), { name: 'nginx', ...(want !== undefined && { want }) });
const installed = { stdout: 'ii \t2:1.22.1-9+deb12u1\n' };

test.each([
  ['installed', installed, undefined, 'ok', 'ok'],
  ['the beginning fits', installed, '1.22', 'ok', 'ok'],
  ['the whole fits, epoch and all', installed, '2:1.22.1-9+deb12u1', 'ok', 'ok'],
  ['half a number does not fit', installed, '1.2', 'fail', 'differs'],
  ['another', installed, '1.24', 'fail', 'differs'],
  ['removed, its configuration left', { stdout: 'rc \t1.22.1-9\n' }, undefined, 'fail', 'missing'],
  ['never there', { exitCode: 1, stderr: 'dpkg-query: no packages found matching nginx' }, undefined, 'fail', 'missing'],
])('dpkg: %s', async (_name, dpkg, want, status, code) => {
  expect((await look(dpkg, null, want)).judgement).toMatchObject({ status, code });
});

test('rpm, and neither', async () => {
  expect((await look(null, { stdout: '1.22.1-3.el9\n' }, '1.22.1')).judgement).toMatchObject({ status: 'ok' });
  expect((await look(null, { exitCode: 1, stdout: 'package nginx is not installed\n' })).judgement).toMatchObject({ code: 'missing' });
  await expect(look(null, null)).rejects.toMatchObject({ reason: 'missing-tool', unlock: expect.any(String) });
});

test.skipIf(process.platform !== 'linux')('asks the package manager of this machine', async () => {
  const asked = probeAndJudge(pkgVersion, localContext(), { name: 'oor-no-such-package' });
  const answer = await asked.catch((error: { reason: string }) => error.reason);
  expect(typeof answer === 'string' ? answer : answer.judgement.code).toMatch(/^missing/);
});
