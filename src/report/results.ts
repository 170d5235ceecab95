/** What each step said, pass by pass: a fixed fault is no longer to be seen in the last one. */
import { describeJudgement, describeReason } from '../checks/check.ts';
import type { DiagnosedCause } from '../engine/diagnose.ts';
import type { Session, StepResult } from '../engine/session.ts';
import type { Json } from '../ports.ts';
import type { Telling } from './incident.ts';

export function groupResults({ history }: Session): ReadonlyMap<string, readonly StepResult[]> {
  const grouped = new Map<string, StepResult[]>();
  for (const result of history) {
    const known = grouped.get(result.key);
    if (known) known.push(result);
    else grouped.set(result.key, [result]);
  }
  return grouped;
}

/** The latest result of each step that uses this check. */
export function resultsOf({ plan, session }: Pick<Telling, 'plan' | 'session'>, check: string): readonly StepResult[] {
  return [...session.results.values()].filter(({ key }) => {
    const step = plan.stepByKey.get(key)?.step;
    return step?.kind === 'check' && step.uses === check;
  });
}

/** What they saw, of those that saw anything. */
export function factsOf(telling: Pick<Telling, 'plan' | 'session'>, check: string): readonly Json[] {
  return resultsOf(telling, check).flatMap(({ facts }) => (facts === undefined || facts === null ? [] : [facts as Json]));
}

export function summarise({ plan, registry, language }: Telling, { key, judgement, reason }: StepResult): string {
  const step = plan.stepByKey.get(key)?.step;
  const check = step?.kind === 'check' ? registry[step.uses] : undefined;
  if (!judgement || !check) return describeReason(reason ?? '', language);
  return describeJudgement(check, judgement, language);
}

/** What the step said when the cause was named: before the fix, where there was one. */
export function resultBehind({ session, results }: Telling, { fixes, state }: DiagnosedCause, key: string): StepResult | undefined {
  const fixed = state === 'fixed' || state === 'mitigated';
  const loops = fixes.flatMap((offer) => {
    const fix = session.fixes.get(offer.key);
    return fix?.stage === 'validated' ? [fix.loop] : [];
  });
  const until = fixed && loops.length > 0 ? Math.min(...loops) : Number.POSITIVE_INFINITY;
  return results.get(key)?.findLast(({ loop }) => loop <= until);
}

const WORST_FIRST = ['fail', 'warn', 'unknown', 'ok'] as const;

/** The first of the worst that the step ever said: what the decisions were made on. */
export function worstOf({ results }: Telling, key: string): StepResult | undefined {
  const all = results.get(key) ?? [];
  return WORST_FIRST.map((status) => all.find((result) => result.status === status)).find((result) => result !== undefined);
}
