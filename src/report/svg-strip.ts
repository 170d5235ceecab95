/** What changed between before and after: each step that did, and the watch after the fix, look by look on one axis of time. */
import type { Status } from '../checks/check.ts';
import { timeTicks } from './chart-scale.ts';
import { html, type Markup, NOTHING } from './html.ts';
import { anchorOf } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { cutTo } from './svg-text.ts';
import { fixTimes } from './timeline.ts';
import { titleOf } from './timeline-words.ts';

interface Look {
  readonly at: number;
  readonly status: Status;
}

interface Row {
  readonly key: string;
  readonly looks: readonly Look[];
}

const WIDTH = 1_032;
const LEFT = 250;
const ROW = 24;
const MOST_ROWS = 16;
/** Looks of one row; a long watch is thinned. */
const MOST_LOOKS = 200;

export function renderStrip(telling: Telling): Markup {
  const rows = rowsOf(telling).slice(0, MOST_ROWS);
  if (rows.length === 0) return NOTHING;
  const { session, say, clock } = telling;
  const to = Math.max(session.lastAt, ...rows.flatMap(({ looks }) => looks.map(({ at }) => at)), session.startedAt + 1);
  const x = (at: number): number =>
    Math.round((LEFT + ((at - session.startedAt) / (to - session.startedAt)) * (WIDTH - LEFT - 12)) * 10) / 10;
  const height = rows.length * ROW + 40;
  return html`<figure class="chart wide"><figcaption>${say('chart_strip')}</figcaption><div class="scroll" role="region" aria-label="${say('chart_strip')}" tabindex="0">
<svg viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="${say('chart_strip')}">
${rows.map((row, index) => renderRow(telling, row, 20 + index * ROW, x))}
${fixTimes(telling).map((at) => html`<g class="event good"><path d="M${x(at)} 6V${height - 22}"/><text x="${x(at) + 4}" y="12">${say('mark_fix')}</text></g>`)}
<g class="axes">${timeTicks(session.startedAt, to).map((at) => html`<text class="tick-x" x="${x(at)}" y="${height - 6}">${clock.utc(at).slice(11, 19)}</text>`)}</g>
</svg></div></figure>
`;
}

function renderRow(telling: Telling, { key, looks }: Row, y: number, x: (at: number) => number): Markup {
  const { say, clock, plan } = telling;
  const name = plan.stepByKey.has(key) ? titleOf(telling, key) : key;
  const every = Math.ceil(looks.length / MOST_LOOKS);
  const shown = looks.filter(({ status }, index) => index % every === 0 || status === 'fail');
  return html`<g class="row"><a href="#${anchorOf('step', key)}"><text x="0" y="${y + 10}">${cutTo(name, 36)}</text></a><path d="M${LEFT} ${y + 6}H${WIDTH}"/>${shown.map(
    ({ at, status }) =>
      html`<rect class="dot ${status}" x="${x(at) - 5}" y="${y + 1}" width="10" height="10" rx="${status === 'fail' ? 1 : 5}"><title>${clock.utc(at)} ${say(status)}</title></rect>`,
  )}</g>
`;
}

function rowsOf({ results, events }: Telling): readonly Row[] {
  const looks = new Map<string, Look[]>();
  const add = (key: string, look: Look): void => void (looks.get(key)?.push(look) ?? looks.set(key, [look]));
  for (const [key, all] of results) for (const { endedAt, status } of all) add(key, { at: endedAt, status });
  for (const event of events) {
    if (event.type !== 'fix.validated' && event.type !== 'soak.sampled') continue;
    for (const { key, status } of event.data.steps) add(key, { at: event.at, status: asStatus(status) });
  }
  return [...looks]
    .map(([key, all]) => ({ key, looks: all.filter(({ status }) => status !== 'skipped').toSorted((one, other) => one.at - other.at) }))
    .filter(({ looks: all }) => new Set(all.map(({ status }) => status)).size > 1 && all.some(({ status }) => status === 'fail'));
}

const STATUSES: readonly Status[] = ['ok', 'warn', 'fail', 'unknown', 'skipped', 'not-applicable'];

function asStatus(text: string): Status {
  return STATUSES.find((status) => status === text) ?? 'unknown';
}
