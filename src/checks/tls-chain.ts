/** What is wrong with a chain beyond dates, name and trust: weak keys and signatures, its order, stores that disagree. Pure. */
import type { Certificate } from './certificate.ts';
import type { Endpoint } from './tls-endpoint.ts';

/** By what the programs of this machine use; '' when nothing is weak. Roots are not sent, and a root's own signature means nothing. */
export function describeWeakness({ chain }: Pick<Endpoint, 'chain'>): string {
  const found = chain.flatMap(({ subject, selfSigned, keyType, keyBits = 0, signatureHash }) => {
    const short =
      (keyType === 'rsa' && keyBits > 0 && keyBits < 2_048) || (keyType === 'ec' && keyBits > 0 && keyBits < 224) || keyType === 'dsa';
    const old = !selfSigned && (signatureHash === 'sha1' || signatureHash === 'md5' || signatureHash === 'md2');
    return [...(short ? [`${keyType} ${keyBits} bit: ${subject}`] : []), ...(old ? [`${signatureHash}: ${subject}`] : [])];
  });
  return found.join('; ');
}

/** The stores of this machine that say so. */
export function listStores({ stores }: Pick<Endpoint, 'stores'>, trusted: boolean): readonly string[] {
  return stores.filter((each) => each.trusted === trusted && (trusted || isConcerned(each.store, stores))).map(({ store }) => store);
}

/** A store that was asked for by its file, as the one that an application uses. */
export function isNamed(store: string): boolean {
  return store.includes('/');
}

/** Mozilla's store knows no private authority, and nobody expects it to: it only matters where the others are behind it. */
function isConcerned(store: string, stores: Endpoint['stores']): boolean {
  return isNamed(store) || (store !== 'mozilla' && stores.some((other) => other.trusted === true));
}

/** RFC 5246 section 7.4.2: each certificate certifies the one before it. One that is missing is another problem. */
export function isOutOfOrder(chain: readonly Certificate[]): boolean {
  return chain.some(({ issuer, selfSigned }, index) => {
    if (selfSigned || index === chain.length - 1 || chain[index + 1]?.subject === issuer) return false;
    return chain.some(({ subject }, other) => other !== index && other !== 0 && subject === issuer);
  });
}
