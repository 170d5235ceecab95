import { createHash, createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject, X509Certificate } from 'node:crypto';
import { HostError } from '../../errors.ts';
import type { Host, SignatureCheck, SignRequest } from '../../ports.ts';

const ALGORITHM = 'RSA-SHA256';
const PEM_BLOCK = /-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]+-----END (?:CERTIFICATE|PUBLIC KEY)-----/g;

export async function signText({ text, hashed, key, secrets }: SignRequest): Promise<string> {
  const privateKey = readPrivateKey(await secrets.reveal(key));
  if (privateKey?.asymmetricKeyType !== 'rsa')
    throw new HostError('io', 'the key that signs is no private RSA key', 'the key as PEM, or as base64 of PKCS#8 or PKCS#1');
  const signed = hashed ? createHash('sha256').update(text, 'utf8').digest('hex') : text;
  return createSign(ALGORITHM).update(signed, 'utf8').sign(privateKey, 'base64');
}

/** Tools of Alipay hand keys out as base64 without a frame. */
function readPrivateKey(text: string): KeyObject | undefined {
  const der = text.includes('-----BEGIN') ? undefined : Buffer.from(text, 'base64');
  const tries = der
    ? [
        () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
        () => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
      ]
    : [() => createPrivateKey(text)];
  for (const read of tries) {
    try {
      return read();
    } catch {
      // Of another kind, or none; what OpenSSL says of it could quote the key.
    }
  }
  return undefined;
}

/** A public key has no number, so it is tried whatever the number. */
export async function checkSignature(
  host: Host,
  { text, signature, serial, files }: SignatureCheck,
): Promise<'verified' | 'wrong' | 'unknown-certificate'> {
  const keys = (await Promise.all(files.map((file) => readKeys(host, file)))).flat();
  const fitting = keys.filter((key) => key.serial === undefined || key.serial === plain(serial));
  if (fitting.length === 0) return 'unknown-certificate';
  const verifies = ({ key }: PublicKey): boolean => createVerify(ALGORITHM).update(text, 'utf8').verify(key, signature, 'base64');
  return fitting.some(verifies) ? 'verified' : 'wrong';
}

interface PublicKey {
  readonly key: KeyObject;
  readonly serial: string | undefined;
}

async function readKeys(host: Host, file: string): Promise<readonly PublicKey[]> {
  const { text } = await host.readFile(file);
  const blocks = [...text.matchAll(PEM_BLOCK)];
  if (blocks.length === 0) throw new HostError('io', `${file}: holds no certificate and no public key`, 'a PEM file');
  try {
    return blocks.map(([block, kind]) => {
      if (kind !== 'CERTIFICATE') return { key: createPublicKey(block), serial: undefined };
      const certificate = new X509Certificate(block);
      return { key: certificate.publicKey, serial: plain(certificate.serialNumber) };
    });
  } catch (error) {
    throw new HostError('io', `${file}: a damaged certificate or key (${(error as Error).message})`);
  }
}

function plain(serial: string): string {
  return serial.replaceAll(':', '').toUpperCase().replace(/^0+/, '');
}
