/** Pieces that the schemas of the playbook and of the site profile share, and how their issues become problems. */
import { parseDuration, strictObject, v } from '../checks/schema.ts';
import type { Json } from '../ports.ts';
import type { Problem } from './playbook.ts';
import { suggestion } from './suggest.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export { strictObject, v };

/** A union whose member is chosen by looking at the input, so that problems name the key at fault and not the union. */
export function choose<const O extends readonly v.GenericSchema[]>(pick: (input: unknown) => number, ...options: O) {
  const union = v.union(options);
  const run: (typeof union)['~run'] = (dataset, config) =>
    (options[pick(dataset.value)] as (typeof options)[number])['~run'](dataset, config) as ReturnType<(typeof union)['~run']>;
  return { ...union, '~run': run };
}

export function isMap(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** One value or a list of them. */
export function oneOrMany<const S extends v.GenericSchema>(schema: S) {
  return choose((input) => (Array.isArray(input) ? 1 : 0), schema, v.array(schema));
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

const text = v.pipe(v.string(), v.minLength(1, 'expected some text'));
export const optional = v.exactOptional;
export const str = text;

/** `500ms`, `10s`, `5m`, `2h`, `1d`, kept as it was written. */
export const durationText = v.pipe(
  v.string(),
  v.check(
    (value) => parseDuration(value) !== undefined,
    (issue) => `expected a duration such as 500ms, 10s, 5m, 2h or 1d, got ${issue.received}`,
  ),
  v.description('A duration: 500ms, 10s, 5m, 2h or 1d'),
);

export function milliseconds(value: string): number;
export function milliseconds(value: string | undefined): number | undefined;
export function milliseconds(value: string | undefined): number | undefined {
  return value === undefined ? undefined : parseDuration(value);
}

/** The `oor: 1` of every file. */
export const version = v.pipe(
  v.union([v.literal(1), v.literal('1')], (issue) => `expected oor: 1, the version of the format, got ${issue.received}`),
  v.description('Version of the format: 1'),
);

/** Of one file; nobody reads more. */
export const MAX_PROBLEMS = 200;

export type Validated<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Validates a part of a file; every problem points at the key or value at fault. */
export function validate<S extends v.GenericSchema>(schema: S, value: Json, yaml: YamlFile, base: Path = []): Validated<v.InferOutput<S>> {
  const result = v.safeParse(schema, value);
  if (result.success) return { ok: true, value: result.output };
  return { ok: false, problems: result.issues.slice(0, MAX_PROBLEMS).map((issue) => toProblem(issue, yaml, base)) };
}

function toProblem(issue: v.BaseIssue<unknown>, yaml: YamlFile, base: Path): Problem {
  const items = issue.path ?? [];
  const path = [...base, ...items.map((item) => item.key as string | number)];
  const key = String(path.at(-1) ?? '');
  const make = (code: string, message: string, span: { line: number; col: number; length: number }, hint?: string): Problem => ({
    file: yaml.file,
    ...span,
    code,
    message,
    severity: 'error',
    ...(hint ? { hint } : {}),
  });
  if (items.at(-1)?.origin === 'key' && issue.expected === 'never') {
    const known = /known: (.*)$/.exec(issue.message)?.[1]?.split(', ') ?? [];
    if (isChangeInStep(path))
      return make('early-write', `a step only looks: ${key} would change something before the fix phase`, yaml.keyAt(path), CHANGES);
    return make('unknown-key', `unknown key ${key}`, yaml.keyAt(path), unknownKeyHint(key, known));
  }
  if (items.at(-1)?.origin === 'key' && issue.input === undefined) return make('missing-key', `${key} is missing`, yaml.keyAt(path));
  const span = issue.path?.at(-1)?.origin === 'key' ? yaml.keyAt(path) : yaml.at(path);
  const generic = issue.message.startsWith('Invalid ') || issue.type === 'object' || issue.type === 'strict_object';
  const prefix = path.length === 0 || /^\d+$/.test(key) ? '' : `${key}: `;
  if (!generic) return make('invalid-value', `${prefix}${issue.message}`, span);
  return make(
    'invalid-value',
    `${prefix}expected ${expectation(issue.expected)}, got ${nameOf(issue.input)}`,
    span,
    quoteHint(issue, yaml, path),
  );
}

const CHANGES = 'write it under fixes; mitigates: true lets a person take it before its phase';
const OF_FIXES = /^(effect|run|argv|before|dry_run|rollback|mitigates|command|script|shell)$/;

function isChangeInStep(path: Path): boolean {
  return path[0] === 'phases' && path[2] === 'steps' && path.length === 5 && OF_FIXES.test(String(path[4]));
}

function unknownKeyHint(key: string, known: readonly string[]): string | undefined {
  if (key === '<<') return 'merge keys are not supported: write the keys out';
  if (/[^\w-]/.test(key)) return 'an expression or text that holds a comma, colon, # or bracket must be quoted';
  return suggestion(key, known);
}

const PLAIN_NAMES: Readonly<Record<string, string>> = {
  Object: 'a map of keys',
  Array: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
};

function expectation(expected: string | null): string {
  return PLAIN_NAMES[expected ?? ''] ?? (expected ?? 'something else').replace(/^\(|\)$/g, '').replaceAll(' | ', ', ');
}

function nameOf(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'a map of keys' : JSON.stringify(input);
}

function quoteHint(issue: v.BaseIssue<unknown>, yaml: YamlFile, path: Path): string | undefined {
  const unquoted = issue.expected === 'string' && (typeof issue.input === 'number' || typeof issue.input === 'boolean');
  return unquoted ? `quote it: "${yaml.source(path)}"` : undefined;
}
