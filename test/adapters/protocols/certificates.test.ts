import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createLocalHost } from '../../../src/adapters/local-host.ts';
import { createProtocols } from '../../../src/adapters/protocols/index.ts';
import { issue } from '../certificates.ts';

const net = createProtocols(createLocalHost());
const folder = mkdtempSync(join(tmpdir(), 'oor-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const root = issue({ name: 'Test Root', ca: true });
const notBefore = new Date('2024-05-06T07:08:09Z');
const notAfter = new Date('2055-01-02T03:04:05Z');
const leaf = issue({ name: 'pay.example.test', issuer: root, names: ['pay.example.test', '10.0.0.1'], notBefore, notAfter });

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('reads a bundle in file order, whatever lies between', async () => {
  const path = write('bundle.pem', `Bag Attributes\n${leaf.keyPem}${leaf.pem}some text\n${root.pem.replaceAll('\n', '\r\n')}`);
  const [first, second, ...more] = await net.certificatesInFile(path);
  expect(more).toEqual([]);
  expect(first).toEqual({
    subject: 'CN=pay.example.test',
    issuer: 'CN=Test Root',
    serial: new X509Certificate(leaf.der).serialNumber,
    fingerprint256: new X509Certificate(leaf.der).fingerprint256,
    notBefore: notBefore.getTime(),
    notAfter: notAfter.getTime(),
    names: ['pay.example.test', '10.0.0.1'],
    selfSigned: false,
    keyType: 'ec',
    keyBits: 256,
    signatureHash: 'sha256',
  });
  expect(second).toMatchObject({ subject: 'CN=Test Root', names: ['Test Root'], selfSigned: true });
});

it('reads DER', async () => {
  expect(await net.certificatesInFile(write('leaf.der', leaf.der))).toMatchObject([{ subject: 'CN=pay.example.test' }]);
});

it.each([
  ['an empty file', ''],
  ['a key', root.keyPem],
  ['a damaged certificate', leaf.pem.replace(/[A-Z]{2}/g, 'ZZ')],
  ['damaged DER', leaf.der.subarray(0, 100)],
])('refuses %s', async (name, content) => {
  await expect(net.certificatesInFile(write(name, content))).rejects.toMatchObject({ name: 'HostError', reason: 'unsupported' });
});

it('refuses what is not there', async () => {
  await expect(net.certificatesInFile(join(folder, 'nothing'))).rejects.toMatchObject({ reason: 'not-found' });
});
