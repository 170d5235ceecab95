/**
 * What an expression reads, proved before anything runs: step, question and input names, the fields of a check's facts,
 * the codes it is compared with. Works on the parsed tree; knows the language's package only by the shape of its nodes.
 */
import type { v } from '../checks/schema.ts';
import { impossibleLiterals } from './expr-literals.ts';
import { type Chain, ELEMENT, type Key, leavesSchema, readChain } from './expr-path.ts';
import {
  ANY_FIELDS,
  type Ast,
  CHECK_FIELDS,
  type ExpressionProblem,
  type Names,
  type Place,
  ROOTS,
  type Root,
  STATUS_FIELDS,
} from './expr-scope.ts';
import { suggestion } from './suggest.ts';

export interface Reading {
  readonly steps: ReadonlySet<string>;
  /** Of `steps`, those read through `checks.`: one instance each. */
  readonly single: ReadonlySet<string>;
  readonly answers: ReadonlySet<string>;
  readonly vars: ReadonlySet<string>;
  readonly problems: readonly ExpressionProblem[];
  readonly warnings: readonly ExpressionProblem[];
}

/** Walks the tree once; problems are collected, not thrown. */
export function readNames(ast: Ast, names: Names, place: Place): Reading {
  const state: State = {
    names,
    place,
    steps: new Set(),
    single: new Set(),
    answers: new Set(),
    vars: new Set(),
    problems: [],
    reads: [],
    negations: [],
  };
  visit(state, ast, { bound: new Set(), loops: 0 });
  return { ...state, warnings: negationWarnings(state) };
}

interface State {
  readonly names: Names;
  readonly place: Place;
  readonly steps: Set<string>;
  readonly single: Set<string>;
  readonly answers: Set<string>;
  readonly vars: Set<string>;
  readonly problems: ExpressionProblem[];
  /** The step of every path that names one, repeated as often as it is named. */
  readonly reads: string[];
  readonly negations: Negation[];
}

/** `!checks.ID.STATUS` or `!any.ID.STATUS`. */
interface Negation {
  readonly ast: Ast;
  readonly root: Root;
  readonly step: string;
  readonly status: string;
}

