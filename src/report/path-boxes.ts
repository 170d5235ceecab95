/** What earns a box of its own in the picture of the decision: findings, answers, experiments, fixes, and how they ended. */
import type { Phase } from '../checks/check.ts';
import type { StepInstance } from '../engine/plan.ts';
import { anchorOf } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { summarise, worstOf } from './results.ts';
import { nameAnswer, nameExperiment, nameFix, nameQuestion, type Tone, titleOf } from './timeline-words.ts';
import { toneOfFix } from './verdict-words.ts';

export interface Box {
  /** As evidence names it. */
  readonly key: string;
  readonly phase: Phase;
  readonly tone: Tone;
  readonly mark: string;
  readonly title: string;
  readonly text: string;
  readonly href: string;
  /** A question that a person answered. */
  readonly asked: boolean;
}

/** What was found at any time, the steps that a named cause stands on, and what was answered; in the order of the plan. */
export function findingBoxes(telling: Telling): readonly Box[] {
  const { plan, diagnosis } = telling;
  const spoke = new Set(diagnosis.causes.flatMap(({ because }) => because.filter(({ factor }) => factor !== 1).map(({ step }) => step)));
  return plan.steps.flatMap((instance) =>
    instance.step.kind === 'check' ? foundBox(telling, instance, spoke.has(instance.key)) : answerBox(telling, instance),
  );
}

const LOOKS = { fail: ['bad', '✗'], warn: ['warn', '!'], unknown: ['warn', '?'], ok: ['good', '✓'] } as const;

function foundBox(telling: Telling, { key, step }: StepInstance, spoke: boolean): Box[] {
  const { session, say } = telling;
  const worst = worstOf(telling, key);
  if (!worst || !(worst.status === 'fail' || worst.status === 'warn' || (spoke && worst.status in LOOKS))) return [];
  const [tone, mark] = LOOKS[worst.status as keyof typeof LOOKS];
  const later = session.results.get(key)?.status === 'ok' && worst.status !== 'ok' ? ` ${say('laterOk')}` : '';
  const text = summarise(telling, worst);
  return [
    {
      key,
      phase: step.phase,
      tone,
      mark,
      asked: false,
      title: `${titleOf(telling, key)}${later}`,
      text,
      href: `#${anchorOf('step', key)}`,
    },
  ];
}

function answerBox(telling: Telling, { key, step }: StepInstance): Box[] {
  const answer = telling.session.answers.get(key);
  if (!answer) return [];
  const told = { title: nameQuestion(telling, key), text: nameAnswer(telling, answer), href: '#answers' };
  return [{ key: `answers.${key}`, phase: step.phase, tone: 'plain', mark: '›', asked: true, ...told }];
}

/** The last three phases: experiments, fixes, and what followed the fixes. */
export function laterBoxes(telling: Telling): readonly Box[] {
  const { session, say } = telling;
  const outcomes = { confirmed: ['good', '✓'], refuted: ['bad', '✗'], unknown: ['warn', '?'] } as const;
  const experiments = [...session.pastVerifications, ...session.verifications.values()].map(({ key, outcome }): Box => {
    const [tone, mark] = outcomes[outcome];
    return {
      key: `verify:${key}`,
      phase: 'verify',
      tone,
      mark,
      asked: false,
      title: nameExperiment(telling, key),
      text: say(`experiment_${outcome}`),
      href: '#causes',
    };
  });
  const fixes = [...session.fixes.values()].map((fix): Box => {
    const tone = toneOfFix(fix);
    const mark = tone === 'good' ? '✓' : tone === 'bad' ? '✗' : '–';
    return {
      key: `fix:${fix.key}`,
      phase: 'fix',
      tone,
      mark,
      asked: false,
      title: nameFix(telling, fix.key),
      text: say(`stage_${fix.stage}`),
      href: `#${anchorOf('fix', fix.key)}`,
    };
  });
  return [...experiments, ...fixes, ...validationBoxes(telling)];
}

/** What was looked at after each fix, and the watch that followed. */
function validationBoxes(telling: Telling): readonly Box[] {
  const { say, events, session } = telling;
  const shared = { phase: 'validate', asked: false, href: '#fixes' } as const;
  const signals = events.flatMap((event): Box[] => {
    if (event.type !== 'fix.validated') return [];
    const { key, ok, steps } = event.data;
    const text = steps.map(({ key: step, status }) => `${step}: ${status}`).join(', ');
    return [
      {
        ...shared,
        ...(ok ? GOOD : BAD),
        key: `signal:${key}`,
        title: say(ok ? 'fixValidated' : 'fixNotValidated', { fix: nameFix(telling, key) }),
        text,
      },
    ];
  });
  const { samples, failed, finished } = session.soak;
  if (samples === 0) return signals;
  const word = finished === undefined ? 'soakRunning' : finished ? 'soakGood' : 'soakBad';
  const text = say(word, { n: samples, bad: failed });
  return [...signals, { ...shared, ...(failed === 0 ? GOOD : BAD), key: 'soak', title: say('chart_soak'), text }];
}

const GOOD = { tone: 'good', mark: '✓' } as const;
const BAD = { tone: 'bad', mark: '✗' } as const;
