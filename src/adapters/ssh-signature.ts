/** SSH signatures (OpenSSH PROTOCOL.sshsig) over Ed25519, made and read. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { SignatureReading } from '../ports.ts';

/** What the signature is for: one made for another purpose is none here. */
const NAMESPACE = 'oor-bundle';
const MAGIC = Buffer.from('SSHSIG');
const TYPE = 'ssh-ed25519';
const HASH = 'sha512';
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
/** Of a raw Ed25519 key as SubjectPublicKeyInfo and as PKCS#8 (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signMessage(message: Uint8Array, key: KeyObject): string {
  const publicBlob = blobOf(key);
  const signature = Buffer.concat([string(TYPE), string(sign(null, signedData(message, HASH), key))]);
  const version = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([MAGIC, version, string(publicBlob), string(NAMESPACE), string(''), string(HASH), string(signature)]);
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [];
  return `${[BEGIN, ...lines, END].join('\n')}\n`;
}

export function readSignature(message: Uint8Array, text: string): SignatureReading {
  const armoured = new RegExp(`^${BEGIN}\\n([A-Za-z0-9+/=\\n]+)\\n${END}\\n?$`).exec(text.replaceAll('\r\n', '\n'))?.[1];
  if (armoured === undefined) return undefined;
  try {
    const read = reader(Buffer.from(armoured, 'base64'));
    if (!read.bytes(MAGIC.length).equals(MAGIC) || read.uint32() !== 1) return undefined;
    const publicBlob = read.string();
    const [namespace, reserved, hash] = [read.string(), read.string(), read.string().toString()];
    const inner = reader(read.string());
    if (namespace.toString() !== NAMESPACE || inner.string().toString() !== TYPE || (hash !== 'sha512' && hash !== 'sha256'))
      return undefined;
    const signature = inner.string();
    if (reserved.length > 0 || !read.isAtEnd() || !inner.isAtEnd()) return undefined;
    const key = publicKeyOf(publicBlob);
    if (!verify(null, signedData(message, hash), key, signature)) return undefined;
    return { publicKey: `${TYPE} ${publicBlob.toString('base64')}`, fingerprint: fingerprintOf(publicBlob) };
  } catch {
    return undefined;
  }
}

/** `SHA256:...`, as ssh-keygen -l prints it. */
export function fingerprintOf(publicBlob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(publicBlob).digest('base64').replace(/=+$/, '')}`;
}

export function publicLine(key: KeyObject): string {
  return `${TYPE} ${blobOf(key).toString('base64')}`;
}

/** PKCS#8 PEM or an OpenSSH private key without a passphrase; undefined: neither, or no Ed25519. */
export function readPrivateKey(text: string): KeyObject | undefined {
  const openssh = /-----BEGIN OPENSSH PRIVATE KEY-----\s+([\s\S]+?)\s+-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1];
  try {
    const key = openssh === undefined ? createPrivateKey(text) : readOpenSsh(Buffer.from(openssh, 'base64'));
    return key?.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** openssh-key-v1: magic, cipher, kdf, options, count, public key, private part. */
function readOpenSsh(bytes: Buffer): KeyObject | undefined {
  const read = reader(bytes);
  if (read.bytes(15).toString('latin1') !== 'openssh-key-v1\0') return undefined;
  if (read.string().toString() !== 'none') return undefined;
  read.string();
  read.string();
  if (read.uint32() !== 1) return undefined;
  read.string();
  const inner = reader(read.string());
  // Twice the same number: what follows was decrypted with the right key, here with none.
  const [one, other] = [inner.uint32(), inner.uint32()];
  if (one !== other || inner.string().toString() !== TYPE) return undefined;
  inner.string();
  const seed = inner.string().subarray(0, 32);
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function signedData(message: Uint8Array, hash: string): Buffer {
  const digest = createHash(hash).update(message).digest();
  return Buffer.concat([MAGIC, string(NAMESPACE), string(''), string(hash), string(digest)]);
}

function blobOf(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return Buffer.concat([string(TYPE), string(spki.subarray(SPKI_PREFIX.length))]);
}

function publicKeyOf(blob: Buffer): KeyObject {
  const read = reader(blob);
  if (read.string().toString() !== TYPE) throw new Error('not an Ed25519 key');
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, read.string()]), format: 'der', type: 'spki' });
}

function string(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function reader(buffer: Buffer) {
  let at = 0;
  const bytes = (length: number): Buffer => {
    if (at + length > buffer.length) throw new RangeError('it ends early');
    at += length;
    return buffer.subarray(at - length, at);
  };
  const uint32 = (): number => bytes(4).readUInt32BE();
  return { bytes, uint32, string: () => bytes(uint32()), isAtEnd: () => at === buffer.length };
}
