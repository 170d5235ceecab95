/** How the machines of a site are called, in whatever place of its profile. Pure. */
import { isObject } from '../engine/targets.ts';
import type { Json, JsonObject } from '../ports.ts';

/** Keys whose values are names of machines, alone, in lists, or with a user and a port. */
const NAMED = /^(?:host|hosts|ssh|on|peers|links|resolvers|standbys|servers|names|address|addresses)$/;

export function machineNames(profile: JsonObject, localHost: string): readonly string[] {
  const names = new Set<string>([localHost, localHost.split('.')[0] ?? '']);
  const components = new Set(COMPONENTS.flatMap((list) => namesOf(profile[list])));
  const add = (text: string): void => {
    const host = hostOf(text);
    if (host !== '' && !components.has(host) && !/^[\d.:]+$|^localhost$/.test(host)) names.add(host);
  };
  for (const name of namesOf(profile['hosts'])) names.add(name);
  visit(profile, false, add);
  return [...names].filter((name) => name !== '');
}

/** Lists of what runs on machines: their names are words of the report, not of machines. */
const COMPONENTS = ['services', 'databases', 'caches', 'providers', 'switches', 'transactions', 'settlement'];

function namesOf(list: Json | undefined): readonly string[] {
  return (Array.isArray(list) ? list : []).flatMap((entry: Json) =>
    isObject(entry) && typeof entry['name'] === 'string' ? [entry['name']] : [],
  );
}

function visit(value: Json | undefined, named: boolean, add: (text: string) => void): void {
  if (typeof value === 'string') {
    if (named || value.includes('://')) add(value);
  } else if (Array.isArray(value)) for (const each of value) visit(each as Json, named, add);
  else if (isObject(value)) for (const [key, inner] of Object.entries(value)) visit(inner, named || NAMED.test(key), add);
}

/** `https://user@host:port/path`, `user@host`, `host:port`. */
function hostOf(text: string): string {
  const [, url] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text) ?? [];
  const authority = url ?? text;
  return /^(?:[^@\s]*@)?([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::\d+)?$/.exec(authority)?.[1] ?? '';
}
