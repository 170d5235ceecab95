/**
 * The expression language (CEL) behind one function. The only importer of its package: replacing it touches this file.
 * An expression is limited in size when it is read, proved against the playbook's names and types before anything runs,
 * and bounded in time when it is evaluated.
 */
import { Environment } from '@marcbachmann/cel-js';
import { HostError } from '../errors.ts';
import type { Json, TimeLimit } from '../ports.ts';
import { type Reading, readNames } from './expr-names.ts';
import {
  type Ast,
  type CompileOptions,
  type CompileResult,
  type CreateCompiler,
  type ExpressionProblem,
  type Names,
  STATUS_FIELDS,
  type Vars,
} from './expr-scope.ts';
import type { Scope } from './playbook.ts';

const MAX_LENGTH = 500;
/** Calls whose time is not bounded by the size of the data: a pattern, and a loop beside or within another. */
const TAKES_TIME = /\bmatches\s*\(|(?:\b(?:all|exists|exists_one|existsOne|filter|map|bind)\s*\([\s\S]*){2}/;
const LIMITS = { maxAstNodes: 200, maxDepth: 20, maxListElements: 50, maxMapEntries: 50, maxCallArguments: 8 };

/** One compiler for all expressions of a playbook. */
export const createCompiler: CreateCompiler = ({ names, vars, timeLimit }) => {
  const environment = declare(names);
  return (text, options) => {
    if (text.length > MAX_LENGTH)
      return refuse({ code: 'expression-limit', message: `longer than ${MAX_LENGTH} characters`, offset: 0, length: text.length });
    if (text.trim() === '') return refuse({ code: 'expression-syntax', message: 'an empty expression', offset: 0, length: 1 });
    let parsed: ReturnType<Environment['parse']>;
    try {
      parsed = environment.parse(text);
    } catch (error) {
      return refuse(describe(error, text));
    }
    const reading = readNames(parsed.ast as unknown as Ast, names, options);
    if (reading.problems.length > 0) return { ok: false, problems: reading.problems };
    const checked = parsed.check();
    if (!checked.valid) return refuse(describe(checked.error, text));
    if (!isAcceptable(checked.type, options.result)) {
      return refuse({
        code: 'expression-type',
        message: `${options.result === 'bool' ? 'must be true or false, this is' : 'cannot give'} ${checked.type}`,
        offset: 0,
        length: text.length,
      });
    }
    // Otherwise its size and that of the data bound its time, and a busy machine must not make evidence vanish. A limit costs a thread.
    const limit: TimeLimit = TAKES_TIME.test(text) ? timeLimit : (run) => run();
    const run = (scope: Partial<Scope>) => evaluate({ text, run: parsed, result: options.result, reading, vars, timeLimit: limit }, scope);
    return {
      ok: true,
      expression: { text, steps: [...reading.steps], answers: [...reading.answers], evaluate: run },
      single: reading.single,
      warnings: reading.warnings,
    };
  };
};

function refuse(problem: ExpressionProblem): CompileResult {
  return { ok: false, problems: [problem] };
}

const BOOLEAN = new Set(['bool', 'dyn']);
const JSON_TYPES = /^(bool|dyn|int|double|string|null|list|map)\b/;

function isAcceptable(type: string | undefined, result: CompileOptions['result']): boolean {
  return result === 'bool' ? BOOLEAN.has(type ?? '') : JSON_TYPES.test(type ?? '');
}

function declare(names: Names): Environment {
  const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false });
  addMixedArithmetic(environment);
  const statuses = Object.fromEntries(STATUS_FIELDS.map((field) => [field, 'bool']));
  environment.registerType('StepResult', { fields: { ...statuses, code: 'string', value: 'dyn', out: 'dyn' } });
  environment.registerType('StepResults', { fields: { ...statuses, codes: 'list<string>', outs: 'list<dyn>' } });
  declareEntries(environment, 'checks', names.steps.keys(), () => 'StepResult');
  declareEntries(environment, 'any', names.steps.keys(), () => 'StepResults');
  declareEntries(environment, 'answers', names.questions.keys(), (id) => names.questions.get(id)?.type ?? 'dyn');
  declareEntries(environment, 'inputs', names.inputs.keys(), (id) => INPUT_TYPES[names.inputs.get(id) ?? ''] ?? 'string');
  for (const root of ['vars', 'target', 'profile', 'saved', 'out']) environment.registerVariable(root, 'dyn');
  return environment;
}

const INPUT_TYPES: Readonly<Record<string, string>> = { int: 'double', number: 'double', boolean: 'bool' };

function declareEntries(environment: Environment, root: string, ids: Iterable<string>, type: (id: string) => string): void {
  environment.registerType(`Known_${root}`, { fields: Object.fromEntries([...ids].map((id) => [id, type(id)])) });
  environment.registerVariable(root, `Known_${root}`);
}

