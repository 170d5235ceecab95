/**
 * What to do next, as a pure function of the plan and the session. The phases order the reasoning and the report, not the
 * clock: a probe starts as soon as its `if` and `needs` are decided; verification, fixes and validation wait for their turn.
 */
import { HostError } from '../errors.ts';
import type { AskStep, CheckStep, InstructStep, Verify } from '../playbook/playbook.ts';
import type { Json } from '../ports.ts';
import { informationOf, perSecond, rankTests } from './information.ts';
import { type FixOffer, mayOffer, mitigationOffers, offerByKey, offersOf } from './offers.ts';
import type { CauseInstance, Plan, StepInstance } from './plan.ts';
import { type Decision, isAsked, isDecided, messageOf, readinessOf, wasProbed } from './readiness.ts';
import { expressionScope } from './scope.ts';
import { rankCauses, type ScoredCause, VERIFIED } from './score.ts';
import type { Session, StepResult } from './session.ts';

/** How many named causes are put to the test. */
const VERIFIED_CAUSES = 4;

export interface Busy {
  /** A question is on the screen; another one waits. */
  readonly asking: boolean;
  /** Verifications, fixes and validation run one after the other. */
  readonly acting: boolean;
}

export type NextStep =
  | Decision
  | { readonly kind: 'probe'; readonly instance: StepInstance; readonly step: CheckStep; readonly params: Json; readonly host: string }
  /** Its condition holds again: what was seen then counts again. */
  | { readonly kind: 'recall'; readonly result: StepResult }
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
    const probe = fillProbe(plan, session, instance, step);
    const seen = probe.kind === 'probe' ? seenBefore(session, probe) : undefined;
    return seen ? { kind: 'recall', result: seen } : probe;
  }
  return undefined;
}

/** What this very probe saw before an answer, taken back since, led past it. */
function seenBefore({ results, history, loop }: Session, { instance, params, host }: Extract<NextStep, { kind: 'probe' }>) {
  if (results.get(instance.key)?.loop !== loop) return undefined;
  const seen = history.findLast(
    (result) => result.key === instance.key && result.loop === loop && result.params !== null && wasProbed(result),
  );
  return seen && seen.host === host && JSON.stringify(seen.params) === JSON.stringify(params) ? seen : undefined;
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

// ---------------------------------------------------------------------------------------------- questions

function nextQuestion(plan: Plan, session: Session, busy: Busy): NextStep | undefined {
  if (busy.asking || busy.acting) return undefined;
  if (session.mitigating) return nextMitigation(plan, session);
  const ready: (AskStep | InstructStep)[] = [];
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
    if (step.kind === 'ask' || ready.length === 0) ready.push(step);
    if (keepsOrder(step)) break;
  }
  const [first] = ready;
  return first && { kind: 'ask', step: ready.length === 1 ? first : mostTelling(plan, session, ready) };
}

/** What is to be done by hand, and an answer that may lead past others, come before all that the author wrote behind them. */
function keepsOrder(step: AskStep | InstructStep): boolean {
  return step.kind === 'instruct' || Object.keys(step.next).length > 0;
}

/** The one that tells most for the time it takes; of those that tell nothing the first. */
function mostTelling(plan: Plan, session: Session, ready: readonly (AskStep | InstructStep)[]): AskStep | InstructStep {
  const tests = new Map(rankTests(plan, session).map((test) => [test.key, perSecond(test)]));
  return ready.toSorted((one, other) => (tests.get(other.id) ?? 0) - (tests.get(one.id) ?? 0))[0] as AskStep | InstructStep;
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

/** What oor can try by itself runs at once; of the questions the one about the cause that is least sure. */
function nextVerification(session: Session, named: readonly ScoredCause[]): NextStep | undefined {
  const open = named.slice(0, VERIFIED_CAUSES).flatMap(({ instance, score }) =>
    instance.cause.verify.flatMap((verify, index) => {
      const key = `${instance.key}#${index}`;
      const done = session.verifying.has(key) || session.verifications.has(key);
      const nobody = verify.kind === 'ask' && (!session.interactive || isAsked(session, `verify:${key}`));
      return done || nobody ? [] : [{ key, cause: instance, verify, bits: informationOf(score, VERIFIED) }];
    }),
  );
  const next = open.find(({ verify }) => verify.kind === 'check') ?? open.toSorted((one, other) => other.bits - one.bits)[0];
  return next && { kind: 'verify', key: next.key, cause: next.cause, verify: next.verify };
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
