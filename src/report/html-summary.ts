/** The top of the page: what happened to whom, since when, and what to do next. */
import type { DiagnosedCause } from '../engine/diagnose.ts';
import { describeDuration } from './clock-face.ts';
import { html, type Markup, NOTHING, type Part } from './html.ts';
import { anchorOf, badge, instant } from './html-parts.ts';
import { describeClock } from './impact.ts';
import type { Telling } from './incident.ts';
import { inLanguage, nameFix } from './timeline-words.ts';
import { headlineOf, nextStepsOf, toneOf, toneOfFix } from './verdict-words.ts';

export function renderBanner(telling: Telling): Markup {
  const { session, plan, say, clock } = telling;
  const { started } = session;
  const site = typeof plan.profile['site'] === 'string' ? plan.profile['site'] : '';
  return html`<header class="banner ${toneOf(telling)}">
<p class="kicker">${say('incidentReport')}${site === '' ? '' : html` · ${site}`} · ${clock.both(session.startedAt)}</p>
<h1>${headlineOf(telling)}</h1>
${started.flags.ephemeral && html`<p class="note">${say('sandboxNote')}</p>`}${started.flags.dry_run && html`<p class="note">${say('dryRunNote')}</p>`}
${renderTiles(telling)}</header>
`;
}

function renderTiles(telling: Telling): Markup {
  const { diagnosis, session, say, clock } = telling;
  const { scope } = diagnosis;
  const tiles: readonly (readonly [term: string, value: Part, hint: Part])[] = [
    [say('paymentsAre'), say(scope.state), ''],
    [say('failedPayments'), scope.failed, say('failedHow')],
    [say('valueAtRisk'), scope.value ?? '–', scope.value === undefined ? say('notMeasured') : ''],
    [say('unknownPayments'), scope.unknownOutcome, say('unknownHow')],
    [
      say('impactSince'),
      scope.firstBad === undefined ? '–' : clock.utc(scope.firstBad),
      scope.firstBad === undefined ? renderLastGood(telling) : clock.local(scope.firstBad),
    ],
    [say('lasted'), describeDuration((session.endedAt ?? session.lastAt) - session.startedAt), ''],
  ];
  return html`<dl class="tiles" id="impact" aria-label="${say('impact')}">${tiles.map(
    ([term, value, hint]) => html`<div><dt>${term}</dt><dd>${value}${hint !== '' && html`<small>${hint}</small>`}</dd></div>`,
  )}</dl>
`;
}

function renderLastGood(telling: Telling): Part {
  const { lastGood } = telling.diagnosis.scope;
  return lastGood === undefined ? telling.say('firstBadUnknown') : html`${telling.say('lastGood')} ${instant(telling, lastGood)}`;
}

export function renderNext(telling: Telling): Markup {
  const { say } = telling;
  const steps = nextStepsOf(telling);
  return html`<div class="next"><h3>${say('nextStep')}</h3>
${
  steps.length === 0
    ? html`<p>${say('nothingToDo')}</p>`
    : html`<ol>${steps.map(({ text, command }) => html`<li>${text}${command !== undefined && html`<pre>${command}</pre>`}</li>`)}</ol>`
}</div>
`;
}

/** One line for each named cause and each fix: what a reader takes away who reads nothing else. */
export function renderNamed(telling: Telling, named: readonly DiagnosedCause[]): Markup {
  const { language, say, session, clock } = telling;
  if (named.length === 0) return html`<p>${say('noCauses')}</p>`;
  const fixes = [...session.fixes.values()].filter(({ stage }) => stage !== 'declined');
  return html`<ul class="named">${named.map(
    (cause) =>
      html`<li><a href="#${anchorOf('cause', cause.key)}">${inLanguage(cause.title, language)}</a> <span class="state ${cause.state}">${say(cause.state)}</span>${placeOf(cause)}</li>`,
  )}${fixes.map(
    (fix) =>
      html`<li><a href="#${anchorOf('fix', fix.key)}">${nameFix(telling, fix.key)}</a> <span class="state ${toneOfFix(fix)}">${say(`stage_${fix.stage}`)}</span> <span class="dim">${clock.utc(fix.at).slice(11)}</span></li>`,
  )}</ul>
`;
}

/** More than these are looked up below. */
const MOST_ALSO = 6;

/** What no named cause accounts for: it may be noise, and it may be the next fault. */
export function renderAlso(telling: Telling, named: readonly DiagnosedCause[]): Markup {
  const { diagnosis, say, language } = telling;
  const spoke = new Set(named.flatMap(({ because }) => because.map(({ step }) => step)));
  const also = diagnosis.findings.filter(
    ({ key, status, explainedBy }) => status !== 'unknown' && explainedBy === undefined && !spoke.has(key),
  );
  if (also.length === 0) return NOTHING;
  const shown = also.toSorted((one, other) => Number(other.status === 'fail') - Number(one.status === 'fail')).slice(0, MOST_ALSO);
  const more = also.length - shown.length;
  return html`<h3>${say('alsoSeen')}</h3>
<ul class="also">${shown.map(
    (finding) =>
      html`<li>${badge(telling, finding.status)} <a href="#${anchorOf('step', finding.key)}">${inLanguage(finding.title, language)}</a>: ${finding.summary(language)}</li>`,
  )}${more > 0 && html`<li class="dim">${say('moreHere', { n: more })}</li>`}</ul>
`;
}

export function placeOf({ component, host }: DiagnosedCause): Part {
  const place = [...new Set([component, host])].filter((part) => part !== undefined).join(' @ ');
  return place === '' ? '' : html` <span class="dim">${place}</span>`;
}

export function renderClock(telling: Telling): Markup {
  const { say, diagnosis } = telling;
  if (diagnosis.scope.state === 'healthy' && diagnosis.scope.firstBad === undefined) return NOTHING;
  const clock = describeClock(telling);
  return html`<details class="clock"><summary>${say('regulatoryClock')}: ${clock.elapsed}</summary>
${clock.marks.length > 0 && html`<ul>${clock.marks.map(({ text, passed }) => html`<li class="${passed ? 'bad' : ''}">${text}</li>`)}</ul>`}
<p class="dim">${say('clockNote')}</p></details>
`;
}
