/** What building a playbook from its raw shape needs everywhere: names, compilers and a place to put problems. */
import type { CheckRegistry } from '../checks/check.ts';
import type { Json, Text } from '../ports.ts';
import type { Compile, CompileOptions, ExpressionProblem, Names, Place, Root } from './expr-scope.ts';
import { mayShareTarget, readForEach, showForEach } from './for-each.ts';
import type { Expression, ForEach, Position, Problem, Template } from './playbook.ts';
import type { Span } from './problem.ts';
import { profileShape, targetShape } from './profile-shape.ts';
import type { RawForEach, RawText } from './shape.ts';
import { MAX_PROBLEMS } from './shape-kit.ts';
import { compileTemplate, type TemplateOptions } from './template.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** A value of a file: what is built and what problems point at. */
export interface Spot {
  readonly yaml: YamlFile;
  readonly path: Path;
}

export interface Build {
  readonly registry: CheckRegistry;
  readonly names: Names;
  readonly compile: Compile;
  readonly problems: Problem[];
  /** Nothing is left to prove: parameters are as their checks want them. */
  readonly proved: boolean;
}

export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly severity?: Problem['severity'];
}

/** What is known before anything ran. */
export const BEFORE_ROOTS: readonly Root[] = ['inputs', 'vars', 'profile'];

/** Roots every expression of a step, cause or fix may start with. */
const COMMON_ROOTS: readonly Root[] = ['checks', 'any', 'answers', ...BEFORE_ROOTS];

export function below({ yaml, path }: Spot, ...keys: Path): Spot {
  return { yaml, path: [...path, ...keys] };
}

/** Nobody reads more, and a hostile file can hold thousands: what would only find one more error may stop. */
export function isFull({ problems }: Pick<Build, 'problems'>): boolean {
  return problems.length >= MAX_PROBLEMS && problems.filter(({ severity }) => severity === 'error').length >= MAX_PROBLEMS;
}

export function complain(build: Pick<Build, 'problems'>, spot: Spot, complaint: Complaint): void {
  add(build, spot.yaml, () => spot.yaml.at(spot.path), complaint);
}

export function complainAtKey(build: Pick<Build, 'problems'>, spot: Spot, complaint: Complaint): void {
  add(build, spot.yaml, () => spot.yaml.keyAt(spot.path), complaint);
}

/** At the value; in one that is written over several lines, at the place in it. */
export function complainWithin(build: Pick<Build, 'problems'>, spot: Spot, offset: number, complaint: Complaint): void {
  const { yaml, path } = spot;
  add(build, yaml, () => (yaml.source(path).includes('\n') ? yaml.within(path, offset, 1) : yaml.at(path)), complaint);
}

/** Where it is gets looked up when somebody asks: most warnings of a run are never shown. */
function add(
  build: Pick<Build, 'problems'>,
  { file }: YamlFile,
  find: () => Span,
  { code, message, hint, severity = 'error' }: Complaint,
): void {
  if (severity === 'error' ? isFull(build) : build.problems.length >= MAX_PROBLEMS) return;
  const where = once(find);
  build.problems.push({
    file,
    get line() {
      return where().line;
    },
    get col() {
      return where().col;
    },
    get length() {
      return where().length;
    },
    code,
    message,
    severity,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export function positionOf({ yaml, path }: Spot): Position {
  const where = once(() => yaml.keyAt(path));
  return {
    get line() {
      return where().line;
    },
    get col() {
      return where().col;
    },
  };
}

/** What is around an expression: whose targets it runs for, and what it may read besides the common roots. */
export interface Around {
  readonly forEach: ForEach | undefined;
  readonly roots?: readonly Root[];
  /** Instead of the common roots. */
  readonly only?: readonly Root[];
  readonly facts?: CompileOptions['facts'];
}

function placeFor({ forEach, roots = [], only, facts }: Around): Place {
  return {
    roots: [...(only ?? COMMON_ROOTS), ...(forEach ? (['target'] as const) : []), ...roots],
    facts,
    target: forEach && targetShape(forEach.list),
    profile: profileShape,
  };
}

/** Undefined when it does not compile; the problems are noted then, and the playbook is never run. */
export function buildExpression(build: Build, spot: Spot, text: string, result: 'bool' | 'any', around: Around): Expression | undefined {
  if (isFull(build)) return undefined;
  const compiled = build.compile(text, { ...placeFor(around), result });
  if (!compiled.ok) {
    for (const problem of compiled.problems) addInside(build, spot, problem, 'error');
    return undefined;
  }
  for (const warning of compiled.warnings) addInside(build, spot, warning, 'warning');
  requireVisible(build, spot, compiled.single, around.forEach);
  return compiled.expression;
}

export function buildTemplate(build: Build, spot: Spot, source: unknown, around: Around, as?: TemplateOptions['as']): Template | undefined {
  if (isFull(build)) return undefined;
  const result = compileTemplate(source as Json, build.compile, { ...placeFor(around), ...(as && { as }) });
  for (const problem of result.problems) addInside(build, below(spot, ...problem.path), problem, 'error');
  for (const warning of result.warnings) addInside(build, below(spot, ...warning.path), warning, 'warning');
  requireVisible(build, spot, result.single, around.forEach);
  return result.template;
}

function addInside(build: Build, { yaml, path }: Spot, problem: ExpressionProblem, severity: Problem['severity']): void {
  add(build, yaml, () => yaml.within(path, problem.offset, problem.length), { ...problem, severity });
}

/** `checks.ID` of a step with `for:` has a meaning only where the same targets are at hand. */
function requireVisible(build: Build, spot: Spot, steps: ReadonlySet<string>, forEach: ForEach | undefined): void {
  for (const id of steps) {
    const read = build.names.steps.get(id)?.forEach;
    if (!read || mayShareTarget(forEach, read)) continue;
    const reader = forEach ? `this runs for: ${showForEach(forEach)}` : 'this has no for:';
    complain(build, spot, {
      code: 'other-targets',
      message: `${id} runs once for each of ${showForEach(read)}, ${reader}, so checks.${id} is never known here`,
      hint: `any.${id} is true when at least one of them is`,
    });
  }
}

export function buildForEach(build: Build, spot: Spot, raw: RawForEach | undefined): ForEach | undefined {
  if (raw === undefined) return undefined;
  const result = readForEach(raw);
  if (result.ok) return result.forEach;
  complain(build, spot, { code: 'for-list', message: result.message, hint: result.hint });
  return undefined;
}

export function toText(raw: RawText): Text;
export function toText(raw: RawText | undefined): Text | undefined;
export function toText(raw: RawText | undefined): Text | undefined {
  return typeof raw === 'string' ? { en: raw } : raw;
}

/** Leaves undefined values out, as exact optional properties want it. */
export function defined<T extends Record<string, unknown>>(
  entries: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as never;
}
