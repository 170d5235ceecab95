/** The files of a suite: playbook, profiles and incidents, each through the parser that the tool uses. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strictObject, v } from '../../src/checks/schema.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { parseProfile, profileData } from '../../src/playbook/profile.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import type { Json, JsonObject } from '../../src/ports.ts';
import { checks as registry } from '../checks/registry.ts';

export const logLine = v.union([v.string(), strictObject({ line: v.string(), times: v.number() })]);
const keys = v.array(v.string());
const fixtureShape = strictObject({
  title: v.string(),
  /** A file of `_profiles`, or `none`. */
  profile: v.string(),
  /** A name of `_shapes.yaml`, `unknown`, facts that replace those of a shape (`is`, else the healthy one), or `lines`. */
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
    verdict: v.picklist(['healthy', 'fault', 'unknown']),
    exit: v.number(),
  }),
});
export type Fixture = v.InferOutput<typeof fixtureShape> & { readonly file: string };

export function readPlaybook(file: string): Playbook {
  const text = readFileSync(file, 'utf8');
  const sha256 = (of: string): string => createHash('sha256').update(of).digest('hex');
  const parsed = parsePlaybook({ file, text, registry, timeLimit: (evaluate) => evaluate(), sha256, include: (name) => includePart(name) });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, col, message }) => `${file}:${line}:${col} ${message}`).join('\n'));
  return parsed.playbook;
}

/** The parts that a playbook uses lie beside it. */
function includePart(name: string): { readonly file: string; readonly text: string } {
  const file = join('playbooks', `${name}.yaml`);
  return { file, text: readFileSync(file, 'utf8') };
}

export function readProfile(file: string): JsonObject {
  const parsed = parseProfile({ file, text: readFileSync(file, 'utf8'), registry });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, message }) => `${file}:${line} ${message}`).join('\n'));
  return profileData(parsed.profile);
}

export function readYaml(file: string): Json {
  const parsed = parseYaml({ file, text: readFileSync(file, 'utf8') });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, col, message }) => `${file}:${line}:${col} ${message}`).join('\n'));
  return parsed.yaml.value;
}

export function readFixture(path: string, file: string): Fixture {
  const parsed = v.safeParse(fixtureShape, readYaml(path));
  if (!parsed.success) throw new Error(`${file}: ${parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join('; ')}`);
  return { ...parsed.output, file };
}
