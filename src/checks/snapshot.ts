/**
 * What a host is like on a healthy day, to hold an incident against: items by name in sections. Only looks; what cannot be seen
 * is listed with what would show it, and a null inside an item means "not seen".
 */
import { HostError } from '../errors.ts';
import type { JsonObject } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, v } from './schema.ts';
import { listListeners, listPackages, listResolvers, listRoutes, listUnits, readMachine } from './snapshot-host.ts';
import { type Section, section, type Unseen } from './snapshot-section.ts';
import { hashFiles, listCertificates, listNames, listServices, listVersions } from './snapshot-site.ts';
import { type Collector, hashCronFiles, listAccounts, listMounts, readParameters } from './snapshot-system.ts';

export const SECTIONS = [
  'machine',
  'packages',
  'files',
  'services',
  'units',
  'listeners',
  'routes',
  'resolvers',
  'certificates',
  'names',
  'versions',
  'parameters',
  'cron',
  'accounts',
  'mounts',
] as const;
export type SectionId = (typeof SECTIONS)[number];

export type Sections = Readonly<Partial<Record<SectionId, Section>>>;

const snapshot = v.object({
  schema_version: v.literal(1),
  kind: v.literal('oor-snapshot'),
  tool: v.object({ name: v.string(), version: v.string() }),
  taken_at: v.pipe(v.string(), v.isoTimestamp()),
  host: v.string(),
  site: v.string(),
  sections: v.object(Object.fromEntries(SECTIONS.map((id) => [id, v.exactOptional(section)]))),
});

export interface Snapshot extends Omit<Infer<typeof snapshot>, 'sections'> {
  readonly sections: Sections;
}

/** The message of the first problem when the value is no snapshot. */
export function parseSnapshot(
  value: unknown,
): { readonly ok: true; readonly snapshot: Snapshot } | { readonly ok: false; readonly message: string } {
  const parsed = v.safeParse(snapshot, value);
  if (parsed.success) return { ok: true, snapshot: parsed.output as Snapshot };
  const [issue] = parsed.issues;
  return { ok: false, message: `${v.getDotPath(issue) ?? 'it'}: ${issue.message}` };
}

const COLLECTORS: Readonly<Record<SectionId, Collector>> = {
  machine: readMachine,
  packages: listPackages,
  files: hashFiles,
  services: listServices,
  units: listUnits,
  listeners: listListeners,
  routes: listRoutes,
  resolvers: listResolvers,
  certificates: listCertificates,
  names: listNames,
  versions: listVersions,
  parameters: readParameters,
  cron: hashCronFiles,
  accounts: listAccounts,
  mounts: listMounts,
};

export async function collectSections(context: ProbeContext, profile: JsonObject): Promise<Sections> {
  requireLinux(context.host);
  const entries = await Promise.all(SECTIONS.map(async (id) => [id, await collectOne(() => COLLECTORS[id](context, profile))] as const));
  return Object.fromEntries(entries);
}

export async function collectOne(collect: () => Promise<Section>): Promise<Section> {
  try {
    return await collect();
  } catch (error) {
    if (error instanceof HostError) return { items: {}, unseen: [describeUnseen('*', error)] };
    throw error;
  }
}

function describeUnseen(name: string, { message, unlock }: HostError): Unseen {
  return { item: name, why: message, unlock: unlock ?? 'see the reason' };
}
