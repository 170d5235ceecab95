/** Numbers of the run: what each phase did, and how much was taken out of what was seen. */
import type { Phase, Status } from '../checks/check.ts';
import type { Incident } from './incident.ts';

export interface PhaseNumbers {
  readonly id: Phase;
  readonly steps: number;
  readonly durationMs: number;
  /** Latest status of its steps, worst first. */
  readonly counts: readonly (readonly [status: Status, n: number])[];
}

const WORST_FIRST: readonly Status[] = ['fail', 'unknown', 'warn', 'ok', 'skipped', 'not-applicable'];

export function phasesOf({ diagnosis, plan, session }: Pick<Incident, 'diagnosis' | 'plan' | 'session'>): readonly PhaseNumbers[] {
  return diagnosis.phases.map(({ id, steps, durationMs }) => {
    const statuses = plan.steps.filter(({ step }) => step.phase === id).flatMap(({ key }) => session.results.get(key)?.status ?? []);
    const counts = WORST_FIRST.map((status) => [status, statuses.filter((each) => each === status).length] as const);
    return { id, steps, durationMs, counts: counts.filter(([, n]) => n > 0) };
  });
}

export function redactionsOf({ events }: Pick<Incident, 'events'>): number {
  return events.reduce((sum, event) => sum + (event.type === 'step.finished' ? event.data.redactions : 0), 0);
}
