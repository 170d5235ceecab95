/** The run's answer: verdict, outcome and exit code. */
import { ExitCode } from '../errors.ts';
import type { Diagnosis } from './diagnose.ts';
import type { EventData, Outcome, Verdict } from './events.ts';
import type { Plan } from './plan.ts';
import { statusOf } from './scope.ts';
import type { Session } from './session.ts';

export function conclude(plan: Plan, session: Session, diagnosis: Diagnosis): EventData['session.ended'] {
  const verdict = judge(plan, session, diagnosis);
  const outcome = outcomeOf(plan, session, diagnosis, verdict);
  return { verdict, outcome, exit_code: exitCodeOf(plan, session, diagnosis, verdict, outcome) };
}

/** Of a run that did not end: what paused it. */
export function pauseCode({ interrupted }: Pick<Session, 'interrupted'>): ExitCode {
  const codes: Readonly<Record<string, ExitCode>> = {
    SIGTERM: ExitCode.terminated,
    SIGHUP: ExitCode.hangup,
    quit: ExitCode.aborted,
  };
  return codes[interrupted ?? ''] ?? ExitCode.interrupted;
}

/** Names of required questions that nobody answered; they matter only while no cause is named. */
export function missingAnswers(plan: Plan, session: Session): readonly string[] {
  return plan.steps.flatMap(({ step }) =>
    step.kind === 'ask' && step.required && session.unanswered.get(step.id)?.by === 'nobody' ? [step.id] : [],
  );
}

function judge(plan: Plan, session: Session, { causes, scope }: Diagnosis): Verdict {
  const mitigated = causes.some(({ state }) => state === 'mitigated');
  if (mitigated || causes.some(({ open }) => open) || scope.state === 'degraded' || scope.state === 'down') return 'fault';
  return scope.state === 'unknown' || unseenTarget(plan, session) ? 'unknown' : 'healthy';
}

/** A target of the profile of which not one check could tell anything. */
function unseenTarget(plan: Plan, session: Session): boolean {
  const seen = new Map<string, boolean>();
  for (const instance of plan.steps) {
    if (!instance.target || instance.step.kind !== 'check') continue;
    const status = statusOf(instance, session.results);
    if (status === 'not-applicable' || status === 'skipped') continue;
    const name = `${instance.target.list}/${instance.target.name}`;
    seen.set(name, (seen.get(name) ?? false) || status !== 'unknown');
  }
  return [...seen.values()].includes(false);
}

function outcomeOf(plan: Plan, session: Session, { causes }: Diagnosis, verdict: Verdict): Outcome {
  const stages = [...session.fixes.values()].map(({ stage }) => stage);
  const told = toldEnd(plan, session);
  if (verdict === 'healthy') {
    if (causes.some(({ state }) => state === 'fixed')) return 'fixed';
    return told === 'false-alarm' || session.started.symptom !== '' ? 'false-alarm' : 'healthy';
  }
  if (causes.some(({ state }) => state === 'mitigated')) return 'mitigated';
  if (stages.includes('rolled-back') || stages.includes('rollback-failed') || stages.includes('not-validated')) return 'fix-failed';
  if (verdict === 'unknown') return 'inconclusive';
  return told === 'waiting-third-party' ? told : 'fault-found';
}

/** An answer of the operator that leads to an end. */
function toldEnd(plan: Plan, session: Session): 'false-alarm' | 'waiting-third-party' | undefined {
  for (const { step } of plan.steps) {
    const answer = step.kind === 'ask' ? session.answers.get(step.id) : undefined;
    const next = step.kind === 'ask' && answer ? step.next[String(answer.value)] : undefined;
    if (next && 'end' in next) return next.end;
  }
  return undefined;
}

function exitCodeOf(plan: Plan, session: Session, { causes }: Diagnosis, verdict: Verdict, outcome: Outcome): ExitCode {
  const stages = [...session.fixes.values()].map(({ stage }) => stage);
  if (stages.includes('rollback-failed')) return ExitCode.rollbackFailed;
  if (outcome === 'fix-failed') return ExitCode.fixFailed;
  if (verdict === 'healthy') return ExitCode.healthy;
  if (!causes.some(({ open }) => open) && missingAnswers(plan, session).length > 0) return ExitCode.answerNeeded;
  return verdict === 'fault' ? ExitCode.fault : ExitCode.inconclusive;
}
