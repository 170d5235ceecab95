/**
 * Issues X.509 v3 certificates (EC P-256, SHA-256) with nothing but node:crypto, so that a certificate can be expired,
 * name another host or come from an unknown authority on a machine without the openssl program.
 * Shapes: RFC 5280 section 4.1 and 4.2; encoding: X.690 DER.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface Authority {
  readonly name: string;
  readonly certificatePem: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

export interface CertificateRequest {
  /** Common name of the subject. */
  readonly name: string;
  /** Host names and IP addresses the certificate is valid for. */
  readonly hosts?: readonly string[];
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** May sign other certificates. */
  readonly authority?: boolean;
  /** Absent: self-signed. */
  readonly issuer?: Authority;
}

export interface IssuedCertificate extends Authority {
  readonly keyPem: string;
}

/** A new key pair and a certificate for it. */
export function issueCertificate(request: CertificateRequest): IssuedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  // RFC 5280 4.2.1.2 method 1 hashes the bit string; any stable id will do, and this one needs no parsing.
  const keyId = createHash('sha1').update(publicKeyInfo).digest();
  const issuer = request.issuer ?? { name: request.name, key: privateKey, keyId };
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.name),
    publicKeyInfo,
    explicit(3, sequence(...extensions(request, keyId, issuer.keyId))),
  );
  const certificate = sequence(body, ECDSA_WITH_SHA256, bitString(sign('sha256', body, issuer.key)));
  return {
    name: request.name,
    certificatePem: toPem('CERTIFICATE', certificate),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    key: privateKey,
    keyId,
  };
}

function extensions(request: CertificateRequest, keyId: Buffer, issuerKeyId: Buffer): Buffer[] {
  const authority = request.authority === true;
  const hosts = request.hosts ?? [];
  return [
    extension('2.5.29.19', true, authority ? sequence(encode(0x01, Buffer.from([0xff]))) : sequence()),
    // keyCertSign and cRLSign for an authority, digitalSignature for a server.
    extension('2.5.29.15', true, encode(0x03, authority ? Buffer.from([1, 0x06]) : Buffer.from([7, 0x80]))),
    ...(authority ? [] : [extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1')))]),
    extension('2.5.29.14', false, octetString(keyId)),
    extension('2.5.29.35', false, sequence(encode(0x80, issuerKeyId))),
    ...(hosts.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...hosts.map(alternativeName)))]),
  ];
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [encode(0x01, Buffer.from([0xff]))] : []), octetString(value));
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return encode(0x87, Buffer.from(host.split('.').map(Number)));
  if (isIP(host) === 6) return encode(0x87, ipv6Bytes(host));
  return encode(0x82, Buffer.from(host, 'latin1'));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = groups(tail ?? '');
  const bytes = Buffer.alloc(16);
  before.forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  after.forEach((group, index) => bytes.writeUInt16BE(group, 16 - (after.length - index) * 2));
  return bytes;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(encode(0x31, sequence(objectId('2.5.4.3'), encode(0x0c, Buffer.from(commonName, 'utf8')))));
}

/** UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280 4.1.2.5). */
function time(epochMs: number): Buffer {
  const digits = new Date(epochMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const year = Number(digits.slice(0, 4));
  return year < 2050 ? encode(0x17, Buffer.from(digits.slice(2))) : encode(0x18, Buffer.from(digits));
}

/** Positive and never starting with a zero byte, so that its encoding is minimal. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes;
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return encode(0x06, Buffer.from(bytes));
}

function integer(bytes: Buffer): Buffer {
  return encode(0x02, bytes);
}

function octetString(bytes: Buffer): Buffer {
  return encode(0x04, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return encode(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function explicit(tag: number, value: Buffer): Buffer {
  return encode(0xa0 | tag, value);
}

function sequence(...items: Buffer[]): Buffer {
  return encode(0x30, Buffer.concat(items));
}

function encode(tag: number, content: Buffer): Buffer {
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content]);
  const lengthBytes = size < 0x100 ? [size] : [size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, 0x80 | lengthBytes.length, ...lengthBytes]), content]);
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
