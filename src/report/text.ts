/** The verdict for a person: what is wrong, why, what was done, what to type next. The most important line comes last. */

import { describeReason, withUnit } from '../checks/check.ts';
import type { DiagnosedCause, Diagnosis } from '../engine/diagnose.ts';
import type { Finding } from '../engine/findings.ts';
import type { Plan } from '../engine/plan.ts';
import { NAMED } from '../engine/score.ts';
import type { FixState, Session } from '../engine/session.ts';
import type { Language, Text } from '../ports.ts';
import { createClockFace } from './clock-face.ts';
import { escapeControl, escapeControlInLine } from './escape.ts';
import { pressing } from './impact.ts';
import { percent } from './percent.ts';
import { isDone, namedCauses } from './verdict-words.ts';
import { sinceWord, type Word, wordsIn } from './words.ts';

export interface TextOptions {
  readonly language: Language;
  readonly ascii: boolean;
  /** Paints a span; identity without colour. */
  readonly paint: (style: 'good' | 'bad' | 'warn' | 'dim' | 'strong', text: string) => string;
  /** What to name for the same report again, where the session may not be kept here. */
  readonly source?: string | undefined;
}

export function renderText(plan: Plan, session: Session, diagnosis: Diagnosis, options: TextOptions): string {
  const view: View = { ...options, plan, session, diagnosis, say: wordsIn(options.language) };
  const blocks = [
    impactLine(view),
    meterBlock(view),
    ...causeBlocks(view),
    findingsBlock(view),
    unknownBlock(view),
    fixesBlock(view),
    notesBlock(view),
    escalationLine(view),
    verdictLine(view),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

interface View extends TextOptions {
  readonly plan: Plan;
  readonly session: Session;
  readonly diagnosis: Diagnosis;
  readonly say: (word: Word, data?: Readonly<Record<string, string | number>>) => string;
}

function impactLine({ diagnosis: { scope }, say, paint }: View): string {
  const style = scope.state === 'healthy' ? 'good' : scope.state === 'unknown' ? 'warn' : 'bad';
  const since = scope.firstBad === undefined ? '' : `, ${say(sinceWord(scope.state), { time: clockTime(scope.firstBad) })}`;
  const counts = `${say('failed', { n: scope.failed })}, ${say('unknownOutcome', { n: scope.unknownOutcome })}`;
  const value = scope.value === undefined ? '' : `, ${say('worth', { value: scope.value })}`;
  return `${say('payments')}: ${paint(style, say(scope.state))}${since} - ${counts}${value}`;
}

/** Limits of regulators that are near or passed; the whole meter is in the reports. */
function meterBlock({ plan: _plan, paint, ...view }: View): string {
  const clock = createClockFace(view.session.started.utc_offset_min);
  const told = pressing({ ...view, clock }).map(({ text, state }) => `  ${paint(state === 'passed' ? 'bad' : 'warn', text)}`);
  return told.length === 0 ? '' : `${view.say('regulatoryClock')}\n${told.join('\n')}`;
}

function causeBlocks(view: View): string[] {
  const { diagnosis, say, paint } = view;
  const named = namedCauses(view);
  const shown = diagnosis.causes.filter((cause) => named.includes(cause) || cause.score >= NAMED);
  if (shown.length === 0) return diagnosis.causes.length === 0 ? [] : [`${say('noCause')}${hints(view)}`];
  return [
    paint('strong', say('causes')),
    ...shown.map((cause, index) => describeCause(view, cause, index + 1)),
    ...(diagnosis.rival ? [`${say('rival', { id: diagnosis.rival.id, score: percent(diagnosis.rival.score) })}${separation(view)}`] : []),
  ];
}

function hints({ diagnosis, language }: View): string {
  return diagnosis.causes
    .slice(0, 3)
    .map(({ id, title, score }) => `\n  ${percent(score)}  ${id}  ${inLanguage(title, language)}`)
    .join('');
}

function separation({ diagnosis, say, language }: View): string {
  return diagnosis.separating ? `\n  ${say('separating', { test: inLanguage(diagnosis.separating, language) })}` : '';
}

function describeCause(view: View, cause: DiagnosedCause, rank: number): string {
  const { say, paint, language, ascii } = view;
  const place = escapeControlInLine([cause.component, cause.host].filter((part) => part !== undefined).join(' @ '));
  const state = say(cause.state);
  const style = cause.state === 'fixed' ? 'good' : cause.state === 'refuted' ? 'dim' : 'bad';
  const head = `${rank}. ${paint(style, inLanguage(cause.title, language))}  [${cause.id}]  ${percent(cause.score)}  ${state}${place === '' ? '' : `  (${place})`}`;
  const times = ascii ? 'x' : '×';
  const reasons = cause.because
    .filter(({ factor }) => factor !== 1)
    .slice(0, 5)
    .map(
      ({ step, effect, factor }) =>
        `   ${effect === 'supports' ? '+' : '-'} ${escapeControlInLine(step)} ${times}${trim(effect === 'supports' ? factor : 1 / factor)}${isDone(cause) ? '' : findingSummary(view, step)}`,
    );
  const next = cause.open ? nextLines(view, cause) : [];
  return [head, ...reasons, ...next].join('\n');
}

/** What it says now, which is not what spoke for a cause that is done with. */
function findingSummary({ diagnosis, language }: View, key: string): string {
  const finding = diagnosis.findings.find((other) => other.key === key);
  return finding ? `  ${escapeControlInLine(finding.summary(language))}` : '';
}

function nextLines({ say, session, language }: View, { fixes, advice }: DiagnosedCause): string[] {
  const offered = fixes.filter(({ key }) => !session.fixes.has(key));
  const lines = offered
    .slice(0, 2)
    .map(({ key, fix }) => `   ${say('fix')}: ${inLanguage(fix.title, language)}${fix.run.length > 0 ? `  (--allow-fix ${key})` : ''}`);
  return advice ? [...lines, `   ${say('advice')}: ${inLanguage(advice, language)}`] : lines;
}

function findingsBlock(view: View): string {
  const { diagnosis, say, paint } = view;
  const findings = diagnosis.findings.filter(({ status }) => status !== 'unknown');
  if (findings.length === 0) return '';
  return [paint('strong', say('findings')), ...findings.map((finding) => findingLine(view, finding))].join('\n');
}

function findingLine({ paint, ascii, language, say }: View, finding: Finding): string {
  const bad = finding.status === 'fail';
  const mark = ascii ? (bad ? '[FAIL]' : '[warn]') : bad ? '✘ FAIL' : '! warn';
  const threshold = finding.threshold === undefined ? '' : ` (${boundOf(finding, say, language)})`;
  const follows = finding.explainedBy === undefined ? '' : paint('dim', ` <- ${finding.explainedBy}`);
  return `  ${paint(bad ? 'bad' : 'warn', mark)} ${escapeControlInLine(finding.key)}  ${escapeControlInLine(finding.summary(language))}${threshold}${follows}`;
}

/** A longer rule is for whoever reads the playbook. */
const LONGEST_RULE = 40;

function boundOf({ threshold = null, unit, thresholdSource = '?' }: Finding, say: View['say'], language: Language): string {
  if (typeof threshold === 'string' && threshold.length > LONGEST_RULE && thresholdSource === 'playbook') return say('ruleOfPlaybook');
  const value = typeof threshold === 'string' ? threshold : withUnit(threshold, unit ?? null, language);
  return say('threshold', {
    value: escapeControlInLine(`${value}`),
    source: escapeControlInLine(describeReason(thresholdSource, language)),
  });
}

function unknownBlock({ diagnosis, say, paint, language }: View): string {
  const unknown = diagnosis.findings.filter(({ status }) => status === 'unknown');
  if (unknown.length === 0) return '';
  const lines = unknown.map((finding) => {
    const unlock = finding.unlock === undefined ? '' : ` -> ${escapeControlInLine(describeReason(finding.unlock, language))}`;
    return `  ? ${escapeControlInLine(finding.key)}  ${escapeControlInLine(finding.summary(language))}${unlock}`;
  });
  return [paint('strong', say('unknownTitle')), ...lines].join('\n');
}

function fixesBlock({ session, say, paint, ascii, language }: View): string {
  if (session.fixes.size === 0) return '';
  const lines = [...session.fixes.values()].map(
    (fix) =>
      `  ${fixMark(fix, ascii)} ${escapeControlInLine(fix.key)}: ${say(`stage_${fix.stage}`)}${fix.reason ? ` (${escapeControlInLine(describeReason(fix.reason, language))})` : ''}`,
  );
  return [paint('strong', say('fixes')), ...lines, ...soakLine(session, say)].join('\n');
}

function soakLine({ soak }: Session, say: View['say']): string[] {
  if (soak.samples === 0) return [];
  const word = soak.finished === undefined ? 'soakRunning' : soak.finished ? 'soakGood' : 'soakBad';
  return [`  ${say(word, { n: soak.samples, bad: soak.failed })}`];
}

function fixMark({ stage }: FixState, ascii: boolean): string {
  if (stage === 'validated') return ascii ? '[ok]' : '✔';
  return stage === 'declined' || stage === 'planned' ? '-' : ascii ? '[FAIL]' : '✘';
}

function notesBlock({ session, say, paint }: View): string {
  if (session.notes.length === 0) return '';
  return [paint('strong', say('notes')), ...session.notes.map(({ at, text }) => `  ${clockTime(at)}  ${escapeControl(text)}`)].join('\n');
}

/** What neither was healthy nor could be put right is handed on. */
function escalationLine({ plan, session, say, language }: View): string {
  const { escalate } = plan.playbook;
  if (!escalate || !session.ended || session.ended.exit_code === 0) return '';
  return `${say('escalate', { to: escapeControlInLine(escalate.to) })}${escalate.text ? `: ${inLanguage(escalate.text, language)}` : ''}`;
}

function verdictLine({ session, diagnosis, say, paint, language, source }: View): string {
  const { ended, started } = session;
  if (!ended) return say('paused', { session: escapeControlInLine(started.session) });
  const style = ended.exit_code === 0 ? 'good' : ended.verdict === 'unknown' ? 'warn' : 'bad';
  const what =
    diagnosis.leading &&
    ended.verdict !== 'unknown' &&
    (diagnosis.leading.open || ended.outcome === 'fixed' || ended.outcome === 'mitigated')
      ? `: ${inLanguage(diagnosis.leading.title, language)}`
      : '';
  return `${paint(style, `${say(`outcome_${ended.outcome}`)}${what}`)}\n${say('evidence', { n: session.history.length, session: escapeControlInLine(started.session), source: escapeControlInLine(source ?? started.session) })}`;
}

function inLanguage(text: Text, language: Language): string {
  return escapeControlInLine(text[language] ?? text.en);
}

function trim(factor: number): string {
  return Number.isFinite(factor) ? String(Math.round(factor * 100) / 100) : '0';
}

/** Local time with its offset, as an operator reads it. */
function clockTime(at: number): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const pad = (value: number): string => String(value).padStart(2, '0');
  const zone = `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}${zone}`;
}
