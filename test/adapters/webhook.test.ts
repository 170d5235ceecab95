import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWebhook } from '../../src/adapters/webhook.ts';
import { issue } from './certificates.ts';
import { closeServers, findClosedPort, startTcp } from './servers.ts';

const closers: (() => void)[] = [];
let folder: string;
let caFile: string;
const ca = issue({ name: 'test authority', ca: true });
const leaf = issue({ name: 'hook.test', issuer: ca, names: ['127.0.0.1', 'localhost'] });
const expired = issue({ name: 'old.test', issuer: ca, names: ['127.0.0.1'], notAfter: new Date(Date.now() - 1_000) });
const foreign = issue({ name: 'other.test', issuer: ca, names: ['other.test'] });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-webhook-'));
  caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, ca.pem);
});
afterEach(() => {
  closeServers();
  for (const close of closers.splice(0)) close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

const http = (listener: RequestListener) => listen(createHttp(listener) as never);
const https = (identity: typeof leaf, listener: RequestListener) =>
  listen(createHttps({ cert: identity.pem, key: identity.keyPem }, listener) as never);

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Keeps what came and answers with what is given. */
function keep(seen: Seen[], answer: (response: ServerResponse) => void): RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(response);
    });
  };
}

const send = (url: string, extra: object = {}) =>
  createWebhook().post({ url, headers: { 'x-own': '1' }, body: '{"text":"支付"}', timeoutMs: 60_000, ...extra });
const ok = (response: ServerResponse): void => void response.end('{"errcode":0}');

describe('a service that answers', () => {
  it('gets one POST of JSON', async () => {
    const seen: Seen[] = [];
    const port = await http(keep(seen, ok));
    expect(await send(`http://127.0.0.1:${port}/hook?key=k`)).toEqual({ status: 200, body: '{"errcode":0}' });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/hook?key=k',
        body: '{"text":"支付"}',
        headers: { 'x-own': '1', 'content-type': 'application/json; charset=utf-8' },
      },
    ]);
  });

  it('over TLS, by an authority of our own', async () => {
    const seen: Seen[] = [];
    const port = await https(leaf, keep(seen, ok));
    expect(await send(`https://127.0.0.1:${port}/`, { caFile })).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(1);
  });

  it('says when to come again, and where else: nobody goes there', async () => {
    const seen: Seen[] = [];
    const other = await http(keep(seen, ok));
    const moved = await http((_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end());
    expect(await send(`http://127.0.0.1:${moved}/`)).toMatchObject({ status: 307, location: expect.stringContaining(String(other)) });
    expect(seen).toEqual([]);
    const busy = await http((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'));
    expect(await send(`http://127.0.0.1:${busy}/`)).toEqual({ status: 429, body: 'slow down', retryAfterMs: 7_000 });
  });

  it('answers without end are read to a limit', async () => {
    const port = await http((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await send(`http://127.0.0.1:${port}/`);
    expect('body' in answer && answer.body.length).toBe(8 * 1024);
  });
});

describe('nothing is sent to whom cannot prove who it is', () => {
  it.each([
    ['signed by nobody known', leaf, false, 'UNABLE_TO'],
    ['expired', expired, true, 'CERT_HAS_EXPIRED'],
    ['of another name', foreign, true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s', async (_what, identity, withCa, code) => {
    const seen: Seen[] = [];
    const port = await https(identity, keep(seen, ok));
    const answer = await send(`https://127.0.0.1:${port}/`, withCa ? { caFile } : {});
    expect(answer).toMatchObject({ failed: 'certificate', why: expect.stringContaining(code) });
    expect(seen).toEqual([]);
  });
});

describe('no answer', () => {
  it('of one that hangs: within the limit', async () => {
    const port = await startTcp(() => undefined);
    expect(await send(`http://127.0.0.1:${port}/`, { timeoutMs: 300 })).toEqual({ failed: 'timed-out', why: 'no answer within 0.3 s' });
  });

  it('of one that sends a byte now and then', async () => {
    const port = await http((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    expect(await send(`http://127.0.0.1:${port}/`, { timeoutMs: 400 })).toMatchObject({ failed: 'timed-out' });
  });

  it('of one that resets, and of none', async () => {
    const port = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ failed: 'network', why: expect.stringContaining('ECONNRESET') });
    const closed = await findClosedPort();
    expect(await send(`http://127.0.0.1:${closed}/`)).toMatchObject({ failed: 'network', why: expect.stringContaining('ECONNREFUSED') });
    expect(await send('http://no-such-name.invalid/')).toMatchObject({ failed: 'network' });
  });

  it('of a port that speaks plain http where TLS was meant: that is no certificate', async () => {
    const port = await http((_request, response) => ok(response));
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({
      failed: 'network',
      why: expect.stringMatching(/^no TLS answers on that port/),
    });
  });

  it.each([
    [
      'a version of TLS that is too old',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      /^no TLS version in common \(TLS: /,
    ],
    ['a client certificate (TLS 1.3)', { requestCert: true, rejectUnauthorized: true }, /^it asks for a client certificate \(TLS: /],
    [
      'a client certificate (TLS 1.2)',
      { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
      /it asks for a client certificate \(TLS: /,
    ],
  ] as const)('of one that wants %s', async (_what, options, why) => {
    const port = await listen(createHttps({ cert: leaf.pem, key: leaf.keyPem, ...options }, (_request, response) => ok(response)) as never);
    expect(await send(`https://127.0.0.1:${port}/`, { caFile })).toMatchObject({ failed: 'network', why: expect.stringMatching(why) });
  });

  it('of a request that cannot be made', async () => {
    expect(await send('https://127.0.0.1:1/', { caFile: join(folder, 'missing.pem') })).toMatchObject({
      failed: 'request',
      why: expect.stringContaining('missing.pem'),
    });
  });
});

describe('through a proxy', () => {
  it('that connects: it sees where to, and nothing of what', async () => {
    const seen: Seen[] = [];
    const port = await https(leaf, keep(seen, ok));
    const asked: string[] = [];
    const through: string[] = [];
    const proxy = createHttp();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url ?? '');
      const there = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      socket.on('data', (chunk) => through.push(chunk.toString('latin1')));
      for (const each of [socket, there]) each.on('error', () => undefined);
      socket.pipe(there).pipe(socket);
    });
    const at = await listen(proxy as never);
    expect(await send(`https://127.0.0.1:${port}/`, { caFile, proxy: `http://127.0.0.1:${at}` })).toMatchObject({ status: 200 });
    expect([asked, seen.length, through.join('').includes('text')]).toEqual([[`127.0.0.1:${port}`], 1, false]);
  });

  it('that refuses', async () => {
    const proxy = createHttp();
    proxy.on('connect', (_request, socket: Socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    const at = await listen(proxy as never);
    expect(await send('https://127.0.0.1:9/', { proxy: `http://127.0.0.1:${at}` })).toMatchObject({
      failed: 'network',
      why: expect.stringContaining('403'),
    });
  });
});
