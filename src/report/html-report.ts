/**
 * The incident on one page that works from a mail attachment: no script, no request, nothing but this file. Everything that came from
 * outside is text to it; the policy refuses what would slip through.
 */
import type { Language } from '../ports.ts';
import { chartsOf } from './charts.ts';
import { html, type Markup, NOTHING } from './html.ts';
import { renderCauses } from './html-causes.ts';
import { renderFixes } from './html-fixes.ts';
import { renderPage } from './html-page.ts';
import { section } from './html-parts.ts';
import { renderSteps } from './html-steps.ts';
import { renderAlso, renderBanner, renderClock, renderNamed, renderNext } from './html-summary.ts';
import { renderAnswers, renderIntegrity, renderPhases, renderUnseen } from './html-tables.ts';
import { renderTimeline } from './html-timeline.ts';
import { type Incident, type Telling, tell } from './incident.ts';
import { renderChart } from './svg-chart.ts';
import { renderPath } from './svg-path.ts';
import { renderStrip } from './svg-strip.ts';
import { headlineOf, namedCauses } from './verdict-words.ts';

export function renderHtml(incident: Incident, language: Language): string {
  const telling = tell(incident, language);
  const title = `${headlineOf(telling)} · oor ${telling.session.started.session}`;
  const body = html`<a class="skip" href="#summary">${telling.say('skipToContent')}</a>
${renderBanner(telling)}
${renderNavigation(telling)}
<main>
${renderSections(telling)}
</main>
<footer>${telling.say('checkAgain', { session: telling.session.started.session })}</footer>`;
  return renderPage(language, title, body);
}

function renderNavigation({ say }: Telling): Markup {
  const links = [
    ['summary', say('summary')],
    ['causes', say('causes')],
    ['fixes', say('fixTitle')],
    ['path', say('decisionPath')],
    ['measurements', say('measurements')],
    ['timeline', say('timeline')],
    ['evidence', say('evidenceTitle')],
    ['phases', say('phasesTitle')],
    ['unseen', say('unseenTitle')],
    ['integrity', say('integrityTitle')],
  ] as const;
  return html`<nav aria-label="${say('onThisPage')}"><ul>${links.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

function renderSections(telling: Telling): Markup {
  return html`${renderSummary(telling)}
${renderCauses(telling)}
${renderFixes(telling)}
${section('path', telling.say('decisionPath'), renderPath(telling))}
${renderMeasurements(telling)}
${renderTimeline(telling)}
${renderSteps(telling)}
${renderAnswers(telling)}
${renderPhases(telling)}
${renderUnseen(telling)}
${renderIntegrity(telling)}`;
}

function renderSummary(telling: Telling): Markup {
  const named = namedCauses(telling);
  const body = html`<div>${renderNamed(telling, named)}${renderClock(telling)}</div><div>${renderNext(telling)}</div>`;
  return section('summary', telling.say('summary'), html`<div class="summary">${body}</div>`, renderAlso(telling, named));
}

function renderMeasurements(telling: Telling): Markup {
  const { say } = telling;
  const charts = chartsOf(telling);
  const strip = renderStrip(telling);
  return section(
    'measurements',
    say('measurements'),
    strip,
    charts.telling.length + charts.rest.length === 0 && strip === NOTHING && html`<p>${say('noSeries')}</p>`,
    html`<div class="charts">${charts.telling.map((chart) => renderChart(telling, chart))}</div>`,
    charts.rest.length > 0 &&
      html`<details><summary>${say('otherCharts', { n: charts.rest.length })}</summary><div class="charts">${charts.rest.map((chart) => renderChart(telling, chart))}</div></details>`,
  );
}
