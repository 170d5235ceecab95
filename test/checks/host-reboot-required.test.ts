import { expect, test } from 'vitest';
import { hostRebootRequired } from '../../src/checks/host-reboot-required.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const look = ({ marker = null, packages = null, hook = null, redHat = null }: Record<string, string | object | null>) =>
  probeAndJudge(
    hostRebootRequired,
    fakeHost({
      files: {
        '/run/reboot-required': marker as string | null,
        '/var/run/reboot-required': null,
        '/run/reboot-required.pkgs': packages as string | null,
        '/usr/share/update-notifier/notify-reboot-required': hook as string | null,
      },
      commands: { 'needs-restarting -r': redHat as object | null },
    }),
  );

test.each([
  [
    'Debian, pending',
    { marker: '*** System restart required ***\n', packages: 'linux-image-6.1.0-18-amd64\nlinux-base\nlinux-base\n' },
    'warn',
    'pending',
  ],
  ['Debian, none', { hook: '#!/bin/sh\n' }, 'ok', 'ok'],
  ['Red Hat, pending', { redHat: { exitCode: 1, stdout: 'Reboot is required' } }, 'warn', 'pending'],
  ['Red Hat, none', { redHat: { exitCode: 0 } }, 'ok', 'ok'],
  ['nothing keeps a record', {}, 'not-applicable', 'none'],
])('%s', async (_name, given, status, code) => {
  expect((await look(given)).judgement).toMatchObject({ status, code });
});

test('names the packages once', async () => {
  const { judgement } = await look({ marker: '', packages: 'linux-base\nlinux-base\nlibc6\n' });
  expect(judgement.data).toEqual({ packages: 'linux-base, libc6' });
});

test('a marker that may not be read is unknown', async () => {
  const context = fakeHost({ files: { '/run/reboot-required': new HostError('no-permission', 'EACCES', 'run as root') } });
  await expect(probeAndJudge(hostRebootRequired, context)).rejects.toMatchObject({ reason: 'no-permission' });
});
