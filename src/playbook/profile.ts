/** The site profile: YAML text to typed data, or every problem in it. */
import type { CheckRegistry, Thresholds } from '../checks/check.ts';
import type { Json, JsonObject } from '../ports.ts';
import { type Complaint, complain, complainAtKey } from './build.ts';
import { complaintsOfNotices } from './notify-shape.ts';
import type { Problem } from './playbook.ts';
import { sortProblems } from './problem.ts';
import { profileShape, type SiteProfile } from './profile-shape.ts';
import { validate } from './shape-kit.ts';
import { suggestion } from './suggest.ts';
import { parseYaml } from './yaml.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export type { SiteProfile } from './profile-shape.ts';

export interface ProfileOptions {
  readonly file: string;
  readonly text: string;
  /** Whose ids `thresholds` may name. */
  readonly registry: CheckRegistry;
}

export type ProfileResult =
  | { readonly ok: true; readonly profile: SiteProfile; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function parseProfile({ file, text, registry }: ProfileOptions): ProfileResult {
  const parsed = parseYaml({ file, text });
  if (!parsed.ok) return parsed;
  const shaped = validate(profileShape, parsed.yaml.value, parsed.yaml);
  const review: Review = { yaml: parsed.yaml, problems: shaped.ok ? [] : [...shaped.problems] };
  refuseSecrets(review, parsed.yaml.value, []);
  if (shaped.ok) {
    refuseTwins(review, shaped.value);
    checkNames(review, shaped.value);
    checkThresholds(review, shaped.value, registry);
    for (const { path, complaint } of complaintsOfNotices(shaped.value.notify ?? [])) note(review, ['notify', ...path], complaint);
  }
  const problems = sortProblems(review.problems);
  if (!shaped.ok || problems.some(({ severity }) => severity === 'error')) return { ok: false, problems };
  return { ok: true, profile: shaped.value, warnings: problems };
}

/** What expressions see of the profile: all of it, as secrets stand in it by name only. */
export function profileData(profile: SiteProfile): JsonObject {
  return profile as unknown as JsonObject;
}

interface Review {
  readonly yaml: YamlFile;
  readonly problems: Problem[];
}

function note(review: Review, path: Path, complaint: Complaint): void {
  complain(review, { yaml: review.yaml, path }, complaint);
}

/** `user:password@` in a URL; `password=...` in a libpq keyword string. */
const URL_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s@]+@/i;
const KEYWORD_PASSWORD = /(?:^|[\s?&])password\s*=\s*\S/i;
/** The bound keeps it linear in what somebody wrote. */
export const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/;
const SECRET_KEYS = /^(password|passwd|secret|token|api_?key|access_?key|private_?key|key|pin)$/i;

