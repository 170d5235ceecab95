/** Who issues which certificate at this site: our own authority for the entry, the banks' authority for the providers. */
import { type CertificateRequest, type IssuedCertificate, issueCertificate } from './certificate.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A certificate as a server presents it. */
export interface KeyPair {
  /** Leaf first, then what is sent with it. */
  readonly chainPem: string;
  readonly keyPem: string;
}

export interface Authorities {
  readonly entryCaPem: string;
  readonly providerCaPem: string;
  /** Good in every respect. */
  entry(): KeyPair;
  expiredEntry(): KeyPair;
  entryForAnotherHost(): KeyPair;
  entryOfUnknownAuthority(): KeyPair;
  entryWithoutIntermediate(): KeyPair;
  provider(hosts: readonly string[]): KeyPair;
  expiredProvider(hosts: readonly string[]): KeyPair;
}

export function createAuthorities(entryHosts: readonly string[], now: number): Authorities {
  const longLived = { authority: true, notBefore: now - 400 * DAY, notAfter: now + 3650 * DAY };
  const root = issueCertificate({ name: 'Merchant Services Root CA', ...longLived });
  const intermediate = issueCertificate({ name: 'Merchant Services Issuing CA 2', issuer: root, ...longLived });
  const providerRoot = issueCertificate({ name: 'Interbank API Root CA', ...longLived });

  const issueEntry = (change: Partial<CertificateRequest> = {}) =>
    issueCertificate({
      name: entryHosts[0] as string,
      hosts: entryHosts,
      issuer: intermediate,
      notBefore: now - 30 * DAY,
      notAfter: now + 60 * DAY,
      ...change,
    });
  const issueProvider = (hosts: readonly string[], notAfter: number) =>
    issueCertificate({ name: hosts[0] as string, hosts, issuer: providerRoot, notBefore: now - 90 * DAY, notAfter });

  return {
    entryCaPem: root.certificatePem,
    providerCaPem: providerRoot.certificatePem,
    entry: () => present(issueEntry(), intermediate),
    expiredEntry: () => present(issueEntry({ notBefore: now - 90 * DAY, notAfter: now - HOUR }), intermediate),
    entryForAnotherHost: () => present(issueEntry({ name: 'shop.merchant.test', hosts: ['shop.merchant.test'] }), intermediate),
    entryOfUnknownAuthority() {
      const stranger = issueCertificate({ name: 'Default Company Ltd CA', ...longLived });
      return present(issueEntry({ issuer: stranger }), stranger);
    },
    entryWithoutIntermediate: () => present(issueEntry()),
    provider: (hosts) => present(issueProvider(hosts, now + 200 * DAY)),
    expiredProvider: (hosts) => present(issueProvider(hosts, now - 2 * HOUR)),
  };
}

function present(leaf: IssuedCertificate, issuer?: IssuedCertificate): KeyPair {
  return { chainPem: leaf.certificatePem + (issuer?.certificatePem ?? ''), keyPem: leaf.keyPem };
}
