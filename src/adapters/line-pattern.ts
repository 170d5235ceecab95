/** A pattern as it is asked of lines: what must occur in them, and the fastest exact answer. */
import { RE2JS } from 're2js';
import { HostError } from '../errors.ts';
import { findNeed, type NeedOfPattern } from './literal-sets.ts';
import { toExpression } from './pattern-regexp.ts';
import { parsePattern } from './pattern-syntax.ts';

export interface LinePattern extends NeedOfPattern {
  test(line: string, isAscii: boolean): boolean;
}

/** More steps of backtracking (some ten nanoseconds each) are left to the engine that needs none. */
const MAX_STEPS = 10_000_000;
const MAX_KNOWN = 1000;
const known = new Map<string, LinePattern>();

/** Kept, because the same playbook asks the same patterns of one log after the other. */
export function compileLinePattern(source: string): LinePattern {
  const found = known.get(source);
  if (found) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const pattern = compile(source);
  known.set(source, pattern);
  return pattern;
}

function compile(source: string): LinePattern {
  const syntax = parsePattern(source);
  const quick = syntax && toExpression(syntax);
  let engine: RE2JS | undefined;
  if (!quick) engine = compileEngine(source);
  return {
    ...(syntax ? findNeed(syntax) : { need: undefined, oddFolds: false, proves: false }),
    test(line, isAscii) {
      if (quick && isAscii && quick.steps(line.length) <= MAX_STEPS) return quick.test(line);
      engine ??= compileEngine(source);
      return engine.test(line);
    },
  };
}

function compileEngine(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new HostError('unsupported', `pattern ${source}: ${(error as Error).message}`);
  }
}
