/**
 * What each store of trust anchors on a machine says by itself. Programs of one host use different ones: OpenSSL's, the one that
 * came with their language, their own file. Hundreds of anchors stay bytes; those with the right name are parsed.
 */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { Host, StoreVerdict } from '../../ports.ts';
import { childrenOf, readDer } from './der.ts';
import { decodePem, readStore } from './key-stores.ts';
import { type Anchors, findFault, findFile, SYSTEM_FILES } from './trust.ts';

/** Where Debian, Red Hat and SUSE keep the anchors of their Java. */
const JAVA_FILES = ['/etc/ssl/certs/java/cacerts', '/etc/pki/java/cacerts', '/var/lib/ca-certificates/java-cacerts'];

/** The system's, Mozilla's as shipped with Node, Java's where it is, and the files that are asked for. */
export type AskStores = (chain: readonly X509Certificate[], files: readonly string[]) => Promise<readonly StoreVerdict[]>;

export function createStoreQuestions(host: Pick<Host, 'stat' | 'readFile' | 'run'>): AskStores {
  const read = new Map<string, { readonly state: string; readonly anchors: Promise<Anchors> }>();
  /** Each is read once and again when it changed. */
  const anchorsOf = async (file: string): Promise<Anchors> => {
    const { size, modifiedAt } = await host.stat(file);
    const state = `${size} ${modifiedAt}`;
    const known = read.get(file);
    if (known?.state === state) return known.anchors;
    const anchors = readStore(host, file).then(searchByName);
    read.set(file, { state, anchors });
    anchors.catch(() => read.delete(file));
    return anchors;
  };
  let mozilla: Anchors | undefined;
  return async (chain, files) => {
    if (chain.length === 0) return [];
    mozilla ??= searchByName(rootCertificates.flatMap(decodePem));
    const [system, java] = await Promise.all([findFile(host, SYSTEM_FILES), findFile(host, JAVA_FILES)]);
    const named = [
      ...(system === undefined ? [] : [{ store: 'system', file: system }]),
      ...(java === undefined ? [] : [{ store: 'java', file: java }]),
      ...files.map((file) => ({ store: file, file })),
    ];
    const asked = named.map(async ({ store, file }): Promise<StoreVerdict> => {
      try {
        return judge(store, chain, await anchorsOf(file));
      } catch (error) {
        if (error instanceof HostError) return { store, trusted: null, reason: error.message };
        throw error;
      }
    });
    return [judge('mozilla', chain, mozilla), ...(await Promise.all(asked))];
  };
}

function judge(store: string, chain: readonly X509Certificate[], anchors: Anchors): StoreVerdict {
  const fault = findFault(chain, anchors);
  return { store, trusted: fault === undefined, reason: fault ?? '' };
}

/** A certificate that has the name anywhere in its bytes is parsed and looked at. */
function searchByName(store: readonly Buffer[]): Anchors {
  return (certificate, which) => {
    const words = wordsOf(certificate, which);
    return store.flatMap((der) => {
      if (!der.includes(words)) return [];
      try {
        const found = new X509Certificate(der);
        return found.subject === certificate[which] ? [found] : [];
      } catch {
        return [];
      }
    });
  };
}

/**
 * The longest value of the name: text that stands in the other certificate too, whatever type of string it is written as.
 * `tbsCertificate`: [0] version, serial, algorithm, issuer, validity, subject (RFC 5280 section 4.1).
 */
function wordsOf({ raw }: X509Certificate, which: 'issuer' | 'subject'): Buffer {
  const fields = childrenOf(childrenOf(readDer(raw))[0] ?? readDer(raw));
  const start = fields[0]?.tag === 0xa0 ? 3 : 2;
  const name = fields[which === 'issuer' ? start : start + 2];
  const values = name
    ? childrenOf(name).flatMap((part) => childrenOf(part).map((pair) => childrenOf(pair)[1]?.body ?? Buffer.alloc(0)))
    : [];
  return values.reduce((longest, value) => (value.length > longest.length ? value : longest), Buffer.alloc(0));
}
