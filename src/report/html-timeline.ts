/** Two timelines: the moments that mattered, and every event for who checks them. */
import { describeDuration } from './clock-face.ts';
import { html, type Markup, type Part } from './html.ts';
import { section, stepLink } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { type Moment, timelineOf } from './timeline.ts';

export function renderTimeline(telling: Telling): Markup {
  const { say } = telling;
  const moments = timelineOf(telling);
  const short = moments.filter(({ weighty }) => weighty);
  return section(
    'timeline',
    say('timeline'),
    renderTable(telling, say('shortTimeline'), short, true),
    html`<details><summary>${say('wholeTimeline', { n: moments.length })}</summary>${renderTable(telling, say('wholeTimeline', { n: moments.length }), moments, false)}</details>`,
  );
}

function renderTable(telling: Telling, label: string, moments: readonly Moment[], short: boolean): Markup {
  const { say, session } = telling;
  const local = telling.clock.local(session.startedAt) !== '';
  const heads = [say('timeUtc'), ...(local ? [say('timeLocal')] : []), say('timeSinceStart'), say('actor'), say('event')];
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="timeline">
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${moments.map((moment) => renderMoment(telling, moment, local, short))}</tbody></table></div>
`;
}

function renderMoment(telling: Telling, moment: Moment, local: boolean, short: boolean): Markup {
  const { say, clock, session } = telling;
  const { at, actor, tone, text, step } = moment;
  return html`<tr class="${tone}"><td class="time">${clock.utc(at)}</td>${local && html`<td class="time">${clock.local(at)}</td>`}<td class="time">${sinceStart(at - session.startedAt)}</td><td class="time">${say(`actor_${actor}`)}</td><td>${text}${linkStep(telling, step, short)}</td></tr>
`;
}

function linkStep(telling: Telling, step: string | undefined, short: boolean): Part {
  return step !== undefined && short && telling.session.results.has(step) ? html` ${stepLink(telling, step)}` : '';
}

function sinceStart(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${describeDuration(Math.abs(ms))}`;
}