/** The profile is copied into every record and bundle, so no secret may stand in it. */
function refuseSecrets(review: Review, value: Json, path: Path): void {
  if (typeof value === 'string') {
    const key = path.at(-1);
    const within = path.includes('credentials') && typeof key === 'string' && SECRET_KEYS.test(key);
    const refers = path.at(-1) === 'key' && path.length > 1 && isReference(review.yaml.value, path);
    if (URL_PASSWORD.test(value) || KEYWORD_PASSWORD.test(value) || PRIVATE_KEY.test(value) || (within && !refers)) {
      note(review, path, {
        code: 'secret-in-profile',
        message: 'a secret is written here',
        hint: 'name it instead: {env: NAME} or {file: PATH, key: NAME}',
      });
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) refuseSecrets(review, child, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** `key` beside `file` is the name of an entry in that file. */
function isReference(root: Json, path: Path): boolean {
  let node: unknown = root;
  for (const key of path.slice(0, -1)) node = (node as Record<string | number, unknown>)[key];
  return typeof node === 'object' && node !== null && 'file' in node;
}

const NAMED_LISTS = [
  'services',
  'databases',
  'caches',
  'providers',
  'switches',
  'transactions',
  'settlement',
  'hosts',
  'contacts',
  'notify',
] as const;

function refuseTwins(review: Review, profile: SiteProfile): void {
  for (const list of NAMED_LISTS) {
    const seen = new Set<string>();
    (profile[list] ?? []).forEach(({ name }, index) => {
      if (seen.has(name)) note(review, [list, index, 'name'], { code: 'duplicate-name', message: `two ${list} are called ${name}` });
      seen.add(name);
    });
  }
}

/** Names that point at other entries. */
function checkNames(review: Review, profile: SiteProfile): void {
  const targets = NAMED_LISTS.filter((list) => !['hosts', 'contacts', 'notify'].includes(list)).flatMap((list) =>
    (profile[list] ?? []).map(({ name }) => name),
  );
  const hosts = (profile.hosts ?? []).map(({ name }) => name);
  (profile.hosts ?? []).forEach(({ services }, index) => {
    (services ?? []).forEach((name, at) => {
      if (!targets.includes(name))
        note(review, ['hosts', index, 'services', at], {
          code: 'unknown-name',
          message: `no service, database, cache or provider is called ${name}`,
          hint: suggestion(name, targets),
        });
    });
  });
  for (const list of ['services', 'databases', 'caches'] as const) {
    (profile[list] ?? []).forEach(({ on }, index) => {
      if (on !== undefined && !hosts.includes(on))
        note(review, [list, index, 'on'], { code: 'unknown-name', message: `no host is called ${on}`, hint: suggestion(on, hosts) });
    });
  }
  const providers = (profile.providers ?? []).map(({ name }) => name);
  (profile.calendar?.maintenance ?? []).forEach(({ provider }, index) => {
    if (provider !== undefined && !providers.includes(provider))
      note(review, ['calendar', 'maintenance', index, 'provider'], {
        code: 'unknown-name',
        message: `no provider is called ${provider}`,
        hint: suggestion(provider, providers),
      });
  });
  const groups = Object.keys(profile.peers ?? {});
  const known = [...targets, ...hosts, ...groups];
  (profile.links ?? []).forEach((link, index) => {
    link.forEach((name, at) => {
      if (!known.includes(name))
        note(review, ['links', index, at], {
          code: 'unknown-name',
          message: `nothing here is called ${name}`,
          hint: suggestion(name, known),
          severity: 'warning',
        });
    });
  });
}

function checkThresholds(review: Review, profile: SiteProfile, registry: CheckRegistry): void {
  const graded = Object.keys(registry).filter((id) => registry[id]?.thresholds);
  for (const id of Object.keys(profile.thresholds ?? {})) {
    const path = ['thresholds', id];
    const spot = { yaml: review.yaml, path };
    if (!Object.hasOwn(registry, id))
      complainAtKey(review, spot, { code: 'unknown-check', message: `there is no check ${id}`, hint: suggestion(id, graded) });
    else if (!graded.includes(id)) complainAtKey(review, spot, { code: 'no-thresholds', message: `the check ${id} has no thresholds` });
    else checkClearing(review, path, profile.thresholds?.[id] ?? {}, registry[id]?.thresholds);
  }
}

/** A bound that clears lies on the good side of the bound that it clears, or everything would be held for ever. */
function checkClearing(
  review: Review,
  path: Path,
  site: NonNullable<SiteProfile['thresholds']>[string],
  stock: Thresholds | undefined,
): void {
  if (!stock) return;
  const sign = stock.warn > stock.crit ? -1 : 1;
  for (const key of ['warn', 'crit'] as const) {
    const clear = site[`${key}_clear`];
    const bound = site[key] ?? stock[key];
    if (clear !== undefined && sign * clear > sign * bound)
      note(review, [...path, `${key}_clear`], {
        code: 'threshold-order',
        message: `${key}_clear: ${clear} is on the wrong side of ${key} (${bound})`,
        hint: `a ${key} would never clear; expected ${sign > 0 ? 'at most' : 'at least'} ${bound}`,
      });
  }
}
