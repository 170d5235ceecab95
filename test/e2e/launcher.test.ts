/** What the shell does before node starts: it needs no task, so it can still say that there are none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const BIN = join(import.meta.dirname, '../../bin/oor.js');
/** Version 1; a machine with version 2 alone names its groups in another way. */
const GROUPS = '/sys/fs/cgroup/pids';
const group = join(GROUPS, `oor-test-${process.pid}`);
const mayLimit = process.getuid?.() === 0 && existsSync(join(GROUPS, 'tasks'));
if (!mayLimit) console.log('skipped: no control group of version 1 that this user may make');

afterAll(() => {
  // Of what was in it the last may still be on its way out.
  if (mayLimit && existsSync(group))
    spawnSync('sh', ['-c', 'until rmdir "$0"; do sleep 0.1; done', group], { stdio: 'ignore', timeout: 60_000 });
});

describe.skipIf(!mayLimit)('a group without a task left', () => {
  const inGroup = (most: number, ...args: readonly string[]) => {
    if (!existsSync(group)) mkdirSync(group);
    writeFileSync(join(group, 'pids.max'), String(most));
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', `echo $$ > ${group}/tasks; exec "$@"`, 'sh', BIN, ...args], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { stdout, stderr, status };
  };

  it('is named, with its file and both numbers, by a program that could not start', () => {
    const { stdout, stderr, status } = inGroup(3, 'run', '--json', '--no-input');
    expect(stderr).toContain(`1 of 3 tasks are in use (${group}/pids.max)`);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ schema_version: 1, verdict: 'fault', exit_code: 1 },
      causes: [{ id: 'host.pids_exhausted', class: 'environment', component: 'host', state: 'suspected' }],
      findings: [{ check: 'proc.pids', status: 'fail', value: 1, threshold: 3 }],
    });
  });

  it('without --json, and of another command, nothing but the message; with room for node it starts', () => {
    expect(inGroup(3, 'run').stdout).toBe('');
    expect(inGroup(3, 'decode', '--json', '91')).toMatchObject({
      ...{ status: 70, stdout: '' },
      stderr: expect.stringContaining('of 3 tasks'),
    });
    expect(inGroup(40, '--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });
});

/** In a mount namespace of its own, where thirteen tasks are ready to run: a real crowd would be one to every test beside this one. */
const CROWDED = ['--mount', '--propagation', 'private', 'sh', '-ec', 'mount --bind "$0" /proc/loadavg; exec "$@"'];
const mayPretend = process.getuid?.() === 0 && spawnSync('unshare', [...CROWDED, '/proc/loadavg', 'true']).status === 0;
if (!mayPretend) console.log('skipped: no crowded processor can be shown to a program here, that needs root');

describe.skipIf(!mayPretend)('a crowded processor', () => {
  const dir = mkdtempSync(join(tmpdir(), 'oor-crowd-'));
  const load = join(dir, 'loadavg');
  writeFileSync(load, '9.00 9.00 9.00 13/400 99999\n');
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const inCrowd = (args: readonly string[], path = '') =>
    spawnSync('unshare', [...CROWDED, load, BIN, ...args], {
      encoding: 'utf8',
      timeout: 120_000,
      env: { ...process.env, PATH: `${path}:${process.env['PATH']}` },
    });

  it('changes nothing of what is said, and to whom', () => {
    const { status, stdout, stderr } = inCrowd(['run', '--no-such-flag']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--no-such-flag');
  });

  it('is no reason to push ahead where one asks to be gentle', () => {
    const program = "process.stdout.write(String(require('node:os').getPriority()))";
    writeFileSync(join(dir, 'node'), `#!/bin/sh\nexec '${process.execPath}' -e "${program}"\n`, { mode: 0o755 });
    const at = (...args: readonly string[]): string => inCrowd(args, dir).stdout;
    expect(at('run')).toBe('-10');
    expect(at('run', '--gentle')).toBe('0');
    expect(at('check')).toBe('0');
  });
});

describe('through a link, from elsewhere, and by node itself', () => {
  const dir = mkdtempSync(join(tmpdir(), 'oor-launch-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('starts the same program', () => {
    const link = join(dir, 'oor');
    execFileSync('ln', ['-s', BIN, link]);
    const expected = execFileSync(process.execPath, [BIN, '--version'], { encoding: 'utf8' });
    expect(execFileSync(link, ['--version'], { encoding: 'utf8', cwd: dir })).toBe(expected);
  });

  it('in a folder with a blank in its name', () => {
    const odd = join(dir, 'a folder');
    mkdirSync(odd);
    cpSync(join(BIN, '..'), join(odd, 'bin'), { recursive: true });
    const { status, stderr } = spawnSync(join(odd, 'bin', 'oor.js'), ['--version'], { encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 70, stderr: expect.stringContaining('not built') });
  });
});
