import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createProtocols } from '../../src/adapters/protocols/index.ts';
import { createSshActor } from '../../src/adapters/ssh-actor.ts';
import { createSshHost } from '../../src/adapters/ssh-host.ts';
import type { HostError } from '../../src/errors.ts';
import type { Host } from '../../src/ports.ts';
import { byAge, descendantsOf, findProcesses, kill, uniqueSeconds, waitFor } from './processes.ts';
import { closeServers, findClosedPort, startTcp, startUdp } from './servers.ts';
import { hasSshd, startSshServer, stopSshServers } from './ssh-server.ts';

describe.skipIf(!hasSshd())('a host behind sshd', () => {
  let host: Host;
  let configFile: string;
  const local = createLocalHost();
  const dir = mkdtempSync(join(tmpdir(), 'oor-ssh-files-'));
  beforeAll(async () => {
    const server = await startSshServer();
    configFile = server.configFile;
    host = createSshHost(server.connect());
    writeFileSync(join(dir, 'ten'), '0123456789');
    writeFileSync(join(dir, 'empty'), '');
    writeFileSync(join(dir, "odd name 'ü'\n.log"), 'a\nb ERROR\nc\n');
  });
  afterAll(() => {
    closeServers();
    stopSshServers();
    rmSync(dir, { recursive: true, force: true });
  });
  const failure = (promise: Promise<unknown>): Promise<HostError> =>
    promise.then(
      () => expect.unreachable(),
      (error: HostError) => error,
    );

  test('arguments arrive as they are, byte by byte', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', '!', '*', '~', '#', ' ', '-', '\u0081', '\u0088', 'é', '\r', '\t', ';'),
      }),
    );
    // Half of a surrogate pair has no bytes of its own.
    const argument = word.map((text) => Buffer.from(text.replaceAll('\0', '')).toString());
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { minLength: 1, maxLength: 6 }), async (words) => {
        const { stdout, exitCode } = await host.run(['printf', '%s\\0', ...words]);
        expect(exitCode).toBe(0);
        expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 150 },
    );
  });

  test('exit codes, signals, both streams, what is missing', async () => {
    expect(await host.run(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toMatchObject({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
    expect(await host.run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ exitCode: null });
    expect(await failure(host.run(['no-such-tool']))).toMatchObject({ reason: 'missing-tool', unlock: expect.stringContaining('box') });
    expect(await failure(host.run(['/etc/passwd']))).toMatchObject({ reason: 'no-permission' });
    expect(await failure(host.run(['echo', 'a\0b']))).toMatchObject({ reason: 'unsupported' });
  });

  test('a flood is cut to its first and last bytes there', async () => {
    const { stdout, truncated } = await host.run(['seq', '1', '300000'], { maxOutputBytes: 2_000 });
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThan(2_100);
    expect(stdout).toMatch(/^1\n2\n[\s\S]*\n300000\n$/);
    const whole = await host.run(['seq', '1', '500'], { maxOutputBytes: 1_892 });
    expect(whole).toMatchObject({ truncated: false });
    expect(whole.stdout).toBe(Array.from({ length: 500 }, (_, index) => `${index + 1}\n`).join(''));
  });

  test('a deadline ends the command there, what it started and what left its group', async () => {
    const seconds = uniqueSeconds();
    const script = `sleep ${seconds}1 & setsid sleep ${seconds}2 & sleep ${seconds}3`;
    expect(await failure(host.run(['sh', '-c', script], { timeoutMs: 1_200 }))).toMatchObject({ reason: 'timed-out' });
    expect(await waitFor(() => findProcesses(`sleep ${seconds}`).length === 0)).toBe(true);
    expect(await host.run(['echo', 'still there'])).toMatchObject({ stdout: 'still there\n' });
  });

  test('nothing of a command that ended survives it in its group', async () => {
    const seconds = uniqueSeconds();
    expect(await host.run(['sh', '-c', `sleep ${seconds} & echo done`])).toMatchObject({ stdout: 'done\n' });
    expect(await waitFor(() => findProcesses(`sleep ${seconds}`).length === 0)).toBe(true);
  });

  test('the caller ends it', async () => {
    const stop = new AbortController();
    const running = failure(host.run(['sleep', '20'], { signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('enough')), 100);
    expect(await running).toMatchObject({ message: 'enough' });
  });

  test.each([
    ['/proc/uptime', {}, /^\d+\.\d+ /],
    ['/proc/self/status', {}, /^Name:\t/],
    ['/sys/kernel/mm/transparent_hugepage/enabled', {}, /always|never|madvise/],
  ])('kernel memory: %s', async (path, options, text) => {
    expect(await host.readFile(path, options)).toMatchObject({ text: expect.stringMatching(text), offset: 0, size: 0 });
  });

  test.each([
    ['ten', {}],
    ['ten', { offset: 4 }],
    ['ten', { offset: -3 }],
    ['ten', { offset: -30 }],
    ['ten', { offset: 2, maxBytes: 5 }],
    ['ten', { offset: 12 }],
    ['empty', {}],
    ["odd name 'ü'\n.log", {}],
  ])('%j %j is read as here', async (name, options) => {
    expect(await host.readFile(join(dir, name), options)).toEqual(await local.readFile(join(dir, name), options));
  });

  test('lists, describes, measures and hashes as here', async () => {
    const path = join(dir, 'ten');
    expect([...(await host.list(dir))].sort()).toEqual([...(await local.list(dir))].sort());
    expect((await host.list('/proc')).includes('1')).toBe(true);
    const { modifiedAt, ...stat } = await local.stat(path);
    expect(await host.stat(path)).toEqual({ ...stat, modifiedAt: Math.floor(modifiedAt / 1000) * 1000 });
    expect(await host.hashFile(path)).toBe(await local.hashFile(path));
    expect(await host.statFilesystem('/')).toMatchObject({ totalBytes: (await local.statFilesystem('/'))?.totalBytes });
    expect(await failure(host.readFile(join(dir, 'nowhere')))).toMatchObject({ reason: 'not-found' });
    expect(await failure(host.readFile('/proc/none'))).toMatchObject({ reason: 'not-found' });
    expect(await failure(host.readFile(dir))).toMatchObject({ reason: 'io' });
    expect(await failure(host.list(join(dir, 'nowhere')))).toMatchObject({ reason: 'not-found' });
    expect(await failure(host.inventory())).toMatchObject({ reason: 'unsupported' });
  });

  test('a shell that hangs holds up nobody behind it', async () => {
    const server = await startSshServer();
    const other = createSshHost(server.connect());
    const readMany = () => Promise.all(Array.from({ length: 12 }, () => other.stat('/')));
    await readMany();
    // The first shell is the login's own, the others answer quick questions.
    const shells = descendantsOf(server.process.pid as number).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sh\n');
    expect(shells.length).toBeGreaterThan(1);
    for (const pid of byAge(shells).slice(1)) process.kill(pid, 'SIGSTOP');
    const [first, ...behind] = await Promise.allSettled([
      other.stat('/', { timeoutMs: 6_000 }),
      ...Array.from({ length: 12 }, () => other.stat('/', { timeoutMs: 6_000 })),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { reason: 'timed-out' } });
    // One at the head of each stopped shell is lost; all others moved on.
    expect(behind.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(13 - shells.length);
    await readMany();
  });

  test('searches a file and streams text', async () => {
    const path = join(dir, "odd name 'ü'\n.log");
    expect(await host.searchFile(path, { patterns: { error: 'ERROR' } })).toEqual(
      await local.searchFile(path, { patterns: { error: 'ERROR' } }),
    );
    expect(await host.searchFile(path, { patterns: { error: 'ERROR' }, offset: 4 })).toMatchObject({ matches: 0, lines: 1 });
    const read = async (source: { argv: string[] } | { file: string }) => {
      let text = '';
      for await (const piece of host.streamText(source)) text += piece;
      return text;
    };
    expect(await read({ argv: ['seq', '3'] })).toBe('1\n2\n3\n');
    expect(await read({ file: path })).toBe('a\nb ERROR\nc\n');
    await expect(read({ argv: ['false'] })).rejects.toMatchObject({ reason: 'io' });
    await expect(read({ file: join(dir, 'nowhere') })).rejects.toMatchObject({ reason: 'not-found' });
  });

  test('dials from there: a conversation, a refusal, a whole HTTP exchange', async () => {
    const port = await startTcp((socket) => {
      socket.once('data', (data) =>
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Asked: ${data.toString().split(' ')[1]}\r\n\r\nok`),
      );
    });
    const net = createProtocols(host, { isLocal: false });
    expect(await net.http({ url: `http://localhost:${port}/health` })).toMatchObject({ reached: 'done', status: 200, body: 'ok' });
    const closed = await findClosedPort();
    expect(await net.connect({ host: '127.0.0.1', port: closed })).toMatchObject({ outcome: 'refused', errorCode: 'ECONNREFUSED' });
    const both = await Promise.all([net.connect({ host: '127.0.0.1', port }), net.connect({ host: '::1', port: closed })]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['connected', expect.stringMatching(/refused|unreachable/)]);
  });

  test('sends a datagram from there', async () => {
    const port = await startUdp((question) => Buffer.concat([Buffer.from([0, 255, 10]), question]));
    const payload = Buffer.from([1, 0, 37, 92, 10, 255]);
    expect(Buffer.from(await host.datagram({ host: '127.0.0.1', port }, { payload }))).toEqual(
      Buffer.concat([Buffer.from([0, 255, 10]), payload]),
    );
    expect(await failure(host.datagram({ host: '127.0.0.1', port: await findClosedPort() }, { payload }))).toMatchObject({
      outcome: 'refused',
    });
    const silent = await startUdp(() => undefined);
    expect(await failure(host.datagram({ host: '127.0.0.1', port: silent }, { payload, timeoutMs: 400 }))).toMatchObject({
      outcome: 'timed-out',
    });
  });

  test('its clock is read there', async () => {
    const other = createSshHost((await startSshServer()).connect());
    const start = performance.now();
    await other.run(['true']);
    // It is this machine's clock, known to within what the looks at it took.
    const tookMs = performance.now() - start;
    const before = Date.now();
    const { wallMs } = other.now();
    expect(wallMs).toBeGreaterThanOrEqual(before - tookMs);
    expect(wallMs).toBeLessThanOrEqual(Date.now() + tookMs);
  });

  test('a hundred small reads cost one journey, not a hundred processes here', async () => {
    const before = findProcesses(configFile).length;
    await Promise.all(Array.from({ length: 100 }, (_, index) => host.readFile(`/proc/${index % 2 === 0 ? 'loadavg' : 'uptime'}`)));
    expect(findProcesses(configFile).length - before).toBeLessThanOrEqual(3);
  });

  test('an actor starts what stays, and says what it said', async () => {
    const server = await startSshServer();
    const actor = createSshActor(server.connect());
    const seconds = uniqueSeconds();
    const log = join(dir, 'service.log');
    const service = `for i in 1 2 3 4; do sleep 0.3; echo line; done; echo alive > ${log}; exec sleep ${seconds}`;
    const result = await actor.act(['sh', '-c', `(${service}) & echo started; exit 3`], { timeoutMs: 60_000 });
    expect(result).toMatchObject({ exitCode: 3, stdout: 'started\n' });
    // We leave, and nobody reads any more what the service goes on saying.
    for (const pid of findProcesses(server.configFile)) kill(pid, 'SIGKILL');
    expect(await waitFor(() => existsSync(log))).toBe(true);
    expect(await waitFor(() => findProcesses(`sleep ${seconds}`).length === 1)).toBe(true);
    for (const pid of findProcesses(`sleep ${seconds}`)) kill(pid, 'SIGKILL');
    const again = createSshActor(server.connect());
    const hanging = uniqueSeconds();
    expect(await failure(again.act(['sleep', hanging], { timeoutMs: 600 }))).toMatchObject({ reason: 'timed-out' });
    expect(await waitFor(() => findProcesses(`sleep ${hanging}`).length === 0)).toBe(true);
    expect(await failure(again.act(['no-such-tool']))).toMatchObject({ reason: 'missing-tool' });
  });
});
