/** `oor check` knows what it said an hour ago at most, so that a value on the edge does not flap from one run of cron to the next. */
import type { Check, CheckRegistry } from '../checks/check.ts';
import { asEarlier } from '../engine/earlier.ts';
import type { Plan } from '../engine/plan.ts';
import { siteThresholds } from '../engine/probe.ts';
import type { Session } from '../engine/session.ts';
import type { RunDeps } from '../engine/task.ts';
import type { Json, JsonObject, RememberedStatus } from '../ports.ts';

interface Asked {
  readonly check: string;
  readonly target: string | undefined;
  readonly host: string;
  readonly params: Json;
}

interface MemoryDeps {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  readonly sha256: (text: string) => string;
  readonly redact: (value: Json) => { readonly value: Json };
}

export function recallFrom(past: ReadonlyMap<string, RememberedStatus>, { sha256, redact }: MemoryDeps): NonNullable<RunDeps['recall']> {
  return ({ instance: { step, target }, params, host }) =>
    step.kind === 'check'
      ? past.get(keyOf({ check: step.uses, target: target?.name, host, params: redact(params).value }, sha256))
      : undefined;
}

/** What the run leaves for the next one: only of checks that have a bound to clear. */
export function whatToKeep(
  past: ReadonlyMap<string, RememberedStatus>,
  { plan, registry, sha256 }: MemoryDeps,
  { results }: Session,
): ReadonlyMap<string, RememberedStatus | null> {
  const kept = [...results.values()].flatMap(({ key, params, host, judgement }): (readonly [string, RememberedStatus | null])[] => {
    const { step, target } = plan.stepByKey.get(key) ?? {};
    const check = step?.kind === 'check' && step.expect === undefined ? registry[step.uses] : undefined;
    const told = judgement && asEarlier(judgement);
    if (!check?.thresholds || !told) return [];
    const name = keyOf({ check: check.id, target: target?.name, host, params }, sha256);
    const { status } = told;
    if (status !== 'ok' && canClear(check, plan.profile)) return [[name, { ...told, status }]];
    return past.has(name) ? [[name, null]] : [];
  });
  return new Map(kept);
}

function canClear(check: Check, profile: JsonObject): boolean {
  const { warn, crit } = siteThresholds(check, profile)?.clear ?? {};
  return warn !== undefined || crit !== undefined;
}

function keyOf({ check, target, host, params }: Asked, sha256: MemoryDeps['sha256']): string {
  return sha256(JSON.stringify([check, target ?? null, host, params]));
}
