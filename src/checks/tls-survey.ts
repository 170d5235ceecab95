/** TLS handshakes with every address behind a name, as facts. */
import { HostError } from '../errors.ts';
import type { Protocols, TlsHandshake, TlsRequest } from '../ports.ts';
import { keepCertificate } from './certificate.ts';
import { isOtherFamily, resolveAddresses } from './connect.ts';
import { round } from './linux.ts';
import type { Endpoint } from './tls-endpoint.ts';

export interface Wanted {
  readonly address?: string | null | undefined;
  readonly peers?: readonly string[];
  readonly ca_file?: string | null | undefined;
  readonly timeout: number;
  readonly request: Omit<TlsRequest, 'host' | 'port' | 'caFile' | 'timeoutMs'>;
}

/** Every address behind the name, and every address of its peers under the same name. */
export async function shakeHands(
  target: { host: string; port: number },
  { address, peers = [], ca_file, timeout, request }: Wanted,
  net: Protocols,
): Promise<Endpoint[]> {
  const resolve = async (name: string): Promise<readonly string[]> => (await resolveAddresses(net, name, timeout)).addresses;
  const [own, ...others] = await Promise.all([address != null ? [address] : resolve(target.host), ...peers.map(resolve)]);
  const resolved = [...new Set([...(own ?? []), ...others.flat()])];
  if (resolved.length === 0) return [{ ...NOT_SEEN, address: target.host, outcome: 'name-not-resolved' }];
  const endpoints = await Promise.all(
    resolved.map(async (each) => {
      const handshake = await net.tls({
        ...request,
        ...target,
        address: each,
        timeoutMs: timeout,
        ...(ca_file != null && { caFile: ca_file }),
      });
      return describeHandshake(each, handshake);
    }),
  );
  return endpoints.filter(({ address: at, outcome }) => !isOtherFamily(at, outcome, resolved));
}

export async function readAnchors(caFile: string | null | undefined, net: Protocols): Promise<string[] | null> {
  if (caFile == null) return null;
  try {
    return (await net.certificatesInFile(caFile)).map(({ subject }) => subject).slice(0, 200);
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

const NOT_SEEN = {
  protocol: '',
  cipher: '',
  chain: [],
  nameMatches: null,
  trusted: null,
  stores: [],
  asksForCertificate: false,
  stapled: null,
  errorCode: '',
  error: '',
  durationMs: 0,
};

function describeHandshake(address: string, { outcome, chain, nameMatches, trusted, durationMs, ...rest }: TlsHandshake): Endpoint {
  const { protocol = '', cipher = '', errorCode = '', error = '', stores = [], asksForCertificate = false, stapled = null } = rest;
  return {
    address,
    outcome,
    protocol,
    cipher,
    chain: chain.map(keepCertificate),
    nameMatches,
    trusted,
    stores: stores.map((each) => ({ ...each })),
    asksForCertificate,
    stapled,
    errorCode,
    error,
    durationMs: round(durationMs),
  };
}
