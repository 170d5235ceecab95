/** Watches the entry for a while after a fix. Runs on without the terminal; its samples are events like any other. */
import { isGood, look } from './look.ts';
import type { StepInstance } from './plan.ts';
import type { RunDeps } from './task.ts';

export type SoakDeps = Pick<RunDeps, 'registry' | 'prober' | 'plan' | 'recorder' | 'clock' | 'signal'>;

/** Steps that the playbook validates with; by default those of the entry. */
function soakSteps({ playbook, steps }: SoakDeps['plan']): readonly StepInstance[] {
  const wanted = playbook.validate.steps;
  return steps.filter(
    ({ step, empty }) => !empty && step.kind === 'check' && (wanted.length > 0 ? wanted.includes(step.id) : step.scope === 'entry'),
  );
}

export async function soak(deps: SoakDeps): Promise<boolean> {
  const { plan, recorder, clock, signal } = deps;
  const { soakMs, everyMs } = plan.playbook.validate;
  const until = clock.now().monoMs + soakMs;
  const since = clock.now().wallMs;
  let samples = 0;
  let good = true;
  while (!signal.aborted && clock.now().monoMs < until) {
    const looks = await Promise.all(soakSteps(plan).map((instance) => look(deps, instance, since)));
    const ok = looks.every(isGood);
    samples += 1;
    good &&= ok;
    await recorder.record('soak.sampled', { ok, steps: looks.map(({ key, status }) => ({ key, status })) });
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
  await recorder.record('soak.finished', { ok: good && samples > 0, samples });
  return good;
}
