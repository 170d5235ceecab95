/** One look at a step outside the plan's order: for the signal of a fix, and for the soak after it. Records nothing itself. */

import { earlierOf } from './earlier.ts';
import type { StepInstance } from './plan.ts';
import { judgeFacts, lookupCheck } from './probe.ts';
import { expressionScope } from './scope.ts';
import type { RunDeps } from './task.ts';

export interface Look {
  readonly key: string;
  readonly status: string;
  readonly code: string;
}

export async function look(
  { registry, prober, plan, signal, recorder }: Pick<RunDeps, 'registry' | 'prober' | 'plan' | 'signal' | 'recorder'>,
  instance: StepInstance,
  since: number,
): Promise<Look> {
  const { step, key, target } = instance;
  if (step.kind !== 'check') return { key, status: 'unknown', code: 'not-a-check' };
  const check = lookupCheck(registry, step.uses);
  try {
    const scope = expressionScope({ plan, results: new Map(), answers: new Map(), target });
    const params = step.with.fill(scope);
    const host = step.on ? String(step.on.fill(scope)) : (target?.vantage ?? plan.localHost);
    const timeout = step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs };
    const { facts, failure } = await prober({ key, check, params, host, since, signal, ...timeout });
    const earlier = step.expect ? undefined : earlierOf(recorder.session(), key);
    const { status, code } = failure ?? judgeFacts({ check, params, facts, profile: plan.profile, inputs: plan.inputs, instance, earlier });
    return { key, status, code };
  } catch {
    return { key, status: 'not-applicable', code: 'not-named' };
  }
}

/** Good enough to go on: a warning (just restarted, nearly full) is no failure. */
export function isGood({ status }: Look): boolean {
  return status === 'ok' || status === 'warn';
}
