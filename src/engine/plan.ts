/** Playbook x profile -> the instances that can run. Pure; nothing is probed here. */

import type { Cause, Expression, Fix, ForEach, Playbook, Step, Template } from '../playbook/playbook.ts';
import type { JsonObject } from '../ports.ts';
import { sameTarget, selectTargets, type Target } from './targets.ts';

export interface StepInstance {
  /** `step` or `step@target`. */
  readonly key: string;
  readonly step: Step;
  readonly target?: Target;
  /** The profile names nothing of this kind, so the step does not apply here. */
  readonly empty: boolean;
}

export interface CauseInstance {
  readonly key: string;
  readonly cause: Cause;
  readonly target?: Target;
  readonly component?: string;
  /** Where the root is; absent for a network path or when the place is unknown. */
  readonly host?: string;
}

export interface Plan {
  readonly playbook: Playbook;
  readonly profile: JsonObject;
  readonly inputs: JsonObject;
  readonly localHost: string;
  readonly steps: readonly StepInstance[];
  /** The same, in the order in which they start: those that watch for long first, since the run lasts as long as the last of them. */
  readonly startOrder: readonly StepInstance[];
  readonly stepByKey: ReadonlyMap<string, StepInstance>;
  readonly causes: readonly CauseInstance[];
  readonly fixes: ReadonlyMap<string, Fix>;
}

export interface PlanInput {
  readonly playbook: Playbook;
  readonly profile: JsonObject;
  readonly inputs: JsonObject;
  readonly localHost: string;
}

export function buildPlan({ playbook, profile, inputs, localHost }: PlanInput): Plan {
  const targetsOf = (forEach: ForEach): Target[] => selectTargets(profile, forEach, localHost);
  const steps = playbook.steps.flatMap((step) => instantiateStep(step, targetsOf));
  const base = { profile, inputs };
  const causes = playbook.causes.flatMap((cause) =>
    targetsOrHost(cause, cause.forEach ? targetsOf(cause.forEach) : [])
      .filter((target) => holds(cause.if, { ...base, ...(target && { target: target.data }) }))
      .map((target) => instantiateCause(cause, target, base, localHost)),
  );
  return {
    playbook,
    profile,
    inputs,
    localHost,
    ...arrangeSteps(steps),
    causes,
    fixes: new Map(playbook.fixes.map((fix) => [fix.id, fix])),
  };
}

/** All that a plan says of its steps. */
export function arrangeSteps(steps: readonly StepInstance[]): Pick<Plan, 'steps' | 'startOrder' | 'stepByKey'> {
  return {
    steps,
    startOrder: steps.toSorted((one, other) => watchMs(other) - watchMs(one)),
    stepByKey: new Map(steps.map((instance) => [instance.key, instance])),
  };
}

function watchMs({ step }: StepInstance): number {
  return step.kind === 'check' ? (step.watchMs ?? 0) : 0;
}

/** Where the profile names no such entry the cause stands once, for the site as a whole: an address alone can still be diagnosed. */
function targetsOrHost({ variant, forEach }: Cause, targets: readonly Target[]): readonly (Target | undefined)[] {
  if (!forEach) return [undefined];
  return targets.length > 0 || variant > 0 ? targets : [undefined];
}

/** Instances of a step: the target's own where the step has one for it, else all of them. */
export function instancesFor(plan: Plan, stepId: string, target: Target | undefined): readonly StepInstance[] {
  const all = plan.steps.filter((instance) => instance.step.id === stepId);
  const own = all.filter((instance) => sameTarget(instance.target, target));
  return own.length > 0 ? own : all;
}

function instantiateStep(step: Step, targetsOf: (forEach: ForEach) => Target[]): StepInstance[] {
  if (!step.forEach) return [{ key: step.id, step, empty: false }];
  const targets = targetsOf(step.forEach);
  if (targets.length === 0) return [{ key: step.id, step, empty: true }];
  return targets.map((target, index) => {
    // Partners come from several lists, and two of them may have one name.
    const taken = targets.slice(0, index).some(({ name }) => name === target.name);
    return { key: `${step.id}@${taken ? `${target.list}/` : ''}${target.name}`, step, target, empty: false };
  });
}

function instantiateCause(
  cause: Cause,
  target: Target | undefined,
  base: { profile: JsonObject; inputs: JsonObject },
  localHost: string,
): CauseInstance {
  const scope = { ...base, ...(target && { target: target.data }) };
  const component = fillText(cause.component, scope) ?? target?.name;
  const host = fillText(cause.host, scope) ?? defaultHost(cause, target, localHost);
  return {
    key: keyOf(cause, target),
    cause,
    ...(target && { target }),
    ...(component !== undefined && { component }),
    ...(host !== undefined && host !== '' && { host }),
  };
}

/** Entries of two lists may have one name: a database and the machine it runs on. */
function keyOf({ id, variant }: Cause, target: Target | undefined): string {
  if (!target) return id;
  return variant === 0 ? `${id}@${target.name}` : `${id}@${target.list}/${target.name}`;
}

/** A third party's place is its profile name; a network path has none; everything else is where its target runs. */
function defaultHost(cause: Cause, target: Target | undefined, localHost: string): string | undefined {
  if (cause.class === 'third-party') return target?.name;
  if (cause.class === 'network') return undefined;
  return target?.host ?? localHost;
}

function holds(condition: Expression | undefined, scope: Parameters<Expression['evaluate']>[0]): boolean {
  if (!condition) return true;
  try {
    return condition.evaluate(scope) === true;
  } catch {
    return false;
  }
}

function fillText(template: Template | undefined, scope: Parameters<Template['fill']>[0]): string | undefined {
  if (!template) return undefined;
  try {
    return String(template.fill(scope));
  } catch {
    return undefined;
  }
}
