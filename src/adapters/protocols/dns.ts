import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { HostError } from '../../errors.ts';
import type { DnsAnswer, DnsQuery } from '../../ports.ts';
import { startDeadline, withDeadline } from '../deadline.ts';
import { resolveName, type Vantage } from './resolve.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

type Answer = Omit<DnsAnswer, 'durationMs'>;

export async function queryDns(vantage: Vantage, query: DnsQuery): Promise<DnsAnswer> {
  const deadline = startDeadline(query.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const answer = await (query.resolver === undefined
    ? askSystem(vantage, query, deadline.totalMs)
    : askServer(vantage, query, query.resolver, deadline.totalMs));
  return { ...answer, durationMs: deadline.elapsedMs() };
}

async function askSystem(vantage: Vantage, { name, type }: DnsQuery, timeoutMs: number): Promise<Answer> {
  const { outcome, addresses } = await resolveName(vantage, name, timeoutMs);
  if (outcome !== 'answered') return { outcome, addresses: [] };
  const wanted = addresses.filter((address) => isIPv6(address) === (type === 'AAAA'));
  return { outcome: wanted.length > 0 ? 'answered' : 'no-data', addresses: wanted };
}

// One try: a lost packet shall be seen, not smoothed over.
async function askServer({ isLocal }: Vantage, { name, type }: DnsQuery, server: string, timeoutMs: number): Promise<Answer> {
  if (!isLocal) throw new HostError('unsupported', `${server}: one resolver can be asked from this machine only`, 'run oor on that host');
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  setServer(resolver, server);
  try {
    const asked = type === 'A' ? resolver.resolve4(name) : resolver.resolve6(name);
    return { outcome: 'answered', addresses: await withDeadline(asked, timeoutMs, server) };
  } catch (error) {
    const code = error instanceof HostError ? 'ETIMEOUT' : ((error as NodeJS.ErrnoException).code ?? '');
    const outcome = OUTCOMES[code];
    if (outcome === undefined) throw new HostError('io', `${server}: ${(error as Error).message}`);
    return { outcome, addresses: [] };
  } finally {
    resolver.cancel();
  }
}

function setServer(resolver: Resolver, server: string): void {
  try {
    resolver.setServers([isIPv6(server) ? `[${server}]` : server]);
  } catch {
    throw new HostError('unsupported', `resolver ${server}: not an address or address:port`, 'the address of the resolver in the profile');
  }
}

/** c-ares codes; those of a broken answer count as the server's failure. */
const OUTCOMES: Readonly<Record<string, DnsAnswer['outcome']>> = {
  ENOTFOUND: 'no-such-name',
  EBADNAME: 'no-such-name',
  ENODATA: 'no-data',
  EREFUSED: 'refused',
  ESERVFAIL: 'server-failure',
  EFORMERR: 'server-failure',
  ENOTIMP: 'server-failure',
  EBADRESP: 'server-failure',
  ETIMEOUT: 'timed-out',
  ECANCELLED: 'timed-out',
  ECONNREFUSED: 'unreachable',
};
