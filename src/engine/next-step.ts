/**
 * What to do next, as a pure function of the plan and the session. The phases order the reasoning and the report, not the
 * clock: a probe starts as soon as its `if` and `needs` are decided; verification, fixes and validation wait for their turn.
 */
import { HostError } from '../errors.ts';
import type { AskStep, CheckStep, Expression, InstructStep, Verify } from '../playbook/playbook.ts';
import type { Json } from '../ports.ts';
import type { UndecidedReason } from './events.ts';
import { type FixOffer, mayOffer, mitigationOffers, offerByKey, offersOf } from './offers.ts';
import { type CauseInstance, instancesFor, type Plan, type StepInstance } from './plan.ts';
import { expressionScope, statusOf } from './scope.ts';
import { rankCauses, type ScoredCause } from './score.ts';
import type { Session } from './session.ts';

/** How many named causes are put to the test. */
const VERIFIED_CAUSES = 4;

export interface Busy {
  /** A question is on the screen; another one waits. */
  readonly asking: boolean;
  /** Verifications, fixes and validation run one after the other. */
  readonly acting: boolean;
}

export type NextStep =
  | {
      readonly kind: 'decide';
      readonly key: string;
      readonly status: 'skipped' | 'not-applicable' | 'unknown';
      readonly reason: UndecidedReason;
      readonly detail: string;
    }
  | { readonly kind: 'probe'; readonly instance: StepInstance; readonly step: CheckStep; readonly params: Json; readonly host: string }
  | { readonly kind: 'ask'; readonly step: AskStep | InstructStep }
  | { readonly kind: 'verify'; readonly key: string; readonly cause: CauseInstance; readonly verify: Verify }
  | { readonly kind: 'offer-fix'; readonly offer: FixOffer }
  | { readonly kind: 'close-mitigation' }
  | { readonly kind: 'apply-fix'; readonly offer: FixOffer }
  | { readonly kind: 'validate-fix'; readonly offer: FixOffer }
  | { readonly kind: 'roll-back'; readonly offer: FixOffer }
  | { readonly kind: 'loop' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'end' };

export function nextStep(plan: Plan, session: Session, busy: Busy): NextStep {
  return nextProbe(plan, session) ?? nextQuestion(plan, session, busy) ?? afterEvidence(plan, session, busy);
}

/** Is this step instance settled in the present loop, by a result that no later answer made stale? */
function isDecided(plan: Plan, session: Session, instance: StepInstance): boolean {
  const { key, step, empty } = instance;
  if (empty) return true;
  if (step.kind !== 'check') return isAsked(session, step.id) || isSkipped(plan, session, instance);
  const result = session.results.get(key);
  if (!result || result.loop !== session.loop) return false;
  return !(step.if?.answers ?? []).some((id) => (session.answers.get(id)?.seq ?? -1) > result.seq);
}

