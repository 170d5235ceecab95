/** A chart as an inline picture with its numbers in a table below, for who cannot see it and for who checks it. */
import type { Chart, Mark, Series } from './chart.ts';
import { type Ticks, ticksOf, timeTicks } from './chart-scale.ts';
import { html, type Markup } from './html.ts';
import { stepLink, table } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { cutTo } from './svg-text.ts';

const WIDTH = 500;
const HEIGHT = 190;
const PLOT = { left: 46, right: 470, bottom: 150 } as const;
/** Of the drawing, and of one line of the words above it. */
const TOP = 12;
const WORD = 12;
/** Rows of numbers below a chart. */
const MOST_ROWS = 120;

export function renderChart(telling: Telling, chart: Chart): Markup {
  const ticks = ticksOf(chart);
  const place = placer(chart, ticks);
  return html`<figure class="chart"><figcaption>${chart.title} ${stepLink(telling, chart.step)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${chart.title}">
${renderAxes(telling, chart, ticks, place)}
${renderSeries(chart, place)}
${chart.marks.map((mark, index) => renderMark(chart, mark, place, index))}
</svg>
<p class="legend">${chart.series.map(({ name, tone }) => html`<span class="key ${tone}">${name}</span>`)}</p>
${renderNumbers(telling, chart)}</figure>
`;
}

interface Place {
  x(value: number): number;
  y(value: number): number;
  /** Width of a bar. */
  readonly bar: number;
  readonly top: number;
}

function placer({ axis, slot, marks }: Chart, { min, max }: Ticks): Place {
  const top = axis.kind === 'time' ? TOP + marks.length * WORD : TOP;
  const width = PLOT.right - PLOT.left;
  const [from, span] = axis.kind === 'time' ? [axis.from, Math.max(1, axis.to - axis.from)] : [0, Math.max(1, axis.names.length)];
  const unit = width / span;
  return {
    x: (value) => round(PLOT.left + (value - from) * unit),
    y: (value) => round(PLOT.bottom - ((value - min) / (max - min)) * (PLOT.bottom - top)),
    top,
    bar: Math.max(1, round(axis.kind === 'time' ? slot * unit * 0.94 : Math.min(60, slot * unit * 0.86))),
  };
}

function renderAxes({ clock }: Telling, { axis, unit }: Chart, ticks: Ticks, place: Place): Markup {
  const across =
    axis.kind === 'time'
      ? timeTicks(axis.from, axis.to).map((at) => ({ x: place.x(at), name: clock.utc(at).slice(11, 19) }))
      : labelled(axis.names).map(({ index, name }) => ({ x: place.x(index + 0.5), name }));
  return html`<g class="axes">${ticks.at.map(
    (value) =>
      html`<path d="M${PLOT.left} ${place.y(value)}H${PLOT.right}"/><text class="tick-y" x="${PLOT.left - 6}" y="${place.y(value) + 4}">${shorten(value)}</text>`,
  )}${across.map(({ x, name }) => html`<text class="tick-x" x="${x}" y="${PLOT.bottom + 17}">${name}</text>`)}<text class="unit" x="${PLOT.left}" y="${HEIGHT - 4}">${unit}${axis.kind === 'time' && ' UTC'}</text></g>`;
}

/** As many names as fit beside each other. */
function labelled(names: readonly string[]): readonly { readonly index: number; readonly name: string }[] {
  const every = Math.max(1, Math.ceil(names.length / 12));
  const columns = Math.max(3, Math.floor(72 / Math.ceil(names.length / every)) - 1);
  return names.flatMap((name, index) => (index % every === 0 ? [{ index, name: cutTo(name, columns) }] : []));
}

function renderSeries(chart: Chart, place: Place): readonly Markup[] {
  const below = new Map<number, number>();
  return chart.series.map((series) => {
    if (series.kind === 'bars') return renderBars(chart, series, place, below);
    const centre = chart.axis.kind === 'names' ? 0.5 : 0;
    const points = series.points.map(({ x, y }) => [place.x(x + centre), place.y(y)] as const);
    const dots = points.map(([x, y]) => html`<circle class="${series.tone}" cx="${x}" cy="${y}" r="3"/>`);
    if (series.kind === 'dots' || points.length < 2) return html`<g class="series">${dots}</g>`;
    return html`<g class="series"><path class="curve ${series.tone}" d="M${points.map((point) => point.join(' ')).join('L')}"/>${points.length <= 40 && dots}</g>`;
  });
}

/** One path for all bars of a series: small, and drawn at once. */
function renderBars({ axis, slot }: Chart, { tone, points }: Series, place: Place, below: Map<number, number>): Markup {
  const d = points.map(({ x, y }) => {
    const from = below.get(x) ?? 0;
    below.set(x, from + y);
    const left = axis.kind === 'time' ? place.x(x) : round(place.x(x + slot / 2) - place.bar / 2);
    return y === 0 ? '' : `M${left} ${place.y(from)}V${place.y(from + y)}h${place.bar}V${place.y(from)}Z`;
  });
  return html`<path class="bars ${tone}" d="${d.join('') || 'M0 0'}"/>`;
}

function renderMark({ axis }: Chart, { at, name, tone }: Mark, place: Place, index: number): Markup {
  if (axis.kind !== 'time' || at < axis.from || at > axis.to) return html``;
  const x = place.x(at);
  const right = x > (PLOT.left + PLOT.right) / 2;
  return html`<g class="event ${tone}"><path d="M${x} ${2 + index * WORD}V${PLOT.bottom}"/><text class="${right ? 'end' : ''}" x="${right ? x - 4 : x + 4}" y="${11 + index * WORD}">${name}</text></g>`;
}

function renderNumbers(telling: Telling, { axis, series, title }: Chart): Markup {
  const { say, clock } = telling;
  const at = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))]
    .toSorted((one, other) => one - other)
    .slice(0, MOST_ROWS);
  const values = series.map(({ points }) => new Map(points.map(({ x, y }) => [x, settle(y)])));
  const rows = at.map((x) => [axis.kind === 'time' ? clock.utc(x) : axis.names[x], ...values.map((each) => each.get(x) ?? '')]);
  const heads = [axis.kind === 'time' ? say('timeUtc') : '', ...series.map(({ name }) => name)];
  return html`<details class="numbers"><summary>${say('data')}</summary>${table(title, heads, rows)}</details>`;
}

/** What a subtraction leaves behind the last digit (4979.400000000001) is noise, and can look like a card number. */
function settle(value: number): number {
  return Number(value.toFixed(3));
}

function shorten(value: number): string {
  if (Math.abs(value) >= 1e6) return `${round(value / 1e6)}M`;
  return Math.abs(value) >= 1e4 ? `${round(value / 1e3)}k` : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
