/** Whom the services talk to: out of their settings, and out of the connections that they hold. */
import type { Host, Protocols } from '../ports.ts';
import type { Seen } from './init-look.ts';
import type { FoundService } from './init-services.ts';
import { findPaths, findPeers, isSecretName, type Peer } from './init-settings.ts';

export interface FoundPeer extends Peer {
  /** The service and the file that name it. */
  readonly service: string;
  readonly file: string;
  readonly caFile: string | undefined;
  /** Names of settings that look like its credentials. */
  readonly credentials: readonly string[];
}

export interface SwitchPeer {
  readonly service: string;
  readonly host: string;
  readonly port: number;
}

export async function collectPeers(host: Host, services: readonly FoundService[]): Promise<readonly FoundPeer[]> {
  const found = new Map<string, FoundPeer>();
  const own = new Set(services.flatMap(({ nginx }) => nginx?.servers.flatMap(({ names }) => names) ?? []));
  for (const { name: service, envFile } of services) {
    if (!envFile) continue;
    const { path: file, settings } = envFile;
    const authorities = findPaths(settings).filter(({ name }) => /(^|_)CA(_|$)|CACERT|CA_?(FILE|BUNDLE)/i.test(name));
    for (const peer of findPeers(settings)) {
      const key = `${peer.kind} ${peer.host} ${peer.port}`;
      if (found.has(key) || (peer.kind === 'http' && (own.has(peer.host) || isLoopback(peer.host)))) continue;
      const mine = (name: string): boolean => name.toLowerCase().startsWith(`${peer.stem}_`);
      const caFile = authorities.find(({ name }) => mine(name))?.path;
      const readable = caFile !== undefined && (await host.stat(caFile).catch(() => undefined))?.kind === 'file';
      const credentials = peer.kind === 'http' ? settings.map(({ name }) => name).filter((name) => mine(name) && isSecretName(name)) : [];
      found.set(key, { ...peer, service, file, caFile: readable ? caFile : undefined, credentials });
    }
  }
  return [...found.values()];
}

/** Connections that a switch holds to ports nobody else explains. */
export function collectSwitchPeers(seen: Seen, services: readonly FoundService[], peers: readonly FoundPeer[]): readonly SwitchPeer[] {
  const known = new Set(peers.map(({ port }) => port));
  const found = new Map<string, SwitchPeer>();
  for (const { name, kind, process, listen } of services) {
    if (kind !== 'switch') continue;
    for (const { listening, local, peer, pids } of seen.sockets) {
      const inbound = listen.includes(local.port);
      if (listening || inbound || !pids.includes(process.pid) || known.has(peer.port) || isLoopback(peer.host)) continue;
      found.set(`${peer.host}:${peer.port}`, { service: name, host: peer.host, port: peer.port });
    }
  }
  return [...found.values()];
}

export function isLoopback(host: string): boolean {
  return /^(127\.|::1$|localhost$)/.test(host);
}

export async function resolveNames(net: Protocols, names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = [...new Set(names)].filter((name) => /[a-z]/i.test(name) && !name.includes(':') && !isLoopback(name));
  const answers = await Promise.all(
    wanted.map(async (name) => {
      const answer = await net.dns({ name, type: 'A', timeoutMs: 4_000 }).catch(() => undefined);
      return [name, answer?.outcome === 'answered' ? [...answer.addresses].sort() : []] as const;
    }),
  );
  return new Map(answers.filter(([, addresses]) => addresses.length > 0));
}

/** Databases, caches and the like whose names lead to that machine. */
export function peersAt<P extends FoundPeer>(
  { addresses }: { readonly addresses: readonly string[] },
  peers: readonly P[],
  names: ReadonlyMap<string, readonly string[]>,
): readonly P[] {
  return peers.filter(({ kind, host }) => kind !== 'http' && (names.get(host) ?? [host]).some((address) => addresses.includes(address)));
}
