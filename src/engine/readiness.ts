/** Whether a step is settled, and whether it may start: its needs, its condition, and what both hang on. Pure. */
import { HostError } from '../errors.ts';
import type { Expression } from '../playbook/playbook.ts';
import type { UndecidedReason } from './events.ts';
import { instancesFor, type Plan, type StepInstance } from './plan.ts';
import { expressionScope, statusOf } from './scope.ts';
import type { Session, StepResult } from './session.ts';

/** Is this step instance settled in the present loop, by a result that no later answer made stale? */
export function isDecided(plan: Plan, session: Session, instance: StepInstance): boolean {
  const { key, step, empty } = instance;
  if (empty) return true;
  if (step.kind !== 'check') return isAsked(session, step.id) || isSkipped(plan, session, instance);
  const result = session.results.get(key);
  if (!result || result.loop !== session.loop) return false;
  if (!(step.if?.answers ?? []).some((id) => (session.answers.get(id)?.seq ?? -1) > result.seq)) return true;
  // Another answer is weighed anew; what was seen stays seen.
  return wasProbed(result) && readinessOf(plan, session, instance) === 'ready';
}

export function wasProbed({ judgement, reason }: StepResult): boolean {
  return judgement !== undefined && reason === undefined;
}

export function isAsked(session: Session, id: string): boolean {
  return session.answers.has(id) || session.unanswered.has(id);
}

/** A question that was led past stays so until an answer that it hangs on changes. */
function isSkipped(plan: Plan, session: Session, { key, step }: StepInstance): boolean {
  const result = session.results.get(key);
  if (!result) return false;
  const leading = plan.steps.flatMap((other) =>
    other.step.kind === 'ask' && Object.keys(other.step.next).length > 0 ? [other.step.id] : [],
  );
  return ![...(step.if?.answers ?? []), ...leading].some((id) => (session.answers.get(id)?.seq ?? -1) > result.seq);
}

/** What is recorded of a step that is not run. */
export interface Decision {
  readonly kind: 'decide';
  readonly key: string;
  readonly status: 'skipped' | 'not-applicable' | 'unknown';
  readonly reason: UndecidedReason;
  readonly detail: string;
}

type Readiness = 'ready' | 'wait' | Decision;

export function readinessOf(plan: Plan, session: Session, instance: StepInstance): Readiness {
  const { step, key, target } = instance;
  for (const id of step.needs) {
    const needed = instancesFor(plan, id, target);
    if (!needed.every((other) => isDecided(plan, session, other))) return 'wait';
    const unmet = needed.find((other) => !['ok', 'warn'].includes(statusOf(other, session.results)));
    if (unmet)
      return { kind: 'decide', key, status: 'skipped', reason: 'needs', detail: `${unmet.key} is ${statusOf(unmet, session.results)}` };
  }
  if (!step.if) return 'ready';
  if (!inputsSettled(plan, session, instance, step.if)) return 'wait';
  const holds = evaluateCondition(plan, session, instance, step.if);
  return holds === true ? 'ready' : { kind: 'decide', key, ...holds };
}

function inputsSettled(plan: Plan, session: Session, { target }: StepInstance, condition: Expression): boolean {
  const stepsSettled = condition.steps
    .flatMap((id) => instancesFor(plan, id, target))
    .every((instance) => isDecided(plan, session, instance));
  return stepsSettled && condition.answers.every((id) => isAsked(session, id) || !isOpenQuestion(plan, session, id));
}

/** A question that will still be put; one that was skipped with its own condition never will. */
function isOpenQuestion(plan: Plan, session: Session, id: string): boolean {
  const instance = plan.stepByKey.get(id);
  return instance !== undefined && instance.step.kind !== 'check' && !isDecided(plan, session, instance);
}

function evaluateCondition(
  plan: Plan,
  session: Session,
  instance: StepInstance,
  condition: Expression,
): true | { status: 'skipped' | 'not-applicable'; reason: UndecidedReason; detail: string } {
  const scope = expressionScope({ plan, results: session.results, answers: session.answers, target: instance.target });
  try {
    return condition.evaluate(scope) === true ? true : { status: 'skipped', reason: 'condition', detail: `not when ${condition.text}` };
  } catch (error) {
    return { status: 'skipped', reason: 'condition', detail: `condition ${condition.text}: ${messageOf(error)}` };
  }
}

export function messageOf(error: unknown): string {
  if (error instanceof HostError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
