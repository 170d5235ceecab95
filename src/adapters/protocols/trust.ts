import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { Host } from '../../ports.ts';
import { isIssuedBy, isSelfSigned, readCertificates, readCertificatesLater } from './certificates.ts';

/** Where Debian, Red Hat, SUSE, Alpine and macOS keep the system's trust anchors. */
export const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Certificates taken as known: those shipped with Node, those of the host's system, those of a file of the profile. */
export interface TrustStore {
  /** Why the certificates as sent lead to no anchor, in OpenSSL's words; undefined when they do. Dates are left aside. */
  findFault(chain: readonly X509Certificate[]): string | undefined;
  readonly context: SecureContext;
}

export type TrustStores = (caFile: string | undefined) => Promise<TrustStore>;

/** Stores are built once and again when a file changed: parsing some hundred certificates costs tens of milliseconds. */
export function createTrustStores(host: Host): TrustStores {
  const built = new Map<string, { readonly state: string; readonly store: Promise<TrustStore> }>();
  return async (caFile) => {
    const system = await findFile(host, SYSTEM_FILES);
    const files = [system, caFile].filter((file) => file !== undefined);
    const states = await Promise.all(files.map(async (file) => ({ file, ...(await host.stat(file)) })));
    const state = states.map(({ file, size, modifiedAt }) => `${file} ${size} ${modifiedAt}`).join('\n');
    const known = built.get(caFile ?? '');
    if (known?.state === state) return known.store;
    const store = build(host, system, caFile);
    built.set(caFile ?? '', { state, store });
    store.catch(() => built.delete(caFile ?? ''));
    return store;
  };
}

export async function findFile(host: Pick<Host, 'stat'>, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    try {
      if ((await host.stat(file)).kind === 'file') return file;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }
  return undefined;
}

/** The anchors of the profile's own file are few and usually settle it: the hundreds of others are parsed when they do not. */
async function build(host: Host, system: string | undefined, caFile: string | undefined): Promise<TrustStore> {
  const [fromSystem, own] = await Promise.all([
    system && readCertificatesLater(host, system),
    caFile ? readCertificates(host, caFile) : [],
  ]);
  let everything: readonly X509Certificate[] | undefined;
  const all = (): readonly X509Certificate[] => {
    everything ??= distinct([...rootCertificates.map((pem) => new X509Certificate(pem)), ...(fromSystem ? fromSystem() : []), ...own]);
    return everything;
  };
  let ownBySubject: Anchors | undefined;
  let allBySubject: Anchors | undefined;
  let context: SecureContext | undefined;
  return {
    findFault: (chain) => {
      ownBySubject ??= groupBySubject(own);
      if (own.length > 0 && findFault(chain, ownBySubject) === undefined) return undefined;
      allBySubject ??= groupBySubject(all());
      return findFault(chain, allBySubject);
    },
    get context() {
      context ??= createSecureContext({ ca: all().map(String) });
      return context;
    },
  };
}

function distinct(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

/** Anchors by name: those called as the issuer of a certificate, or as the certificate itself. */
export type Anchors = (certificate: X509Certificate, name: 'issuer' | 'subject') => readonly X509Certificate[];

function groupBySubject(certificates: readonly X509Certificate[]): Anchors {
  const groups = new Map<string, X509Certificate[]>();
  for (const certificate of certificates) {
    const group = groups.get(certificate.subject);
    if (group) group.push(certificate);
    else groups.set(certificate.subject, [certificate]);
  }
  return (certificate, name) => groups.get(certificate[name]) ?? [];
}

export function findFault(chain: readonly X509Certificate[], known: Anchors): string | undefined {
  const [leaf, ...others] = chain;
  if (!leaf) return undefined;
  const seen = new Set<string>();
  let endsSelfSigned = false;

  if (leadsToAnchor(leaf)) return undefined;
  if (!endsSelfSigned) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  return isSelfSigned(leaf) ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN';

  function leadsToAnchor(certificate: X509Certificate): boolean {
    if (seen.has(certificate.fingerprint256)) return false;
    seen.add(certificate.fingerprint256);
    if (isSelfSigned(certificate)) {
      if (known(certificate, 'subject').some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) return true;
      endsSelfSigned = true;
      return false;
    }
    const sent = others.filter((issuer) => issuer.ca && isIssuedBy(certificate, issuer));
    const kept = known(certificate, 'issuer').filter((issuer) => isIssuedBy(certificate, issuer));
    return [...kept, ...sent].some(leadsToAnchor);
  }
}
