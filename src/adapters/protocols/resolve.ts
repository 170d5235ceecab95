import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { HostError } from '../../errors.ts';
import type { DnsAnswer, Host } from '../../ports.ts';
import { startDeadline, withDeadline } from '../deadline.ts';

/** Where the network is seen from. */
export interface Vantage {
  readonly host: Pick<Host, 'run' | 'dial'>;
  /** True: this process runs there, so that it may ask for itself. */
  readonly isLocal: boolean;
}

/** All addresses behind a name, in the order in which the system would try them. */
export interface Resolution {
  readonly outcome: Exclude<DnsAnswer['outcome'], 'refused' | 'no-data'>;
  readonly addresses: readonly string[];
}

/** `[::1]` as a URL writes it -> `::1`. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

const HOSTNAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253})$/;

/**
 * The system's own resolver (nsswitch, /etc/hosts, resolv.conf), asked by a child: getaddrinfo in this process would hold one of
 * libuv's four threads, and the end of the process, for as long as a dead name server lets it wait.
 */
export async function resolveName({ host, isLocal }: Vantage, name: string, timeoutMs: number, signal?: AbortSignal): Promise<Resolution> {
  if (isIP(name)) return { outcome: 'answered', addresses: [name] };
  if (!HOSTNAME.test(name)) return { outcome: 'no-such-name', addresses: [] };
  const deadline = startDeadline(timeoutMs);
  try {
    const { exitCode, stdout } = await host.run(['getent', '-A', 'ahosts', name], { timeoutMs, ...(signal ? { signal } : {}) });
    if (exitCode === 0) return { outcome: 'answered', addresses: parseAddresses(stdout) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.reason === 'timed-out') return { outcome: 'timed-out', addresses: [] };
    if (error.reason !== 'missing-tool' || !isLocal) throw error;
  }
  if (!isLocal) return { outcome: 'no-such-name', addresses: [] };
  return lookUpInProcess(name, deadline.remainingMs());
}

/** `192.0.2.1  STREAM name`, once per socket type. */
function parseAddresses(output: string): string[] {
  const addresses = output.split('\n').map((line) => line.split(/\s/)[0] ?? '');
  return [...new Set(addresses)].filter((address) => isIP(address) && !(isIPv6(address) && address.startsWith('::ffff:')));
}

// getent has one exit code for "no such name" and "no server answered"; having failed fast once, the same question asked here
// fails fast too and says which.
async function lookUpInProcess(name: string, timeoutMs: number): Promise<Resolution> {
  try {
    const found = await withDeadline(lookup(name, { all: true, verbatim: true }), timeoutMs, name);
    return { outcome: 'answered', addresses: found.map(({ address }) => address) };
  } catch (error) {
    if (error instanceof HostError) return { outcome: 'timed-out', addresses: [] };
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND') return { outcome: 'no-such-name', addresses: [] };
    return { outcome: code === 'EAI_AGAIN' ? 'server-failure' : 'unreachable', addresses: [] };
  }
}
