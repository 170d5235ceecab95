/** What the shell does before node starts: it needs no task, so it can still say that there are none. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
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
  if (mayLimit && existsSync(group)) execFileSync('rmdir', [group]);
});

describe.skipIf(!mayLimit)('a group without a task left', () => {
  const inGroup = (most: number, ...args: readonly string[]) => {
    if (!existsSync(group)) mkdirSync(group);
    writeFileSync(join(group, 'pids.max'), String(most));
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', `echo $$ > ${group}/tasks; exec "$@"`, 'sh', BIN, ...args], {
      encoding: 'utf8',
      timeout: 20_000,
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

describe.skipIf(process.platform !== 'linux')('a crowded processor', () => {
  const jobs = Array.from({ length: 12 }, () => spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  afterAll(() => {
    for (const job of jobs) job.kill('SIGKILL');
  });

  it('changes nothing of what is said, and to whom', () => {
    const { status, stdout, stderr } = spawnSync(BIN, ['run', '--no-such-flag'], { encoding: 'utf8', timeout: 20_000 });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--no-such-flag');
  });

  it('is no reason to push ahead where one asks to be gentle', () => {
    const program = "process.stdout.write(String(require('node:os').getPriority()))";
    const at = (...args: readonly string[]): string => {
      const fake = join(tmpdir(), `oor-node-${process.pid}`);
      mkdirSync(fake, { recursive: true });
      writeFileSync(join(fake, 'node'), `#!/bin/sh\nexec '${process.execPath}' -e "${program}"\n`, { mode: 0o755 });
      const { stdout } = spawnSync(BIN, args, { encoding: 'utf8', env: { ...process.env, PATH: `${fake}:${process.env['PATH']}` } });
      rmSync(fake, { recursive: true, force: true });
      return stdout;
    };
    if (process.getuid?.() === 0) expect(at('run')).toBe('-10');
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
