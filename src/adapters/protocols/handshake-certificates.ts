/**
 * The certificates a TLS server sent, read from the bytes on the wire. Node's own view cannot be used for this: it completes
 * the chain with certificates that happen to be known here, so a server that forgot its intermediate looks well.
 * TLS 1.2 sends them in the clear (RFC 5246); those of TLS 1.3 (RFC 8446) are opened with the secret of the `keylog` event.
 */
import { createDecipheriv, createHmac } from 'node:crypto';

const RECORD = { changeCipherSpec: 20, handshake: 22, applicationData: 23 } as const;
const MESSAGE = { serverHello: 2, certificate: 11, certificateRequest: 13 } as const;
const SUPPORTED_VERSIONS = 43;

interface Suite {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly hash: 'sha256' | 'sha384';
  readonly keyLength: number;
}

/** The cipher suites of TLS 1.3, RFC 8446 appendix B.4. */
const SUITES: Readonly<Record<number, Suite>> = {
  4865: { cipher: 'aes-128-gcm', hash: 'sha256', keyLength: 16 },
  4866: { cipher: 'aes-256-gcm', hash: 'sha384', keyLength: 32 },
  4867: { cipher: 'chacha20-poly1305', hash: 'sha256', keyLength: 32 },
};

export interface Flight {
  /** DER, leaf first, as sent. undefined: the bytes hold no certificate message that can be read. */
  readonly certificates?: Buffer[] | undefined;
  /** The server wants to see a certificate of the client. */
  readonly asksForCertificate: boolean;
}

export function readFlight(fromServer: Buffer, handshakeSecret: Buffer | undefined): Flight {
  try {
    return parseFlight(fromServer, handshakeSecret);
  } catch {
    // Cut off or not TLS.
    return { asksForCertificate: false };
  }
}

function parseFlight(fromServer: Buffer, secret: Buffer | undefined): Flight {
  const clear: Buffer[] = [];
  const sealed: Sealed[] = [];
  for (const record of splitRecords(fromServer)) {
    if (record.type === RECORD.handshake && sealed.length === 0) clear.push(record.payload);
    if (record.type === RECORD.applicationData) sealed.push(record);
  }
  const messages = splitMessages(Buffer.concat(clear));
  // The first one: that a server may send to ask for another key share names the same suite (RFC 8446 section 4.1.4).
  const hello = messages.find(({ type }) => type === MESSAGE.serverHello);
  const suite = hello && findSuite13(hello.body);
  if (!suite) return describeFlight(messages, 0);
  return secret ? describeFlight(splitMessages(Buffer.concat(unseal(sealed, suite, secret))), 1) : { asksForCertificate: false };
}

function describeFlight(messages: readonly Message[], version: 0 | 1): Flight {
  const asksForCertificate = messages.some(({ type }) => type === MESSAGE.certificateRequest);
  return { certificates: findCertificates(messages, version), asksForCertificate };
}

interface Sealed {
  readonly type: number;
  readonly header: Buffer;
  readonly payload: Buffer;
}

function splitRecords(bytes: Buffer): Sealed[] {
  const records: Sealed[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) break;
    records.push({ type: bytes.readUInt8(at), header: bytes.subarray(at, at + 5), payload: bytes.subarray(at + 5, end) });
    at = end;
  }
  return records;
}

interface Message {
  readonly type: number;
  readonly body: Buffer;
}

function splitMessages(bytes: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUIntBE(at + 1, 3);
    if (end > bytes.length) break;
    messages.push({ type: bytes.readUInt8(at), body: bytes.subarray(at + 4, end) });
    at = end;
  }
  return messages;
}

/** undefined: TLS 1.2 or older. */
function findSuite13(hello: Buffer): Suite | undefined {
  // Version and random, then a session id of variable length.
  const afterSession = 35 + hello.readUInt8(34);
  const suite = SUITES[hello.readUInt16BE(afterSession)];
  let at = afterSession + 5;
  while (at + 4 <= hello.length) {
    if (hello.readUInt16BE(at) === SUPPORTED_VERSIONS) return suite;
    at += 4 + hello.readUInt16BE(at + 2);
  }
  return undefined;
}

/** `version` 1: with a request context before the list and extensions after each certificate. */
function findCertificates(messages: readonly Message[], version: 0 | 1): Buffer[] | undefined {
  const body = messages.find(({ type }) => type === MESSAGE.certificate)?.body;
  if (!body) return undefined;
  const certificates: Buffer[] = [];
  let at = (version === 1 ? 1 + body.readUInt8(0) : 0) + 3;
  while (at < body.length) {
    const end = at + 3 + body.readUIntBE(at, 3);
    certificates.push(body.subarray(at + 3, end));
    at = version === 1 ? end + 2 + body.readUInt16BE(end) : end;
  }
  return certificates;
}

/** The handshake messages inside the server's first sealed records; stops where its keys change. */
function unseal(records: readonly Sealed[], suite: Suite, secret: Buffer): Buffer[] {
  const key = expandLabel(secret, suite.hash, 'key', suite.keyLength);
  const iv = expandLabel(secret, suite.hash, 'iv', 12);
  const opened: Buffer[] = [];
  for (const [sequence, record] of records.entries()) {
    const inner = open(record, suite.cipher, key, nonceOf(iv, sequence));
    if (!inner) break;
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end -= 1;
    if (inner[end - 1] !== RECORD.handshake) break;
    opened.push(inner.subarray(0, end - 1));
  }
  return opened;
}

/** HKDF-Expand-Label with an empty context, RFC 8446 section 7.1; one block of the hash is enough for a key. */
function expandLabel(secret: Buffer, hash: Suite['hash'], label: string, length: number): Buffer {
  const full = `tls13 ${label}`;
  const info = Buffer.from([length >> 8, length & 0xff, full.length, ...Buffer.from(full), 0, 1]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

function nonceOf(iv: Buffer, sequence: number): Buffer {
  const nonce = Buffer.from(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
  return nonce;
}

function open({ header, payload }: Sealed, cipher: Suite['cipher'], key: Buffer, nonce: Buffer): Buffer | undefined {
  const tagAt = payload.length - 16;
  // The cast: the overloads of `createDecipheriv` name each cipher, the call is the same.
  const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(header);
  decipher.setAuthTag(payload.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(payload.subarray(0, tagAt)), decipher.final()]);
  } catch {
    return undefined;
  }
}
