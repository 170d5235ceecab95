import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLocalActor } from '../../src/adapters/actor.ts';
import { runCommand } from '../../src/adapters/command.ts';
import { commandEnvironment } from '../../src/adapters/command-environment.ts';
import { findProcesses, kill, uniqueSeconds, waitFor } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what a command returns', () => {
  it('has exit code, both streams and the argv', async () => {
    const argv = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
    expect(await runCommand(argv)).toMatchObject({ argv, exitCode: 3, stdout: 'out\n', stderr: 'err\n', truncated: false });
  });

  it('has no exit code when a signal killed it', async () => {
    expect((await runCommand(['sh', '-c', 'kill -9 $$'])).exitCode).toBeNull();
  });

  it('passes arguments as they are', async () => {
    const odd = ['$(id)', '; ls', 'a\nb', '-n', "'", ''];
    expect((await runCommand(['printf', '%s|', ...odd])).stdout).toBe(odd.map((text) => `${text}|`).join(''));
  });

  it('gives the command an empty input', async () => {
    expect(await runCommand(['cat'], { timeoutMs: 60_000 })).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('keeps the last output of many quick commands', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => runCommand(['sh', '-c', 'seq 20000'])));
    for (const { stdout } of results) expect(stdout.endsWith('19999\n20000\n')).toBe(true);
  });
});

describe('what cannot be started', () => {
  it('names the tool that is missing', async () => {
    await expect(runCommand(['oor-no-such-tool'])).rejects.toMatchObject({
      reason: 'missing-tool',
      unlock: expect.stringContaining('oor-no-such-tool'),
    });
  });

  it('names it also where a folder of PATH may not be entered', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0 });
    const environment = { PATH: `${closed}:${process.env['PATH']}` };
    const missing = { reason: 'missing-tool' };
    await expect(runCommand(['oor-no-such-tool'], { extraEnv: environment })).rejects.toMatchObject(missing);
    // Root may enter every folder, but run only what is executable.
    const plain = join(folder, 'oor-plain');
    writeFileSync(plain, '');
    await expect(runCommand(['oor-plain'], { extraEnv: { PATH: folder } })).rejects.toMatchObject({ reason: 'no-permission' });
  });

  it('tells a file that may not be run', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o644);
    await expect(runCommand([file])).rejects.toMatchObject({ reason: 'no-permission' });
  });

  it.each([[[]], [['echo', 'a\0b']], [['echo', 'x'.repeat(3_000_000)]]])('refuses what no kernel takes', async (argv) => {
    await expect(runCommand(argv)).rejects.toMatchObject({ name: 'HostError' });
  });
});

describe('the deadline', () => {
  it('ends a command that hangs', async () => {
    const sleep = uniqueSeconds();
    await expect(runCommand(['sleep', sleep], { timeoutMs: 200 })).rejects.toMatchObject({
      reason: 'timed-out',
      message: expect.stringContaining('200 ms'),
    });
    expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
  });

  it('ends a command that ignores SIGTERM, with its children', async () => {
    const sleep = uniqueSeconds();
    await expect(runCommand(['sh', '-c', `trap '' TERM; sleep ${sleep}; sleep ${sleep}`], { timeoutMs: 200 })).rejects.toMatchObject({
      reason: 'timed-out',
    });
    expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
  });

  it('ends a descendant that left the group and holds the pipe', async () => {
    const sleep = uniqueSeconds();
    await expect(runCommand(['sh', '-c', `setsid sleep ${sleep} & sleep ${sleep}`], { timeoutMs: 300 })).rejects.toMatchObject({
      reason: 'timed-out',
    });
    expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
  });

  it('is not waited for once the command ended', async () => {
    const sleep = uniqueSeconds();
    const started = performance.now();
    const timeoutMs = 100_000;
    const result = await runCommand(['sh', '-c', `setsid sleep ${sleep} & sleep 0.3; echo v1.0`], { timeoutMs });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'v1.0\n' });
    expect(performance.now() - started).toBeLessThan(timeoutMs / 2);
    expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
  });
});

it.each(['', '> /dev/null 2>&1'])('leaves no orphan of a command that ended well: sleep %s', async (output) => {
  const sleep = uniqueSeconds();
  expect((await runCommand(['sh', '-c', `sleep ${sleep} ${output} & echo hi`])).stdout).toBe('hi\n');
  expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
});

