/**
 * What is left of a file when what is wrong in its shape is taken out, so that one mistake does not hide the others. For looking at a
 * playbook only: what was salvaged is never run.
 */
import type { Json } from '../ports.ts';
import type { Problem } from './playbook.ts';
import { playbookShape, type RawPlaybook } from './shape.ts';
import { isMap, v, validate } from './shape-kit.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export interface Salvaged {
  readonly raw: RawPlaybook;
  /** Places are those of the file as it was written. */
  readonly yaml: YamlFile;
  readonly problems: readonly Problem[];
  /** What was taken out, as JSON. */
  readonly lost: readonly string[];
}

/** Each round takes out at least one thing; a file of which nothing can be made is given up. */
const MAX_ROUNDS = 40;

/** undefined: nothing can be made of it, and `problems` of `validate` are all there is to say. */
export function salvage(yaml: YamlFile): Salvaged | undefined {
  const shaped = validate(playbookShape, yaml.value, yaml);
  if (shaped.ok) return { raw: shaped.value, yaml, problems: [], lost: [] };
  const rest = structuredClone(yaml.value);
  const origin: Origin = new WeakMap();
  const lost: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = v.safeParse(playbookShape, rest);
    if (result.success) return { raw: result.output, yaml: translated(yaml, rest, origin), problems: shaped.problems, lost };
    // From the end, so that places in a list stay right while others are taken out of it.
    for (const path of pathsOf(result.issues)) lost.push(...takeOut(rest, path, origin));
  }
  return undefined;
}

/** Where the items of a list stood before others were taken out of it. */
type Origin = WeakMap<object, number[]>;

function pathsOf(issues: readonly v.BaseIssue<unknown>[]): Path[] {
  const paths = issues.map((issue) => {
    const items = issue.path ?? [];
    const path = items.map(({ key }) => key as string | number);
    const missing = items.at(-1)?.origin === 'key' && issue.input === undefined && issue.expected !== 'never';
    return missing && !hasPlaceholder(path) ? path.slice(0, -1) : path;
  });
  const unique = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return [...unique.values()].sort(later);
}

function later(one: Path, other: Path): number {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const [a, b] = [one[at], other[at]];
    if (typeof a === 'number' && typeof b === 'number' && a !== b) return b - a;
    if (a !== b) return String(a) < String(b) ? 1 : -1;
  }
  return other.length - one.length;
}

/** Without these nothing stands; what they say does not matter to the rest. */
const PLACEHOLDERS: Readonly<Record<string, Json>> = {
  oor: 1,
  id: 'unnamed',
  title: { en: 'unnamed', 'zh-CN': '未命名' },
  effect: 'read',
};

function hasPlaceholder(path: Path): boolean {
  const key = String(path.at(-1));
  return Object.hasOwn(PLACEHOLDERS, key) && (path.length === 1 || key !== 'id');
}

/** Takes out what stands at the path; what was there, as JSON. */
function takeOut(root: Json, path: Path, origin: Origin): string[] {
  const key = path.at(-1);
  const parent = path.slice(0, -1).reduce<Json | undefined>((value, step) => child(value, step), root);
  if (key === undefined || typeof parent !== 'object' || parent === null) return [];
  const was = child(parent, key);
  if (Array.isArray(parent)) {
    const places = origin.get(parent) ?? parent.map((_, index) => index);
    parent.splice(Number(key), 1);
    places.splice(Number(key), 1);
    origin.set(parent, places);
  } else {
    const map = parent as Record<string, Json>;
    if (hasPlaceholder(path)) map[key] = structuredClone(PLACEHOLDERS[key] as Json);
    else delete map[key];
  }
  return was === undefined ? [] : [JSON.stringify({ [String(key)]: was })];
}

function child(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(key)];
  return isMap(value) && Object.hasOwn(value, key) ? (value[key] as Json) : undefined;
}

function translated(yaml: YamlFile, rest: Json, origin: Origin): YamlFile {
  const before = (path: Path): Path => {
    let value: Json | undefined = rest;
    return path.map((key) => {
      const place = Array.isArray(value) ? (origin.get(value)?.[Number(key)] ?? key) : key;
      value = child(value, key);
      return place;
    });
  };
  return {
    ...yaml,
    at: (path) => yaml.at(before(path)),
    keyAt: (path) => yaml.keyAt(before(path)),
    within: (path, offset, length) => yaml.within(before(path), offset, length),
    source: (path) => yaml.source(before(path)),
  };
}
