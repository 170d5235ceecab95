/**
 * A playbook that the build of this program read and proved, made ready again without its text: no YAML is parsed, no shape and no
 * parameter is proved once more, and an expression is compiled when it is first evaluated.
 */
import { assemble, type BuildOptions, createBuild } from './assemble.ts';
import { once } from './build.ts';
import { collectEntries, type Entries } from './entries.ts';
import type { CreateCompiler } from './expr-scope.ts';
import { type LoadOptions, loadParts, type Open, type SourceFile } from './load.ts';
import type { Playbook, Problem } from './playbook.ts';
import type { RawPlaybook, RawStep } from './shape.ts';
import type { YamlFile } from './yaml-file.ts';

/** What an expression reads, found out when it was proved. */
export interface Reads {
  readonly steps: readonly string[];
  readonly answers: readonly string[];
}

/** One file, as data. */
export interface Prepared {
  readonly raw: RawPlaybook;
  /** By the text of the expression. */
  readonly reads: Readonly<Record<string, Reads>>;
}

type CheckStep = Extract<RawStep, { uses: string }>;
/** With it, only the check steps that it wants, and neither causes nor fixes. */
export type Wanted = (step: Pick<CheckStep, 'id' | 'uses'>) => boolean;

export interface ReopenOptions extends SourceFile, LoadOptions, Omit<BuildOptions, 'proved'> {
  /** undefined: the build did not see this file. */
  readonly prepared: (source: SourceFile) => Prepared | undefined;
  readonly wanted?: Wanted | undefined;
}

export interface Reopened {
  readonly playbook: Playbook;
  /** How often the language will be asked for; 0: nothing in it needs evaluating. */
  readonly expressions: number;
}

/** undefined when a file of it was not prepared. */
export function reopenPlaybook(options: ReopenOptions): Reopened | undefined {
  const reads: Record<string, Reads> = {};
  const open: Open = (source) => {
    const prepared = options.prepared(source);
    if (!prepared) return { ok: false, problems: [NOT_PREPARED] };
    Object.assign(reads, prepared.reads);
    return { ok: true, value: { yaml: withoutPlaces(source), raw: prepared.raw } };
  };
  const { parts, problems } = loadParts(options, open, options);
  const [root, ...others] = parts;
  if (problems.length > 0 || !root) return undefined;
  const later = compileLater(options.createCompiler, reads);
  const all = collectEntries(parts);
  const build = createBuild({ ...options, createCompiler: later.createCompiler, proved: true }, parts, all);
  const variables = later.count();
  const playbook = assemble(build, options, [root, ...others], options.wanted ? select(all, options.wanted) : all);
  return { playbook, expressions: later.count() - variables };
}

/** The check steps of a playbook, without making it ready. */
export function checkSteps({ phases = {} }: RawPlaybook): readonly CheckStep[] {
  return Object.values(phases).flatMap(({ steps }) => steps.filter((step): step is CheckStep => 'uses' in step));
}

const NOT_PREPARED: Problem = { file: '', line: 0, col: 0, code: 'not-prepared', message: 'not prepared', severity: 'error' };

/** Nothing is found wrong any more, so no place in the text is asked for. */
function withoutPlaces({ file, text }: SourceFile): YamlFile {
  const nowhere = () => ({ line: 0, col: 0, length: 0 });
  return { file, text, value: null, at: nowhere, keyAt: nowhere, within: nowhere, source: () => '' };
}

function select(entries: Entries, wanted: Wanted): Entries {
  return { ...entries, steps: entries.steps.filter(({ raw }) => 'uses' in raw && wanted(raw)), causes: [], fixes: [] };
}

function compileLater(create: CreateCompiler, reads: Readonly<Record<string, Reads>>): { createCompiler: CreateCompiler; count(): number } {
  let count = 0;
  const createCompiler: CreateCompiler = (options) => {
    const compile = create(options);
    return (text, place) => {
      count += 1;
      const expression = once(() => {
        const compiled = compile(text, place);
        if (!compiled.ok) throw new Error(`${text}: ${compiled.problems[0]?.message}`);
        return compiled.expression;
      });
      const { steps, answers } = reads[text] ?? expression();
      return {
        ok: true,
        expression: { text, steps, answers, evaluate: (scope) => expression().evaluate(scope) },
        single: new Set(),
        warnings: [],
      };
    };
  };
  return { createCompiler, count: () => count };
}
