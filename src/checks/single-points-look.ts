/** What the scan for single points of failure looks at; each look by itself, so that one that is closed hides no other. */
import { HostError } from '../errors.ts';
import type { Host, JsonObject } from '../ports.ts';
import { type Check, type ProbeContext, parseParams } from './check.ts';
import { resolveAddresses } from './connect.ts';
import { dbReplication } from './db-replication.ts';
import { listIfThere, tryRead } from './linux.ts';
import { powerPsu } from './power-psu.ts';
import { readDefaultRoutes } from './routes.ts';
import type { Looked } from './single-points.ts';
import { entriesOf, hostOfEntry, localServices, mapOf, nameOf, texts } from './site-entries.ts';
import { webUpstreams } from './web-upstreams.ts';

export interface Unseen {
  readonly what: string;
  readonly why: string;
  readonly unlock: string;
}

export async function lookForSinglePoints(
  context: ProbeContext,
  profile: JsonObject,
): Promise<{ readonly looked: Looked; readonly unseen: readonly Unseen[] }> {
  const unseen: Unseen[] = [];
  const look = async <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => {
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
    look('names', () => resolveNames(context, profile)),
    look('nginx', () => readUpstreams(context, profile)),
    countFollowers(context, profile, look),
    look('resolvers', () => readResolvers(host)),
    look('time', () => countTimeSources(host)),
    look('routes', () => readWays(host)),
    look('power', () => listSupplies(context)),
    look('certificates', () => readCertificates(context, profile)),
  ]);
  const looked = {
    host: host.name,
    addresses: addresses ?? new Map(),
    followers,
    certificates: certificates ?? [],
    ...(upstreams && { upstreams }),
    ...(resolvers && { resolvers }),
    ...(timeSources !== undefined && { timeSources }),
    ...(routes && { routes }),
    ...(supplies && { supplies }),
  };
  return { looked, unseen };
}

async function resolveNames({ net }: ProbeContext, profile: JsonObject): Promise<Looked['addresses']> {
  const { url } = mapOf(profile['entry']);
  const databases = entriesOf(profile, 'databases').flatMap((database) => [database, ...entriesOf(database, 'standbys')]);
  const entries = [...(url === undefined ? [] : [{ url }]), ...entriesOf(profile, 'providers'), ...databases];
  const names = [...new Set(entries.map(hostOfEntry))].filter((name) => name !== '');
  const found = await Promise.all(
    names.map(async (name) => [name, [...(await resolveAddresses(net, name, 3_000)).addresses].sort()] as const),
  );
  return new Map(found.filter(([, addresses]) => addresses.length > 0));
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

async function countFollowers(
  context: ProbeContext,
  profile: JsonObject,
  look: <T>(what: string, ask: () => Promise<T>) => Promise<T | undefined>,
): Promise<Looked['followers']> {
  const databases = entriesOf(profile, 'databases').filter(({ kind, url }) => kind !== 'tcp' && url !== undefined);
  const counts = await Promise.all(
    databases.map(async ({ name, kind, url, ca_file }) => {
      const facts = await look(`database ${String(name)}`, () =>
        probeWith(dbReplication, { to: url ?? null, kind: kind ?? null, ca_file: ca_file ?? null }, context),
      );
      const { session, followers, missing } = (facts ?? {}) as {
        readonly session?: { readonly outcome: string };
        readonly followers?: readonly unknown[];
        readonly missing?: { readonly errorCode: string };
      };
      return session?.outcome === 'connected' && missing?.errorCode === '' ? ([String(name), followers?.length ?? 0] as const) : undefined;
    }),
  );
  return new Map(counts.filter((count) => count !== undefined));
}

/** Behind the stub of systemd-resolved those that it asks. */
async function readResolvers(host: Host): Promise<readonly string[]> {
  const own = nameservers((await host.readFile('/etc/resolv.conf')).text);
  if (!own.every((address) => address === '127.0.0.53')) return own;
  return nameservers((await tryRead(host, '/run/systemd/resolve/resolv.conf')) ?? '');
}

function nameservers(text: string): string[] {
  const found = text.split('\n').flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(found)];
}

/** undefined: no chrony here, or it has none yet. */
async function countTimeSources(host: Host): Promise<number | undefined> {
  try {
    const { exitCode, stdout } = await host.run(['chronyc', '-n', '-c', 'sources'], { timeoutMs: 3_000 });
    const count = stdout.split('\n').filter((line) => /^[\^=#],/.test(line)).length;
    return exitCode === 0 && count > 0 ? count : undefined;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return undefined;
    throw error;
  }
}

/** Cards of a bond are several ways: a default route on one is told as two. */
async function readWays(host: Host): Promise<Looked['routes']> {
  const [routes, bonds] = await Promise.all([readDefaultRoutes(host), listIfThere(host, '/proc/net/bonding')]);
  return routes.flatMap(({ gateway, device }) =>
    bonds.includes(device)
      ? [
          { gateway, device },
          { gateway, device },
        ]
      : [{ gateway, device }],
  );
}

/** Sensors `PS1 Status` and `PS1 Input` are of one supply; undefined: nothing here tells of them. */
async function listSupplies(context: ProbeContext): Promise<Looked['supplies']> {
  const facts = (await probeWith(powerPsu, {}, context)) as {
    readonly supplies: readonly { readonly name: string; readonly status: string }[];
    readonly problem: string;
    readonly unlock: string;
  };
  if (facts.problem !== '') throw new HostError('no-permission', facts.problem, facts.unlock);
  const present = facts.supplies.filter(({ status }) => status !== 'ns').map(({ name }) => name.split(/[\s_]+(?!\d)/)[0] ?? name);
  return present.length === 0 ? undefined : [...new Set(present)];
}

/** The certificates that services of this machine show, and those of the list `certificates`, by what they are. */
async function readCertificates({ host, net }: ProbeContext, profile: JsonObject): Promise<Looked['certificates']> {
  const shown = [
    ...localServices(profile, host.name).flatMap((service) =>
      texts(service['certificates']).map((file) => ({ of: nameOf(service), file })),
    ),
    ...entriesOf(profile, 'certificates').map((entry) => ({ of: nameOf(entry), file: String(entry['file']) })),
  ];
  const read = await Promise.all(
    shown.map(async ({ of, file }) => {
      try {
        const [leaf] = await net.certificatesInFile(file);
        return leaf ? [{ of, leaf }] : [];
      } catch (error) {
        if (error instanceof HostError) return [];
        throw error;
      }
    }),
  );
  const groups = new Map<string, { subject: string; notAfter: number; of: string[] }>();
  for (const { of, leaf } of read.flat()) {
    const group = groups.get(leaf.fingerprint256) ?? { subject: leaf.subject, notAfter: leaf.notAfter, of: [] };
    if (!group.of.includes(of)) group.of.push(of);
    groups.set(leaf.fingerprint256, group);
  }
  return [...groups.values()];
}

/** Another check's look, of parameters as a playbook would write them. */
async function probeWith(check: Check, raw: JsonObject, context: ProbeContext): Promise<unknown> {
  const parsed = parseParams(check, raw);
  if (!parsed.ok) throw new HostError('unsupported', parsed.message, 'correct the profile');
  return await check.probe(parsed.params, context);
}
