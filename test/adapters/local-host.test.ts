import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createProtocols } from '../../src/adapters/protocols/index.ts';
import { closeServers, findClosedPort, startTcp, startUdp } from './servers.ts';

const host = createLocalHost();
const net = createProtocols(host);
const folder = mkdtempSync(join(tmpdir(), 'oor-host-'));
const file = join(folder, 'file.txt');
writeFileSync(file, '0123456789');

afterEach(closeServers);
afterAll(() => rmSync(folder, { recursive: true }));

it('has the short name of the machine, or the one it was given', () => {
  expect(host.name).toBe(hostname().split('.')[0]);
  expect(createLocalHost({ name: 'gw' }).name).toBe('gw');
});

it('reads both clocks', () => {
  const { wallMs, monoMs } = host.now();
  expect(Math.abs(wallMs - Date.now())).toBeLessThan(1000);
  expect(host.now().monoMs).toBeGreaterThanOrEqual(monoMs);
});

describe('reading a file', () => {
  it.each([
    [{}, '0123456789', 0],
    [{ maxBytes: 4 }, '0123', 0],
    [{ offset: 7 }, '789', 7],
    [{ offset: -3 }, '789', 7],
    [{ offset: -4, maxBytes: 2 }, '67', 6],
    [{ offset: -99 }, '0123456789', 0],
    [{ offset: 99 }, '', 99],
  ])('%j', async (options, text, offset) => {
    expect(await host.readFile(file, options)).toEqual({ text, offset, bytesRead: text.length, size: 10 });
  });

  it('replaces what is no UTF-8', async () => {
    const path = join(folder, 'latin1');
    writeFileSync(path, Buffer.from([0x61, 0xe9, 0x62]));
    expect(await host.readFile(path)).toMatchObject({ text: 'a\ufffdb', bytesRead: 3 });
  });

  it('takes all of a file of /proc, whose size is 0', async () => {
    const { text, size } = await host.readFile('/proc/self/status');
    expect(size).toBe(0);
    expect(text).toContain('nonvoluntary_ctxt_switches');
    expect((await host.readFile('/proc/self/mountinfo', { maxBytes: 5 })).bytesRead).toBe(5);
  });

  it('takes only what was asked for of a huge line', async () => {
    const path = join(folder, 'huge');
    const { exitCode } = await host.run(['truncate', '-s', '500M', path]);
    expect(exitCode).toBe(0);
    const before = process.memoryUsage().rss;
    const content = await host.readFile(path);
    expect(content).toMatchObject({ bytesRead: 1024 * 1024, size: 500 * 1024 * 1024 });
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    rmSync(path);
  });

  it('goes through links', async () => {
    const link = join(folder, 'link');
    symlinkSync('file.txt', link);
    expect((await host.readFile(link)).text).toBe('0123456789');
    symlinkSync(folder, join(folder, 'folder-link'));
    expect((await host.stat(join(folder, 'folder-link', 'link'))).size).toBe(10);
  });

  it.each([
    ['a missing one', () => join(folder, 'nothing'), 'not-found'],
    ['one below a file', () => join(file, 'x'), 'not-found'],
    ['a folder', () => folder, 'io'],
    ['a device', () => '/dev/zero', 'io'],
    ['a link that leads to itself', () => loop(), 'io'],
    ['a path with a NUL byte', () => 'a\0b', 'not-found'],
  ])('refuses %s', async (_name, path, reason) => {
    await expect(host.readFile(path())).rejects.toMatchObject({ name: 'HostError', reason });
  });

  function loop(): string {
    const path = join(folder, 'loop');
    symlinkSync('loop', path);
    return path;
  }

  it('never waits for the writer of a FIFO', async () => {
    const fifo = join(folder, 'fifo');
    expect((await host.run(['mkfifo', fifo])).exitCode).toBe(0);
    await expect(host.readFile(fifo, { timeoutMs: 3000 })).rejects.toMatchObject({
      reason: 'io',
      message: expect.stringContaining('fifo'),
    });
    await expect(host.hashFile(fifo, { timeoutMs: 3000 })).rejects.toMatchObject({ reason: 'io' });
    expect(await host.stat(fifo)).toMatchObject({ kind: 'fifo' });
  });

  it.skipIf(process.getuid?.() === 0)('tells what it may not read', async () => {
    const path = join(folder, 'private');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    await expect(host.readFile(path)).rejects.toMatchObject({ reason: 'no-permission', unlock: expect.stringContaining(path) });
  });
});

