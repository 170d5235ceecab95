import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { type IssuedCertificate, issueCertificate } from '../../src/sandbox/certificate.ts';

const DAY = 86_400_000;
const now = Date.now();
const root = issueCertificate({ name: 'Test Root', authority: true, notBefore: now - DAY, notAfter: now + 3650 * DAY });
const intermediate = issueCertificate({
  name: 'Test Issuing CA',
  authority: true,
  issuer: root,
  notBefore: now - DAY,
  notAfter: now + 30 * DAY,
});

function leaf(change: { hosts?: string[]; notAfter?: number; issuer?: IssuedCertificate } = {}): IssuedCertificate {
  return issueCertificate({
    name: 'pay.example.test',
    hosts: ['localhost', '127.0.0.1', '::1'],
    issuer: intermediate,
    notBefore: now - 90 * DAY,
    notAfter: now + 30 * DAY,
    ...change,
  });
}

/** What a verifying client says: `ok` or the OpenSSL reason. */
async function handshake(server: IssuedCertificate, chain = intermediate.certificatePem): Promise<string> {
  const listener = createServer({ cert: server.certificatePem + chain, key: server.keyPem }, (socket) => socket.end());
  listener.on('tlsClientError', () => {});
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const socket = connect({
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    servername: 'localhost',
    ca: root.certificatePem,
  });
  const outcome = await Promise.race([
    once(socket, 'secureConnect').then(() => 'ok'),
    once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? 'error'),
  ]).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  socket.destroy();
  listener.close();
  return outcome;
}

describe('issued certificates', () => {
  test('parse as X.509 with the names, dates and constraints asked for', () => {
    const issued = leaf({ hosts: ['pay.example.test', '127.0.0.1', '::1', '2001:db8::5:1'] });
    const parsed = new X509Certificate(issued.certificatePem);
    expect(parsed.subject).toBe('CN=pay.example.test');
    expect(parsed.issuer).toBe('CN=Test Issuing CA');
    expect(parsed.subjectAltName).toBe(
      'DNS:pay.example.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:0:5:1',
    );
    expect(Date.parse(parsed.validTo)).toBe(Math.floor((now + 30 * DAY) / 1000) * 1000);
    expect(parsed.ca).toBe(false);
    expect(parsed.checkIssued(new X509Certificate(intermediate.certificatePem))).toBe(true);
    expect(parsed.verify(new X509Certificate(intermediate.certificatePem).publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(issued.keyPem))).toBe(true);
    expect(new X509Certificate(root.certificatePem).ca).toBe(true);
    expect(parsed.serialNumber).toHaveLength(32);
  });

  test('years from 2050 on are written in full', () => {
    const issued = issueCertificate({ name: 'far', notBefore: Date.UTC(2049, 11, 31), notAfter: Date.UTC(2050, 0, 1) });
    const parsed = new X509Certificate(issued.certificatePem);
    expect(parsed.validFrom).toContain('2049');
    expect(parsed.validTo).toContain('2050');
  });

  test.each([
    ['good', () => handshake(leaf()), 'ok'],
    ['expired', () => handshake(leaf({ notAfter: now - DAY })), 'CERT_HAS_EXPIRED'],
    ['for another host', () => handshake(leaf({ hosts: ['old.example.test'] })), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['without its intermediate', () => handshake(leaf(), ''), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    [
      'of an unknown authority',
      () =>
        handshake(leaf({ issuer: issueCertificate({ name: 'Other', authority: true, notBefore: now - DAY, notAfter: now + DAY }) }), ''),
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
  ])('a handshake with a certificate that is %s', async (_, run, outcome) => {
    expect(await run()).toBe(outcome);
  });
});
