/** The same as `parse.ts`, the expression language handed in: a playbook without expressions need not load it. */
import { assemble, type BuildOptions, createBuild } from './assemble.ts';
import { once } from './build.ts';
import { collectEntries } from './entries.ts';
import type { CreateCompiler } from './expr-scope.ts';
import { lintPlaybook } from './lint.ts';
import { type LoadOptions, loadParts, type Open, type SourceFile } from './load.ts';
import type { Playbook, Problem } from './playbook.ts';
import { sortProblems } from './problem.ts';
import { checkReferences } from './references.ts';
import { playbookShape } from './shape.ts';
import { validate } from './shape-kit.ts';
import { parseYaml } from './yaml.ts';

export type ParseOptions = SourceFile & LoadOptions & Omit<BuildOptions, 'createCompiler' | 'proved'>;

export type ParseResult =
  /** `warnings` are worked out when they are read. */
  | { readonly ok: true; readonly playbook: Playbook; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function parseWith(createCompiler: CreateCompiler, given: ParseOptions): ParseResult {
  const options = { ...given, createCompiler };
  const { parts, problems } = loadParts(options, openSource, options);
  const [root, ...others] = parts;
  if (problems.length > 0 || !root) return { ok: false, problems: sortProblems(problems) };
  const entries = collectEntries(parts);
  const build = createBuild(options, parts, entries);
  const playbook = assemble(build, options, [root, ...others], entries);
  checkReferences(build, playbook, entries);
  if (build.problems.some(({ severity }) => severity === 'error')) return { ok: false, problems: sortProblems(dedupe(build.problems)) };
  const warnings = once(() => sortProblems([...dedupe(build.problems), ...lintPlaybook(playbook, entries, options)]));
  return {
    ok: true,
    playbook,
    get warnings() {
      return warnings();
    },
  };
}

/** A file and its shape, or what is wrong with them. */
export const openSource: Open = (source) => {
  const parsed = parseYaml(source);
  if (!parsed.ok) return parsed;
  const shaped = validate(playbookShape, parsed.yaml.value, parsed.yaml);
  return shaped.ok ? { ok: true, value: { yaml: parsed.yaml, raw: shaped.value } } : shaped;
};

export function dedupe(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.file}:${problem.line}:${problem.col}:${problem.message}`, problem])).values()];
}
