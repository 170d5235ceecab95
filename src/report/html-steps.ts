/** Every step with what it asked, what it saw and where that is kept. */

import { describeReason, STEP_PHASES, withUnit } from '../checks/check.ts';
import type { StepResult } from '../engine/session.ts';
import type { CheckRow } from './check-report.ts';
import { between, html, type Markup, type Part } from './html.ts';
import { anchorOf, badge, facts, instant, section } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { summarise } from './results.ts';
import { inLanguage, titleOf } from './timeline-words.ts';

/** Characters of facts: of one step, and of all, so that the page stays small enough to mail. */
const MOST_OF_STEP = 4_000;
const MOST_OF_ALL = 180_000;
const MOST_OF_PARAMS = 1_000;

export function renderSteps(telling: Telling): Markup {
  const { say, plan } = telling;
  const kept = shareOut(telling);
  return section(
    'evidence',
    say('evidenceTitle'),
    html`<p class="dim">${say('evidenceHint')}</p>`,
    STEP_PHASES.map((phase) => {
      const rows = plan.steps.flatMap(({ step, key }) => (step.phase === phase ? (telling.rows.get(key) ?? []) : []));
      const aside = rows.filter(({ status }) => status === 'skipped' || status === 'not-applicable');
      const looked = rows.filter((row) => !aside.includes(row));
      if (rows.length === 0) return '';
      return html`<h3 id="phase-${phase}">${say(`phase_${phase}`)}</h3>${looked.map((row) => renderStep(telling, row, kept))}${aside.length > 0 && renderAside(telling, aside)}`;
    }),
  );
}

/** The text of facts by result. What is not ok comes first to the space there is. */
function shareOut({ session }: Telling): ReadonlyMap<StepResult, string> {
  const order = ['fail', 'unknown', 'warn', 'ok'];
  const given = new Map<StepResult, string>();
  let left = MOST_OF_ALL;
  for (const result of session.history.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status))) {
    if (result.facts === null) continue;
    const text = JSON.stringify(result.facts, null, 1);
    const size = Math.min(text.length, MOST_OF_STEP);
    if (size > left) continue;
    left -= size;
    given.set(result, text);
  }
  return given;
}

function renderAside(telling: Telling, rows: readonly CheckRow[]): Markup {
  const { say, language } = telling;
  return html`<details class="aside"><summary class="dim">${say('asideHere', { n: rows.length })}</summary><ul>${rows.map(
    ({ step, status, summary }) =>
      html`<li id="${anchorOf('step', step)}">${badge(telling, status)} <code>${step}</code> ${inLanguage(summary, language)}</li>`,
  )}</ul></details>
`;
}

function renderStep(telling: Telling, row: CheckRow, kept: ReadonlyMap<StepResult, string>): Markup {
  const { language, say, results } = telling;
  const { step: key, status, summary } = row;
  const passes = (results.get(key) ?? []).filter((result) => result.judgement !== undefined);
  return html`<details class="step" id="${anchorOf('step', key)}"><summary>${badge(telling, status)} <code>${key}</code> <span class="what">${inLanguage(summary, language)}</span></summary>
${facts([
  [say('stepColumn'), html`${titleOf(telling, key)} <code>${row.id}</code>`],
  [say('hostColumn'), row.host],
  ...describeValue(telling, row),
  ...describeAttempts(telling, row),
  ...describeConsequence(telling, key),
  ...(row.unlock === null || status === 'ok' ? [] : [[say('unlockColumn'), describeReason(row.unlock, language)] as const]),
  ...linkArtifacts(telling, key),
])}${passes.map((result) => renderPass(telling, result, kept.get(result), passes.length > 1))}</details>
`;
}

/** One look of the step: what it asked, what it saw, and which record holds it. */
function renderPass(telling: Telling, result: StepResult, seen: string | undefined, several: boolean): Markup {
  const { say } = telling;
  const { params, seq, endedAt, durationMs, status } = result;
  const head = html`${instant(telling, endedAt)} · ${durationMs} ms · ${say('inJournal', { n: seq + 1 })}`;
  return html`<p class="pass dim">${several && html`${badge(telling, status)} ${summarise(telling, result)}<br>`}${head}</p>
${params !== null && html`<h4>${say('asked')}</h4><pre>${between(cut(JSON.stringify(params, null, 1), MOST_OF_PARAMS))}</pre>`}${
  result.facts !== null &&
  (seen === undefined
    ? html`<p class="dim">${say('factsLeftOut')}</p>`
    : html`<h4>${say('factsSeen')}</h4><pre>${between(cut(seen, MOST_OF_STEP))}</pre>${seen.length > MOST_OF_STEP && html`<p class="dim">${say('factsCut')}</p>`}`)
}`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)} …` : text;
}

function describeValue(
  { say, language }: Telling,
  { value, unit, threshold, thresholdSource, held, clear }: CheckRow,
): (readonly [string, Part])[] {
  const stays = held && clear !== null ? `; ${say('held', { value: withUnit(clear, unit, language) })}` : '';
  return [
    ...(value === null ? [] : [[say('valueColumn'), withUnit(value, unit, language)] as const]),
    ...(threshold === null
      ? []
      : [
          [
            say('thresholdColumn'),
            `${withUnit(threshold, unit, language)} (${describeReason(thresholdSource ?? '?', language)})${stays}`,
          ] as const,
        ]),
  ];
}

function describeAttempts({ say }: Telling, { attempts }: CheckRow): (readonly [string, Part])[] {
  if (attempts.length < 2) return [];
  return [[say('looksWere'), attempts.map(({ status, code, duration_ms }) => `${status} (${code}, ${duration_ms} ms)`).join(', ')]];
}

function describeConsequence({ diagnosis, plan, say, language }: Telling, key: string): (readonly [string, Part])[] {
  const cause = diagnosis.findings.find((finding) => finding.key === key)?.explainedBy;
  const named = plan.causes.find((instance) => instance.key === cause);
  return named ? [[say('consequenceOf', { cause: inLanguage(named.cause.title, language) }), '']] : [];
}

function linkArtifacts({ artifacts, say }: Telling, key: string): (readonly [string, Part])[] {
  const paths = artifacts?.get(key) ?? [];
  if (paths.length === 0) return [];
  return [[say('inBundle'), paths.map((path, index) => html`${index > 0 && ', '}<a href="${relative(path)}">${path}</a>`)]];
}

const LONE_SURROGATE = /\p{Cs}/gu;

/** Spelled so that it can only be a file beside or below the report. */
function relative(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return `./${parts.map((part) => encodeURIComponent(part.replace(LONE_SURROGATE, '\ufffd'))).join('/')}`;
}
