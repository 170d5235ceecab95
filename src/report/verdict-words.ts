/** The verdict in a line, and what is to be done now: for the page and the ticket alike. */
import type { DiagnosedCause } from '../engine/diagnose.ts';
import { NAMED } from '../engine/score.ts';
import type { FixState } from '../engine/session.ts';
import { ExitCode } from '../errors.ts';
import type { Telling } from './incident.ts';
import { inLanguage, type Tone } from './timeline-words.ts';

export function toneOf({ session: { ended } }: Telling): Tone {
  if (!ended || ended.verdict === 'unknown' || ended.outcome === 'mitigated') return 'warn';
  return ended.exit_code === ExitCode.healthy ? 'good' : 'bad';
}

export function headlineOf(telling: Telling): string {
  const { session, diagnosis, say, language } = telling;
  const { ended, started } = session;
  if (!ended) return say('paused', { session: started.session });
  const { leading } = diagnosis;
  const told = leading && ended.verdict !== 'unknown' && (leading.open || ended.outcome === 'fixed' || ended.outcome === 'mitigated');
  return `${say(`outcome_${ended.outcome}`)}${told ? `${say('colon')}${inLanguage(leading.title, language)}` : ''}`;
}

/** Causes that a reader must know of: named, or done with. */
export function namedCauses({ diagnosis: { causes } }: Pick<Telling, 'diagnosis'>): readonly DiagnosedCause[] {
  const named = causes.filter(({ score, state }) => score >= NAMED && state !== 'refuted');
  // A fix that ended the one ended nothing of a rival that would have had the same.
  const theirs = new Set(named.filter(isDone).flatMap(({ fixes }) => fixes.map(({ key }) => key)));
  return causes.filter((cause) => named.includes(cause) || (isDone(cause) && !cause.fixes.some(({ key }) => theirs.has(key))));
}

export function isDone({ state }: Pick<DiagnosedCause, 'state'>): boolean {
  return state === 'fixed' || state === 'mitigated';
}

export interface Action {
  readonly text: string;
  /** What to type. */
  readonly command?: string;
}

export function nextStepsOf(telling: Telling): readonly Action[] {
  const { plan, session, say, language } = telling;
  const open = namedCauses(telling).filter((cause) => cause.open);
  const { escalate } = plan.playbook;
  const resume = session.ended ? [] : [{ text: say('paused', { session: session.started.session }) }];
  return [
    ...resume,
    ...open.flatMap((cause) => [...offeredFixes(telling, cause), ...(cause.advice ? [{ text: inLanguage(cause.advice, language) }] : [])]),
    ...(escalate && session.ended && session.ended.exit_code !== ExitCode.healthy
      ? [{ text: `${say('escalateTo', { to: escalate.to })}${escalate.text ? `: ${inLanguage(escalate.text, language)}` : ''}` }]
      : []),
  ];
}

/** Fixes of the cause that nobody has decided about yet, best first. */
function offeredFixes({ session, say, language }: Telling, { fixes }: DiagnosedCause): Action[] {
  return fixes
    .filter(({ key }) => !session.fixes.has(key))
    .slice(0, 2)
    .map(({ key, fix }) => {
      const text = say('applyFix', { fix: inLanguage(fix.title, language) });
      if (fix.run.length > 0) return { text, command: `oor run --allow-fix ${key}` };
      return { text: `${text} (${say('byHand')})${fix.manual ? `: ${inLanguage(fix.manual, language)}` : ''}` };
    });
}

const TONES: Partial<Readonly<Record<FixState['stage'], Tone>>> = {
  validated: 'good',
  failed: 'bad',
  'not-validated': 'bad',
  'rollback-failed': 'bad',
  interrupted: 'bad',
  'rolled-back': 'warn',
};

export function toneOfFix({ stage }: Pick<FixState, 'stage'>): Tone {
  return TONES[stage] ?? 'dim';
}
