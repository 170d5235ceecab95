import { EACH_PORT, type ForEach, isPartnerList, PARTNERS } from './playbook.ts';
import type { RawForEach } from './shape.ts';
import { suggestion } from './suggest.ts';

/**
 * The lists of the site profile that `for:` may name. `kinds`: the closed set of kinds, where there is one;
 * `role`: its entries have a free role. A test holds this table against the profile's schema.
 */
export const TARGET_LISTS: Readonly<Record<string, { readonly kinds?: readonly string[]; readonly role?: true }>> = {
  services: { kinds: ['web', 'app', 'switch', 'worker'] },
  databases: { kinds: ['postgres', 'mysql', 'tcp'], role: true },
  caches: { kinds: ['redis'], role: true },
  providers: { kinds: ['http', 'tcp'], role: true },
  switches: { role: true },
  transactions: {},
  settlement: {},
  hosts: { role: true },
  contacts: { role: true },
  disks: {},
  'network.paths': { role: true },
  'time.servers': {},
  'dns.names': {},
  'dns.resolvers': {},
  'calendar.maintenance': {},
  'metrics.queries': {},
};

const KNOWN_LISTS: typeof TARGET_LISTS = { ...TARGET_LISTS, [PARTNERS]: { kinds: [EACH_PORT] } };

export type ForEachResult =
  | { readonly ok: true; readonly forEach: ForEach }
  | { readonly ok: false; readonly message: string; readonly hint?: string | undefined };

/** `services`, `services.web`, `network.paths`, `providers.primary` or the long form, checked against the profile's lists. */
export function readForEach(raw: RawForEach): ForEachResult {
  if (typeof raw !== 'string') {
    const { list, kind, role } = raw;
    return narrow(list, { ...(kind !== undefined && { kind }), ...(role !== undefined && { role }) });
  }
  if (Object.hasOwn(KNOWN_LISTS, raw)) return { ok: true, forEach: { list: raw } };
  const dot = raw.lastIndexOf('.');
  if (dot < 0) return narrow(raw, {});
  const word = raw.slice(dot + 1);
  const list = raw.slice(0, dot);
  const known = Object.hasOwn(KNOWN_LISTS, list) ? KNOWN_LISTS[list] : undefined;
  return narrow(list, known?.kinds?.includes(word) || !known?.role ? { kind: word } : { role: word });
}

function narrow(list: string, by: { readonly kind?: string; readonly role?: string }): ForEachResult {
  const known = Object.hasOwn(KNOWN_LISTS, list) ? KNOWN_LISTS[list] : undefined;
  if (!known) return { ok: false, message: `the profile has no list ${list}`, hint: suggestion(list, Object.keys(KNOWN_LISTS)) };
  if (by.kind !== undefined && !known.kinds?.includes(by.kind)) {
    return {
      ok: false,
      message: `no entry of ${list} has the kind ${by.kind}`,
      hint: known.kinds ? suggestion(by.kind, known.kinds) : `${list} have no kinds`,
    };
  }
  if (by.role !== undefined && !known.role) return { ok: false, message: `the entries of ${list} have no role` };
  return { ok: true, forEach: { list, ...by } };
}

/** Can an instance made by `reader` see the instance that `read` made for the same target? */
export function mayShareTarget(reader: ForEach | undefined, read: ForEach): boolean {
  if (!reader) return false;
  if (reader.list === PARTNERS || read.list === PARTNERS) return [reader.list, read.list].every(isPartnerList);
  if (reader.list !== read.list) return false;
  return agree(reader.kind, read.kind) && agree(reader.role, read.role);
}

function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

export function showForEach({ list, kind, role }: ForEach): string {
  return [list, kind, role].filter((part) => part !== undefined).join('.');
}
