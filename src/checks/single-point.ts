/** A part that stops payments when it alone stops, and what a look tells of where parts are. Pure. */
import type { Text } from '../ports.ts';

export const AREAS = [
  'entry',
  'service',
  'database',
  'cache',
  'provider',
  'switch',
  'dns',
  'time',
  'route',
  'power',
  'certificate',
  'people',
] as const;
export type Area = (typeof AREAS)[number];

export interface SinglePoint {
  readonly area: Area;
  /** The entry of the profile, or the thing itself. */
  readonly name: string;
  readonly why: Text;
  /** `seen` by a look; `declared`: the profile names no second one, and whether there is one is not seen from here. */
  readonly basis: 'seen' | 'declared';
  /** What depends on it by the profile's `links`, directly or not. */
  readonly hits: readonly string[];
  /** The contact whose name or role is its name or its area; '' where there is none. */
  readonly owner: string;
}

/** What a look at the machine and the network tells; undefined: could not be seen, or is not there. */
export interface Looked {
  readonly host: string;
  /** Addresses behind each name of the profile. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly upstreams?: readonly { readonly name: string; readonly servers: readonly string[] }[];
  /** Standbys that each database says it feeds. */
  readonly followers: ReadonlyMap<string, number>;
  readonly resolvers?: readonly string[];
  readonly timeSources?: number;
  readonly routes?: readonly { readonly gateway: string | null; readonly device: string }[];
  readonly supplies?: readonly string[];
  /** Each once, with the services that show it. */
  readonly certificates: readonly { readonly subject: string; readonly notAfter: number; readonly of: readonly string[] }[];
}

export type Found = Pick<SinglePoint, 'area' | 'name' | 'why' | 'basis'>;

export function point(area: Area, name: string, basis: SinglePoint['basis'], en: string, zh: string): Found {
  return { area, name, basis, why: { en, 'zh-CN': zh } };
}

/** Roles of an entry that stands in for the others of its list. */
export const SPARE: ReadonlySet<string> = new Set(['standby', 'replica', 'backup', 'secondary']);

export function machinesOf(host: string, addresses: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return host === '' ? [] : (addresses.get(host) ?? [machineOf(host)]);
}

/** Of `10.0.0.5:8080`, `[::1]:8080`, `unix:/run/app.sock`: whatever stays on this machine is one. */
export function machineOf(server: string): string {
  const host = server.startsWith('unix:') ? 'localhost' : server.replace(/^([^:]*|\[.*\]):\d+$/, '$1');
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host) ? '127.0.0.1' : host;
}