/** JSON has one kind of number, the language two: without these, `answers.n == 5` would be a type error. */
function addMixedArithmetic(environment: Environment): void {
  const operators: Readonly<Record<string, (a: number, b: number) => unknown>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  for (const [sign, apply] of Object.entries(operators)) {
    for (const [left, right] of [
      ['double', 'int'],
      ['int', 'double'],
    ]) {
      environment.registerOperator(`${left} ${sign} ${right}: double`, (a: number | bigint, b: number | bigint) =>
        apply(Number(a), Number(b)),
      );
    }
  }
  environment.registerOperator('double % double: double', (a: number, b: number) => a % b);
  // biome-ignore lint/suspicious/noDoubleEquals: the one comparison that JavaScript makes exactly between its two kinds of numbers
  environment.registerOperator('double == int: bool', (a: unknown, b: unknown) => a == b);
  // biome-ignore lint/suspicious/noDoubleEquals: as above
  environment.registerOperator('double in list<int>: bool', (a: unknown, list: unknown[]) => list.some((item) => item == a));
}

interface CelError {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: { readonly start: number; readonly end: number };
}

function isCelError(error: unknown): error is CelError {
  return error instanceof Error && 'summary' in error && 'code' in error;
}

const LIMIT_MESSAGE = /^Exceeded max(\w+)/;

function describe(error: unknown, text: string): ExpressionProblem {
  if (!isCelError(error))
    return { code: 'expression-syntax', message: error instanceof Error ? error.message : String(error), offset: 0, length: text.length };
  const offset = Math.min(error.range?.start ?? 0, text.length);
  const length = Math.max(1, (error.range?.end ?? offset + 1) - offset);
  if (LIMIT_MESSAGE.test(error.summary))
    return {
      code: 'expression-limit',
      message: 'this expression is too large',
      hint: 'split it into several pieces of evidence',
      offset,
      length,
    };
  const type = error.code.startsWith('no_') || error.code.startsWith('in') || error.code.startsWith('het');
  return { code: type ? 'expression-type' : 'expression-syntax', message: error.summary, hint: hintFor(error.summary), offset, length };
}

function hintFor(summary: string): string | undefined {
  if (/Unexpected token|Unexpected character/.test(summary)) return 'the language is CEL: && || ! == in, strings in quotes';
  return /string \+|\+ string/.test(summary) ? 'turn it into text first: string(x)' : undefined;
}

interface Compiled {
  readonly text: string;
  readonly run: (context: Record<string, unknown>) => unknown;
  readonly result: CompileOptions['result'];
  readonly reading: Reading;
  readonly vars: Vars;
  readonly timeLimit: TimeLimit;
}

function evaluate({ text, run, result, reading, vars, timeLimit }: Compiled, scope: Partial<Scope>): Json {
  const context: Record<string, unknown> = { ...scope };
  if (reading.vars.size > 0) context.vars = Object.fromEntries([...reading.vars].map((name) => [name, vars.get(name)?.(scope)]));
  let value: unknown;
  try {
    value = timeLimit(() => run(context));
  } catch (error) {
    throw explain(error, text);
  }
  if (result === 'bool' && typeof value !== 'boolean')
    throw new HostError('unsupported', `${text}: expected true or false, got ${JSON.stringify(plain(value, text))}`);
  return plain(value, text);
}

const MISSING = new Set(['no_such_key', 'unknown_variable', 'index_out_of_bounds']);

function explain(error: unknown, text: string): HostError {
  if (error instanceof HostError) return error;
  if (!isCelError(error)) return new HostError('unsupported', `${text}: ${error instanceof Error ? error.message : String(error)}`);
  if (!MISSING.has(error.code)) return new HostError('unsupported', `${text}: ${error.summary}`);
  const path = text.slice(error.node?.start ?? 0, error.node?.end ?? text.length);
  const [root = '', name = ''] = path.split('.');
  if (root === 'answers') return new HostError('not-found', `the question ${name} is not answered`, `--answer ${name}=...`);
  if (root === 'inputs') return new HostError('not-found', `the input ${name} has no value`, `--set ${name}=...`);
  if (root === 'target' || root === 'profile') return new HostError('not-found', `profile has no ${path}`, `${path} in oor.yaml`);
  return new HostError('not-found', `nothing is known as ${path}`);
}

/** The language's values as JSON. */
function plain(value: unknown, text: string): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, text));
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item, text)]));
  if (typeof value === 'object' && (value.constructor === Object || value.constructor === undefined)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, text)]));
  }
  throw new HostError('unsupported', `${text}: the value is not text, a number, true, false, a list or a map`);
}
