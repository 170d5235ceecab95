/** The parts of a playbook, read and in shape, to the playbook that the engine runs. */
import type { CheckRegistry } from '../checks/check.ts';
import type { Json, TimeLimit } from '../ports.ts';
import { type Build, below, buildTemplate, complain, complainAtKey, defined, type Spot, toText } from './build.ts';
import { buildCause, buildFix } from './build-causes.ts';
import { buildInput } from './build-inputs.ts';
import { buildStep } from './build-steps.ts';
import { type Entries, type Entry, readNames } from './entries.ts';
import type { CreateCompiler } from './expr-scope.ts';
import type { Part, SourceFile } from './load.ts';
import type { Playbook, Problem, Scope, Step } from './playbook.ts';
import { listOf, milliseconds } from './shape-kit.ts';

export interface BuildOptions {
  readonly registry: CheckRegistry;
  readonly timeLimit: TimeLimit;
  readonly sha256: (text: string) => string;
  readonly createCompiler: CreateCompiler;
  /** True: a build of this program has found no error in it. */
  readonly proved?: boolean;
}

/** Names, compiler and variables; ids that stand twice are noted. */
export function createBuild(options: BuildOptions, parts: readonly Part[], entries: Entries): Build {
  const names = readNames(options.registry, entries);
  const problems: Problem[] = [];
  const vars = new Map<string, (scope: Partial<Scope>) => Json>();
  const compile = options.createCompiler({ names, vars, timeLimit: options.timeLimit });
  const build: Build = { registry: options.registry, names, compile, problems, proved: options.proved ?? false };
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

function refuseTwins(build: Build, what: string, entries: readonly Entry<unknown>[], parts: readonly Part[]): void {
  const seen = new Map<string, Spot>();
  for (const { id, spot } of entries.filter(({ variant = 0 }) => variant === 0)) {
    const first = seen.get(id);
    if (first) {
      const { line, col } = first.yaml.keyAt(first.path);
      const place = parts.length > 1 ? `${first.yaml.file}:${line}:${col}` : `${line}:${col}`;
      const complaint = { code: 'duplicate-id', message: `the ${what} ${id} stands twice, first at ${place}` };
      if (what === 'step') complain(build, below(spot, 'id'), complaint);
      else complainAtKey(build, spot, complaint);
    } else seen.set(id, spot);
  }
}

/** Bounds of the check after a fix, where the playbook names none. */
const SOAK_MS = 60_000;
const EVERY_MS = 10_000;
const MAX_LOOPS = 2;

export function assemble(build: Build, options: BuildOptions & SourceFile, parts: readonly [Part, ...Part[]], entries: Entries): Playbook {
  const root = parts[0].raw;
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
    inputs: entries.inputs.map(({ id, raw, spot }) => buildInput(build, spot, id, raw)),
    steps,
    causes: entries.causes.map(({ id, raw, spot, variant = 0 }) => buildCause(build, spot, { id, variant, raw })),
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
