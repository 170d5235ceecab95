/** What has to be the same on a machine and on the one that stands in for it: the services of the first, looked for on either. */
import type { JsonObject } from '../ports.ts';
import type { Elsewhere, ProbeContext } from './check.ts';
import { tryRead } from './linux.ts';
import { findProcesses } from './proc-find.ts';
import { entriesOf, mapOf, nameOf, placeOf, texts } from './site-entries.ts';
import { collectOne } from './snapshot.ts';
import { describeFiles } from './snapshot-files.ts';
import { listPackages, listUnits, readMachine } from './snapshot-host.ts';
import { eachItem, join, type Section } from './snapshot-section.ts';
import { hashFiles, listCertificates, listVersions } from './snapshot-site.ts';
import { hashCronFiles, readParameters } from './snapshot-system.ts';

export const COMPARED = ['machine', 'packages', 'files', 'versions', 'units', 'limits', 'certificates', 'parameters', 'cron'] as const;
export type Compared = (typeof COMPARED)[number];
export type SiteState = Readonly<Record<Compared, Section>>;

/** The machine that a standby stands in for; undefined: it is no standby. '' is the operator's machine. */
export function primaryOf(profile: JsonObject, standby: string): string | undefined {
  const hosts = entriesOf(profile, 'hosts');
  const own = hosts.find((host) => nameOf(host) === standby);
  if (own === undefined || own['role'] === 'primary') return undefined;
  const services = servicesAt(profile, standby).map(nameOf);
  const group = Object.values(mapOf(profile['peers']))
    .map(texts)
    .find((names) => names.some((name) => name === standby || services.includes(name)));
  const other = (group ?? []).find((name) => name !== standby && !services.includes(name));
  if (other !== undefined) return hosts.some((host) => nameOf(host) === other) ? other : placeOf(profile, other);
  const primaries = hosts.filter(({ role }) => role === 'primary');
  return primaries.length > 1 ? undefined : primaries[0] === undefined ? '' : nameOf(primaries[0]);
}

function servicesAt(profile: JsonObject, machine: string): readonly JsonObject[] {
  return entriesOf(profile, 'services').filter((service) => placeOf(profile, nameOf(service)) === machine);
}

/** The services of the primary by their names, as they are written for the standby where the profile has a peer of them there. */
export function servicesOn(profile: JsonObject, primary: string, machine: string): readonly JsonObject[] {
  const groups = Object.values(mapOf(profile['peers'])).map(texts);
  const there = servicesAt(profile, machine);
  return servicesAt(profile, primary).map((service) => {
    const peers = groups.find((names) => names.includes(nameOf(service))) ?? [];
    const peer = machine === primary ? undefined : there.find((each) => peers.includes(nameOf(each)));
    const { on: _, ...entry } = peer ?? service;
    return { ...entry, name: nameOf(service) };
  });
}

/** Where the standby keeps what the primary keeps elsewhere: path there by path here. */
export function pathsOf(here: readonly JsonObject[], there: readonly JsonObject[]): ReadonlyMap<string, string> {
  const paths = ({ config, env_file, manifest, certificates, version }: JsonObject): readonly string[] =>
    [config, env_file, manifest, certificates, mapOf(version)['file']].flatMap(texts);
  return new Map(
    here.flatMap((service, index) => {
      const others = paths(there[index] ?? {});
      const own = paths(service);
      return own.length === others.length ? own.map((path, place) => [path, others[place] ?? path] as const) : [];
    }),
  );
}

/** Its items under the names that they have on the primary. */
export function underNamesOf(section: Section, paths: ReadonlyMap<string, string>): Section {
  const named = new Map([...paths].flatMap(([here, there]) => [[there, here] as const, [`file ${there}`, `file ${here}`] as const]));
  const items = Object.entries(section.items).map(([item, value]) => [named.get(item) ?? item, value] as const);
  return {
    ...section,
    items: Object.fromEntries(items),
    unseen: section.unseen.map((each) => ({ ...each, item: named.get(each.item) ?? each.item })),
  };
}

/** The sections of one machine, with `services` taken as its own. */
export async function readSiteState(
  machine: Elsewhere,
  {
    profile,
    services,
    context,
  }: { readonly profile: JsonObject; readonly services: readonly JsonObject[]; readonly context: ProbeContext },
): Promise<SiteState> {
  const here = { ...context, ...machine };
  const { entry: _, hosts: __, ...rest } = profile;
  const alone = { ...rest, services: [...services] };
  // What is served over the network is the same wherever it is asked for from.
  const own = { services: services.map(({ health: _health, ...service }) => service) };
  const [machineItems, packages, files, versions, units, limits, certificates, parameters, cron] = await Promise.all(
    [
      () => readMachine(here),
      () => listPackages(here),
      async () => join(await hashFiles(here, alone), await describeFiles(here.host, ['/etc/localtime'])),
      () => listVersions(here, alone),
      () => listUnits(here),
      () => readLimits(here, services),
      () => listCertificates(here, own),
      () => readParameters(here),
      () => hashCronFiles(here),
    ].map(collectOne),
  );
  return { machine: machineItems, packages, files, versions, units, limits, certificates, parameters, cron } as SiteState;
}

const LIMITS = { open_files: 'Max open files', processes: 'Max processes', locked_memory: 'Max locked memory' } as const;

/** Of what runs: a standby may be cold. */
async function readLimits({ host }: ProbeContext, services: readonly JsonObject[]): Promise<Section> {
  return await eachItem(services, nameOf, async ({ process }) => {
    if (typeof process !== 'string') return undefined;
    const [first] = await findProcesses(host, process);
    const text = first && (await tryRead(host, `/proc/${first.stat.pid}/limits`));
    if (text == null) return undefined;
    return Object.fromEntries(
      Object.entries(LIMITS).map(([field, title]) => [field, new RegExp(`^${title}\\s+(\\S+)`, 'm').exec(text)?.[1] ?? null]),
    );
  });
}
