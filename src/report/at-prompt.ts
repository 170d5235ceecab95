/** What an operator can read at a question, before anything is decided: a status to paste to others, and why the causes stand as they do. */
import { type CheckRegistry, describeReason } from '../checks/check.ts';
import { type DiagnosedCause, type Diagnosis, diagnose } from '../engine/diagnose.ts';
import { type PossibleTest, perSecond, rankTests } from '../engine/information.ts';
import type { Plan } from '../engine/plan.ts';
import type { Because } from '../engine/score.ts';
import type { Session } from '../engine/session.ts';
import type { Language, Text } from '../ports.ts';
import { createClockFace, describeDuration } from './clock-face.ts';
import { escapeControlInLine } from './escape.ts';
import { shownBy } from './factors.ts';
import { nextDue } from './impact.ts';
import { percent } from './percent.ts';
import { promptWordsIn } from './prompt-words.ts';
import { sinceWord, wordsIn } from './words.ts';

export interface Moment {
  readonly plan: Plan;
  readonly session: Session;
  readonly registry: CheckRegistry;
  readonly language: Language;
  readonly ascii: boolean;
  /** Epoch ms. */
  readonly now: number;
}

const CAUSES_LISTED = 5;
const REASONS_LISTED = 6;

/** Three lines: how bad and since when; the cause as it stands; what is done now. */
export function statusLines(moment: Moment): string[] {
  const diagnosis = diagnose(moment.plan, moment.session, moment.registry);
  return [impactLine(moment, diagnosis), causeLine(moment, diagnosis), workLine(moment)];
}

/** The ranking, what speaks for and against its first, its best rival, and the cheapest tests. */
export function whyLines(moment: Moment): string[] {
  const { plan, session, registry, language } = moment;
  const say = promptWordsIn(language);
  const diagnosis = diagnose(plan, session, registry);
  const [first] = diagnosis.causes;
  if (!first) return [say('nothingYet'), ...nextLines(moment)];
  const rival = diagnosis.rival ?? diagnosis.causes.find((cause) => cause !== first);
  return [
    say('ranking'),
    ...diagnosis.causes.slice(0, CAUSES_LISTED).map((cause, index) => `  ${index + 1}. ${nameCause(moment, cause)}`),
    say('forAndAgainst', { id: first.id }),
    ...reasonLines(moment, diagnosis, first),
    ...(rival ? [`${say('rival')} ${nameCause(moment, rival)}`, ...reasonLines(moment, diagnosis, rival)] : [say('noRival')]),
    ...(diagnosis.separating ? [say('separating', { test: inLanguage(diagnosis.separating, language) })] : []),
    ...nextLines(moment),
  ];
}

/** Why this question is asked now; '' where it tells nothing about the causes. */
export function reasonLine(moment: Moment, questionId: string): string {
  const test = rankTests(moment.plan, moment.session).find(({ key }) => key === questionId || `verify:${key}` === questionId);
  if (!test || test.bits < LEAST_TOLD) return '';
  return promptWordsIn(moment.language)('askedBecause', describeWorth(moment, test));
}

/** Less than this is nothing. */
const LEAST_TOLD = 0.005;

function impactLine({ plan, session, language, now }: Moment, diagnosis: Diagnosis): string {
  const { scope } = diagnosis;
  const say = wordsIn(language);
  const words = promptWordsIn(language);
  const site = typeof plan.profile['site'] === 'string' ? `${escapeControlInLine(plan.profile['site'])}: ` : '';
  const clock = createClockFace(session.started.utc_offset_min);
  const since = scope.firstBad;
  const duration = since === undefined || scope.state === 'healthy' ? '' : ` (${describeDuration(Math.max(0, now - since))})`;
  const lasted = since === undefined ? '' : `, ${say(sinceWord(scope.state), { time: clock.both(since) })}${duration}`;
  const value = scope.value === undefined ? '' : `, ${say('worth', { value: escapeControlInLine(scope.value) })}`;
  const next = nextDue({ language, clock, say, diagnosis, session }, now);
  const due = next && (scope.state === 'down' || scope.state === 'degraded') ? `; ${words('due', { rule: next.text })}` : '';
  const counts = `${say('failed', { n: scope.failed })}, ${say('unknownOutcome', { n: scope.unknownOutcome })}`;
  return `${site}${say('payments')} ${say(scope.state)}${lasted} - ${counts}${value}${due}`;
}

