/** Other machines: which of them ssh lets us into, and what keeps our databases and caches running there. */
import type { HostAccess } from '../engine/probe.ts';
import type { Host, JsonObject } from '../ports.ts';
import type { Asker } from './init-ask.ts';
import { controlOf, type Found } from './init-draft.ts';
import { lookAround, type Seen } from './init-look.ts';
import { type FoundPeer, isLoopback, peersAt } from './init-peers.ts';
import { askItsName, knownToSsh } from './init-reach.ts';

export async function findHosts(
  { host, asker, home }: { readonly host: Host; readonly asker: Asker; readonly home: string },
  seen: Seen,
  peers: readonly FoundPeer[],
  names: ReadonlyMap<string, readonly string[]>,
): Promise<Found['hosts']> {
  const partners = peers.filter(({ kind }) => kind !== 'http').map((peer) => peer.host);
  const candidates = [...new Set([...partners, ...seen.timeServers, ...seen.resolvers])].filter((name) => !isLoopback(name));
  const known = await knownToSsh(host, home, candidates);
  if (known.length === 0) return [];
  const question = {
    en: `May oor try ssh to ${known.join(', ')}? Your ssh knows them`,
    'zh-CN': `是否可尝试 ssh 到 ${known.join(', ')}？本机 ssh 已登记`,
  };
  if (!(await asker.confirm('ssh', question, true))) return [];
  const answers = await Promise.all(
    known.map(async (ssh) => ({ ssh, name: await askItsName(host, ssh), addresses: names.get(ssh) ?? [ssh] })),
  );
  const hosts = new Map<string, { name: string; ssh: string; addresses: readonly string[] }>();
  for (const { ssh, name, addresses } of answers) {
    if (name === undefined || name === host.name) continue;
    const same = hosts.get(name);
    hosts.set(name, same ? { ...same, addresses: [...same.addresses, ...addresses] } : { name, ssh, addresses });
  }
  return [...hosts.values()];
}

/** Who listens there for our databases and caches, and what keeps that process running. */
export async function findControls(
  remote: (hosts: readonly JsonObject[]) => Promise<(name: string) => HostAccess | undefined>,
  hosts: Found['hosts'],
  peers: readonly FoundPeer[],
  names: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, JsonObject>> {
  const controls = new Map<string, JsonObject>();
  const access = await remote(hosts.map(({ name, ssh }) => ({ name, ssh })));
  for (const found of hosts) {
    const here = peersAt(found, peers, names);
    const host = here.length > 0 ? access(found.name)?.host : undefined;
    const seen = host && (await lookAround(host).catch(() => undefined));
    for (const peer of here) {
      const socket = seen?.sockets.find(({ listening, local }) => listening && local.port === peer.port);
      const process = seen?.processes.find(({ pid }) => socket?.pids.includes(pid));
      const control = process && controlOf({ process, name: process.names[0] ?? '' });
      if (control) controls.set(`${peer.host}:${peer.port}`, control);
    }
  }
  return controls;
}
