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

/** `411111: 12, 510510: 3`, the most frequent first. */
export function issuersOf({ session }: Pick<Incident, 'session'>): string {
  const groups = Object.entries(session.issuers).sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return groups.map(([issuer, cards]) => `${issuer}: ${cards}`).join(', ');
}

export function redactionsOf({ events }: Pick<Incident, 'events'>): number {
  return events.reduce((sum, event) => sum + (event.type === 'step.finished' ? event.data.redactions : 0), 0);
}