it('stops when told to, and before it begins', async () => {
  const sleep = uniqueSeconds();
  const abort = new AbortController();
  const running = runCommand(['sh', '-c', `sleep ${sleep}; true`], { signal: abort.signal });
  await waitFor(() => findProcesses(sleep).length > 0);
  abort.abort(new Error('operator'));
  await expect(running).rejects.toThrow('operator');
  expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
  await expect(runCommand(['true'], { signal: abort.signal })).rejects.toThrow('operator');
});

describe('much output', () => {
  it('is kept at both ends and counted between', async () => {
    const { stdout, truncated } = await runCommand(['seq', '200000'], { maxOutputBytes: 2000 });
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThan(2100);
    const [head = '', left = '', tail = ''] = stdout.split(/\n?\[\.\.\. (\d+) bytes left out \.\.\.\]\n/);
    expect(head.startsWith('1\n2\n')).toBe(true);
    expect(tail.endsWith('199999\n200000\n')).toBe(true);
    const total = (await runCommand(['sh', '-c', 'seq 200000 | wc -c'])).stdout;
    expect(head.length + tail.length + Number(left)).toBe(Number(total));
  });

  it('takes flat memory: a gigabyte of it', async () => {
    const before = process.memoryUsage().rss;
    const { stdout, truncated } = await runCommand(['sh', '-c', 'yes 0123456789abcdef | head -c 1000000000'], {
      timeoutMs: 120_000,
      maxOutputBytes: 65_536,
    });
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThan(66_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each([
    ['stdout', 'exec yes 0123456789abcdef'],
    ['stderr', 'exec yes 0123456789abcdef >&2'],
    ['both', 'yes 0123456789abcdef & exec yes 0123456789abcdef >&2'],
    ['a line without an end', 'exec cat /dev/zero'],
  ])('does not delay the deadline when it never ends, and takes flat memory: %s', async (_what, script) => {
    const before = process.memoryUsage().rss;
    // It never ends by itself: a flood that held the deadline back would hold it back for ever.
    const told = runCommand(['sh', '-c', script], { timeoutMs: 1_500, maxOutputBytes: 65_536 });
    await expect(told).rejects.toMatchObject({ reason: 'timed-out' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('has the end of a million lines on stderr, and of a line of 500 MB', async () => {
    const before = process.memoryUsage().rss;
    const limits = { timeoutMs: 120_000, maxOutputBytes: 65_536 };
    const lines = await runCommand(['sh', '-c', 'seq 1000000 >&2; echo done'], limits);
    expect(lines).toMatchObject({ exitCode: 0, stdout: 'done\n', truncated: true });
    expect(lines.stderr.startsWith('1\n2\n')).toBe(true);
    expect(lines.stderr.endsWith('999999\n1000000\n')).toBe(true);
    const line = await runCommand(['sh', '-c', "head -c 500000000 /dev/zero | tr '\\0' x; echo; echo end"], limits);
    expect(line.truncated).toBe(true);
    expect(line.stdout.endsWith('end\n')).toBe(true);
    expect(line.stdout.length).toBeLessThan(66_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});

it('lets nothing of the shell through that changes what a tool does', () => {
  const environment = commandEnvironment({
    PATH: '.:/opt/bin::bin:/usr/bin',
    HOME: '/root',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: '/x.so',
    LANG: 'de_DE.UTF-8',
    TZ: 'Asia/Shanghai',
  });
  expect(environment).toEqual({
    PATH: '/opt/bin:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin',
    HOME: '/root',
    TZ: 'Asia/Shanghai',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
  });
});

describe('the actor', () => {
  it('leaves what it started alive, even when that keeps writing to our pipe', async () => {
    const trace = join(folder, 'trace');
    const marker = uniqueSeconds();
    const service = `while :; do echo tick ${marker} || exit 1; date +%N >> ${trace}; sleep 0.05; done`;
    const result = await createLocalActor().act(['sh', '-c', `${service} & echo started`]);
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('started') });
    try {
      const seen = () => (existsSync(trace) ? readFileSync(trace, 'utf8').length : 0);
      expect(await waitFor(() => seen() > 0)).toBe(true);
      const before = seen();
      expect(await waitFor(() => seen() > before + 50)).toBe(true);
    } finally {
      for (const pid of findProcesses(marker)) kill(pid, 'SIGKILL');
    }
  });

  it('kills all of a command that hangs', async () => {
    const sleep = uniqueSeconds();
    await expect(createLocalActor().act(['sh', '-c', `sleep ${sleep} & wait`], { timeoutMs: 200 })).rejects.toMatchObject({
      reason: 'timed-out',
    });
    expect(await waitFor(() => findProcesses(sleep).length === 0)).toBe(true);
  });
});
