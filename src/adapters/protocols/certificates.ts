import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { HostError } from '../../errors.ts';
import type { CertificateFacts, Host, SecretRef } from '../../ports.ts';
import { childrenOf, type Node, readDer } from './der.ts';

/** A bundle of all public roots is about 250 KiB. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const PEM_BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

export async function readCertificates(host: Host, path: string, passphrase?: SecretRef): Promise<X509Certificate[]> {
  if (passphrase) {
    const { readPkcs12Certificates } = await import('./key-stores.ts');
    return (await readPkcs12Certificates(host, path, passphrase)).map((der) => parse(der, path));
  }
  return (await readCertificatesLater(host, path))();
}

/** Reads now and parses when asked. */
export async function readCertificatesLater(host: Host, path: string): Promise<() => X509Certificate[]> {
  const { text, size } = await host.readFile(path, { maxBytes: MAX_FILE_BYTES });
  if (size > MAX_FILE_BYTES) throw new HostError('unsupported', `${path}: ${size} bytes are too many for certificates`);
  const blocks = text.match(PEM_BLOCK);
  if (blocks) return () => blocks.map((block) => parse(block, path));
  // DER begins with a SEQUENCE; its bytes do not survive as text.
  if (!text.startsWith('0')) throw new HostError('unsupported', `${path}: holds no certificate`, 'a file with -----BEGIN CERTIFICATE-----');
  const { text: bytes } = await host.readFile(path, { maxBytes: MAX_FILE_BYTES, encoding: 'latin1' });
  return () => [parse(Buffer.from(bytes, 'latin1'), path)];
}

function parse(source: string | Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(source);
  } catch (error) {
    throw new HostError('unsupported', `${path}: holds a damaged certificate (${(error as Error).message})`);
  }
}

export function describeCertificate(certificate: X509Certificate): CertificateFacts {
  return {
    subject: toOneLine(certificate.subject),
    issuer: toOneLine(certificate.issuer),
    serial: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    names: listNames(certificate),
    selfSigned: isSelfSigned(certificate),
    ...findIssuerUrl(certificate),
    ...describeStrength(certificate),
  };
}

/** NIST names of the curves that certificates use. */
const CURVE_BITS: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521, secp224r1: 224, prime192v1: 192 };

function describeStrength(certificate: X509Certificate): Pick<CertificateFacts, 'keyType' | 'keyBits' | 'signatureHash'> {
  try {
    const { asymmetricKeyType = '', asymmetricKeyDetails: details } = certificate.publicKey;
    const keyBits = details?.modulusLength ?? CURVE_BITS[details?.namedCurve ?? ''] ?? 0;
    return { keyType: asymmetricKeyType, keyBits, signatureHash: hashOf(certificate.raw) };
  } catch {
    // A key of a kind that OpenSSL does not know.
    return {};
  }
}

/** The last bytes of the object identifiers of PKCS#1 (1.2.840.113549.1.1.n) and ANSI X9.62 (1.2.840.10045.4.n). */
const HASHES: Readonly<Record<string, string>> = {
  '2a864886f70d010102': 'md2',
  '2a864886f70d010104': 'md5',
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d0401': 'sha1',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};

function hashOf(der: Buffer): string {
  const [, algorithm] = childrenOf(readDer(der));
  return algorithm ? hashOfAlgorithm(algorithm) : '';
}

/** Of an AlgorithmIdentifier; '' for one that is not known here. */
export function hashOfAlgorithm(algorithm: Node): string {
  return HASHES[childrenOf(algorithm)[0]?.body.toString('hex') ?? ''] ?? '';
}

/** Names, key identifiers, the right to sign, and the signature itself. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

/** Also without the right to sign certificates, which a server's self-made certificate often lacks. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key or signature of a kind that OpenSSL does not know.
    return false;
  }
}

export function namesServer(certificate: X509Certificate, serverName: string): boolean {
  return (isIP(serverName) ? certificate.checkIP(serverName) : certificate.checkHost(serverName)) !== undefined;
}

/** Node gives one attribute a line; undefined for an empty name. */
function toOneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function findIssuerUrl({ infoAccess }: X509Certificate): { issuerUrl?: string } {
  const issuerUrl = /^CA Issuers - URI:(\S+)$/m.exec(infoAccess ?? '')?.[1];
  return issuerUrl === undefined ? {} : { issuerUrl };
}

/** Alternative names; the common name only where there are none, as verifiers do. */
function listNames({ subject, subjectAltName }: X509Certificate): string[] {
  if (subjectAltName === undefined) return (subject ?? '').split('\n').flatMap((line) => (line.startsWith('CN=') ? [line.slice(3)] : []));
  // Names with a comma or quote inside come as JSON strings, so that they cannot pose as two.
  const entries = subjectAltName.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return entries.flatMap((entry) => /^\s*(?:DNS|IP Address):(.*)$/.exec(entry)?.[1] ?? []);
}
