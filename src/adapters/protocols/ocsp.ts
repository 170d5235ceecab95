/** An OCSP answer as a server staples it to the handshake (RFC 6960), and whether the issuer of the certificate stands behind it. */
import { verify, X509Certificate } from 'node:crypto';
import type { StapledAnswer } from '../../ports.ts';
import { hashOfAlgorithm, isIssuedBy } from './certificates.ts';
import { childrenOf, type Node, readDer, timeOf } from './der.ts';

const UNREADABLE: StapledAnswer = { status: 'unreadable', thisUpdate: null, nextUpdate: null, proof: 'unknown' };
const STATUS: Readonly<Record<number, StapledAnswer['status']>> = { 128: 'good', 161: 'revoked', 130: 'unknown' };
/** Whom an issuer lets sign such answers for it (RFC 6960 section 4.2.2.2). */
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';

/** `chain`: as sent, the certificate that the answer is about first. */
export function readStapled(der: Buffer, chain: readonly X509Certificate[]): StapledAnswer {
  try {
    return parse(der, chain);
  } catch {
    return UNREADABLE;
  }
}

function parse(der: Buffer, chain: readonly X509Certificate[]): StapledAnswer {
  // OCSPResponse: status, [0] { type, OCTET STRING of BasicOCSPResponse }
  const [, wrapped] = childrenOf(readDer(der));
  const basic = wrapped && childrenOf(childrenOf(wrapped)[0] as Node)[1];
  if (!basic) return UNREADABLE;
  const parts = childrenOf(readDer(basic.body));
  // ResponseData: [0] version, responderID [1] or [2], producedAt, responses
  const responses = childrenOf(childrenOf(parts[0] as Node).find(({ tag }) => tag === 0x30) as Node);
  const own = chain[0] && responses.find((response) => serialOf(response) === trimSerial(chain[0]?.serialNumber ?? ''));
  const [, status, thisUpdate, next] = childrenOf(own ?? (responses[0] as Node));
  return {
    status: STATUS[status?.tag ?? 0] ?? 'unreadable',
    thisUpdate: timeOf(thisUpdate),
    nextUpdate: next?.tag === 0xa0 ? timeOf(childrenOf(next)[0]) : null,
    proof: chain[0] && !own ? 'other-certificate' : prove(parts, chain),
  };
}

/** CertID: algorithm, hash of the issuer's name, hash of its key, serial number. */
function serialOf(response: Node): string {
  const [identifier] = childrenOf(response);
  return trimSerial((identifier && childrenOf(identifier)[3]?.body.toString('hex')) ?? '');
}

function trimSerial(hex: string): string {
  return hex.toLowerCase().replace(/^0+/, '');
}

/** BasicOCSPResponse: what is signed, algorithm, BIT STRING of the signature, [0] certificates of whom the issuer lets sign. */
function prove(
  [signed, algorithm, signature, attached]: readonly Node[],
  [leaf, ...others]: readonly X509Certificate[],
): StapledAnswer['proof'] {
  const issuer = leaf && others.find((other) => isIssuedBy(leaf, other));
  const hash = algorithm && hashOfAlgorithm(algorithm);
  if (!issuer || !hash || !signed || !signature) return 'unknown';
  const delegates = attached ? childrenOf(childrenOf(attached)[0] as Node).map(({ whole }) => new X509Certificate(whole)) : [];
  const signers = [issuer, ...delegates.filter((each) => each.keyUsage?.includes(OCSP_SIGNING) && isIssuedBy(each, issuer))];
  // The first byte counts the bits that are not used.
  const bytes = signature.body.subarray(1);
  return signers.some(({ publicKey }) => verify(hash, signed.whole, publicKey, bytes)) ? 'verified' : 'wrong';
}
