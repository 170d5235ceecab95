/** Real X.509 certificates, made in memory with Node alone: any dates, any chain. */
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface Identity {
  readonly pem: string;
  readonly keyPem: string;
  readonly der: Buffer;
  readonly name: string;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
}

export interface CertificateRequest {
  readonly name: string;
  /** Absent: self-signed. */
  readonly issuer?: Identity;
  readonly ca?: boolean;
  /** May sign certificates, by its key usage; normally as `ca`. */
  readonly signs?: boolean;
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const DAY = 86_400_000;
let serial = 1;

export function issue({
  name,
  issuer,
  ca = false,
  signs = ca,
  names = [],
  notBefore = new Date(Date.now() - DAY),
  notAfter = new Date(Date.now() + 30 * DAY),
}: CertificateRequest): Identity {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('06082a8648ce3d040302'));
  serial += 1;
  const extensions = [
    extension('0603551d13', sequence(...(ca ? [Buffer.from('0101ff', 'hex')] : [])), true),
    extension('0603551d0f', Buffer.from(signs ? '03020106' : '03020780', 'hex'), true),
    ...(names.length > 0 ? [extension('0603551d11', sequence(...names.map(alternativeName)))] : []),
  ];
  const body = sequence(
    tlv(0xa0, Buffer.from('020102', 'hex')),
    tlv(0x02, Buffer.from([0x40, serial >> 8, serial & 0xff])),
    algorithm,
    commonName(issuer?.name ?? name),
    sequence(time(notBefore), time(notAfter)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer?.key ?? key);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    pem: new X509Certificate(der).toString(),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    der,
    name,
    key,
    publicKey,
  };
}

function tlv(tag: number, content: Buffer): Buffer {
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('0603550403'), tlv(0x0c, Buffer.from(name)))));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [Buffer.from('0101ff', 'hex')] : []), tlv(0x04, value));
}

function alternativeName(name: string): Buffer {
  return isIPv4(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : tlv(0x82, Buffer.from(name));
}
