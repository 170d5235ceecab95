/** A session as JUnit: a testcase for each step, question and named cause, in the suite of its phase. */
import { PHASES } from '../checks/check.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import type { Text } from '../ports.ts';
import { renderCheckJunit } from './check-junit.ts';
import { type CheckRow, checkReport } from './check-report.ts';
import { type Incident, tell } from './incident.ts';
import { nameAnswer } from './timeline-words.ts';
import { namedCauses } from './verdict-words.ts';

export function renderJunit(incident: Incident): string {
  const telling = tell(incident, 'en');
  const report = checkReport(incident);
  const rows = [...report.rows, ...questionRows(incident.plan, incident.session, (id, value) => nameAnswer(telling, { id, value }))];
  const causes = namedCauses(telling).map((cause): CheckRow => {
    const { id, key, title, open, host, component, score } = cause;
    const place = { host: host ?? '', target: component ?? null };
    return {
      ...EMPTY,
      ...place,
      id,
      step: key,
      title,
      phase: 'verify',
      status: open ? 'fail' : 'ok',
      code: id,
      summary: title,
      value: score,
    };
  });
  const ordered = [...rows, ...causes].toSorted((one, other) => rank(one) - rank(other));
  return renderCheckJunit({ ...report, rows: ordered }, 'oor run');
}

function rank({ phase }: CheckRow): number {
  return (PHASES as readonly string[]).indexOf(phase);
}

function questionRows(plan: Plan, session: Session, say: (id: string, value: string | number | boolean) => string): CheckRow[] {
  return plan.steps.flatMap(({ key, step }) => {
    if (step.kind === 'check') return [];
    const answer = session.answers.get(key);
    const title = step.kind === 'ask' ? step.ask : step.instruct;
    const summary: Text = { en: answer ? say(key, answer.value) : (session.unanswered.get(key)?.reason ?? 'it was not asked') };
    return [
      { ...EMPTY, id: step.kind, step: key, title, phase: step.phase, host: plan.localHost, status: answer ? 'ok' : 'skipped', summary },
    ];
  });
}

const EMPTY = {
  target: null,
  code: null,
  value: null,
  unit: null,
  threshold: null,
  thresholdSource: null,
  bounds: null,
  clear: null,
  held: false,
  durationMs: 0,
  attempts: [],
  unlock: null,
} as const satisfies Partial<CheckRow>;
