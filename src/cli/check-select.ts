/** Which of the automatic steps run: by name (check id, step, step instance, globs), by tag, by phase. Pure. */
import { type Check, type CheckRegistry, parseParams, STEP_PHASES } from '../checks/check.ts';
import { arrangeSteps, instancesFor, type Plan, type StepInstance } from '../engine/plan.ts';
import { isObject } from '../engine/targets.ts';
import type { CheckStep } from '../playbook/playbook.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Json, JsonObject } from '../ports.ts';
import { describeParams } from './check-params.ts';
import { usage } from './options.ts';

export interface Selection {
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly phases: readonly string[];
}

/** `known`: the ids of all checks, of which the registry may hold a part. Steps that lost what they lean on run without it: `needs` and `if` fall away when their steps were not chosen. */
export function selectChecks(
  plan: Plan,
  { names, tags, phases }: Selection,
  registry: CheckRegistry,
  known: readonly string[] = Object.keys(registry),
): Plan {
  refuseUnknownPhase(phases);
  const automatic = plan.steps.filter(({ step }) => step.kind === 'check');
  const all: readonly StepInstance[] = [
    ...automatic,
    ...missingFrom(automatic, names, registry, { known, profile: plan.profile }).map((step) => ({ key: step.id, step, empty: false })),
  ];
  const chosen = all.filter((instance) => {
    const words = tagsOf(instance, plan, registry);
    return (
      (names.length === 0 || names.some((name) => isCalled(instance, name))) &&
      (phases.length === 0 || phases.includes(instance.step.phase)) &&
      (tags.length === 0 || tags.some((tag) => words.has(tag)))
    );
  });
  if (chosen.length === 0) throw nothingChosen(plan, all, { names, tags, phases }, registry);
  const kept = new Set(chosen.map(({ key }) => key));
  const steps = chosen.map((instance) =>
    detach(instance, (id) => {
      const read = instancesFor(plan, id, instance.target);
      return read.length > 0 && read.every(({ key }) => kept.has(key));
    }),
  );
  return reducePlan(plan, steps);
}

/** These steps alone, without causes and fixes. */
export function reducePlan(plan: Plan, steps: readonly StepInstance[]): Plan {
  return {
    ...plan,
    playbook: { ...plan.playbook, steps: [...new Set(steps.map(({ step }) => step))], causes: [], fixes: [] },
    ...arrangeSteps(steps),
    causes: [],
    fixes: new Map(),
  };
}

/** Area of the check (`disk`), phase, `entry`, `root`, `active`, and of the target: its list, name, kind, role and host. */
function tagsOf({ step, target }: StepInstance, plan: Plan, registry: CheckRegistry): ReadonlySet<string> {
  if (step.kind !== 'check') return new Set();
  const { kind, role } = target?.data ?? {};
  const check = registry[step.uses];
  const list = target?.list ?? step.forEach?.list;
  const words = [step.uses.split('.')[0], step.phase, step.scope, list, target?.name, kind, role, target?.host ?? plan.localHost];
  const marks = [...(check?.needsRoot ? ['root'] : []), ...(check?.active ? ['active'] : [])];
  return new Set([...words, ...marks].filter((word): word is string => typeof word === 'string'));
}

function isCalled({ key, step }: StepInstance, name: string): boolean {
  const uses = step.kind === 'check' ? step.uses : '';
  return [key, step.id, uses].some((word) => matchesGlob(name, word));
}

/** `*` is any text, `?` one character. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'u').test(text);
}

function isGlob(name: string): boolean {
  return /[*?]/.test(name);
}

function detach(instance: StepInstance, isKept: (stepId: string) => boolean): StepInstance {
  const { if: condition, needs, ...step } = instance.step;
  const holds = condition && condition.answers.length === 0 && condition.steps.every(isKept);
  return { ...instance, step: { ...step, needs: needs.filter(isKept), ...(holds && { if: condition }) } };
}

/** Checks that were named and that no step uses, each with the parameters it has by itself. A glob never reaches an active one. */
function missingFrom(
  automatic: readonly StepInstance[],
  names: readonly string[],
  registry: CheckRegistry,
  { known, profile }: { readonly known: readonly string[]; readonly profile: Json },
): CheckStep[] {
  const alone = (id: string): CheckStep | undefined => standAlone(id, registry, wantsProfile(registry[id]) ? { profile } : {});
  const ids = Object.keys(registry);
  const found = names.flatMap((name) => {
    if (!isGlob(name)) {
      if (automatic.some((instance) => isCalled(instance, name))) return [];
      return [alone(name) ?? refuseAlone(name, registry, [...known, ...automatic.map(({ step }) => step.id)])];
    }
    const unused = ids.filter((id) => matchesGlob(name, id) && !automatic.some((instance) => isCalled(instance, id)));
    return unused.filter((id) => !registry[id]?.active).flatMap((id) => alone(id) ?? []);
  });
  return [...new Map(found.map((step) => [step.id, step])).values()];
}

/** One that looks at the whole site is told of it. */
function wantsProfile(check: Check | undefined): boolean {
  return check !== undefined && describeParams(check.params).some(({ name }) => name === 'profile');
}

function refuseAlone(name: string, registry: CheckRegistry, known: readonly string[]): never {
  const check = registry[name];
  if (!check) {
    throw usage(`there is no check ${name}`, suggestion(name, known) ?? 'list them with: oor check --list');
  }
  const parsed = parseParams(check, {});
  throw usage(
    `${name} needs to be told where to look${parsed.ok ? '' : ` (${parsed.message})`}`,
    `say so with --set NAME=VALUE; see: oor check --explain ${name}`,
  );
}

/** undefined: it cannot run with these parameters. */
export function standAlone(id: string, registry: CheckRegistry, params: JsonObject = {}): CheckStep | undefined {
  const check = registry[id];
  if (!check || !parseParams(check, params).ok) return undefined;
  return {
    kind: 'check',
    id,
    phase: check.phase,
    uses: id,
    with: { source: params, answers: [], steps: [], fill: () => params },
    onFail: 'fail',
    needs: [],
    source: [],
    position: { line: 0, col: 0 },
  };
}

function refuseUnknownPhase(phases: readonly string[]): void {
  const unknown = phases.find((phase) => !(STEP_PHASES as readonly string[]).includes(phase));
  if (unknown !== undefined) throw usage(`--phase ${unknown}: there is no such phase`, `one of: ${STEP_PHASES.join(', ')}`);
}

function nothingChosen(plan: Plan, all: readonly StepInstance[], { names, tags, phases }: Selection, registry: CheckRegistry): Error {
  const asked = [...names, ...tags.map((tag) => `--tag ${tag}`), ...phases.map((phase) => `--phase ${phase}`)].join(' ');
  const known = [...new Set(all.flatMap((instance) => [...tagsOf(instance, plan, registry)]))].sort();
  const profile = isObject(plan.profile) && Object.keys(plan.profile).length === 0 ? ' (no oor.yaml was found)' : '';
  return usage(`no check fits ${asked}${profile}`, tags.length > 0 ? `tags: ${known.join(', ')}` : 'list them with: oor check --list');
}
