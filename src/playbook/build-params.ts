import type { Check } from '../checks/check.ts';
import type { Json, JsonObject } from '../ports.ts';
import { type Around, type Build, below, buildTemplate, complain, complainAtKey, isFull, type Spot } from './build.ts';
import type { Template } from './playbook.ts';
import { type v, validate } from './shape-kit.ts';
import { suggestion } from './suggest.ts';
import { hasTemplate } from './template.ts';

export interface CheckUse {
  readonly check: Check | undefined;
  readonly with: Template | undefined;
}

/** `uses` and `with` of a step or an experiment: the check exists and takes these parameters. */
export function buildUse(
  build: Build,
  spot: Spot,
  raw: { readonly uses: string; readonly with?: Record<string, unknown> },
  around: Around,
): CheckUse {
  const check = Object.hasOwn(build.registry, raw.uses) ? build.registry[raw.uses] : undefined;
  const source = (raw.with ?? {}) as JsonObject;
  if (isFull(build)) return { check, with: undefined };
  if (!check)
    complain(build, below(spot, 'uses'), {
      code: 'unknown-check',
      message: `there is no check ${raw.uses}`,
      hint: suggestion(raw.uses, Object.keys(build.registry)),
    });
  else if (!build.proved) checkParams(build, spot, check, source);
  return { check, with: buildTemplate(build, below(spot, 'with'), source, around) };
}

function checkParams(build: Build, spot: Spot, check: Check, source: JsonObject): void {
  if (hasTemplate(source)) return checkKeys(build, spot, check, source);
  const result = validate(check.params, source, spot.yaml, [...spot.path, 'with']);
  if (!result.ok) build.problems.push(...result.problems);
}

/** With templates only the keys and the values without templates can be judged before the run. */
function checkKeys(build: Build, spot: Spot, check: Check, source: JsonObject): void {
  const entries = entriesOf(check.params);
  if (!entries) return;
  const at = below(spot, 'with');
  for (const [key, value] of Object.entries(source)) {
    const schema = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (!schema)
      complainAtKey(build, below(at, key), {
        code: 'unknown-key',
        message: `unknown key ${key}`,
        hint: suggestion(key, Object.keys(entries)),
      });
    else if (!hasTemplate(value)) checkValue(build, below(at, key), schema, value);
  }
  for (const [key, schema] of Object.entries(entries)) {
    if (!Object.hasOwn(source, key) && !OPTIONAL.has(schema.type))
      complainAtKey(build, at, { code: 'missing-key', message: `${key} is missing`, hint: `${check.id} needs it` });
  }
}

function checkValue(build: Build, spot: Spot, schema: v.GenericSchema, value: Json): void {
  const result = validate(schema, value, spot.yaml, spot.path);
  if (!result.ok) build.problems.push(...result.problems);
}

const OPTIONAL = new Set(['optional', 'exact_optional', 'nullish', 'undefinedable']);

/** The keys of an object schema; undefined where the schema is something else. */
function entriesOf(schema: v.GenericSchema): Readonly<Record<string, v.GenericSchema>> | undefined {
  const { entries } = schema as unknown as { readonly entries?: Readonly<Record<string, v.GenericSchema>> };
  return entries;
}
