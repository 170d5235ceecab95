import { readChain } from './expr-path.ts';
import type { Ast, Names } from './expr-scope.ts';

const COMPARISONS = new Set(['==', '!=', 'in']);

export interface ImpossibleLiteral {
  readonly literal: Ast;
  /** What it is compared with, e.g. `the code of disk`. */
  readonly what: string;
  readonly known: readonly string[];
}

/** A code or an option that is compared with a word nobody can answer is a typing error. */
export function impossibleLiterals(ast: Ast, names: Names, bound: ReadonlySet<string>): ImpossibleLiteral[] {
  if (!COMPARISONS.has(ast.op)) return [];
  const [left, right] = ast.args as [Ast, Ast];
  return [...compare(left, right, names, bound), ...compare(right, left, names, bound)];
}

function compare(side: Ast, other: Ast, names: Names, bound: ReadonlySet<string>): ImpossibleLiteral[] {
  const values = bound.has(readChain(side)?.root ?? '') ? undefined : valuesOf(side, names);
  if (!values) return [];
  const literals = other.op === 'list' ? (other.args as Ast[]) : [other];
  return literals
    .filter(({ op, args }) => op === 'value' && typeof args === 'string' && args !== '' && !values.known.includes(args))
    .map((literal) => ({ literal, ...values }));
}

/** The words a path can be; '' stands for "no code" and is always allowed. */
function valuesOf(side: Ast, names: Names): { readonly what: string; readonly known: readonly string[] } | undefined {
  const { root, keys } = readChain(side) ?? { keys: [] };
  const [first, second, third] = keys;
  if (!first || third) return undefined;
  const codes = names.steps.get(first.name)?.codes;
  if (root === 'checks' && second?.name === 'code') return codes && { what: `the code of ${first.name}`, known: codes };
  if (root === 'any' && second?.name === 'codes') return codes && { what: `a code of ${first.name}`, known: codes };
  const options = root === 'answers' && !second ? names.questions.get(first.name)?.values : undefined;
  return options && { what: `the answer to ${first.name}`, known: options };
}
