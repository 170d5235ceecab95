import { describe, expect, it } from 'vitest';
import { fileAccess } from '../../src/checks/file-access.ts';
import { HostError } from '../../src/errors.ts';
import type { FileStat } from '../../src/ports.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

const PASSWD = 'root:x:0:0::/root:/bin/sh\npaygw:x:990:991::/:/bin/false\n';
const GROUP = 'root:x:0:\npaygw:x:991:\nlogs:x:500:alice,paygw\n';
const folder = (mode = 0o755, uid = 0, gid = 0) => ({ kind: 'directory' as const, mode, uid, gid });
const file = (mode: number, uid = 0, gid = 0) => ({ kind: 'file' as const, mode, uid, gid });

function look(
  spool: Partial<FileStat> | Error | null,
  params: Readonly<Record<string, unknown>>,
  above: Partial<FileStat> | Error | null = folder(),
) {
  const context = fakeHost({
    files: { '/etc/passwd': PASSWD, '/etc/group': GROUP },
    stats: { '/': folder(), '/var': above, '/var/spool': spool },
  });
  return probeAndJudge(fileAccess, context, { path: '/var/spool', user: 'paygw', ...params });
}

describe('file.access', () => {
  it.each([
    ['the owner reads', file(0o400, 990), { need: 'read' }, 'ok', 'accessible'],
    ['the owner may not write', file(0o400, 990), { need: 'read-write' }, 'fail', 'no-permission'],
    ['the owner has less than the group', file(0o070, 990, 991), { need: 'read' }, 'fail', 'no-permission'],
    ['the main group reads', file(0o640, 0, 991), { need: 'r' }, 'ok', 'accessible'],
    ['another group of the account reads', file(0o640, 0, 500), {}, 'ok', 'accessible'],
    ['the group has less than the rest', file(0o604, 0, 991), {}, 'fail', 'no-permission'],
    ['everybody reads', file(0o644), {}, 'ok', 'accessible'],
    ['600 root', file(0o600), {}, 'fail', 'no-permission'],
    ['root reads anything', file(0o000, 990), { user: 'root' }, 'ok', 'accessible'],
    ['root executes only what somebody may', file(0o644), { user: 'root', need: 'execute' }, 'fail', 'no-permission'],
    ['root searches any folder', folder(0o000), { user: 'root', need: 'rwx' }, 'ok', 'accessible'],
    ['a folder to write to', folder(0o700, 990), { need: 'write', kind: 'directory' }, 'ok', 'accessible'],
    ['write without search makes no file', folder(0o200, 990), { need: 'write' }, 'fail', 'no-permission'],
    ['taken by root', folder(0o700), { need: 'write' }, 'fail', 'no-permission'],
    ['a file where a folder should be', file(0o777), { kind: 'directory' }, 'fail', 'wrong-kind'],
    ['not there', null, {}, 'fail', 'missing'],
    ['not to be seen', new HostError('no-permission', 'EACCES'), {}, 'unknown', 'unreadable'],
    ['by number', file(0o600, 1234), { user: 1234 }, 'ok', 'accessible'],
    ['no such user', file(0o644), { user: 'ghost' }, 'fail', 'no-such-user'],
    ['nobody in particular', file(0o600, 1234), { user: null }, 'ok', 'accessible'],
  ] as const)('%s', async (_name, stat, params, status, code) => {
    expect((await look(stat, params)).judgement).toMatchObject({ status, code });
  });

  it.each([
    ['closed', folder(0o700), 'no-permission'],
    ['missing', null, 'missing'],
  ] as const)('names the folder above that is %s', async (_name, above, code) => {
    const { judgement } = await look(file(0o644), {}, above);
    expect(judgement).toMatchObject({ code, data: { path: '/var/spool', at: '/var' } });
  });

  it('judges the worst of several paths', async () => {
    const context = fakeHost({
      files: { '/etc/passwd': PASSWD, '/etc/group': GROUP },
      stats: { '/': folder(), '/a': file(0o644), '/b': file(0o600) },
    });
    expect((await probeAndJudge(fileAccess, context, { path: ['/a', '/b'], user: 'paygw' })).judgement).toMatchObject({
      code: 'no-permission',
      data: { path: '/b' },
    });
  });

  it('looks at real files', async () => {
    expect(
      (await probeAndJudge(fileAccess, realContext(), { path: '/etc/passwd', user: 'nobody', need: 'read', kind: 'file' })).judgement.code,
    ).toBe('accessible');
    expect((await probeAndJudge(fileAccess, realContext(), { path: '/etc/passwd', user: 'nobody', need: 'write' })).judgement.code).toBe(
      'no-permission',
    );
  });

  it.each(['rr', 'rwxr', 'all', ''])('refuses the need %j', (need) => {
    expect(problemsOf(fileAccess, { path: '/x', need })).toHaveLength(1);
  });
});
