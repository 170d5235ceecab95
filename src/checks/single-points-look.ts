/** What the scan for single points of failure looks at; each look by itself, so that one that is closed hides no other. */
import { HostError } from '../errors.ts';
import type { CertificateFacts, Host, JsonObject, Protocols } from '../ports.ts';
import { type Check, type ProbeContext, parseParams } from './check.ts';
import { resolveAddresses } from './connect.ts';
import { dbReplication } from './db-replication.ts';
import { listIfThere, tryRead } from './linux.ts';
import { powerPsu } from './power-psu.ts';
import { nameserversIn } from './resolv-conf.ts';
import { readDefaultRoutes } from './routes.ts';
import type { Looked } from './single-point.ts';
import { entriesOf, hostOfEntry, hostsOfTarget, localServices, mapOf, nameOf, texts } from './site-entries.ts';
import { webUpstreams } from './web-upstreams.ts';

export interface Unseen {
  readonly what: string;
  readonly why: string;
  readonly unlock: string;
}

/** undefined: it could not be seen, which is kept. */
type Look = <T>(what: string, ask: () => Promise<T>) => Promise<T | undefined>;

export async function lookForSinglePoints(
  context: ProbeContext,
  profile: JsonObject,
): Promise<{ readonly looked: Looked; readonly unseen: readonly Unseen[] }> {
  const unseen: Unseen[] = [];
  const look: Look = async (what, ask) => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      unseen.push({ what, why: error.message, unlock: error.unlock ?? 'run as root' });
      return undefined;
    }
  };
  const { host } = context;
  const [addresses, upstreams, followers, resolvers, timeSources, routes, supplies, certificates] = await Promise.all([
    resolveNames(context, profile, look),
    look('nginx', () => readUpstreams(context, profile)),
    countFollowers(context, profile, look),
    look('resolvers', () => readResolvers(host)),
    look('time', () => countTimeSources(host)),
    look('routes', () => readWays(host)),
    look('power', () => listSupplies(context)),
    readCertificates(context, profile, look),
    findHidden(profile, look),
  ]);
  const looked = {
    host: host.name,
    addresses,
    followers,
    certificates,
    ...(upstreams && { upstreams }),
    ...(resolvers && { resolvers }),
    ...(timeSources !== undefined && { timeSources }),
    ...(routes && { routes }),
    ...(supplies && { supplies }),
  };
  return { looked, unseen };
}

async function resolveNames({ net }: ProbeContext, profile: JsonObject, look: Look): Promise<Looked['addresses']> {
  const { url } = mapOf(profile['entry']);
  const entries = [...(url === undefined ? [] : [{ url }]), ...entriesOf(profile, 'providers')];
  const hosts = [...entries.map(hostOfEntry), ...databasesOf(profile).flatMap(hostsOfTarget)];
  const names = [...new Set(hosts)].filter((name) => name !== '' && name !== 'localhost');
  const found = await Promise.all(
    names.map(async (name) => {
      const addresses = await look(`name ${name}`, async () => {
        const answer = await resolveAddresses(net, name, 3_000);
        if (['answered', 'no-such-name', 'no-data'].includes(answer.outcome)) return [...answer.addresses].sort();
        throw new HostError('unreachable', `${name}: ${answer.outcome}`, 'ask again when the resolver answers');
      });
      return [name, addresses ?? []] as const;
    }),
  );
  return new Map(found.filter(([, addresses]) => addresses.length > 0));
}

function databasesOf(profile: JsonObject): readonly JsonObject[] {
  return entriesOf(profile, 'databases').flatMap((database) => [database, ...entriesOf(database, 'standbys')]);
}

/** A standby on the machine of its database is none, which needs both addresses. */
async function findHidden(profile: JsonObject, look: Look): Promise<void> {
  const all = databasesOf(profile);
  if (all.length < 2) return;
  for (const database of all.filter((each) => each['url'] !== undefined && hostsOfTarget(each).length === 0)) {
    await look(`database ${nameOf(database)}`, async () => {
      throw new HostError(
        'not-found',
        'its address is a secret or cannot be read, so that its machine is not known',
        'name its host in the profile',
      );
    });
  }
}

/** undefined: no nginx here. Servers that are marked down carry nothing. */
async function readUpstreams(context: ProbeContext, profile: JsonObject): Promise<Looked['upstreams']> {
  const declared = entriesOf(profile, 'services').find(({ kind, config_test }) => kind === 'web' && Array.isArray(config_test));
  const facts = await probeWith(webUpstreams, { config_test: declared?.['config_test'] ?? null }, context);
  const { upstreams } = facts as {
    readonly upstreams: readonly { name: string; used: boolean; servers: { address: string; down: boolean }[] }[];
  };
  return upstreams
    .filter(({ used }) => used)
    .map(({ name, servers }) => ({ name, servers: servers.filter(({ down }) => !down).map(({ address }) => address) }));
}

async function countFollowers(context: ProbeContext, profile: JsonObject, look: Look): Promise<Looked['followers']> {
  const databases = entriesOf(profile, 'databases').filter(({ kind, url }) => kind !== 'tcp' && url !== undefined);
  const counts = await Promise.all(
    databases.map(async ({ name, kind, url, ca_file }) => {
      const count = await look(`standbys of ${String(name)}`, async () => {
        const facts = await probeWith(dbReplication, { to: url ?? null, kind: kind ?? null, ca_file: ca_file ?? null }, context);
        return countOf(facts as Replication);
      });
      return count === undefined ? undefined : ([String(name), count] as const);
    }),
  );
  return new Map(counts.filter((count) => count !== undefined));
}