function isAsked(session: Session, id: string): boolean {
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

// ---------------------------------------------------------------------------------------------- probes

function nextProbe(plan: Plan, session: Session): NextStep | undefined {
  const full = session.running.size >= session.started.flags.concurrency;
  for (const instance of plan.startOrder) {
    const { step, key } = instance;
    if (step.kind !== 'check' || isDecided(plan, session, instance) || session.running.has(key)) continue;
    if (session.deadlinePassed)
      return { kind: 'decide', key, status: 'skipped', reason: 'deadline', detail: 'the deadline of the run passed' };
    const readiness = readinessOf(plan, session, instance);
    if (readiness === 'wait') continue;
    if (readiness !== 'ready') return readiness;
    if (full) return undefined;
    return fillProbe(plan, session, instance, step);
  }
  return undefined;
}

type Readiness = 'ready' | 'wait' | Extract<NextStep, { kind: 'decide' }>;

function readinessOf(plan: Plan, session: Session, instance: StepInstance): Readiness {
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

function fillProbe(plan: Plan, session: Session, instance: StepInstance, step: CheckStep): NextStep {
  const scope = expressionScope({ plan, results: session.results, answers: session.answers, target: instance.target });
  try {
    const params = step.with.fill(scope);
    const host = step.on ? String(step.on.fill(scope)) : (instance.target?.vantage ?? plan.localHost);
    return { kind: 'probe', instance, step, params, host };
  } catch (error) {
    const named = error instanceof HostError && error.reason === 'not-found';
    const outcome = named
      ? ({ status: 'not-applicable', reason: 'not-named' } as const)
      : ({ status: 'unknown', reason: 'not-evaluated' } as const);
    return { kind: 'decide', key: instance.key, ...outcome, detail: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof HostError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

// ---------------------------------------------------------------------------------------------- questions

function nextQuestion(plan: Plan, session: Session, busy: Busy): NextStep | undefined {
  if (busy.asking || busy.acting) return undefined;
  if (session.mitigating) return nextMitigation(plan, session);
  for (const instance of plan.steps) {
    const { step, key } = instance;
    if (step.kind === 'check' || isDecided(plan, session, instance)) continue;
    if (session.deadlinePassed)
      return { kind: 'decide', key, status: 'skipped', reason: 'deadline', detail: 'the deadline of the run passed' };
    if (jumpedOver(plan, session, instance))
      return { kind: 'decide', key, status: 'skipped', reason: 'condition', detail: 'an earlier answer leads past it' };
    const readiness = readinessOf(plan, session, instance);
    if (readiness === 'wait') continue;
    if (readiness !== 'ready') return readiness;
    return { kind: 'ask', step };
  }
  return undefined;
}

/** An answer with `goto` leads past the questions in between; one with `end` past all later ones. */
function jumpedOver(plan: Plan, session: Session, instance: StepInstance): boolean {
  const here = plan.steps.indexOf(instance);
  return plan.steps.slice(0, here).some(({ step }) => {
    if (step.kind !== 'ask') return false;
    const answer = session.answers.get(step.id);
    const jump = answer && step.next[String(answer.value)];
    if (!jump) return false;
    return 'end' in jump || plan.steps.findIndex((other) => other.step.id === jump.goto) > here;
  });
}

/** `m` at a prompt: every fix that stops the bleeding, from any phase, without waiting for a cause. */
function nextMitigation(plan: Plan, session: Session): NextStep {
  for (const offer of mitigationOffers(plan, session)) {
    const action = advanceFix(session, offer);
    if (action) return action;
    if (!session.fixes.has(offer.key)) return { kind: 'offer-fix', offer };
  }
  return { kind: 'close-mitigation' };
}

// ---------------------------------------------------------------------------------------------- verify, fix, validate

function afterEvidence(plan: Plan, session: Session, busy: Busy): NextStep {
  const settled = plan.steps.every((instance) => isDecided(plan, session, instance));
  if (!settled || session.running.size > 0 || busy.asking || busy.acting) return { kind: 'wait' };
  const started = [...session.fixes.values()].map(({ key }) => offerByKey(plan, key)).find((offer) => offer && advanceFix(session, offer));
  const inHand = started && advanceFix(session, started);
  if (inHand) return inHand;
  if (session.deadlinePassed) return { kind: 'end' };
  if (needsAnotherLoop(plan, session)) return { kind: 'loop' };
  const { named } = rankCauses({ plan, ...session });
  return nextVerification(session, named) ?? pendingVerification(session) ?? nextOffer(plan, session, named) ?? { kind: 'end' };
}

function pendingVerification({ verifying, verifications }: Session): NextStep | undefined {
  return [...verifying].some((key) => !verifications.has(key)) ? { kind: 'wait' } : undefined;
}

function nextVerification(session: Session, named: readonly ScoredCause[]): NextStep | undefined {
  for (const { instance } of named.slice(0, VERIFIED_CAUSES)) {
    for (const [index, verify] of instance.cause.verify.entries()) {
      const key = `${instance.key}#${index}`;
      if (session.verifying.has(key) || session.verifications.has(key)) continue;
      if (verify.kind === 'ask' && (!session.interactive || isAsked(session, `verify:${key}`))) continue;
      return { kind: 'verify', key, cause: instance, verify };
    }
  }
  return undefined;
}

function nextOffer(plan: Plan, session: Session, named: readonly ScoredCause[]): NextStep | undefined {
  for (const { instance } of named) {
    if (isRefuted(session, instance)) continue;
    for (const offer of offersOf(plan, instance)) {
      const stage = session.fixes.get(offer.key)?.stage;
      if (stage !== undefined && stage !== 'interrupted') continue;
      if (!mayOffer(plan, session, offer)) continue;
      return { kind: 'offer-fix', offer };
    }
  }
  return undefined;
}

function isRefuted(session: Session, instance: CauseInstance): boolean {
  const outcomes = instance.cause.verify.map((_, index) => session.verifications.get(`${instance.key}#${index}`)?.outcome);
  return outcomes.includes('refuted') && !outcomes.includes('confirmed');
}

/** The next thing a fix in hand needs, if any. */
function advanceFix(session: Session, offer: FixOffer): NextStep | undefined {
  switch (session.fixes.get(offer.key)?.stage) {
    case 'consented':
      return { kind: 'apply-fix', offer };
    case 'applied':
      return { kind: 'validate-fix', offer };
    case 'failed':
    case 'not-validated':
      return { kind: 'roll-back', offer };
    default:
      return undefined;
  }
}

/** A fix of this loop has changed the world, so the evidence is old. */
function needsAnotherLoop(plan: Plan, session: Session): boolean {
  const changed = [...session.fixes.values()].some(
    ({ stage, loop }) => loop === session.loop && (stage === 'validated' || stage === 'rolled-back'),
  );
  return changed && session.loop < plan.playbook.validate.maxLoops;
}
