/** Trust anchors in the files that programs really read: PEM, Java's JKS, PKCS#12. */
import { HostError } from '../../errors.ts';
import type { Host, SecretRef } from '../../ports.ts';

const JKS = 0xfeedfeed;
const TRUSTED_CERTIFICATE = 2;
const MAX_BYTES = 4 * 1024 * 1024;
const PEM_BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([^-]+)-----END/g;
/** What every Java ships with; a store of anchors holds no secret. */
const JAVA_PASSWORD = 'changeit';

/** DER of every certificate in it. */
export async function readStore(host: Pick<Host, 'readFile' | 'run'>, path: string): Promise<readonly Buffer[]> {
  // The magic of JKS does not survive as UTF-8.
  const { text, size } = await host.readFile(path, { maxBytes: MAX_BYTES, encoding: 'latin1' });
  if (size > MAX_BYTES) throw new HostError('unsupported', `${path}: ${size} bytes are too many for certificates`);
  const found = decodePem(text);
  if (found.length > 0) return found;
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > 12 && bytes.readUInt32BE(0) === JKS) return readJks(bytes, path);
  return readPkcs12(host, path);
}

export function decodePem(text: string): readonly Buffer[] {
  return [...text.matchAll(PEM_BLOCK)].map((match) => Buffer.from(match[1] as string, 'base64'));
}

/** Layout of the Java KeyStore, versions 1 and 2: trusted certificates are in the clear. */
function readJks(bytes: Buffer, path: string): readonly Buffer[] {
  const found: Buffer[] = [];
  const version = bytes.readUInt32BE(4);
  let at = 12;
  const skipText = (): void => {
    at += 2 + bytes.readUInt16BE(at);
  };
  try {
    for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
      const tag = bytes.readUInt32BE(at);
      at += 4;
      skipText();
      at += 8;
      if (tag !== TRUSTED_CERTIFICATE) throw new RangeError('a private key among them');
      if (version === 2) skipText();
      const length = bytes.readUInt32BE(at);
      at += 4;
      found.push(bytes.subarray(at, at + length));
      at += length;
    }
  } catch (error) {
    throw new HostError('unsupported', `${path}: no store of trust anchors (${(error as Error).message})`);
  }
  return found;
}

async function readPkcs12(host: Pick<Host, 'run'>, path: string): Promise<readonly Buffer[]> {
  const argv = ['openssl', 'pkcs12', '-in', path, '-nokeys', '-passin', `pass:${JAVA_PASSWORD}`];
  const { exitCode, stdout } = await host.run(argv, { timeoutMs: 5_000, maxOutputBytes: 2 * MAX_BYTES });
  const found = decodePem(stdout);
  if (exitCode === 0 && found.length > 0) return found;
  throw new HostError(
    'unsupported',
    `${path}: holds no certificate that can be read`,
    'a PEM, JKS or PKCS#12 file with the usual password of Java',
  );
}

/** openssl takes the passphrase from where it is: it stands in no command line and never comes here. Only certificates come out. */
export async function readPkcs12Certificates(host: Pick<Host, 'run'>, path: string, passphrase: SecretRef): Promise<readonly Buffer[]> {
  if ('file' in passphrase && passphrase.key !== undefined)
    throw new HostError('io', `${path}: its passphrase is one of several in a file`, 'a file with the passphrase alone');
  const from = 'env' in passphrase ? `env:${passphrase.env}` : `file:${passphrase.file}`;
  let said = '';
  // Files of before OpenSSL 3 use ciphers that it calls legacy.
  for (const more of [[], ['-legacy']]) {
    const argv = ['openssl', 'pkcs12', '-in', path, '-nokeys', '-passin', from, ...more];
    const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 5_000, maxOutputBytes: 2 * MAX_BYTES });
    const found = decodePem(stdout);
    if (exitCode === 0 && found.length > 0) return found;
    said ||= stderr.trim().split('\n')[0] ?? '';
  }
  if (/No such file/i.test(said) && !said.includes('pass')) throw new HostError('not-found', `${path} does not exist`);
  throw new HostError('io', `${path}: no certificate comes out (${said})`, 'the right passphrase, and a PKCS#12 file');
}
