/** What a bundle says of itself: every entry with its digest, every item with where it came from, and what is missing and why. Pure. */
import type { Artifact, Collected, Removed } from '../engine/events.ts';
import type { Json, JsonObject } from '../ports.ts';
import { toJson } from '../report/json-text.ts';
import type { RemovedAt } from './removed-lines.ts';

export interface Manifest {
  readonly schema_version: 1;
  readonly kind: 'oor-bundle' | 'oor-merged-bundle';
  readonly tool: Tool;
  readonly session: string;
  readonly site: string;
  readonly host: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly verdict: string;
  readonly outcome: string;
  readonly exit_code: number;
  readonly playbook: { readonly id: string; readonly sha256: string };
  readonly profile: { readonly sha256: string };
  /** Of lines in logs; `until` null: to the end. */
  readonly window: { readonly since: string; readonly until: string | null };
  readonly journal: { readonly records: number; readonly head: string };
  /** All but the manifest and its signature. */
  readonly entries: readonly ManifestEntry[];
  readonly items: readonly Item[];
  readonly not_collected: readonly Absent[];
  /** What was removed when it was captured. */
  readonly redactions: readonly Removed[];
  /** Card numbers among it, by the first six digits: how many were of which issuer. */
  readonly issuers: Readonly<Record<string, number>>;
}

/** `sha256` of the program that made the bundle. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

export interface ManifestEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Item {
  readonly step: string;
  readonly host: string;
  readonly command?: readonly string[];
  readonly file?: string;
  readonly exit_code?: number | null;
  readonly at: string;
  readonly duration_ms: number;
  /** Read, before redaction and cuts. */
  readonly bytes: number;
  readonly truncated: boolean;
  readonly entry: string;
  /** Of the text as it was captured; the entry's own unless lines lie in no window that was asked for. */
  readonly sha256: string;
  readonly outside_window?: number;
  /** Lines that were left out when it was captured: a second look found what may be card data or a secret. */
  readonly withheld_lines?: number;
  readonly redactions: readonly RemovedAt[];
  readonly issuers?: Readonly<Record<string, number>>;
}

export interface Absent {
  readonly step: string;
  readonly what: string;
  readonly collected: Exclude<Collected, 'ok'>;
  readonly why: string;
  readonly unlock?: string;
}

/** By rule, over all of them. */
export function removedFrom(items: readonly { readonly redactions: readonly Removed[] }[]): Manifest['redactions'] {
  const tallies = items.map(({ redactions }) => Object.fromEntries(redactions.map(({ rule, count }) => [rule, count])));
  return Object.entries(sum(tallies)).map(([rule, count]) => ({ rule, count }));
}

export function sum(tallies: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const [kind, count] of tallies.flatMap((tally) => Object.entries(tally))) total[kind] = (total[kind] ?? 0) + count;
  return Object.fromEntries(Object.entries(total).sort());
}

/** One line an item, so that people and `diff` can read it. */
export function renderManifest(manifest: Manifest): string {
  const fields = Object.entries(manifest).map(([key, value]) => {
    const shown =
      Array.isArray(value) && value.length > 0 ? `[\n${value.map((each) => `    ${toJson(each)}`).join(',\n')}\n  ]` : toJson(value);
    return `  ${toJson(key)}: ${shown}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** undefined: it is none, or of another version. */
export function parseManifest(text: string): Manifest | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  return isManifest(value) ? (value as unknown as Manifest) : undefined;
}

const TEXTS = ['session', 'site', 'host', 'started_at', 'ended_at', 'verdict', 'outcome'];

function isManifest(value: Json): boolean {
  if (!isObject(value) || value['schema_version'] !== 1) return false;
  if (value['kind'] !== 'oor-bundle' && value['kind'] !== 'oor-merged-bundle') return false;
  const { tool, playbook, profile, window, journal, entries, items, not_collected, redactions, issuers = {} } = value;
  return (
    TEXTS.every((key) => typeof value[key] === 'string') &&
    typeof value['exit_code'] === 'number' &&
    has(tool, { name: 'string', version: 'string' }) &&
    has(playbook, { id: 'string', sha256: 'string' }) &&
    has(profile, { sha256: 'string' }) &&
    has(window, { since: 'string' }) &&
    has(journal, { records: 'number', head: 'string' }) &&
    listOf(redactions, REMOVED) &&
    isObject(issuers) &&
    listOf(entries, { name: 'string', bytes: 'number', sha256: 'string' }) &&
    listOf(items, {
      step: 'string',
      host: 'string',
      at: 'string',
      duration_ms: 'number',
      truncated: 'boolean',
      entry: 'string',
      sha256: 'string',
    }) &&
    Array.isArray(items) &&
    items.every((item: Json) => isObject(item) && listOf(item['redactions'], REMOVED)) &&
    listOf(not_collected, { step: 'string', what: 'string', collected: 'string', why: 'string' })
  );
}

/** Every digest that it names. */
export function digestsIn({ tool, playbook, profile, journal, entries, items }: Manifest): readonly string[] {
  return [tool, playbook, profile, ...entries, ...items].map(({ sha256 }) => sha256).concat(journal.head);
}

type Shape = Readonly<Record<string, 'string' | 'number' | 'boolean'>>;

const REMOVED: Shape = { rule: 'string', count: 'number' };

function listOf(value: Json | undefined, shape: Shape): boolean {
  return Array.isArray(value) && value.every((each: Json) => has(each, shape));
}

function has(value: Json | undefined, shape: Shape): boolean {
  return isObject(value) && Object.entries(shape).every(([key, type]) => typeof value[key] === type);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function describeSource(source: Artifact['source']): string {
  return 'argv' in source ? source.argv.join(' ') : source.file;
}

/** The digest of an artifact as people write a SHA-256. */
export function hexDigest(base64url: string): string {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return [...binary].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