/** Variables of the loops around a node, and how many loops there are. */
interface Around {
  readonly bound: ReadonlySet<string>;
  readonly loops: number;
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** One loop inside another: a third would multiply the cost once more. */
const MAX_LOOPS = 2;
const MAX_PATTERN = 200;

function visit(state: State, ast: Ast, around: Around): void {
  const chain = readChain(ast);
  if (chain) return visitChain(state, chain, around);
  if (ast.op === 'rcall') return visitMethod(state, ast, around);
  if (ast.op === '!_') noteNegation(state, ast);
  for (const { literal, what, known } of impossibleLiterals(ast, state.names, around.bound)) {
    report(state, literal, 'expression-literal', `${what} is never "${String(literal.args)}"`, suggestion(String(literal.args), known));
  }
  for (const child of childrenOf(ast)) visit(state, child, around);
}

function visitChain(state: State, chain: Chain, around: Around): void {
  const { root, base, keys } = chain;
  if (root === undefined) return visit(state, base, around);
  if (around.bound.has(root)) return;
  if (!isRoot(root)) return report(state, base, 'expression-name', `unknown name ${root}`, suggestion(root, state.place.roots));
  if (!state.place.roots.includes(root)) return report(state, base, 'expression-name', `${root} is not known here`, WHERE[root]);
  const [first, second] = keys;
  if (root === 'saved') return;
  if (root === 'out') return checkPath(state, state.place.facts, root, keys);
  if (root === 'target') return checkPath(state, state.place.target, root, keys);
  if (root === 'profile') return checkPath(state, state.place.profile, root, keys);
  if (!first || first.name === ELEMENT)
    return report(state, base, 'expression-name', `${root} alone has no value`, `name one of its entries: ${root}.ID`);
  if (root === 'checks' || root === 'any') return visitStep(state, root, first, second, keys);
  if (root === 'answers' && need(state, first, state.names.questions.keys(), 'question')) state.answers.add(first.name);
  if (root === 'vars' && need(state, first, state.names.vars, 'variable')) state.vars.add(first.name);
  if (root === 'inputs' && need(state, first, state.names.inputs.keys(), 'input') && state.names.inputs.get(first.name) === 'secret') {
    report(state, first, 'expression-secret', `the input ${first.name} is a secret; expressions cannot read secrets`);
  }
}

function isRoot(word: string): word is Root {
  return (ROOTS as readonly string[]).includes(word);
}

const WHERE: Readonly<Record<Root, string>> = {
  checks: 'results are known in if (of steps), when, predict, with and fixes',
  any: 'results are known in if (of steps), when, predict, with and fixes',
  answers: 'answers are known in if (of steps), when, predict, with and fixes',
  inputs: 'inputs are known in steps, causes and fixes',
  vars: 'one var cannot read another',
  target: 'target is known only where there is a for:, and in fixes',
  profile: 'the profile is known in steps, causes and fixes',
  saved: 'saved is known only in the rollback of the fix that saves it',
  out: 'out (the facts) is known only in expect, predict and impact; elsewhere read checks.ID.out',
};

function visitStep(state: State, root: 'checks' | 'any', step: Key, field: Key | undefined, keys: readonly Key[]): void {
  if (state.names.questions.has(step.name))
    return report(state, step, 'expression-name', `${step.name} is a question`, `read its answer: answers.${step.name}`);
  if (!need(state, step, state.names.steps.keys(), 'step')) return;
  state.steps.add(step.name);
  state.reads.push(step.name);
  if (root === 'checks') state.single.add(step.name);
  const fields: readonly string[] = root === 'checks' ? CHECK_FIELDS : ANY_FIELDS;
  if (!field)
    return report(
      state,
      step,
      'expression-name',
      `${root}.${step.name} alone has no value`,
      `read one of its fields: ${fields.join(', ')}`,
    );
  if (!fields.includes(field.name))
    return report(state, field, 'expression-name', `${root}.${step.name} has no ${field.name}`, suggestion(field.name, fields));
  if (field.name === 'out') checkPath(state, state.names.steps.get(step.name)?.facts, `${root}.${step.name}.out`, keys.slice(2));
  if (field.name === 'outs' && keys[2]?.name === ELEMENT)
    checkPath(state, state.names.steps.get(step.name)?.facts, `${root}.${step.name}.outs[]`, keys.slice(3));
}

function need(state: State, key: Key, known: Iterable<string>, what: string): boolean {
  const words = [...known];
  if (words.includes(key.name)) return true;
  report(state, key, 'expression-name', `unknown ${what} ${key.name}`, suggestion(key.name, words));
  return false;
}

function checkPath(state: State, schema: v.GenericSchema | undefined, owner: string, keys: readonly Key[]): void {
  const names = keys.map(({ name }) => name);
  const left = leavesSchema(schema, names);
  const key = left && keys[left.index];
  if (!key) return;
  const path = [owner, ...names.slice(0, left.index)].join('.').replaceAll(`.${ELEMENT}`, ELEMENT);
  report(state, key, 'expression-path', `${path} has no ${key.name}`, suggestion(key.name, left.known));
}

function visitMethod(state: State, ast: Ast, around: Around): void {
  const [name, receiver, args] = ast.args as [string, Ast, readonly Ast[]];
  if (name === 'matches') checkPattern(state, ast, args[0]);
  const binds = name === 'bind' && receiver.op === 'id' && receiver.args === 'cel';
  if (!binds) visit(state, receiver, around);
  if (!binds && !(LOOPS.has(name) && args.length > 1)) {
    for (const arg of args) visit(state, arg, around);
    return;
  }
  const loops = around.loops + 1;
  if (loops > MAX_LOOPS) return report(state, ast, 'expression-limit', 'more than one loop inside another');
  const [variable, ...body] = args;
  const word = variable?.op === 'id' ? (variable.args as string) : '';
  if (variable && isRoot(word))
    return report(state, variable, 'expression-name', `${word} already has a meaning`, 'choose another name for the variable');
  for (const arg of body) visit(state, arg, { bound: new Set([...around.bound, word]), loops });
}

function checkPattern(state: State, call: Ast, pattern: Ast | undefined): void {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    return report(state, pattern ?? call, 'expression-pattern', 'matches() takes a literal pattern');
  if (pattern.args.length > MAX_PATTERN)
    return report(state, pattern, 'expression-pattern', `a pattern of more than ${MAX_PATTERN} characters`);
  try {
    new RegExp(pattern.args);
  } catch {
    report(state, pattern, 'expression-pattern', 'not a valid regular expression');
  }
}

function noteNegation(state: State, ast: Ast): void {
  const { root, keys } = readChain(ast.args as Ast) ?? { keys: [] };
  const [step, field] = keys;
  if ((root !== 'checks' && root !== 'any') || !step || !field || !(STATUS_FIELDS as readonly string[]).includes(field.name)) return;
  state.negations.push({ ast, root, step: step.name, status: field.name });
}

/** A negated status is also true for unknown; harmless only where the same expression says what is known of the step. */
function negationWarnings({ negations, reads }: State): ExpressionProblem[] {
  const count = (step: string): number => reads.filter((read) => read === step).length;
  const alone = negations.filter(({ step }) => count(step) === negations.filter((negation) => negation.step === step).length);
  return alone.map(({ ast, root, step, status }) => ({
    code: 'negated-status',
    message: `!${root}.${step}.${status} is also true when the check could not tell, was skipped or does not apply`,
    hint: status === 'ok' ? `name ${root}.${step}.fail` : `say what is known as well, e.g. && ${root}.${step}.ok`,
    offset: ast.start,
    length: ast.end - ast.start,
  }));
}

function childrenOf(ast: Ast): Ast[] {
  if (ast.op === 'value' || ast.op === 'id') return [];
  const children: Ast[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) collect(item);
    else if (typeof value === 'object' && value !== null && 'op' in value) children.push(value as Ast);
  };
  collect(ast.args);
  return children;
}

function report(state: State, at: { readonly start: number; readonly end: number }, code: string, message: string, hint?: string): void {
  state.problems.push({ code, message, hint, offset: at.start, length: Math.max(1, at.end - at.start) });
}
