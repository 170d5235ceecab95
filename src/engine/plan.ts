/** Playbook x profile -> the instances that can run. Pure; nothing is probed here. */

import type { Cause, Expression, Fix, ForEach, Playbook, Step, Template } from '../playbook/playbook.ts';
import type { Json, JsonObject } from '../ports.ts';

/** One entry of a list of the profile. */
export interface Target {
  readonly list: string;
  readonly name: string;
  readonly data: JsonObject;
  /** The machine it lives on. */
  readonly host: string;
  /** The machine it is looked at from: its own for what runs there; a database is asked from here, as its clients do. */
  readonly vantage: string;
}

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
    steps,
    stepByKey: new Map(steps.map((instance) => [instance.key, instance])),
    causes,
    fixes: new Map(playbook.fixes.map((fix) => [fix.id, fix])),
  };
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

export function sameTarget(one: Target | undefined, other: Target | undefined): boolean {
  return one !== undefined && other !== undefined && one.list === other.list && one.name === other.name;
}

function instantiateStep(step: Step, targetsOf: (forEach: ForEach) => Target[]): StepInstance[] {
  if (!step.forEach) return [{ key: step.id, step, empty: false }];
  const targets = targetsOf(step.forEach);
  if (targets.length === 0) return [{ key: step.id, step, empty: true }];
  return targets.map((target) => ({ key: `${step.id}@${target.name}`, step, target, empty: false }));
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

/** What the value of a named map is called inside `for:`; the profile's shape says the same. */
const MAP_VALUES: Readonly<Record<string, string>> = { 'dns.names': 'addresses', 'metrics.queries': 'query' };

function selectTargets(profile: JsonObject, { list, kind, role }: ForEach, localHost: string): Target[] {
  const found = list.split('.').reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), profile);
  const entries = isObject(found) ? Object.entries(found).map(([name, value]) => ({ name, [MAP_VALUES[list] ?? 'value']: value })) : found;
  if (!Array.isArray(entries)) return [];
  return entries
    .map((entry: Json, index): Target => {
      const data: JsonObject = isObject(entry) ? entry : { name: String(entry) };
      const name = typeof data.name === 'string' ? data.name : `${list}-${index + 1}`;
      const host = list === 'hosts' ? name : hostOf(profile, data, name, localHost);
      return { list, name, data, host, vantage: list === 'services' || list === 'hosts' ? host : localHost };
    })
    .filter(({ data }) => (kind === undefined || data.kind === kind) && (role === undefined || data.role === role));
}

/** `on` of the entry itself, or the host of the profile that lists it among its services. */
function hostOf(profile: JsonObject, data: JsonObject, name: string, localHost: string): string {
  if (typeof data.on === 'string') return data.on;
  const hosts = Array.isArray(profile.hosts) ? (profile.hosts as readonly Json[]) : [];
  for (const host of hosts) {
    if (isObject(host) && Array.isArray(host.services) && host.services.includes(name)) return String(host.name);
  }
  return localHost;
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

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
