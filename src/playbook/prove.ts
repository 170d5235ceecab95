/** What the build keeps of a playbook: its data, and what every expression reads. */
import { createCompiler } from './expr.ts';
import type { CreateCompiler } from './expr-scope.ts';
import { type ParseOptions, type ParseResult, parseWith } from './parse-with.ts';
import type { Prepared, Reads } from './prepared.ts';
import { playbookShape } from './shape.ts';
import { v } from './shape-kit.ts';
import { parseYaml } from './yaml.ts';

export type Proof = { readonly ok: true; readonly prepared: Prepared } | Extract<ParseResult, { readonly ok: false }>;

export function provePlaybook(options: ParseOptions): Proof {
  const reads: Record<string, Reads> = {};
  const recording: CreateCompiler = (given) => {
    const compile = createCompiler(given);
    return (text, place) => {
      const compiled = compile(text, place);
      if (compiled.ok) reads[text] = { steps: compiled.expression.steps, answers: compiled.expression.answers };
      return compiled;
    };
  };
  const parsed = parseWith(recording, options);
  if (!parsed.ok) return parsed;
  const yaml = parseYaml(options);
  if (!yaml.ok) return yaml;
  return { ok: true, prepared: { raw: v.parse(playbookShape, yaml.yaml.value), reads } };
}
