/** What a bundle shows of its machine, in the form of a snapshot: from facts, and from the files that lie in it whole. */
import type { Manifest } from '../bundle/manifest.ts';
import type { ProbeContext } from '../checks/check.ts';
import type { SectionId, Sections } from '../checks/snapshot.ts';
import type { Item, Section } from '../checks/snapshot-section.ts';
import { listAccounts, listMounts } from '../checks/snapshot-system.ts';
import { isObject } from '../engine/targets.ts';
import { HostError } from '../errors.ts';
import type { Host, Json, JsonObject } from '../ports.ts';
import type { BundledSession } from './bundle-session.ts';
import { cleanText } from './bundle-shown.ts';

type Named = readonly [name: string, item: Item];

/** Only what was asked that night is there: nothing else of it is gone. */
export async function sectionsOf(bundled: BundledSession): Promise<Sections> {
  const { session, plan } = bundled;
  const found = new Map<SectionId, Named[]>();
  for (const { key, facts } of session.results.values()) {
    const instance = plan.stepByKey.get(key);
    if (instance?.step.kind !== 'check' || !isObject(facts)) continue;
    for (const [section, name, item] of readFacts(instance.step.uses, facts, instance.target?.data ?? {}))
      found.set(section, [...(found.get(section) ?? []), [name, item]]);
  }
  const seen = [...found].map(([id, items]) => [id, sectionOf(items)] as const);
  return { ...Object.fromEntries(seen), ...(await fromFiles(bundled)) };
}

function sectionOf(items: readonly Named[]): Section {
  const sorted = Object.fromEntries(items.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return { items: sorted, unseen: [], asked: Object.keys(sorted) };
}

type Reading = readonly [section: SectionId, name: string, item: Item];
type Reader = (facts: JsonObject, target: JsonObject) => readonly Reading[];

function readFacts(check: string, facts: JsonObject, target: JsonObject): readonly Reading[] {
  return Object.hasOwn(READERS, check) ? (READERS[check]?.(facts, target) ?? []) : [];
}

const READERS: Readonly<Record<string, Reader>> = {
  'host.identity': ({ kernel, osName }) => [
    ['machine', 'kernel', { release: text(kernel) }],
    ['machine', 'system', { name: text(osName) }],
  ],
  'tls.cert': ({ host, port, endpoints }) => {
    const chains = objects(endpoints).flatMap(({ chain }) => (objects(chain).length > 0 ? [objects(chain)] : []));
    const [first] = chains.toSorted((one, other) => Number(one[0]?.['notAfter']) - Number(other[0]?.['notAfter']));
    const leaves = [...new Set(chains.map((chain) => text(chain[0]?.['fingerprint256'])))].sort();
    return first
      ? [['certificates', `served ${text(host)}:${text(port)}`, { ...describeChain(first), fingerprint: leaves.join(' ') }]]
      : [];
  },
  'tls.file': ({ file, certificates }) =>
    objects(certificates).length > 0 ? [['certificates', `file ${text(file)}`, describeChain(objects(certificates))]] : [],
  'net.dns': ({ name, answers }) =>
    objects(answers).map(({ resolver, outcome, addresses }): Reading => {
      const asked = text(resolver) === '' || text(resolver) === 'system' ? '' : ` at ${text(resolver)}`;
      return ['names', `${text(name)}${asked}`, { answer: text(outcome), addresses: texts(addresses).sort() }];
    }),
  'net.gateway': ({ routes }) =>
    objects(routes).map(({ gateway, device, metric }): Reading => {
      const suffix = typeof metric === 'number' && metric > 0 ? ` metric ${metric}` : '';
      return ['routes', `default${suffix}`, { gateway: text(gateway), device: text(device) }];
    }),
  'file.value': ({ value }, { name }) =>
    typeof name === 'string' && typeof value === 'string' ? [['versions', name, { version: value }]] : [],
  'svc.unit': ({ unit, manager, active, sub }) =>
    manager === 'none' ? [] : [['units', text(unit), { active: text(active), sub: text(sub) }]],
};

function describeChain([leaf = {}, ...others]: readonly JsonObject[]): Item {
  const { fingerprint256, subject, issuer, notAfter, names } = leaf;
  return {
    fingerprint: text(fingerprint256),
    subject: text(subject),
    issuer: text(issuer),
    not_after: typeof notAfter === 'number' ? isoOrEmpty(notAfter) : '',
    names: texts(names),
    intermediates: others.map((each) => text(each['fingerprint256'])),
  };
}

/** Accounts and mounts are read of the same files as for a snapshot; a file that was cut or changed on its way tells nothing. */
async function fromFiles({ verified, entries }: BundledSession): Promise<Sections> {
  const context = { host: hostOfFiles(verified.manifest, entries) } as ProbeContext;
  const read = async (id: SectionId, list: () => Promise<Section>): Promise<readonly (readonly [SectionId, Section])[]> => {
    try {
      return [[id, await list()]];
    } catch (error) {
      if (error instanceof HostError) return [];
      throw error;
    }
  };
  return Object.fromEntries([
    ...(await read('accounts', () => listAccounts(context))),
    ...(await read('mounts', () => listMounts(context))),
  ]);
}

function hostOfFiles(manifest: Manifest | undefined, entries: ReadonlyMap<string, Uint8Array>): Pick<Host, 'readFile'> {
  return {
    async readFile(path) {
      const item = manifest?.items.findLast(
        ({ file, truncated, withheld_lines = 0 }) => file === path && !truncated && withheld_lines === 0,
      );
      const bytes = item?.redactions.length === 0 ? entries.get(item.entry) : undefined;
      const text = bytes && new TextDecoder().decode(bytes);
      if (!bytes || text === undefined || cleanText(text) !== text)
        throw new HostError('not-found', `${path} is not in the bundle as it was`);
      return { text, offset: 0, bytesRead: bytes.length, size: bytes.length };
    },
  };
}

function isoOrEmpty(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(text) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
