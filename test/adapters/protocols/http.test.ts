import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { issue } from '../certificates.ts';
import { closeServers, findClosedPort, startTcp, startTls } from '../servers.ts';

const net = createProtocols(createLocalHost());
const root = issue({ name: 'Test Root', ca: true });
const leaf = issue({ name: 'pay.example.test', issuer: root, names: ['pay.example.test'] });
const identity = { key: leaf.keyPem, cert: leaf.pem };
const folder = mkdtempSync(join(tmpdir(), 'oor-http-'));
const caFile = join(folder, 'root.pem');
writeFileSync(caFile, root.pem);

afterEach(closeServers);
afterAll(() => rmSync(folder, { recursive: true }));

/** A parser for connections that are handed to it; it listens on nothing. */
function serve(listener: RequestListener) {
  const http = createServer(listener);
  return (socket: unknown) => void http.emit('connection', socket);
}

const startHttp = (listener: RequestListener) => startTcp(serve(listener));
const startHttps = (listener: RequestListener, options: TlsOptions = identity) => startTls(options, serve(listener));

describe('a complete answer', () => {
  it('has status, headers, body and the time of each phase', async () => {
    const port = await startHttp((request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(503, { 'x-seen': `${request.method} ${request.url} ${request.headers.host} ${request.headers['x-mine']}` });
      response.end('busy');
    });
    const exchange = await net.http({ url: `http://127.0.0.1:${port}/health?x=1`, headers: { 'x-mine': 'yes' } });
    expect(exchange).toMatchObject({ reached: 'done', status: 503, body: 'busy', address: '127.0.0.1' });
    expect(exchange.headers).toMatchObject({ 'set-cookie': 'a=1, b=2', 'x-seen': `GET /health?x=1 127.0.0.1:${port} yes` });
    expect(exchange.error).toBeUndefined();
    expect(exchange.timing).toEqual({
      dnsMs: null,
      connectMs: expect.any(Number),
      tlsMs: null,
      firstByteMs: expect.any(Number),
      totalMs: expect.any(Number),
    });
  });

  it('resolves a name and goes to a given address instead', async () => {
    const port = await startHttp((request, response) => response.end(request.headers.host));
    const named = await net.http({ url: `http://localhost:${port}/` });
    expect(named).toMatchObject({ reached: 'done', body: `localhost:${port}` });
    expect(named.timing.dnsMs).not.toBeNull();
    const placed = await net.http({ url: `http://pay.example.test:${port}/`, address: '127.0.0.1' });
    expect(placed).toMatchObject({ reached: 'done', body: `pay.example.test:${port}`, timing: { dnsMs: null } });
  });

  it('follows no redirect', async () => {
    const port = await startHttp((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await net.http({ url: `http://127.0.0.1:${port}/` })).toMatchObject({ reached: 'done', status: 302 });
  });

  it('ends at the cap of an endless body', async () => {
    const port = await startHttp((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await net.http({ url: `http://127.0.0.1:${port}/`, maxBodyBytes: 2500 })).toMatchObject({
      reached: 'done',
      body: 'x'.repeat(2500),
    });
  });

  it('knows HEAD', async () => {
    const port = await startHttp((request, response) =>
      response.setHeader('content-length', '10').end(request.method === 'HEAD' ? undefined : 'x'),
    );
    expect(await net.http({ url: `http://127.0.0.1:${port}/`, method: 'HEAD' })).toMatchObject({ reached: 'done', status: 200, body: '' });
  });
});

describe('over TLS', () => {
  const url = (port: number) => `https://pay.example.test:${port}/`;
  const listener: RequestListener = (request, response) => response.end(`hello ${request.headers['authorization'] ?? 'stranger'}`);
  const old = { name: 'pay.example.test', issuer: root, names: ['pay.example.test'], notAfter: new Date(Date.now() - 1000) };

  it('times the handshake', async () => {
    const port = await startHttps(listener);
    const exchange = await net.http({ url: url(port), address: '127.0.0.1' });
    expect(exchange).toMatchObject({ reached: 'done', status: 200, body: 'hello stranger' });
    expect(exchange.timing.tlsMs).toBeGreaterThan(0);
  });

  it('goes on through an expired certificate, but not with a secret on board', async () => {
    const expired = issue(old);
    const port = await startHttps(listener, { key: expired.keyPem, cert: expired.pem });
    expect(await net.http({ url: url(port), address: '127.0.0.1' })).toMatchObject({ reached: 'done', status: 200 });
    const withSecret = await net.http({ url: url(port), address: '127.0.0.1', caFile, headers: { Authorization: 'Bearer x' } });
    expect(withSecret).toMatchObject({ reached: 'tls', errorCode: 'CERT_HAS_EXPIRED', timing: { firstByteMs: null } });
    const inUrl = await net.http({ url: `https://u:p@pay.example.test:${port}/`, address: '127.0.0.1', caFile });
    expect(inUrl).toMatchObject({ reached: 'tls', errorCode: 'CERT_HAS_EXPIRED' });
  });

  it('hands a secret to a server that the given anchor vouches for', async () => {
    const port = await startHttps(listener);
    const request = { url: url(port), address: '127.0.0.1', headers: { authorization: 'Bearer x' } };
    expect(await net.http({ ...request, caFile })).toMatchObject({ reached: 'done', body: 'hello Bearer x' });
    expect(await net.http(request)).toMatchObject({ reached: 'tls', errorCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    const wrongName = await net.http({ ...request, url: `https://other.example.test:${port}/`, caFile });
    expect(wrongName).toMatchObject({ reached: 'tls', errorCode: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it.each([
    ['http', (port: number) => `http://127.0.0.1:${port}/`],
    ['https', (port: number) => url(port)],
  ])('ends with its signal, and so does its connection (%s)', async (_scheme, urlOf) => {
    const interruption = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const silent = await startTcp((socket) => {
      closed = once(socket, 'close');
      socket.once('data', () => interruption.abort(new Error('enough')));
    });
    const request = { url: urlOf(silent), address: '127.0.0.1', timeoutMs: 3_600_000, signal: interruption.signal };
    await expect(net.http(request)).rejects.toThrow('enough');
    await closed;
  });

  it('says that the handshake is where it died', async () => {
    const port = await startTcp((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    expect(await net.http({ url: url(port), address: '127.0.0.1' })).toMatchObject({
      reached: 'tls',
      errorCode: expect.stringMatching(/^ERR_SSL_/),
    });
    const silent = await startTcp(() => {});
    expect(await net.http({ url: url(silent), address: '127.0.0.1', timeoutMs: 300 })).toMatchObject({
      reached: 'tls',
      errorCode: 'ETIMEDOUT',
    });
  });

  it('says so when the server wants a certificate of ours', async () => {
    const port = await startHttps(listener, { ...identity, requestCert: true, rejectUnauthorized: true, ca: root.pem });
    expect(await net.http({ url: url(port), address: '127.0.0.1' })).toMatchObject({
      reached: 'tls',
      errorCode: expect.stringMatching(/CERTIFICATE_REQUIRED/),
    });
  });
});

describe('the phase that a request died in', () => {
  const ask = (port: number, more: object = {}) => net.http({ url: `http://127.0.0.1:${port}/`, timeoutMs: 3000, ...more });

  it('dns', async () => {
    expect(await net.http({ url: 'http://no-such-name.invalid/', timeoutMs: 3000 })).toMatchObject({
      reached: 'dns',
      timing: { connectMs: null },
    });
  });

  it('connect', async () => {
    const exchange = await ask(await findClosedPort());
    expect(exchange).toMatchObject({ reached: 'connect', errorCode: 'ECONNREFUSED', address: '127.0.0.1', timing: { firstByteMs: null } });
    expect(exchange.status).toBeUndefined();
  });

  it('request: closed, reset or silent before a byte came back', async () => {
    expect(await ask(await startTcp((socket) => socket.once('data', () => socket.end())))).toMatchObject({
      reached: 'request',
      errorCode: 'ECONNRESET',
    });
    expect(await ask(await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy())))).toMatchObject({
      reached: 'request',
      errorCode: 'ECONNRESET',
    });
    expect(await ask(await startTcp(() => {}), { timeoutMs: 300 })).toMatchObject({ reached: 'request', errorCode: 'ETIMEDOUT' });
  });

  it('response: not HTTP, broken off or stalled', async () => {
    expect(await ask(await startTcp((socket) => socket.end('220 mail ready\r\n')))).toMatchObject({
      reached: 'response',
      errorCode: expect.stringMatching(/^HPE_/),
    });
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc';
    expect(await ask(await startTcp((socket) => socket.once('data', () => socket.end(head))))).toMatchObject({
      reached: 'response',
      status: 200,
      body: 'abc',
      errorCode: 'ECONNRESET',
    });
    expect(await ask(await startTcp((socket) => socket.write(head)), { timeoutMs: 300 })).toMatchObject({
      reached: 'response',
      status: 200,
      body: 'abc',
      errorCode: 'ETIMEDOUT',
    });
  });
});

it('refuses what is no request', async () => {
  await expect(net.http({ url: 'ftp://x/' })).rejects.toMatchObject({ reason: 'unsupported' });
  await expect(net.http({ url: 'pay.example.test' })).rejects.toMatchObject({ reason: 'unsupported' });
  const port = await startHttp((_request, response) => response.end());
  await expect(net.http({ url: `http://127.0.0.1:${port}/`, headers: { 'x-a': 'b\r\nx-c: d' } })).rejects.toMatchObject({
    reason: 'unsupported',
  });
  await expect(
    net.http({ url: `https://127.0.0.1:${port}/`, caFile: '/no/such/file', headers: { authorization: 'x' } }),
  ).rejects.toMatchObject({ reason: 'not-found' });
});
