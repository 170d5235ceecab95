/** The file of an incident that proves a playbook: what was seen, and what has to follow. playbooks/fixtures/README.md explains it to authors. */
import { strictObject, v } from '../checks/schema.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Problem } from '../playbook/playbook.ts';
import { formatProblem } from '../playbook/problem.ts';
import { validate } from '../playbook/shape-kit.ts';
import { parseYaml } from '../playbook/yaml.ts';
import type { Json } from '../ports.ts';
import type { NamedText } from './services.ts';

export const logLine = v.union([v.string(), strictObject({ line: v.string(), times: v.number() })]);
const keys = v.array(v.string());
const fixtureShape = strictObject({
  title: v.string(),
  /** A file of `_profiles`, `none`, or the profile itself. */
  profile: v.union([v.string(), v.record(v.string(), v.any())]),
  inputs: v.exactOptional(v.record(v.string(), v.any()), {}),
  /** The machine that the run is on. */
  host: v.exactOptional(v.string(), 'pay-1'),
  /** A name of `_shapes.yaml`, `unknown`, `not-applicable`, facts that replace those of a shape (`is`, else the healthy one), or `lines`. */
  facts: v.exactOptional(v.record(v.string(), v.union([v.string(), v.record(v.string(), v.any())])), {}),
  /** By question; with any the operator is a person, who skips the rest. */
  answers: v.exactOptional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}),
  expect: strictObject({
    leading: v.nullable(v.string()),
    /** Every named cause, in any order; without it the leading one alone. */
    named: v.exactOptional(keys),
    /** Causes that something true speaks for and that are not named all the same. */
    over: v.exactOptional(keys, []),
    confirmed: v.exactOptional(keys, []),
    /** Statuses of steps that matter here, by step instance. */
    path: v.exactOptional(v.record(v.string(), v.string()), {}),
    verdict: v.picklist(['healthy', 'fault', 'unknown']),
    exit: v.number(),
  }),
});
export type Fixture = v.InferOutput<typeof fixtureShape> & { readonly file: string };

export function readFixture(source: NamedText): Fixture {
  const parsed = parseYaml(source);
  if (!parsed.ok) throw notAFixture(source, parsed.problems);
  const shaped = validate(fixtureShape, parsed.yaml.value, parsed.yaml);
  if (!shaped.ok) throw notAFixture(source, shaped.problems);
  return { ...shaped.value, file: source.file };
}

export function readYamlValue(source: NamedText): Json {
  const parsed = parseYaml(source);
  if (!parsed.ok) throw notAFixture(source, parsed.problems);
  return parsed.yaml.value;
}

function notAFixture({ file, text }: NamedText, problems: readonly Problem[]): OorError {
  return new OorError({
    code: 'invalid-fixture',
    message: problems
      .slice(0, 10)
      .map((problem) => formatProblem(problem, text))
      .join('\n'),
    hint: `${file} is an incident for oor playbook test: title, profile, facts, expect`,
    exitCode: ExitCode.invalidInput,
  });
}
