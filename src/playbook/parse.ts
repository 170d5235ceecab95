/** YAML text to a playbook the engine can run, or every problem found in it. */
import { type CheckRegistry, STEP_PHASES, type StepPhase } from '../checks/check.ts';
import type { Json, TimeLimit } from '../ports.ts';
import { type Build, below, buildTemplate, complainAtKey, defined, type Spot, toText } from './build.ts';
import { buildCause, buildFix } from './build-causes.ts';
import { buildStep } from './build-steps.ts';
import { createCompiler } from './expr.ts';
import type { Names, QuestionName, StepName } from './expr-names.ts';
import { readForEach } from './for-each.ts';
import { lintPlaybook } from './lint.ts';
import { loadParts, type Part, type SourceFile } from './load.ts';
import type { Input, Playbook, Problem, Scope, Step } from './playbook.ts';
import { sortProblems } from './problem.ts';
import { checkReferences } from './references.ts';
import type { RawCause, RawFix, RawPlaybook, RawStep } from './shape.ts';
import { listOf, milliseconds } from './shape-kit.ts';

export interface ParseOptions extends SourceFile {
  readonly registry: CheckRegistry;
  readonly timeLimit: TimeLimit;
  /** The file behind a name of `use:`; undefined when there is none. Confining names to known folders is the caller's. */
  readonly include: (name: string) => SourceFile | undefined;
  readonly sha256: (text: string) => string;
}

export type ParseResult =
  | { readonly ok: true; readonly playbook: Playbook; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function parsePlaybook(options: ParseOptions): ParseResult {
  const { parts, problems } = loadParts(options, options.include);
  const [root] = parts;
  if (problems.length > 0 || !root) return { ok: false, problems: sortProblems(problems) };
  const entries = collect(parts);
  const build = createBuild(options, parts, entries);
  const playbook = assemble(build, options, root.raw, parts, entries);
  checkReferences(build, playbook, entries);
  const found = dedupe(build.problems);
  if (found.some(({ severity }) => severity === 'error')) return { ok: false, problems: sortProblems(found) };
  return { ok: true, playbook, warnings: sortProblems([...found, ...lintPlaybook(playbook, entries, options.registry)]) };
}

/** What stands under one id, and where. */
export interface Entry<T> {
  readonly id: string;
  readonly raw: T;
  readonly spot: Spot;
  readonly part: Part;
}

/** Everything with an id, of all files, in their order. */
export interface Entries {
  readonly steps: readonly (Entry<RawStep> & { readonly phase: StepPhase })[];
  readonly causes: readonly Entry<RawCause>[];
  readonly fixes: readonly Entry<RawFix>[];
  readonly inputs: readonly Entry<NonNullable<RawPlaybook['inputs']>[string]>[];
  readonly vars: readonly Entry<unknown>[];
}

function collect(parts: readonly Part[]): Entries {
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
    causes: named((raw) => raw.causes, 'causes'),
    fixes: named((raw) => raw.fixes, 'fixes'),
    inputs: named((raw) => raw.inputs, 'inputs'),
    vars: named((raw) => raw.vars, 'vars'),
  };
}

function createBuild(options: ParseOptions, parts: readonly Part[], entries: Entries): Build {
  const names = readNames(options.registry, entries);
  const problems: Problem[] = [];
  const vars = new Map<string, (scope: Partial<Scope>) => Json>();
  const compile = createCompiler({ names, vars, timeLimit: options.timeLimit });
  const build: Build = { registry: options.registry, names, compile, problems };
  for (const { id, raw, spot } of entries.vars) {
    const template = buildTemplate(build, spot, raw, { forEach: undefined, only: ['inputs', 'profile'] });
    if (template) vars.set(id, template.fill);
  }
  for (const [what, list] of [
    ['step', entries.steps],
    ['cause', entries.causes],
    ['fix', entries.fixes],
    ['input', entries.inputs],
    ['var', entries.vars],
  ] as const) {
    refuseTwins(build, what, list, parts);
  }
  return build;
}

function readNames(registry: CheckRegistry, { steps, inputs, vars }: Entries): Names {
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
    checks.set(id, { codes: Object.keys(check?.messages ?? {}), facts: check?.facts, forEach: forEach?.ok ? forEach.forEach : undefined });
  }
  return {
    steps: checks,
    questions,
    inputs: new Map(inputs.map(({ id, raw }) => [id, raw.type])),
    vars: new Set(vars.map(({ id }) => id)),
  };
}

function refuseTwins(build: Build, what: string, entries: readonly Entry<unknown>[], parts: readonly Part[]): void {
  const seen = new Map<string, Spot>();
  for (const { id, spot } of entries) {
    const first = seen.get(id);
    if (first) {
      const { line, col } = first.yaml.keyAt(first.path);
      const place = parts.length > 1 ? `${first.yaml.file}:${line}:${col}` : `${line}:${col}`;
      complainAtKey(build, what === 'step' ? below(spot, 'id') : spot, {
        code: 'duplicate-id',
        message: `the ${what} ${id} stands twice, first at ${place}`,
      });
    } else seen.set(id, spot);
  }
}

/** Bounds of the check after a fix, where the playbook names none. */
const SOAK_MS = 60_000;
const EVERY_MS = 10_000;
const MAX_LOOPS = 2;

function assemble(build: Build, options: ParseOptions, root: RawPlaybook, parts: readonly Part[], entries: Entries): Playbook {
  const steps = entries.steps.flatMap(({ spot, raw, phase, part }): Step[] => {
    const step = buildStep(build, spot, raw, phase, part.raw.defaults);
    return step ? [step] : [];
  });
  const entrySteps = entries.steps.flatMap(({ id, raw }) => ('uses' in raw && raw.scope === 'entry' ? [id] : []));
  const validate = parts.map(({ raw }) => raw.validate).find((raw) => raw !== undefined);
  const escalate = parts.map(({ raw }) => raw.escalate).find((raw) => raw !== undefined);
  const named = listOf(validate?.steps);
  const included = parts.slice(1).map(({ name, yaml }) => ({ name, file: yaml.file, text: yaml.text }));
  return {
    id: root.id,
    title: toText(root.title),
    symptoms: parts.flatMap(({ raw }) => listOf(raw.symptoms)),
    inputs: entries.inputs.map(
      ({ id, raw }) => ({ name: id, required: raw.required ?? false, ...defined({ ...raw, required: undefined }) }) as Input,
    ),
    steps,
    causes: entries.causes.map(({ id, raw, spot }) => buildCause(build, spot, id, raw)),
    fixes: entries.fixes.map(({ id, raw, spot }) => buildFix(build, spot, id, raw, entrySteps)),
    validate: {
      steps: named.length > 0 ? named : entrySteps,
      soakMs: milliseconds(validate?.soak) ?? SOAK_MS,
      everyMs: milliseconds(validate?.every) ?? EVERY_MS,
      maxLoops: validate?.max ?? MAX_LOOPS,
    },
    included,
    file: options.file,
    text: options.text,
    sha256: options.sha256([options.text, ...included.map(({ name, text }) => `\n--- use: ${name}\n${text}`)].join('')),
    ...defined({
      description: toText(root.description),
      escalate: escalate && { to: escalate.to, ...defined({ text: toText(escalate.text) }) },
    }),
  };
}

function dedupe(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.file}:${problem.line}:${problem.col}:${problem.message}`, problem])).values()];
}