function causeLine(moment: Moment, { leading, rival, causes }: Diagnosis): string {
  const say = promptWordsIn(moment.language);
  const best = leading ?? causes[0];
  if (!best) return say('noCauseYet');
  const other = rival ? ` (${say('rivalShort', { id: rival.id, score: percent(rival.score) })})` : '';
  return `${say(leading ? 'cause' : 'noCauseBut')} ${nameCause(moment, best)}${other}`;
}

function workLine({ plan, session, language, now }: Moment): string {
  const say = promptWordsIn(language);
  const checks = plan.steps.filter(({ step, empty }) => step.kind === 'check' && !empty);
  const done = checks.filter(({ key }) => session.results.has(key) && !session.running.has(key));
  const failed = done.filter(({ key }) => session.results.get(key)?.status === 'fail').length;
  const changed = [...session.fixes.values()].filter(({ commands }) => commands.length > 0);
  return [
    createClockFace(session.started.utc_offset_min).both(now),
    say('checks', { done: done.length, total: checks.length, failed, running: session.running.size }),
    changed.length === 0 ? say('nothingChanged') : say('changed', { fixes: changed.map(({ key }) => escapeControlInLine(key)).join(', ') }),
    say('session', { id: escapeControlInLine(session.started.session) }),
  ].join('; ');
}

function nextLines(moment: Moment): string[] {
  const say = promptWordsIn(moment.language);
  const [next, second] = rankTests(moment.plan, moment.session).filter(({ bits }) => bits >= LEAST_TOLD);
  if (!next) return [say('nothingToTry')];
  const line = (word: 'next' | 'nextBest', test: PossibleTest): string =>
    say(word, { test: inLanguage(test.text, moment.language), ...describeWorth(moment, test) }) +
    (test.unlock === undefined ? '' : ` - ${escapeControlInLine(describeReason(test.unlock, moment.language))}`);
  return [line('next', next), ...(second ? [line('nextBest', second)] : [])];
}

function describeWorth({ language }: Moment, test: PossibleTest): Record<'bits' | 'time' | 'rate' | 'about', string> {
  const listed = test.about.slice(0, 3).map(escapeControlInLine);
  const more = test.about.length - listed.length;
  return {
    bits: test.bits.toFixed(2),
    time: describeDuration(test.ms),
    rate: perSecond(test).toFixed(3),
    about: listed.join(language === 'en' ? ', ' : '、') + (more > 0 ? ` +${more}` : ''),
  };
}

function reasonLines({ language, ascii }: Moment, { findings }: Diagnosis, { because }: DiagnosedCause): string[] {
  const say = promptWordsIn(language);
  const counted = because
    .filter(({ factor, explainedBy }) => factor !== 1 || explainedBy !== undefined)
    .toSorted((one, other) => weightOf(other) - weightOf(one));
  if (counted.length === 0) return [`    ${say('onlyPrior')}`];
  return counted.slice(0, REASONS_LISTED).map((reason) => {
    const seen = findings.find(({ key }) => key === reason.step)?.summary(language) ?? ruleOf(reason, language);
    const ratio = weightOf(reason);
    const times = reason.effect === 'supports' ? (ascii ? 'x' : '\u00d7') : ascii ? '/' : '\u00f7';
    const factor = Number.isFinite(ratio) ? String(Math.round(ratio * 100) / 100) : say('excludes');
    const elsewhere = reason.explainedBy === undefined ? '' : ` (${say('explainedBy', { id: escapeControlInLine(reason.explainedBy) })})`;
    const sign = reason.effect === 'supports' ? '+' : '-';
    return `    ${sign} ${escapeControlInLine(reason.step)} ${times}${factor}${elsewhere}  ${escapeControlInLine(seen)}`;
  });
}

function ruleOf({ step, effect, when }: Because, language: Language): string {
  if (!step.startsWith('verify:')) return when;
  return wordsIn(language)(shownBy(effect));
}

function weightOf({ factor }: Because): number {
  return factor >= 1 ? factor : 1 / factor;
}

function nameCause({ language }: Moment, { id, score, title, component, host, state }: DiagnosedCause): string {
  const place = [component, host].filter((part) => part !== undefined).join(' @ ');
  const where = place === '' ? '' : ` (${escapeControlInLine(place)})`;
  return `${percent(score)} ${id}  ${inLanguage(title, language)}${where}, ${wordsIn(language)(state)}`;
}

function inLanguage(text: Text, language: Language): string {
  return escapeControlInLine(text[language] ?? text.en);
}
