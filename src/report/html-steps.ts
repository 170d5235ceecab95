/** Every step with what it asked, what it saw and where that is kept. */
import { STEP_PHASES } from '../checks/check.ts';
import type { StepInstance } from '../engine/plan.ts';
import type { Json } from '../ports.ts';
import { type CheckRow, withUnit } from './check-report.ts';
import { html, type Markup, type Part } from './html.ts';
import { anchorOf, badge, facts, section } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { inLanguage, titleOf } from './timeline-words.ts';

/** Characters of facts: of one step, and of all, so that the page stays small enough to mail. */
const MOST_OF_STEP = 4_000;
const MOST_OF_ALL = 200_000;

export function renderSteps(telling: Telling): Markup {
  const { say, plan } = telling;
  const budget = shareOut(telling);
  return section(
    'evidence',
    say('evidenceTitle'),
    html`<p class="dim">${say('evidenceHint')}</p>`,
    STEP_PHASES.map((phase) => {
      const steps = plan.steps.filter(({ step }) => step.phase === phase && step.kind === 'check');
      return (
        steps.length > 0 &&
        html`<h3 id="phase-${phase}">${say(`phase_${phase}`)}</h3>${steps.map((step) => renderStep(telling, step, budget))}`
      );
    }),
  );
}

/** What is not ok comes first to the space there is. */
function shareOut({ session, plan }: Telling): ReadonlyMap<string, string> {
  const order = ['fail', 'unknown', 'warn', 'ok'];
  const results = plan.steps.flatMap(({ key }) => session.results.get(key) ?? []).filter(({ facts: seen }) => seen !== null);
  const given = new Map<string, string>();
  let left = MOST_OF_ALL;
  for (const { key, facts: seen } of results.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status))) {
    const text = JSON.stringify(seen, null, 1).slice(0, MOST_OF_STEP);
    if (text.length > left) continue;
    left -= text.length;
    given.set(key, text);
  }
  return given;
}

function renderStep(telling: Telling, { key }: StepInstance, budget: ReadonlyMap<string, string>): Markup {
  const { rows, session, language, say } = telling;
  const row = rows.get(key);
  if (!row) return html``;
  const result = session.results.get(key);
  return html`<details class="step" id="${anchorOf('step', key)}"><summary>${badge(telling, row.status)} <code>${key}</code> <span class="what">${inLanguage(row.summary, language)}</span></summary>
${facts([
  [say('stepColumn'), html`${titleOf(telling, key)} <code>${row.id}</code>`],
  [say('hostColumn'), row.host],
  ...describeValue(telling, row),
  [say('durationColumn'), `${row.durationMs} ms`],
  ...describeAttempts(telling, row),
  ...describeConsequence(telling, key),
  ...(row.unlock === null || row.status === 'ok' ? [] : [[say('unlockColumn'), row.unlock] as const]),
  ...(result ? [[say('inJournal', { n: result.seq }), ''] as const] : []),
  ...linkArtifacts(telling, key),
])}${result?.params !== undefined && result.params !== null && renderJson(say('asked'), JSON.stringify(result.params, null, 1).slice(0, 1_000))}
${result && result.facts !== null && renderFacts(telling, result.facts, budget.get(key))}</details>
`;
}

function describeValue({ say }: Telling, { value, unit, threshold, thresholdSource, held, clear }: CheckRow): (readonly [string, Part])[] {
  const stays = held && clear !== null ? `; ${say('held', { value: withUnit(clear, unit) })}` : '';
  return [
    ...(value === null ? [] : [[say('valueColumn'), withUnit(value, unit)] as const]),
    ...(threshold === null ? [] : [[say('thresholdColumn'), `${withUnit(threshold, unit)} (${thresholdSource ?? '?'})${stays}`] as const]),
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

/** Spelled so that it can only be a file beside or below the report. */
function relative(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return `./${parts.map(encodeURIComponent).join('/')}`;
}

function renderFacts({ say }: Telling, seen: Json, text: string | undefined): Part {
  if (text === undefined) return html`<p class="dim">${say('factsLeftOut')}</p>`;
  const cut = text.length === MOST_OF_STEP && JSON.stringify(seen, null, 1).length > MOST_OF_STEP;
  return html`${renderJson(say('factsSeen'), text)}${cut && html`<p class="dim">${say('factsCut')}</p>`}`;
}

function renderJson(name: string, text: string): Markup {
  return html`<h4>${name}</h4><pre>${text}</pre>`;
}
