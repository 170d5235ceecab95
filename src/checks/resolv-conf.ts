/** Addresses of the resolvers that a resolv.conf names, each once. */
export function nameserversIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address = '']) => address))];
}
