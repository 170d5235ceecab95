/** What a piece of evidence did to a cause, and what it was, in words. */
import type { DiagnosedCause } from '../engine/diagnose.ts';
import type { Because } from '../engine/score.ts';
import type { Telling } from './incident.ts';
import { resultBehind, summarise } from './results.ts';
import { nameAnswer, nameExperiment } from './timeline-words.ts';

const STRENGTHS = [
  ['factor_decisive', 100],
  ['factor_strong', 10],
  ['factor_moderate', 4],
  ['factor_weak', 2],
] as const;

/** `×100 (decisive)`, `÷10 (strong)`. */
export function factorOf({ say }: Pick<Telling, 'say'>, { effect, factor }: Because): string {
  if (effect === 'excludes') return '×0';
  if (factor === 1) return '×1';
  const ratio = factor > 1 ? factor : 1 / factor;
  const rounded = Math.round(ratio * 100) / 100;
  const strength = STRENGTHS.find(([, of]) => Math.abs(rounded - of) < 0.01);
  return `${factor > 1 ? '×' : '÷'}${rounded}${strength ? ` (${say(strength[0])})` : ''}`;
}

/** The word for what an experiment showed. */
export function shownBy(effect: Because['effect']): 'experiment_confirmed' | 'experiment_refuted' {
  return effect === 'supports' ? 'experiment_confirmed' : 'experiment_refuted';
}

/** What that step saw, or what was answered, in the reader's language. */
export function seenIn(telling: Telling, cause: DiagnosedCause, { step, effect }: Because): string {
  const { session, say } = telling;
  if (step.startsWith('verify:')) return `${nameExperiment(telling, step.slice('verify:'.length))}: ${say(shownBy(effect))}`;
  const answer = step.startsWith('answers.') ? session.answers.get(step.slice('answers.'.length)) : undefined;
  if (answer) return nameAnswer(telling, answer);
  const result = resultBehind(telling, cause, step);
  return result ? summarise(telling, result) : '';
}