it('lists a folder', async () => {
  const path = join(folder, 'listed');
  mkdirSync(path);
  for (const name of ['a', '.hidden', 'with space', 'new\nline']) writeFileSync(join(path, name), '');
  expect([...(await host.list(path))].sort()).toEqual(['.hidden', 'a', 'new\nline', 'with space']);
  await expect(host.list(file)).rejects.toMatchObject({ reason: 'not-found' });
});

it('tells what a path is', async () => {
  chmodSync(file, 0o640);
  expect(await host.stat(file)).toEqual({
    kind: 'file',
    size: 10,
    mode: 0o640,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    modifiedAt: expect.any(Number),
  });
  expect(await host.stat('/dev/null')).toMatchObject({ kind: 'device' });
  expect(await host.stat(folder)).toMatchObject({ kind: 'directory' });
});

it('measures a filesystem', async () => {
  const { blocks, bsize, files } = statfsSync('/');
  expect(await host.statFilesystem('/')).toMatchObject({ totalBytes: blocks * bsize, totalInodes: files });
  await expect(host.statFilesystem('/no/such/path')).rejects.toMatchObject({ reason: 'not-found' });
});

it('hashes a whole file', async () => {
  const content = Buffer.alloc(1_000_003, 'oor');
  const path = join(folder, 'hashed');
  writeFileSync(path, content);
  expect(await host.hashFile(path)).toBe(createHash('sha256').update(content).digest('hex'));
});

describe('a connection', () => {
  it('is made, by address and by name', async () => {
    const port = await startTcp((socket) => socket.end('hi'));
    for (const name of ['127.0.0.1', 'localhost']) {
      const socket = (await host.dial({ host: name, port })) as Socket;
      expect(String((await once(socket, 'data'))[0])).toBe('hi');
      socket.destroy();
      expect(await net.connect({ host: name, port })).toEqual({
        outcome: 'connected',
        address: '127.0.0.1',
        durationMs: expect.any(Number),
      });
    }
  });

  it.each([
    ['refused', 'ECONNREFUSED', async () => ({ host: '127.0.0.1', port: await findClosedPort() })],
    // TCP has no multicast: the kernel says so without asking the network.
    ['unreachable', 'ENETUNREACH', async () => ({ host: '224.0.0.1', port: 80 })],
    ['name-not-resolved', 'ENOTFOUND', async () => ({ host: 'not a name', port: 80 })],
  ] as const)('%s', async (outcome, errorCode, target) => {
    const address = await target();
    expect(await net.connect(address, { timeoutMs: 3000 })).toEqual({
      outcome,
      errorCode,
      address: address.host,
      durationMs: expect.any(Number),
    });
    await expect(host.dial(address)).rejects.toMatchObject({ outcome, code: errorCode });
  });

  it('timed-out: a server that takes no more connections', async () => {
    const { port, close } = await startStuckServer();
    try {
      expect(await net.connect({ host: '127.0.0.1', port }, { timeoutMs: 300 })).toMatchObject({
        outcome: 'timed-out',
        errorCode: 'ETIMEDOUT',
      });
      const abort = new AbortController();
      const dialling = net.connect({ host: '127.0.0.1', port }, { timeoutMs: 20_000, signal: abort.signal });
      setTimeout(() => abort.abort(new Error('operator')), 50);
      await expect(dialling).rejects.toThrow('operator');
    } finally {
      close();
    }
  });
});

/** Stopped with its queue of waiting connections full: the kernel then drops what comes. */
async function startStuckServer(): Promise<{ port: number; close(): void }> {
  const script = "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  child.kill('SIGSTOP');
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    port,
    close() {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

describe('a datagram', () => {
  const payload = Buffer.from('ping');

  it('gets the first answer', async () => {
    const port = await startUdp((question) => Buffer.concat([question, Buffer.from('!')]));
    for (const name of ['127.0.0.1', 'localhost']) expect(String(await host.datagram({ host: name, port }, { payload }))).toBe('ping!');
  });

  it('gets none, in time, from nobody, or after an abort', async () => {
    const port = await startUdp(() => undefined);
    await expect(host.datagram({ host: '127.0.0.1', port }, { payload, timeoutMs: 200 })).rejects.toMatchObject({ outcome: 'timed-out' });
    await expect(host.datagram({ host: '127.0.0.1', port: await findClosedPort() }, { payload })).rejects.toMatchObject({
      outcome: 'refused',
    });
    await expect(host.datagram({ host: '127.0.0.1', port }, { payload, signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});
