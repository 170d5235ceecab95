/** What differs between a machine and the one that stands in for it, by meaning: what is its own by nature is no difference. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import type { Elsewhere } from './check.ts';
import { mapLimited, tryRead } from './linux.ts';
import { describeLines } from './site-lines.ts';
import { COMPARED, type Compared, type SiteState } from './site-state.ts';
import type { Item, Section } from './snapshot-section.ts';

export interface Drift {
  readonly section: Compared;
  readonly item: string;
  readonly en: string;
  readonly zh: string;
}

export interface Sides {
  readonly primary: Elsewhere;
  readonly standby: Elsewhere;
  /** Path on the standby by path on the primary, where it is another one. */
  readonly paths: ReadonlyMap<string, string>;
}

export async function compareSites(primary: SiteState, standby: SiteState, sides: Sides): Promise<readonly Drift[]> {
  const found = COMPARED.flatMap((section) => compareSection(section, primary[section], standby[section], sides)).filter(
    ({ section, item }) => section !== 'files' || !isCertificate(`file ${item}`, primary, standby),
  );
  const explained = await mapLimited(found, 4, async (drift) => {
    if (!isFile(drift.section) || drift.only !== undefined) return [drift];
    return await explainFile(drift, sides);
  });
  return explained.flat().map(({ section, item, en, zh }) => ({ section, item, en, zh }));
}

/** Compared by what it says; the chain behind it has as many on either side. */
function isCertificate(item: string, ...sides: readonly SiteState[]): boolean {
  const chains = sides.map(({ certificates }) => certificates.items[item]?.['intermediates']);
  return chains.every(Array.isArray) && new Set(chains.map((chain) => chain.length)).size === 1;
}

interface Found extends Drift {
  /** The machine that alone has it. */
  readonly only?: string;
  /** Of what both have. */
  readonly fields?: readonly string[];
}

function isFile(section: Compared): boolean {
  return section === 'files' || section === 'cron';
}

function compareSection(section: Compared, one: Section, other: Section, { primary, standby }: Sides): Found[] {
  const names = [...new Set([...Object.keys(one.items), ...Object.keys(other.items)])].sort();
  return names
    .filter((item) => !isOwn(section, item))
    .flatMap((item): Found[] => {
      const [here, there] = [one.items[item], other.items[item]];
      if (here && there) return compareItem(section, item, here, there, [primary.host.name, standby.host.name]);
      const [lacking, only] = here ? [other, primary.host.name] : [one, standby.host.name];
      // A cold standby runs nothing; what could not be seen is not missing.
      if (
        section === 'limits' ||
        lacking.unseen.some((each) => each.item === '*' || each.item === item || item.startsWith(`${each.item}/`))
      )
        return [];
      return [{ section, item, only, en: `${item} only on ${only}`, zh: `${item} 仅在 ${only}` }];
    });
}

/** Units of a session, a disk or a terminal, and what is another one by nature. */
const OWN_UNIT = /@|^(?:user|session|dev|systemd-fsck|getty|serial|ssh\.|sshd\.|apt-|dpkg-|man-db|motd|fwupd|packagekit|polkit|udisks)/;
const OWN: Readonly<Partial<Record<Compared, RegExp>>> = { machine: /^boot$/, units: OWN_UNIT, files: /^\/etc\/hosts$/ };

function isOwn(section: Compared, item: string): boolean {
  return OWN[section]?.test(item) === true;
}

/** What of an item has to be the same; what a unit did last and when a file was written does not. */
const FIELDS: Readonly<Record<Compared, readonly string[]>> = {
  machine: ['release', 'name'],
  packages: ['version'],
  files: ['sha256', 'mode'],
  versions: ['version'],
  units: ['active'],
  limits: ['open_files', 'processes', 'locked_memory'],
  // Each machine may have its own, by whomever.
  certificates: ['subject', 'names', 'not_after'],
  parameters: ['value'],
  cron: ['sha256', 'mode'],
};

function compareItem(section: Compared, item: string, here: Item, there: Item, [one, other]: readonly [string, string]): Found[] {
  const fields = FIELDS[section].filter((field) => {
    const [mine, its] = [here[field] ?? null, there[field] ?? null];
    return mine !== null && its !== null && show(field, mine) !== show(field, its);
  });
  if (fields.length === 0) return [];
  const told = fields.map((field) =>
    field === 'sha256' ? '' : `${field} ${show(field, here[field])} (${one}), ${show(field, there[field])} (${other})`,
  );
  const [en, zh] = [told.filter(Boolean).join('; ') || 'content differs', told.filter(Boolean).join('；') || '内容不同'];
  return [{ section, item, fields, en: `${item}: ${en}`, zh: `${item}：${zh}` }];
}

/** An instant by its day. */
function show(field: string, value: Item[string] | undefined): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value ?? '-');
  return field === 'not_after' ? text.slice(0, 10) : text;
}

const MOST_BYTES = 256 * 1024;

/** Comments, blanks and the machine's own names and addresses are no difference. */
async function explainFile(drift: Found, { primary, standby, paths }: Sides): Promise<Found[]> {
  const [here, there] = await Promise.all([
    readPlainly(primary.host, drift.item),
    readPlainly(standby.host, paths.get(drift.item) ?? drift.item),
  ]);
  if (here === undefined || there === undefined || drift.fields?.includes('mode')) return [drift];
  const told = describeLines(drift.item, here, there);
  return told ? [{ ...drift, en: `${drift.item}: ${told.en}`, zh: `${drift.item}：${told['zh-CN']}` }] : [];
}

/** undefined: it cannot be read here, or is too large to be a setting. */
async function readPlainly(host: Host, path: string): Promise<readonly string[] | undefined> {
  try {
    const [{ text, bytesRead }, own] = await Promise.all([host.readFile(path, { maxBytes: MOST_BYTES }), ownWords(host)]);
    if (bytesRead >= MOST_BYTES || text.includes('\0')) return undefined;
    return text
      .split('\n')
      .map((line) => line.trim().replace(/\s+/g, ' ').replace(own, '<own>'))
      .filter((line) => line !== '' && !/^(?:#|;|\/\/)/.test(line));
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** Names and addresses of the machine as whole words, the longest first: 10.0.0.1 is not in 10.0.0.12. */
async function ownWords(host: Host): Promise<RegExp> {
  const name = ((await tryRead(host, '/proc/sys/kernel/hostname')) ?? '').trim();
  const addresses = await host.run(['ip', '-o', 'addr', 'show'], { timeoutMs: 3_000 }).then(
    ({ stdout }) => [...stdout.matchAll(/\binet6? ([^\s/]+)/g)].map(([, address = '']) => address),
    () => [],
  );
  const own = [name, host.name, ...addresses].filter((word) => word.length > 2 && !/^(?:127\.|::1$|localhost$)/.test(word));
  const words = [...new Set(own)].toSorted((one, other) => other.length - one.length);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<!\\w)(?:${escaped.length === 0 ? '(?!)' : escaped.join('|')})(?!\\w)`, 'g');
}