interface Replication {
  readonly session: { readonly outcome: string; readonly address: string };
  readonly followers: readonly unknown[];
  readonly missing: { readonly errorCode: string };
  readonly standby: boolean;
}

function countOf({ session, followers, missing, standby }: Replication): number {
  if (session.outcome !== 'connected')
    throw new HostError('unreachable', `${session.address}: ${session.outcome}`, 'ask again when it answers');
  if (missing.errorCode !== '')
    throw new HostError(
      'no-permission',
      'its standbys are hidden from this login',
      'a login that may see replication (pg_monitor, REPLICATION CLIENT)',
    );
  // One that follows another is the second one itself.
  return standby ? Math.max(1, followers.length) : followers.length;
}

/** Behind the stub of systemd-resolved those that it asks. */
async function readResolvers(host: Host): Promise<readonly string[]> {
  const own = nameserversIn((await host.readFile('/etc/resolv.conf')).text);
  if (!own.every((address) => address === '127.0.0.53')) return own;
  return nameserversIn((await tryRead(host, '/run/systemd/resolve/resolv.conf')) ?? '');
}

/** undefined: no chrony here, or it has no source yet. */
async function countTimeSources(host: Host): Promise<number | undefined> {
  try {
    const { exitCode, stdout } = await host.run(['chronyc', '-n', '-c', 'sources'], { timeoutMs: 3_000 });
    if (exitCode !== 0) throw new HostError('unreachable', 'chronyd does not answer chronyc', 'start chronyd, or run as root');
    return stdout.split('\n').filter((line) => /^[\^=#],/.test(line)).length || undefined;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return undefined;
    throw error;
  }
}

/** Cards of a bond are several ways: a default route on one is told as two. */
async function readWays(host: Host): Promise<Looked['routes']> {
  const [routes, bonds] = await Promise.all([readDefaultRoutes(host), listIfThere(host, '/proc/net/bonding')]);
  const ways = new Map(routes.map(({ gateway, device }) => [`${gateway} ${device}`, { gateway, device }]));
  const told = await Promise.all([...ways.values()].map(async (way) => ((await isBonded(host, way.device, bonds)) ? [way, way] : [way])));
  return told.flat();
}

/** A bridge over a VLAN over a bond. */
const MOST_LAYERS = 4;

/** The kernel links a device to those below it: `lower_bond0` of a VLAN or a bridge. */
async function isBonded(host: Host, device: string, bonds: readonly string[], layer = 0): Promise<boolean> {
  if (bonds.length === 0 || layer > MOST_LAYERS) return false;
  if (bonds.includes(device) || bonds.includes(device.split('.')[0] ?? '')) return true;
  const below = (await listIfThere(host, `/sys/class/net/${device}`)).flatMap((name) => /^lower_(.+)$/.exec(name)?.[1] ?? []);
  const found = await Promise.all(below.map((lower) => isBonded(host, lower, bonds, layer + 1)));
  return found.includes(true);
}

/** undefined: nothing here tells of them. */
async function listSupplies(context: ProbeContext): Promise<Looked['supplies']> {
  const facts = (await probeWith(powerPsu, {}, context)) as {
    readonly supplies: readonly { readonly name: string; readonly status: string }[];
    readonly problem: string;
    readonly unlock: string;
  };
  if (facts.problem !== '') throw new HostError('no-permission', facts.problem, facts.unlock);
  const present = suppliesOf(facts.supplies);
  return present.length === 0 ? undefined : present;
}

/** `PS1 Status` and `PS1 Input` are of one supply, `Power Supply 1` and `Power Supply 2` of two, `PS Redundancy` of none; without a number each is one. */
export function suppliesOf(sensors: readonly { readonly name: string; readonly status: string }[]): readonly string[] {
  const present = sensors.filter(({ name, status }) => status !== 'ns' && !/redundan|supplies/i.test(name));
  return [
    ...new Set(present.map(({ name }, index) => /^\D*\d+/.exec(name)?.[0] ?? (present.length === 1 ? name : `${name} ${index + 1}`))),
  ];
}

/** The certificates that services of this machine show, by what they are; those above them in their chains are no concern. */
async function readCertificates({ host, net }: ProbeContext, profile: JsonObject, look: Look): Promise<Looked['certificates']> {
  const groups = new Map<string, { subject: string; notAfter: number; of: string[] }>();
  for (const service of localServices(profile, host.name)) {
    const files = [...new Set(texts(service['certificates']))];
    const read = await Promise.all(files.map((file) => look(`certificate ${file}`, () => readLeaf(net, file))));
    const leaves = read.filter((leaf) => leaf !== undefined);
    for (const leaf of leaves) {
      if (leaves.some((other) => other.fingerprint256 !== leaf.fingerprint256 && other.issuer === leaf.subject)) continue;
      const group = groups.get(leaf.fingerprint256) ?? { subject: leaf.subject, notAfter: leaf.notAfter, of: [] };
      if (!group.of.includes(nameOf(service))) group.of.push(nameOf(service));
      groups.set(leaf.fingerprint256, group);
    }
  }
  return [...groups.values()];
}

async function readLeaf(net: Protocols, file: string): Promise<CertificateFacts | undefined> {
  try {
    return (await net.certificatesInFile(file))[0];
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return undefined;
    throw error;
  }
}

/** Another check's look, of parameters as a playbook would write them. */
async function probeWith(check: Check, raw: JsonObject, context: ProbeContext): Promise<unknown> {
  const parsed = parseParams(check, raw);
  if (!parsed.ok) throw new HostError('unsupported', parsed.message, 'correct the profile');
  return await check.probe(parsed.params, context);
}
