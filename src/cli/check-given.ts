/** One check with parameters of its own: `oor check log.pattern --set file=-`. */
import { type Check, type CheckRegistry, parseParams } from '../checks/check.ts';
import { v } from '../checks/schema.ts';
import type { CheckStep } from '../playbook/playbook.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Json, JsonObject } from '../ports.ts';
import { describeParams } from './check-params.ts';
import { standAlone } from './check-select.ts';
import { usage } from './options.ts';

/** undefined: nothing is set, or it is not one check that is asked for. */
export function givenStep(names: readonly string[], set: Readonly<Record<string, string>>, registry: CheckRegistry): CheckStep | undefined {
  const [name = ''] = names;
  const check = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (!check || names.length !== 1 || Object.keys(set).length === 0) return undefined;
  return standAlone(name, registry, readParams(check, set));
}

/** Each value is text, or what it says in JSON (`5`, `true`, `["journalctl"]`) where the parameter wants that. */
function readParams(check: Check, set: Readonly<Record<string, string>>): JsonObject {
  const known = describeParams(check.params).map(({ name }) => name);
  const stranger = Object.keys(set).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw usage(
      `--set ${stranger}: ${check.id} has no such parameter`,
      suggestion(stranger, known) ?? `its parameters: ${known.join(', ')}`,
    );
  const params: Record<string, Json> = { ...set };
  for (;;) {
    const parsed = v.safeParse(check.params, params);
    if (parsed.success) return params;
    const wrong = parsed.issues
      .map(({ path }) => String(path?.[0]?.key))
      .find((name) => typeof params[name] === 'string' && isJson(params[name]));
    if (wrong === undefined) {
      const problem = parseParams(check, params);
      throw usage(`${check.id}: ${problem.ok ? '' : problem.message}`, `see: oor check --explain ${check.id}`);
    }
    params[wrong] = JSON.parse(params[wrong] as string) as Json;
  }
}

/** Other than a text, which would be tried for ever. */
function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) !== 'string';
  } catch {
    return false;
  }
}
