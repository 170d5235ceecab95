/** Default routes and neighbours, from `ip -j`, or from /proc/net where there is no such ip. IPv4 first; IPv6 where IPv4 has no way out. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { tryRead } from './linux.ts';

export interface DefaultRoute {
  /** null: the link itself is the way (point to point). */
  readonly gateway: string | null;
  readonly device: string;
  readonly metric: number;
}

/** In the kernel's order of preference. */
export async function readDefaultRoutes(host: Host): Promise<readonly DefaultRoute[]> {
  const v4 =
    (await askIp(host, ['route', 'show', 'default']))?.flatMap(describeRoute) ??
    parseProcRoute((await host.readFile('/proc/net/route')).text);
  const routes = v4.length > 0 ? v4 : ((await askIp(host, ['-6', 'route', 'show', 'default']))?.flatMap(describeRoute) ?? []);
  return [...routes].sort((a, b) => a.metric - b.metric);
}

/** A state such as REACHABLE, STALE, FAILED or INCOMPLETE; '' when the kernel has not talked to it. */
export async function readNeighbour(host: Host, address: string): Promise<string> {
  const rows = await askIp(host, ['neigh', 'show', address]);
  if (rows) return rows.map((row) => listOf(row['state']).join(' ')).find((state) => state !== '') ?? '';
  const line = ((await tryRead(host, '/proc/net/arp')) ?? '').split('\n').find((text) => text.startsWith(`${address} `));
  const flags = line?.trim().split(/\s+/)[2];
  if (flags === undefined) return '';
  // include/uapi/linux/if_arp.h: ATF_COM is 2.
  return (Number(flags) & 2) !== 0 ? 'REACHABLE' : 'INCOMPLETE';
}

/** null: no ip here, or one that cannot speak JSON. */
async function askIp(host: Host, args: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[] | null> {
  try {
    const { exitCode, stdout } = await host.run(['ip', '-j', ...args], { timeoutMs: 3_000 });
    if (exitCode !== 0) return null;
    const rows: unknown = JSON.parse(stdout.trim() === '' ? '[]' : stdout);
    return Array.isArray(rows)
      ? rows.filter((row): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null)
      : null;
  } catch (error) {
    if (error instanceof HostError || error instanceof SyntaxError) return null;
    throw error;
  }
}

function describeRoute(row: Readonly<Record<string, unknown>>): DefaultRoute[] {
  const metric = Number(row['metric'] ?? 0);
  const hops = listOf(row['nexthops']).filter((hop): hop is Readonly<Record<string, unknown>> => typeof hop === 'object' && hop !== null);
  const ways = typeof row['dev'] === 'string' ? [row] : hops;
  return ways.map((way) => ({
    gateway: typeof way['gateway'] === 'string' ? way['gateway'] : null,
    device: String(way['dev'] ?? ''),
    metric,
  }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Addresses stand there as hexadecimal words in host byte order; flag 1 is "up", flag 2 "through a gateway". */
function parseProcRoute(text: string): readonly DefaultRoute[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): DefaultRoute[] => {
      const [device, destination, gateway = '', flags = '0', , , metric, mask] = line.trim().split(/\s+/);
      if (!device || destination !== '00000000' || mask !== '00000000' || (Number.parseInt(flags, 16) & 1) === 0) return [];
      const bytes = (gateway.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16));
      return [{ gateway: (Number.parseInt(flags, 16) & 2) !== 0 ? bytes.join('.') : null, device, metric: Number(metric) }];
    });
}
