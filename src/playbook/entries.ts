/** Everything with an id, of all files of a playbook, and the names that expressions may use for it. */
import { type CheckRegistry, STEP_PHASES, type StepPhase } from '../checks/check.ts';
import type { Spot } from './build.ts';
import type { RawInput } from './build-inputs.ts';
import type { Names, QuestionName, StepName } from './expr-scope.ts';
import { readForEach } from './for-each.ts';
import type { Part } from './load.ts';
import type { RawCause, RawFix, RawPlaybook, RawStep } from './shape.ts';

/** What stands under one id, and where. */
export interface Entry<T> {
  readonly id: string;
  readonly raw: T;
  readonly spot: Spot;
  readonly part: Part;
  /** Of a cause that stands several times, as a list or in several parts: which. */
  readonly variant?: number;
}

/** Everything with an id, of all files, in their order. */
export interface Entries {
  readonly steps: readonly (Entry<RawStep> & { readonly phase: StepPhase })[];
  readonly causes: readonly Entry<RawCause>[];
  readonly fixes: readonly Entry<RawFix>[];
  readonly inputs: readonly Entry<RawInput>[];
  readonly vars: readonly Entry<unknown>[];
}

/** In the order of the files, steps also by phase. */
export function collectEntries(parts: readonly Part[]): Entries {
  const named = <T>(pick: (raw: RawPlaybook) => Readonly<Record<string, T>> | undefined, key: string): Entry<T>[] =>
    parts.flatMap((part) =>
      Object.entries(pick(part.raw) ?? {}).map(([id, raw]) => ({ id, raw, part, spot: { yaml: part.yaml, path: [key, id] } })),
    );
  const steps = STEP_PHASES.flatMap((phase) =>
    parts.flatMap((part) =>
      (part.raw.phases?.[phase]?.steps ?? []).map((raw, index) => ({
        id: raw.id,
        raw,
        phase,
        part,
        spot: { yaml: part.yaml, path: ['phases', phase, 'steps', index] },
      })),
    ),
  );
  return {
    steps,
    causes: numberVariants(named((raw) => raw.causes, 'causes').flatMap(splitVariants)),
    fixes: named((raw) => raw.fixes, 'fixes'),
    inputs: named((raw) => raw.inputs, 'inputs'),
    vars: named((raw) => raw.vars, 'vars'),
  };
}

/** A cause that is written as a list stands once for each item, under the same id. */
function splitVariants({ id, raw, part, spot }: Entry<RawCause | readonly RawCause[]>): Entry<RawCause>[] {
  if (!Array.isArray(raw)) return [{ id, raw: raw as RawCause, part, spot }];
  return (raw as readonly RawCause[]).map((each, index) => ({ id, raw: each, part, spot: { ...spot, path: [...spot.path, index] } }));
}

/** So does one that a part has as well: the same root, seen in another place. */
function numberVariants(causes: readonly Entry<RawCause>[]): Entry<RawCause>[] {
  const met = new Map<string, number>();
  return causes.map((cause) => {
    const variant = met.get(cause.id) ?? 0;
    met.set(cause.id, variant + 1);
    return { ...cause, variant };
  });
}

/** Includes the ids of included files. */
export function readNames(registry: CheckRegistry, { steps, inputs, vars }: Entries): Names {
  const checks = new Map<string, StepName>();
  const questions = new Map<string, QuestionName>();
  for (const { id, raw } of steps) {
    if ('ask' in raw)
      questions.set(id, {
        type: raw.type === 'confirm' ? 'bool' : raw.type === 'number' ? 'double' : 'string',
        values: raw.options?.map(({ value }) => value),
      });
    if (!('uses' in raw)) continue;
    const check = Object.hasOwn(registry, raw.uses) ? registry[raw.uses] : undefined;
    const forEach = raw.for === undefined ? undefined : readForEach(raw.for);
    checks.set(id, {
      codes: check && Object.keys(check.messages),
      facts: check?.facts,
      forEach: forEach?.ok ? forEach.forEach : undefined,
    });
  }
  return {
    steps: checks,
    questions,
    inputs: new Map(inputs.map(({ id, raw }) => [id, raw.type])),
    vars: new Set(vars.map(({ id }) => id)),
  };
}
