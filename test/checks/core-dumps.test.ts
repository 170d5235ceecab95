import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { coreDumps } from '../../src/checks/core-dumps.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder, writeAged } from './temporary-folder.ts';

const CTL = `coredumpctl list --json=short --no-pager --since=@${FAKE_NOW / 1_000 - 86_400}`;
const FIND = 'find /var/crash -xdev -maxdepth 2 -type f -name * -mmin -1440 -printf %T@ %p\\n';
const look = (ctl: object | null, crash: object, pattern = '|/usr/lib/systemd/systemd-coredump %P') =>
  probeAndJudge(coreDumps, fakeHost({ files: { '/proc/sys/kernel/core_pattern': pattern }, commands: { [CTL]: ctl, [FIND]: crash } }));
const nowhere = { exitCode: 1, stderr: 'find: ‘/var/crash’: No such file or directory\n' };
const quiet = { exitCode: 1, stderr: 'No coredumps found.\n' };

test.each([
  ['quiet', quiet, nowhere, 'ok', 'ok'],
  [
    'systemd kept one',
    { stdout: `[{"time":${FAKE_NOW * 1_000},"pid":7,"uid":0,"gid":0,"sig":11,"corefile":"present","exe":"/opt/paygw/paygw","size":1}]` },
    nowhere,
    'warn',
    'crashed',
  ],
  ['a file in /var/crash', null, { stdout: `${FAKE_NOW / 1_000 - 60}.5 /var/crash/_opt_paygw.1000.crash\n` }, 'warn', 'crashed'],
  ['nothing keeps dumps', null, nowhere, 'not-applicable', 'none'],
  ['may not be listed', null, { exitCode: 1, stderr: 'find: ‘/var/crash’: Permission denied\n' }, 'unknown', 'refused'],
  ['coredumpctl fails', { exitCode: 1, stderr: 'unrecognized option --json\n' }, nowhere, 'unknown', 'refused'],
])('%s', async (_name, ctl, crash, status, code) => {
  expect((await look(ctl, crash)).judgement).toMatchObject({ status, code });
});

describe.skipIf(process.platform !== 'linux')('a real folder of dumps', () => {
  const folder = temporaryFolder();

  test('named by kernel.core_pattern', async () => {
    const context = localContext();
    const { host } = context;
    const pattern = { text: `${folder}/core.%e.%p\n`, offset: 0, bytesRead: 1, size: 0 };
    const patched = {
      ...context,
      host: { ...host, readFile: async (path: string) => (path.endsWith('core_pattern') ? pattern : host.readFile(path)) },
    };
    writeAged(join(folder, 'core.old.1'), 3 * 86_400_000);
    writeAged(join(folder, 'notes.txt'), 1_000);
    expect((await probeAndJudge(coreDumps, patched)).facts['dumps']).not.toContainEqual(
      expect.objectContaining({ program: join(folder, 'core.old.1') }),
    );
    writeAged(join(folder, 'core.paygw.7'), 60_000);
    expect((await probeAndJudge(coreDumps, patched)).judgement).toMatchObject({
      status: 'warn',
      data: { program: join(folder, 'core.paygw.7') },
    });
  });
});
