import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findLeft, startInChild } from '../../src/sandbox/child.ts';
import { controlSandbox } from '../../src/sandbox/control.ts';
import { startTime } from '../../src/sandbox/data-mount.ts';
import { canMount } from '../../src/sandbox/faults.ts';
import { sweepLeftovers } from '../../src/sandbox/leftovers.ts';
import { knock, until } from './clients.ts';

const SOURCE = fileURLToPath(new URL('../../src/sandbox/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'oor-process-'));
const launcher = join(folder, 'launcher.mjs');
const parent = join(folder, 'parent.mjs');
const started: ChildProcess[] = [];

/** Stands for the command line: `sandbox serve --dir DIR --fault FAULT`. */
const LAUNCHER = `
import { randomBytes, randomInt } from 'node:crypto';
import { serveSandbox } from '${SOURCE}serve.ts';
const [, , , , , dir, , fault] = process.argv;
const ending = new AbortController();
process.on('SIGTERM', () => ending.abort());
const random = { hex: (bytes) => randomBytes(bytes).toString('hex'), integer: (below) => randomInt(below) };
await serveSandbox({ dir, ...(fault === 'none' ? {} : { fault }), random, controlArgv: ['tool'], signal: ending.signal, lingerMs: 500, onReady: (profile) => process.stdout.write(profile + '\\n') });
`;
/** Starts a sandbox as a child of its own and waits for ever. */
const PARENT = `
import { startInChild } from '${SOURCE}child.ts';
const { dir } = await startInChild({ launcher: '${launcher}', fault: process.argv[2] });
process.stdout.write(dir + '\\n');
setInterval(() => {}, 1000);
`;

beforeAll(async () => {
  for (const [contents, outfile] of [
    [LAUNCHER, launcher],
    [PARENT, parent],
  ] as const) {
    await build({
      stdin: { contents, resolveDir: SOURCE, loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
  }
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true }));

function startProcess(script: string, ...args: string[]): { child: ChildProcess; firstLine: Promise<string> } {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return { child, firstLine: once(child.stdout as NonNullable<typeof child.stdout>, 'data').then(([data]) => String(data).trim()) };
}

const webPort = (dir: string) => Number(/"listen":\[(\d+)\]/.exec(readFileSync(join(dir, 'oor.yaml'), 'utf8'))?.[1]);
const ownerOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'run', 'owner.json'), 'utf8')) as { pid: number };
const isMounted = (dir: string) => readFileSync('/proc/self/mounts', 'utf8').includes(dir);
const fault = canMount() ? 'disk-full' : 'db-down';

describe('the sandbox as a child', () => {
  test('is ready with a history of good and bad, and leaves nothing when stopped', async () => {
    const { dir, profilePath, stop } = await startInChild({ launcher, fault });
    expect(profilePath).toBe(join(dir, 'oor.yaml'));
    const log = readFileSync(join(dir, 'log', 'app.log'), 'utf8');
    expect(log).toMatch(/INFO {2}payment .* approved[\s\S]*ERROR payment .* failed/);
    expect(isMounted(dir)).toBe(canMount());
    expect(await controlSandbox({ dir, verb: 'status' })).toMatchObject({ ok: true });
    const port = webPort(dir);
    const { pid } = ownerOf(dir);
    await stop();
    expect(await knock(port)).toBe('ECONNREFUSED');
    expect(startTime(pid)).toBeUndefined();
    expect(isMounted(dir)).toBe(false);
    expect(existsSync(dir)).toBe(false);
  });

  test('does not outlive its parent for long, however that ended', async () => {
    const { child, firstLine } = startProcess(parent, fault);
    const dir = await firstLine;
    const { pid } = ownerOf(dir);
    expect(startTime(pid)).toBeDefined();
    child.kill('SIGKILL');
    expect(
      await until(
        () => startTime(pid),
        (time) => time === undefined,
      ),
    ).toBeUndefined();
    expect(isMounted(dir)).toBe(false);
    await until(
      () => existsSync(dir),
      (there) => !there,
    );
    expect(existsSync(dir)).toBe(false);
  });

  test('stays for a run that comes back, who can end it', async () => {
    const { child, firstLine } = startProcess(parent, fault);
    const dir = await firstLine;
    child.kill('SIGKILL');
    const left = findLeft(dir);
    expect(left).toBeDefined();
    await left?.stop();
    expect(findLeft(dir)).toBeUndefined();
    expect(existsSync(dir)).toBe(false);
  });

  test('says why it did not start', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, "process.stderr.write('no such thing\\n'); process.exitCode = 70;");
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('oor-sandbox-'));
    await expect(startInChild({ launcher: broken, fault: 'none' })).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: 'the sandbox did not start: no such thing',
    });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('oor-sandbox-') && !before.includes(name))).toEqual([]);
  });

  test('stops while it is still starting', async () => {
    const dir = join(folder, 'early');
    const { child } = startProcess(launcher, 'sandbox', 'serve', '--dir', dir, '--fault', fault);
    await until(() => existsSync(join(dir, 'run', 'control.sock')), Boolean);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(isMounted(dir)).toBe(false);
    expect(existsSync(join(dir, 'run', 'control.sock'))).toBe(false);
  });
});

test('what a killed sandbox leaves is swept by the next, and nothing else is', async () => {
  const parentDir = join(folder, 'tmp');
  const [killed, alive, foreign] = ['oor-sandbox-killed', 'oor-sandbox-alive', 'oor-sandbox-foreign'].map((name) =>
    join(parentDir, name),
  ) as [string, string, string];
  mkdirSync(foreign, { recursive: true });
  const first = startProcess(launcher, 'sandbox', 'serve', '--dir', killed, '--fault', fault);
  const second = startProcess(launcher, 'sandbox', 'serve', '--dir', alive, '--fault', fault);
  await Promise.all([first.firstLine, second.firstLine]);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect(isMounted(killed)).toBe(canMount());
  await sweepLeftovers(join(parentDir, 'oor-sandbox-next'));
  expect(isMounted(killed)).toBe(false);
  expect(isMounted(alive)).toBe(canMount());
  expect(readdirSync(dirname(killed)).sort()).toEqual(['oor-sandbox-alive', 'oor-sandbox-foreign']);
  second.child.kill('SIGTERM');
  await once(second.child, 'exit');
  expect(isMounted(alive)).toBe(false);
});
