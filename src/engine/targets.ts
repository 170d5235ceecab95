/** Which entries of the profile a step or cause with `for:` stands for. */
import { EACH_PORT, type ForEach, PARTNER_LISTS, PARTNERS } from '../playbook/playbook.ts';
import type { Json, JsonObject } from '../ports.ts';

/** One entry of a list of the profile. */
export interface Target {
  readonly list: string;
  readonly name: string;
  readonly data: JsonObject;
  /** The machine it lives on. */
  readonly host: string;
  /** The machine it is looked at from: its own for what runs there; a database is asked from here, as its clients do. */
  readonly vantage: string;
}

export function sameTarget(one: Target | undefined, other: Target | undefined): boolean {
  return one !== undefined && other !== undefined && one.list === other.list && one.name === other.name;
}

/** What the value of a named map is called inside `for:`; the profile's shape says the same. */
const MAP_VALUES: Readonly<Record<string, string>> = { 'dns.names': 'addresses', 'metrics.queries': 'query' };

export function selectTargets(profile: JsonObject, forEach: ForEach, localHost: string): Target[] {
  const { list, kind, role } = forEach;
  if (list === PARTNERS) return kind === EACH_PORT ? listPartners(profile, localHost) : selectWays(profile, localHost);
  const found = list.split('.').reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), profile);
  const entries = isObject(found) ? Object.entries(found).map(([name, value]) => ({ name, [MAP_VALUES[list] ?? 'value']: value })) : found;
  if (!Array.isArray(entries)) return [];
  return entries
    .map((entry: Json, index): Target => {
      const data: JsonObject = isObject(entry) ? entry : { name: String(entry) };
      const name = typeof data.name === 'string' ? data.name : `${list}-${index + 1}`;
      const host = list === 'hosts' ? name : hostOf(profile, data, name, localHost);
      return { list, name, data, host, vantage: list === 'services' || list === 'hosts' ? host : localHost };
    })
    .filter(({ data }) => (kind === undefined || data.kind === kind) && (role === undefined || data.role === role));
}

/** `on` of the entry itself, or the host of the profile that lists it among its services. */
function hostOf(profile: JsonObject, data: JsonObject, name: string, localHost: string): string {
  if (typeof data.on === 'string') return data.on;
  const hosts = Array.isArray(profile.hosts) ? (profile.hosts as readonly Json[]) : [];
  for (const host of hosts) {
    if (isObject(host) && Array.isArray(host.services) && host.services.includes(name)) return String(host.name);
  }
  return localHost;
}

/** One way is walked once: of several on one machine, or at one address, the first stands for all. */
function selectWays(profile: JsonObject, localHost: string): Target[] {
  const partners = listPartners(profile, localHost);
  return partners.filter((partner, index) => !partners.slice(0, index).some((earlier) => sameWay(earlier, partner, localHost)));
}

/** Whom this site asks over the network, each with the identity of its own list and the address as data. */
function listPartners(profile: JsonObject, localHost: string): Target[] {
  return PARTNER_LISTS.flatMap((list) => selectTargets(profile, { list }, localHost)).map((target) => ({
    ...target,
    data: addressOf(target),
  }));
}

/** `to` is a URL or a secret that holds one; without it `host`, and `port` where there is one. What is not known is null. */
function addressOf({ name, list, data: { url, host, port } }: Target): JsonObject {
  if (url !== undefined) return { name, of: list, to: url, host: null, port: null };
  return { name, of: list, to: null, host: host ?? null, port: port ?? null };
}

function sameWay(one: Target, other: Target, localHost: string): boolean {
  if (one.host === other.host && one.host !== localHost) return true;
  const at = placeOf(one);
  return at !== undefined && at === placeOf(other);
}

/** The bare host of an address that stands in the profile; the address behind a secret is not known here. */
function placeOf({ data: { to, host } }: Target): string | undefined {
  if (typeof host === 'string') return host;
  return typeof to === 'string' ? /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^:/?#]+)/i.exec(to)?.[1] : undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
