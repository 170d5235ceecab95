import { expect, test } from 'vitest';
import { mountOpts } from '../../src/checks/mount-opts.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const MOUNTS = '26 1 8:1 / / rw,relatime - ext4 /dev/a rw\n27 26 0:50 / /mnt/nas rw,noexec - nfs4 nas:/export rw,vers=4.2,hard\n';

test.each([
  ['mounted', { mount: '/mnt/nas' }, 'ok', 'ok'],
  ['a slash at the end', { mount: '/mnt/nas/' }, 'ok', 'ok'],
  ['as wanted, options of both kinds', { mount: '/mnt/nas', type: 'nfs4', source: 'nas:/export', options: ['noexec', 'hard'] }, 'ok', 'ok'],
  ['not mounted', { mount: '/mnt/other' }, 'fail', 'missing'],
  ['from elsewhere', { mount: '/mnt/nas', source: 'nas2:/export' }, 'fail', 'differs'],
  ['another type', { mount: '/mnt/nas', type: 'ext4' }, 'fail', 'differs'],
  ['without an option', { mount: '/mnt/nas', options: ['noexec', 'nosuid'] }, 'fail', 'lacks-option'],
  ['with a forbidden option', { mount: '/mnt/nas', forbidden: ['soft', 'hard'] }, 'fail', 'has-option'],
  ['the root', { mount: '/', options: ['rw'] }, 'ok', 'ok'],
])('%s', async (_name, params, status, code) => {
  const context = fakeHost({ files: { '/proc/self/mountinfo': MOUNTS } });
  expect((await probeAndJudge(mountOpts, context, params)).judgement).toMatchObject({ status, code });
});

test('a table that may not be read is unknown', async () => {
  const context = fakeHost({ files: { '/proc/self/mountinfo': new HostError('no-permission', 'EACCES', 'run as root') } });
  await expect(probeAndJudge(mountOpts, context, { mount: '/' })).rejects.toMatchObject({ reason: 'no-permission' });
});

test.skipIf(process.platform !== 'linux')('reads the table of this machine', async () => {
  expect((await probeAndJudge(mountOpts, localContext(), { mount: '/proc', type: 'proc' })).judgement.status).toBe('ok');
  expect((await probeAndJudge(mountOpts, localContext(), { mount: '/proc', type: 'ext4' })).judgement.status).toBe('fail');
});
