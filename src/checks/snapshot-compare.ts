/** What differs between two snapshots, by meaning. Pure. What either of them could not see is never a change. */
import { SECTIONS, type SectionId, type Sections } from './snapshot.ts';
import type { Item, Section, Unseen } from './snapshot-section.ts';

export interface Difference {
  readonly section: SectionId;
  readonly change: 'added' | 'removed' | 'changed';
  readonly item: string;
  /** By field; an added item has no `before`, a removed one no `after`. */
  readonly fields: readonly { readonly field: string; readonly before?: Item[string]; readonly after?: Item[string] }[];
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Sections that could be compared at least in part. */
  readonly compared: readonly SectionId[];
  readonly unseen: readonly (Unseen & { readonly section: SectionId; readonly when: 'before' | 'now' })[];
}

export function compareSections(before: Sections, now: Sections): Comparison {
  const compared = SECTIONS.filter((id) => isSeen(before[id]) && isSeen(now[id]));
  const missing = (id: SectionId, section: Section | undefined): readonly Unseen[] =>
    section?.unseen ?? [{ item: '*', why: `the snapshot has no section ${id}`, unlock: 'take a new one on a healthy day' }];
  return {
    compared,
    differences: compared.flatMap((id) => compareSection(id, before[id] as Section, now[id] as Section)),
    unseen: SECTIONS.flatMap((section) => [
      ...missing(section, before[section]).map((each) => ({ section, when: 'before' as const, ...each })),
      ...missing(section, now[section]).map((each) => ({ section, when: 'now' as const, ...each })),
      ...unasked(before[section], now[section]).map((each) => ({ section, when: 'before' as const, ...each })),
      ...unasked(now[section], before[section]).map((each) => ({ section, when: 'now' as const, ...each })),
    ]),
  };
}

function isSeen(section: Section | undefined): boolean {
  return section !== undefined && !section.unseen.some(({ item }) => item === '*');
}

/** The profile has changed since: what one side was not told to look for. */
function unasked(side: Section | undefined, other: Section | undefined): readonly Unseen[] {
  const names = Object.keys(other?.items ?? {}).filter((item) => side && !isAsked(side, item));
  return names.map((item) => ({
    item,
    why: 'the profile did not name it',
    unlock: 'take a new snapshot with this profile on a healthy day',
  }));
}

function isAsked({ asked }: Section, name: string): boolean {
  return asked === undefined || asked.some((each) => each === name || name.startsWith(`${each.replace(/\/$/, '')}/`));
}

function compareSection(section: SectionId, before: Section, now: Section): Difference[] {
  const names = [...new Set([...Object.keys(before.items), ...Object.keys(now.items)])].sort();
  return names.flatMap((item): Difference[] => {
    const [old, fresh] = [before.items[item], now.items[item]];
    if (old && fresh) {
      const fields = changedFields(section, old, fresh);
      return fields.length === 0 ? [] : [{ section, change: 'changed', item, fields }];
    }
    if (!isAsked(before, item) || !isAsked(now, item)) return [];
    if (fresh && !hides(before, item)) return [{ section, change: 'added', item, fields: list(fresh, 'after') }];
    if (old && !hides(now, item)) return [{ section, change: 'removed', item, fields: list(old, 'before') }];
    return [];
  });
}

/** Was this item, or a folder above it, beyond sight? */
function hides({ unseen }: Section, name: string): boolean {
  return unseen.some(
    ({ item }) =>
      item === name ||
      name.startsWith(`${item}/`) ||
      item.startsWith('all but') ||
      (item.startsWith('tcp *:') && name.includes(item.slice(5))),
  );
}

function changedFields(section: SectionId, before: Item, after: Item): Difference['fields'] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field) => {
    const [old, fresh] = [before[field] ?? null, after[field] ?? null];
    if (old === null || fresh === null || JSON.stringify(old) === JSON.stringify(fresh)) return [];
    return [{ field, before: old, after: fresh }];
  });
  // A resolver that hands out some of many addresses: other ones of the same lot are no change.
  if (section === 'names' && (before['rotates'] === true || after['rotates'] === true) && overlap(before['addresses'], after['addresses']))
    return [];
  // A file that was only touched holds what it held.
  return (section === 'files' || section === 'cron') && fields.every(({ field }) => field === 'modified_at') ? [] : fields;
}

function overlap(one: Item[string] | undefined, other: Item[string] | undefined): boolean {
  return Array.isArray(one) && Array.isArray(other) && one.some((address) => other.includes(address));
}

function list(item: Item, side: 'before' | 'after'): Difference['fields'] {
  return Object.entries(item).flatMap(([field, value]) => (value === null ? [] : [{ field, [side]: value }]));
}
