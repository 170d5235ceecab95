/** Each named cause with everything that speaks for and against it, so that a reader can weigh it again. */
import type { DiagnosedCause } from '../engine/diagnose.ts';
import { type Because, NAMED, PRIOR } from '../engine/score.ts';
import { factorOf, seenIn } from './factors.ts';
import { html, type Markup, type Part } from './html.ts';
import { anchorOf, section, stepLink, table } from './html-parts.ts';
import { placeOf } from './html-summary.ts';
import type { Telling } from './incident.ts';
import { spacedPercent } from './percent.ts';
import { inLanguage } from './timeline-words.ts';
import { namedCauses } from './verdict-words.ts';

export function renderCauses(telling: Telling): Markup {
  const { diagnosis, say } = telling;
  const named = namedCauses(telling);
  const others = diagnosis.causes.filter((cause) => !named.includes(cause));
  return section(
    'causes',
    say('causes'),
    named.length === 0 && html`<p>${say('noCauses')}</p>`,
    named.map((cause, index) => renderCause(telling, cause, index + 1)),
    others.length > 0 &&
      html`<details><summary>${say('otherCauses')} (${others.length})</summary>${others.map((cause) => renderCause(telling, cause, undefined))}</details>`,
  );
}

function renderCause(telling: Telling, cause: DiagnosedCause, rank: number | undefined): Markup {
  const { say, language } = telling;
  return html`<article class="cause${cause.score >= NAMED && ' strong'} ${cause.state}" id="${anchorOf('cause', cause.key)}">
<h3>${rank !== undefined && html`${rank}. `}${inLanguage(cause.title, language)} <span class="state ${cause.state}">${say(cause.state)}</span></h3>
<p class="meta"><code>${cause.id}</code> · ${say(`class_${cause.class}`)}${placeOf(cause)} · ${say('causeScore')} <b>${spacedPercent(cause.score)}</b> ${renderMeter(cause.score)}</p>
${renderFactors(telling, cause)}
${renderRival(telling, cause)}
${cause.advice && html`<p><b>${say('advice')}:</b> ${inLanguage(cause.advice, language)}</p>`}
</article>
`;
}

function renderMeter(score: number): Markup {
  const width = Math.round(Math.max(0, Math.min(1, score)) * 100);
  return html`<svg class="meter" viewBox="0 0 100 8" aria-hidden="true"><rect class="track" width="100" height="8" rx="4"/><rect class="fill" width="${width}" height="8" rx="4"/></svg>`;
}

function renderFactors(telling: Telling, cause: DiagnosedCause): Markup {
  const { say, plan } = telling;
  const prior = plan.causes.find(({ key }) => key === cause.key)?.cause.prior;
  const rows = cause.because.map((because): Part[] => [
    renderEffect(telling, because),
    renderSource(telling, because.step),
    factorOf(telling, because),
    html`${seenIn(telling, cause, because)}${renderRule(telling, because)}`,
  ]);
  const first: Part[] = ['', html`<i>${say('prior')}</i>`, prior === undefined ? '' : spacedPercent(PRIOR[prior]), say('priorMeaning')];
  return table(
    `${say('whyThis')}: ${cause.id}`,
    [say('effectColumn'), say('evidenceColumn'), say('factorColumn'), say('seenColumn')],
    [first, ...rows],
  );
}

/** Of an experiment it is that its prediction came true or not, which is said already. */
function renderRule({ say }: Telling, { step, when }: DiagnosedCause['because'][number]): Part {
  return step.startsWith('verify:') ? '' : html`<details class="rule"><summary>${say('rule')}</summary><code>${when}</code></details>`;
}

function renderEffect({ say, plan, language }: Telling, { effect, explainedBy }: Because): Part {
  const other = explainedBy === undefined ? undefined : plan.causes.find(({ key }) => key === explainedBy);
  if (other) return html`<span class="dim">${say('explainedElsewhere', { cause: inLanguage(other.cause.title, language) })}</span>`;
  return html`<span class="effect ${effect}">${effect === 'supports' ? '+' : '−'} ${say(`effect_${effect}`)}</span>`;
}

function renderSource(telling: Telling, step: string): Part {
  if (step.startsWith('verify:')) return html`<a href="#timeline">${telling.say('experiments')}</a>`;
  return stepLink(telling, step);
}

function renderRival(telling: Telling, cause: DiagnosedCause): Part {
  const { diagnosis, say, language } = telling;
  if (diagnosis.leading !== cause) return '';
  const { rival, separating } = diagnosis;
  if (!rival) return html`<p class="rival">${say('noRival')}</p>`;
  return html`<p class="rival"><b>${say('bestRival')}:</b> ${inLanguage(rival.title, language)} <code>${rival.id}</code>, ${spacedPercent(rival.score)}.${
    separating && html` <b>${say('separatingTest')}:</b> ${inLanguage(separating, language)}`
  }</p>`;
}
