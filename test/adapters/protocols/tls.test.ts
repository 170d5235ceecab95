import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { issue } from '../certificates.ts';
import { closeServers, findClosedPort, startTcp, startTls } from '../servers.ts';

const net = createProtocols(createLocalHost());
const root = issue({ name: 'Test Root', ca: true });
const middle = issue({ name: 'Test Intermediate', issuer: root, ca: true });
const leaf = issue({ name: 'pay.example.test', issuer: middle, names: ['pay.example.test', '*.shop.example.test', '127.0.0.1'] });
const folder = mkdtempSync(join(tmpdir(), 'oor-tls-'));
const caFile = join(folder, 'root.pem');
writeFileSync(caFile, root.pem);

const ask = (port: number, more: object = {}) =>
  net.tls({ host: 'pay.example.test', address: '127.0.0.1', port, caFile, timeoutMs: 5000, ...more });

afterEach(closeServers);
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a %s server', (version) => {
  const versions = { minVersion: version, maxVersion: version };

  it('shows the chain exactly as sent', async () => {
    const port = await startTls({ ...versions, key: leaf.keyPem, cert: leaf.pem + middle.pem });
    const seen = await ask(port);
    expect(seen).toMatchObject({ outcome: 'connected', address: '127.0.0.1', protocol: version, nameMatches: true, trusted: true });
    expect(seen.errorCode).toBeUndefined();
    expect(seen.chain.map(({ subject }) => subject)).toEqual(['CN=pay.example.test', 'CN=Test Intermediate']);
    expect(seen.chain[0]).toMatchObject({
      issuer: 'CN=Test Intermediate',
      names: ['pay.example.test', '*.shop.example.test', '127.0.0.1'],
      selfSigned: false,
    });
  });

  it('does not complete a chain that lacks its intermediate, even where the intermediate is known', async () => {
    const known = join(folder, 'known.pem');
    writeFileSync(known, middle.pem);
    const port = await startTls({ ...versions, key: leaf.keyPem, cert: leaf.pem });
    for (const file of [caFile, known]) {
      const seen = await ask(port, { caFile: file });
      expect(seen).toMatchObject({ outcome: 'connected', trusted: false, errorCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
      expect(seen.chain).toHaveLength(1);
    }
  });

  it('keeps order and needless certificates as sent', async () => {
    const stranger = issue({ name: 'Stranger', ca: true });
    const port = await startTls({ ...versions, key: leaf.keyPem, cert: leaf.pem + stranger.pem + root.pem + middle.pem });
    const seen = await ask(port);
    expect(seen.chain.map(({ subject }) => subject)).toEqual([
      'CN=pay.example.test',
      'CN=Stranger',
      'CN=Test Root',
      'CN=Test Intermediate',
    ]);
    expect(seen.trusted).toBe(true);
  });

  it.each(['ECDHE-ECDSA-AES256-GCM-SHA384:TLS_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256'])(
    'reads it whatever the cipher: %s',
    async (ciphers) => {
      const port = await startTls({ ...versions, ciphers, key: leaf.keyPem, cert: leaf.pem + middle.pem });
      expect((await ask(port)).chain).toHaveLength(2);
    },
  );

  it('tells an untrusted root from a self-signed leaf', async () => {
    const own = issue({ name: 'pay.example.test', names: ['pay.example.test'] });
    const first = await startTls({ ...versions, key: own.keyPem, cert: own.pem });
    expect(await ask(first)).toMatchObject({ trusted: false, errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT', chain: [{ selfSigned: true }] });
    const second = await startTls({ ...versions, key: leaf.keyPem, cert: leaf.pem + middle.pem + root.pem });
    expect(await net.tls({ host: 'pay.example.test', address: '127.0.0.1', port: second })).toMatchObject({
      trusted: false,
      errorCode: 'SELF_SIGNED_CERT_IN_CHAIN',
    });
  });

  it('leaves dates to the judge', async () => {
    const notBefore = new Date('2020-01-01T00:00:00Z');
    const notAfter = new Date('2021-02-03T04:05:06Z');
    const expired = issue({ name: 'pay.example.test', issuer: middle, names: ['pay.example.test'], notBefore, notAfter });
    const port = await startTls({ ...versions, key: expired.keyPem, cert: expired.pem + middle.pem });
    const seen = await ask(port);
    expect(seen).toMatchObject({ outcome: 'connected', trusted: true, nameMatches: true });
    expect(seen.chain[0]).toMatchObject({ notBefore: notBefore.getTime(), notAfter: notAfter.getTime() });
  });

  it('shows the chain even when the server wants a certificate of ours', async () => {
    const port = await startTls({
      ...versions,
      key: leaf.keyPem,
      cert: leaf.pem + middle.pem,
      requestCert: true,
      rejectUnauthorized: true,
      ca: root.pem,
    });
    expect((await ask(port)).chain).toHaveLength(2);
  });

  it('judges the name that was asked for', async () => {
    const port = await startTls({ ...versions, key: leaf.keyPem, cert: leaf.pem + middle.pem });
    expect((await ask(port, { serverName: 'other.example.test' })).nameMatches).toBe(false);
    expect((await ask(port, { serverName: 'a.shop.example.test' })).nameMatches).toBe(true);
    expect((await net.tls({ host: '127.0.0.1', port, caFile })).nameMatches).toBe(true);
  });
});

it('reads the chain after the server asked for another key share', async () => {
  const port = await startTls({ minVersion: 'TLSv1.3', ecdhCurve: 'P-384', key: leaf.keyPem, cert: leaf.pem + middle.pem });
  expect((await ask(port)).chain).toHaveLength(2);
});

it('refuses a sent issuer that is no CA', async () => {
  const impostor = issue({ name: 'Impostor', issuer: middle, ca: false, signs: true });
  const victim = issue({ name: 'pay.example.test', issuer: impostor, names: ['pay.example.test'] });
  const port = await startTls({ key: victim.keyPem, cert: victim.pem + impostor.pem + middle.pem });
  expect(await ask(port)).toMatchObject({ trusted: false });
});

it('leaves trust open, and only trust, when the given anchors cannot be read', async () => {
  const port = await startTls({ key: leaf.keyPem, cert: leaf.pem + middle.pem });
  const seen = await ask(port, { caFile: join(folder, 'missing') });
  expect(seen).toMatchObject({ outcome: 'connected', nameMatches: true, trusted: null, errorCode: 'CA_FILE_UNREADABLE' });
  expect(seen.error).toContain('missing');
  expect(seen.chain).toHaveLength(2);
});

describe('a handshake that fails', () => {
  it('names the alert', async () => {
    const withoutCertificate = await startTls({});
    const seen = await ask(withoutCertificate);
    expect(seen).toMatchObject({ outcome: 'handshake-failed', chain: [], trusted: null, nameMatches: null });
    expect(seen.errorCode).toMatch(/^ERR_SSL_.*HANDSHAKE_FAILURE$/);
  });

  it('tells a server that speaks no TLS', async () => {
    const port = await startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await ask(port)).toMatchObject({ outcome: 'handshake-failed', chain: [] });
    expect((await ask(port)).errorCode).toMatch(/^ERR_SSL_/);
  });

  it('tells a server that closes at once from one that says nothing', async () => {
    const closing = await startTcp((socket) => socket.end());
    expect(await ask(closing)).toMatchObject({ outcome: 'handshake-failed', errorCode: 'ECONNRESET' });
    const silent = await startTcp(() => {});
    expect(await ask(silent, { timeoutMs: 300 })).toMatchObject({ outcome: 'handshake-failed', errorCode: 'ETIMEDOUT' });
  });

  it('tells that nothing listens', async () => {
    expect(await ask(await findClosedPort())).toMatchObject({ outcome: 'refused', errorCode: 'ECONNREFUSED', chain: [], trusted: null });
  });
});
