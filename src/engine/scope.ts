/** What an expression of the playbook may see: plan x results -> plain JSON. */
import type { Status } from '../checks/check.ts';
import type { CheckScope, Scope } from '../playbook/playbook.ts';
import type { Json, JsonObject } from '../ports.ts';
import type { Plan, StepInstance } from './plan.ts';
import type { Answer, StepResult } from './session.ts';
import { sameTarget, type Target } from './targets.ts';

export type Results = ReadonlyMap<string, StepResult>;

export interface ScopeInput {
  readonly plan: Plan;
  readonly results: Results;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly target?: Target | undefined;
}

/**
 * `checks` holds the results of the target's own instances and of steps without `for`; a step of another list is
 * reachable through `any` only, so that one provider's failure is never read as another's.
 */
export function expressionScope({ plan, results, answers, target }: ScopeInput): Scope {
  const checks: Record<string, Json> = {};
  for (const [id, instances] of groupByStep(plan)) {
    const own = instances.find((instance) => instance.target === undefined || sameTarget(instance.target, target));
    if (own) checks[id] = checkScope(statusOf(own, results), results.get(own.key));
  }
  return {
    checks,
    any: anyScopes(plan, results),
    answers: Object.fromEntries([...answers.values()].map(({ id, value }) => [id, value])),
    inputs: plan.inputs,
    target: target?.data ?? {},
    profile: plan.profile,
    saved: {},
    out: null,
  };
}

/** A step that has not ended yet is `unknown`; one whose list is empty does not apply. */
export function statusOf(instance: StepInstance, results: Results): Status {
  if (instance.empty) return 'not-applicable';
  return results.get(instance.key)?.status ?? 'unknown';
}

const STATUSES = ['ok', 'warn', 'fail', 'unknown', 'skipped', 'not-applicable'] as const;

function checkScope(status: Status, result: StepResult | undefined): JsonObject {
  const scope: CheckScope = {
    ok: status === 'ok',
    warn: status === 'warn',
    fail: status === 'fail',
    unknown: status === 'unknown',
    skipped: status === 'skipped',
    not_applicable: status === 'not-applicable',
    code: tellsSomething(status) ? (result?.judgement?.code ?? '') : '',
    value: tellsSomething(status) ? (result?.judgement?.value ?? null) : null,
    out: result?.facts ?? {},
  };
  return scope as unknown as JsonObject;
}

/** The same for every target, so it is made once for each state of the results. */
function anyScopes(plan: Plan, results: Results): Readonly<Record<string, Json>> {
  const known = ofAll.get(results);
  if (known?.steps === plan.steps) return known.scopes;
  const scopes = Object.fromEntries([...groupByStep(plan)].map(([id, instances]) => [id, anyScope(instances, results)]));
  ofAll.set(results, { steps: plan.steps, scopes });
  return scopes;
}

const ofAll = new WeakMap<Results, { readonly steps: Plan['steps']; readonly scopes: Readonly<Record<string, Json>> }>();

/** The code of an unknown says why nobody could tell: a probe that `timed-out` is no host that did. */
function tellsSomething(status: Status): boolean {
  return status === 'ok' || status === 'warn' || status === 'fail';
}

function anyScope(instances: readonly StepInstance[], results: Results): JsonObject {
  const statuses = instances.map((instance) => statusOf(instance, results));
  const judged = instances.flatMap((instance) =>
    tellsSomething(statusOf(instance, results)) ? (results.get(instance.key)?.judgement ?? []) : [],
  );
  return {
    ...Object.fromEntries(STATUSES.map((status) => [status.replace('-', '_'), statuses.includes(status)])),
    codes: judged.map(({ code }) => code),
    outs: instances.flatMap(({ key }) => results.get(key)?.facts ?? []),
  };
}

const groups = new WeakMap<Plan['steps'], ReadonlyMap<string, readonly StepInstance[]>>();

function groupByStep(plan: Plan): ReadonlyMap<string, readonly StepInstance[]> {
  const known = groups.get(plan.steps);
  if (known) return known;
  const grouped = new Map<string, StepInstance[]>();
  for (const instance of plan.steps) {
    const group = grouped.get(instance.step.id);
    if (group) group.push(instance);
    else grouped.set(instance.step.id, [instance]);
  }
  groups.set(plan.steps, grouped);
  return grouped;
}
