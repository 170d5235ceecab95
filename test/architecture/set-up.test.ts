import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Both stand-ins write one line to `calls`; the real set-up decides when they are called. */
const NPM = `
  const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
  if (process.env.NPM_FAILS) process.exit(7);
  setTimeout(() => { mkdirSync('node_modules', { recursive: true }); writeFileSync('node_modules/.package-lock.json', '{}'); }, 200);
`;
const BUILD = `
  import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
  appendFileSync('calls', 'build\\n');
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/contents.json', '{}');
`;
const INSTALL = 'ci --engine-strict --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error';

describe('the set-up of a fresh clone', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'oor-set-up-'));
    for (const folder of ['.ci', 'src/deep', 'playbooks', 'npm']) mkdirSync(join(clone, folder), { recursive: true });
    cpSync('.ci/setup.mjs', join(clone, '.ci/setup.mjs'));
    write('.ci/build.mjs', BUILD);
    write('npm/npm-cli.js', NPM);
    write('npm/package.json', '{}');
    write('package-lock.json', '{}');
    write('src/deep/a.ts', '');
    // Everything lies in the past, so that what the set-up makes is newer by more than a file system's clock tick.
    for (const path of ['.ci/build.mjs', '.ci/setup.mjs', '.ci', 'package-lock.json', 'src/deep/a.ts', 'src/deep', 'src', 'playbooks'])
      age(path, 60);
  });

  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  it('installs, then builds, and does nothing the second time', async () => {
    expect(await setUp()).toMatchObject({ status: 0 });
    expect(calls()).toEqual([INSTALL, 'build']);
    expect(await setUp()).toEqual({ status: 0, output: '' });
    expect(calls()).toEqual([INSTALL, 'build']);
  });

  it('builds again when a source, a playbook or the build changed, and when a file is gone', async () => {
    await setUp();
    const changes = [
      () => write('src/deep/a.ts', 'x'),
      () => write('playbooks/a.yaml', ''),
      () => write('.ci/build.mjs', BUILD),
      () => rmSync(join(clone, 'src/deep/a.ts')),
    ];
    for (const [turn, change] of changes.entries()) {
      age('dist/contents.json', 30);
      change();
      await setUp();
      expect(calls()).toHaveLength(3 + turn);
      for (const path of ['src/deep', 'src', 'playbooks', '.ci']) age(path, 60);
    }
  });

  it('installs again when the lock file changed', async () => {
    await setUp();
    age('node_modules/.package-lock.json', 30);
    age('dist/contents.json', 30);
    write('package-lock.json', '{"changed":true}');
    await setUp();
    expect(calls()).toEqual([INSTALL, 'build', INSTALL, 'build']);
  });

  it('says what failed and passes the exit code on', async () => {
    const { status, output } = await setUp({ NPM_FAILS: '1' });
    expect(status).toBe(7);
    expect(output).toContain('installing the packages of package-lock.json (first run only) failed');
    expect(existsSync(join(clone, '.setup.lock'))).toBe(false);
  });

  it('runs once when it is started three times at once', async () => {
    const ends = await Promise.all([setUp(), setUp(), setUp()]);
    expect(ends.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(calls()).toEqual([INSTALL, 'build']);
  });

  it('takes over from a set-up that died', async () => {
    write('.setup.lock', '4194999');
    expect(await setUp()).toMatchObject({ status: 0 });
    expect(calls()).toEqual([INSTALL, 'build']);
  });

  function write(path: string, text: string): void {
    writeFileSync(join(clone, path), text);
  }

  function age(path: string, seconds: number): void {
    const time = new Date(Date.now() - seconds * 1000);
    if (existsSync(join(clone, path))) utimesSync(join(clone, path), time, time);
  }

  function calls(): string[] {
    return readFileSync(join(clone, 'calls'), 'utf8').trim().split('\n');
  }

  function setUp(extra: NodeJS.ProcessEnv = {}): Promise<{ status: number | null; output: string }> {
    return new Promise((resolve) => {
      const env = { ...process.env, npm_execpath: join(clone, 'npm/npm-cli.js'), ...extra };
      const child = spawn(process.execPath, [join(clone, '.ci/setup.mjs')], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      child.on('close', (status) => resolve({ status, output }));
    });
  }
});
