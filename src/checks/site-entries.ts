/** The site profile as a check is handed it: plain JSON that the profile's own schema has proved. Pure. */
import { HostError } from '../errors.ts';
import type { Json, JsonObject } from '../ports.ts';
import { bareHost, parseTarget } from './target.ts';

export function entriesOf(profile: JsonObject, list: string): readonly JsonObject[] {
  const found = profile[list];
  return Array.isArray(found) ? (found as readonly Json[]).filter(isMap) : [];
}

/** Services that run on this machine; a profile that says nothing means the operator's. */
export function localServices(profile: JsonObject, localHost: string): readonly JsonObject[] {
  const elsewhere = entriesOf(profile, 'hosts').flatMap(({ services }) => texts(services));
  return entriesOf(profile, 'services').filter(({ on, name }) => (on === undefined ? !elsewhere.includes(String(name)) : on === localHost));
}

/** The machine of a service: a name of `hosts`; '' is the operator's. undefined: no such service. */
export function placeOf(profile: JsonObject, name: string): string | undefined {
  const service = entriesOf(profile, 'services').find((each) => nameOf(each) === name);
  if (!service) return undefined;
  const host = entriesOf(profile, 'hosts').find(({ services }) => texts(services).includes(name));
  return typeof service['on'] === 'string' ? service['on'] : host ? nameOf(host) : '';
}

/** '' where it is a secret or not written as a URL. */
export function hostOfEntry({ host, url }: JsonObject): string {
  return typeof host === 'string' ? host : hostOfUrl(url);
}

export function hostOfUrl(url: Json | undefined): string {
  return typeof url === 'string' && URL.canParse(url) ? bareHost(new URL(url).hostname) : '';
}

/** Every machine that the address of a database or a standby names; empty where it is a secret or cannot be read. */
export function hostsOfTarget({ host, url }: JsonObject): readonly string[] {
  if (typeof host === 'string') return [host];
  if (typeof url !== 'string') return [];
  try {
    // The port is of no interest here.
    return parseTarget(url, 1).map((address) => address.host);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // A local socket.
    return error.reason === 'unsupported' ? ['localhost'] : [];
  }
}

export function nameOf({ name }: JsonObject): string {
  return String(name);
}

export function mapOf(value: Json | undefined): JsonObject {
  return isMap(value) ? value : {};
}

/** A text, or a list of texts. */
export function texts(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).filter((entry) => typeof entry !== 'object').map(String);
  return typeof value === 'string' ? [value] : [];
}

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
