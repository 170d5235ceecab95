/** YAML text to a playbook the engine can run, or every problem found in it. */
import { createCompiler } from './expr.ts';
import { type ParseOptions, type ParseResult, parseWith } from './parse-with.ts';

export type { ParseResult } from './parse-with.ts';

export function parsePlaybook(options: ParseOptions): ParseResult {
  return parseWith(createCompiler, options);
}
