/** A session as JUnit: a testcase for each step, question and named cause, in the suite of its phase. */
import { describeReason, PHASES } from '../checks/check.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import type { Language, Text } from '../ports.ts';
import { renderCheckJunit } from './check-junit.ts';
import { type CheckRow, checkReport } from './check-report.ts';
import { type Incident, tell } from './incident.ts';
import { nameAnswer } from './timeline-words.ts';
import { namedCauses } from './verdict-words.ts';

export function renderJunit(incident: Incident, language: Language): string {
  const telling = tell(incident, language);
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
      value: Math.round(score * 100) / 100,
    };
  });
  const ordered = [...rows, ...causes].toSorted((one, other) => rank(one) - rank(other));
  return renderCheckJunit({ ...report, rows: ordered }, language, 'oor run');
}

function rank({ phase }: CheckRow): number {
  return (PHASES as readonly string[]).indexOf(phase);
}

function questionRows(plan: Plan, session: Session, say: (id: string, value: string | number | boolean) => string): CheckRow[] {
  return plan.steps.flatMap(({ key, step }) => {
    if (step.kind === 'check') return [];
    const answer = session.answers.get(key);
    const title = step.kind === 'ask' ? step.ask : step.instruct;
    const summary: Text = answer ? inBoth(say(key, answer.value)) : whyNot(session.unanswered.get(key)?.reason ?? 'it was not asked');
    return [
      { ...EMPTY, id: step.kind, step: key, title, phase: step.phase, host: plan.localHost, status: answer ? 'ok' : 'skipped', summary },
    ];
  });
}

/** What is in the language of the report already. */
function inBoth(text: string): Text {
  return { en: text, 'zh-CN': text };
}

function whyNot(reason: string): Text {
  return { en: reason, 'zh-CN': describeReason(reason, 'zh-CN') };
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
