import { HostError } from '../errors.ts';
import type { Json } from '../ports.ts';
import type { Compile, ExpressionProblem, Place } from './expr-scope.ts';
import type { Expression, Scope, Template } from './playbook.ts';
import type { Path } from './yaml-file.ts';

export type TemplateProblem = ExpressionProblem & { readonly path: Path };

export interface TemplateResult {
  /** Absent when there are problems. */
  readonly template?: Template;
  readonly single: ReadonlySet<string>;
  readonly problems: readonly TemplateProblem[];
  readonly warnings: readonly TemplateProblem[];
}

export interface TemplateOptions extends Place {
  /** `argv`: the value is a list of texts; a list that a whole-string expression gives is spliced in. */
  readonly as?: 'argv' | 'text';
}

/** Compiles every `${{ }}` in the strings of a JSON value. */
export function compileTemplate(source: Json, compile: Compile, options: TemplateOptions): TemplateResult {
  const state: State = { compile, options, steps: new Set(), single: new Set(), answers: new Set(), problems: [], warnings: [] };
  const fill = build(state, source, []);
  const { single, problems, warnings } = state;
  if (problems.length > 0) return { single, problems, warnings };
  const shape = options.as === 'argv' ? toArgv : options.as === 'text' ? toText : (value: Json) => value;
  return {
    template: { source, steps: [...state.steps], answers: [...state.answers], fill: (scope) => shape(fill(scope)) },
    single,
    problems,
    warnings,
  };
}

/** True when some string in the value holds a `${{`. */
export function hasTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes(OPEN);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasTemplate);
}

interface State {
  readonly compile: Compile;
  readonly options: TemplateOptions;
  readonly steps: Set<string>;
  readonly single: Set<string>;
  readonly answers: Set<string>;
  readonly problems: TemplateProblem[];
  readonly warnings: TemplateProblem[];
}

type Fill = (scope: Partial<Scope>) => Json;

const OPEN = '${{';

function build(state: State, source: Json, path: Path): Fill {
  if (typeof source === 'string') return source.includes(OPEN) ? buildString(state, source, path) : () => source;
  if (typeof source !== 'object' || source === null) return () => source;
  if (Array.isArray(source)) {
    const items = (source as readonly Json[]).map((item, index) => build(state, item, [...path, index]));
    return (scope) => items.map((item) => item(scope));
  }
  const entries = Object.entries(source).map(([key, value]) => [key, build(state, value, [...path, key])] as const);
  return (scope) => Object.fromEntries(entries.map(([key, fill]) => [key, fill(scope)]));
}

function buildString(state: State, source: string, path: Path): Fill {
  const parts: (string | Expression)[] = [];
  let at = 0;
  for (let open = source.indexOf(OPEN); open >= 0; open = source.indexOf(OPEN, at)) {
    const start = open + OPEN.length;
    const end = findClose(source, start);
    if (end === undefined) {
      state.problems.push({ path, code: 'template', message: '${{ without its }}', offset: open, length: OPEN.length });
      return () => source;
    }
    if (open > at) parts.push(source.slice(at, open));
    const expression = compileInside(state, source.slice(start, end), start, path);
    if (expression) parts.push(expression);
    at = end + 2;
  }
  if (at < source.length) parts.push(source.slice(at));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object') return (scope) => only.evaluate(scope);
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : textOf(part.evaluate(scope), part.text))).join('');
}

/** The end of an expression: the first `}}` outside quoted strings and map literals. */
function findClose(source: string, start: number): number | undefined {
  let quote: string | undefined;
  let open = 0;
  for (let at = start; at < source.length; at += 1) {
    const character = source[at];
    if (quote !== undefined) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') open += 1;
    else if (character === '}' && open > 0) open -= 1;
    else if (character === '}' && source[at + 1] === '}') return at;
  }
  return undefined;
}

function compileInside(state: State, raw: string, start: number, path: Path): Expression | undefined {
  const text = raw.trim();
  const shift = start + raw.indexOf(text);
  const result = state.compile(text, { ...state.options, result: 'any' });
  const place = (problem: ExpressionProblem): TemplateProblem => ({ ...problem, path, offset: problem.offset + shift });
  if (!result.ok) {
    state.problems.push(...result.problems.map(place));
    return undefined;
  }
  state.warnings.push(...result.warnings.map(place));
  for (const step of result.expression.steps) state.steps.add(step);
  for (const step of result.single) state.single.add(step);
  for (const answer of result.expression.answers) state.answers.add(answer);
  return result.expression;
}

/** Inside a longer text only plain values make sense. */
function textOf(value: Json, text: string): string {
  if (typeof value === 'object')
    throw new HostError('unsupported', `${text} gives ${value === null ? 'nothing' : 'a list or a map'} where text is needed`);
  return String(value);
}

function toText(value: Json): string {
  return textOf(value, 'the expression');
}

/** Each value is one argument, whatever it holds; no shell ever reads it. */
function toArgv(value: Json): string[] {
  const argv = (Array.isArray(value) ? (value as Json[]) : [value]).flat().map((item) => textOf(item, 'an argument'));
  if (argv.length === 0 || argv[0] === '') throw new HostError('unsupported', 'an empty command');
  if (argv.some((item) => item.includes('\0'))) throw new HostError('unsupported', 'an argument holds a NUL character');
  return argv;
}
