/** The decision as a picture. Every box leads to what it stands for; the tables below say the same to who sees no picture. */
import { html, type Markup, type Part } from './html.ts';
import { anchorOf } from './html-parts.ts';
import type { Telling } from './incident.ts';
import {
  BOX_HEIGHT,
  CAUSE_HEIGHT,
  LEFT,
  type Line,
  layOutPath,
  MIDDLE,
  type PlacedBox,
  type PlacedCause,
  type PlacedPhase,
  RIGHT,
  WIDTH,
} from './path-layout.ts';
import { spacedPercent } from './percent.ts';
import { cutTo, wrapTo } from './svg-text.ts';
import { inLanguage } from './timeline-words.ts';

export function renderPath(telling: Telling): Markup {
  const { say } = telling;
  const { height, phases, causes, lines } = layOutPath(telling);
  return html`<figure class="path"><div class="scroll" role="region" aria-label="${say('decisionPath')}" tabindex="0">
<svg viewBox="-2 -2 ${WIDTH + 4} ${Math.ceil(height) + 4}" role="group" aria-label="${say('pathDescription')}">
${phases.map((phase, index) => renderPhase(telling, phase, phases[index + 1]))}
${lines.map(renderLine)}
${phases.flatMap(({ boxes }) => boxes).map(renderBox)}
${causes.map((cause) => renderCause(telling, cause))}
</svg></div>
<figcaption class="dim">${say('pathDescription')}</figcaption></figure>
`;
}

function renderPhase({ say }: Telling, { id, y, height, dots, boxes, more }: PlacedPhase, next: PlacedPhase | undefined): Markup {
  const middle = LEFT.x + LEFT.width / 2;
  const empty = dots.length === 0 && boxes.length === 0;
  const words = empty ? say('nothingHere') : boxes.length === 0 ? say('stepsAllGood') : '';
  return html`<g class="phase${empty && ' empty'}"><rect x="${LEFT.x}" y="${y}" width="${LEFT.width}" height="${height}" rx="8"/><text class="name" x="${LEFT.x + 12}" y="${y + 20}">${say(`phase_${id}`)}</text>
${dots.length > 0 && html`<text class="count" x="${LEFT.x + LEFT.width - 12}" y="${y + 20}">${dots.length}</text>`}
${dots.map((dot) => html`<circle class="dot ${dot.status}" cx="${dot.x}" cy="${dot.y}" r="4"><title>${dot.key}: ${say(dot.status)}</title></circle>`)}
${words !== '' && html`<text class="none" x="${MIDDLE.x}" y="${y + 20}">${words}</text>`}
${more > 0 && html`<a href="#evidence"><text class="none" x="${MIDDLE.x}" y="${y + height - 4}">${say('moreHere', { n: more })}</text></a>`}
${boxes.length > 0 && html`<path class="spine" d="M${LEFT.x + LEFT.width} ${y + 16}H${MIDDLE.x}"/>`}
${next && html`<path class="spine" d="M${middle} ${y + height}V${next.y}"/>`}</g>
`;
}

function renderBox({ y, tone, mark, title, text, href, asked }: PlacedBox): Markup {
  const { x, width } = MIDDLE;
  const shape = asked
    ? html`<path class="shape" d="M${x + 14} ${y}H${x + width - 14}L${x + width} ${y + BOX_HEIGHT / 2}L${x + width - 14} ${y + BOX_HEIGHT}H${x + 14}L${x} ${y + BOX_HEIGHT / 2}Z"/>`
    : html`<rect class="shape" x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="6"/>`;
  return html`<a class="box ${tone}" href="${href}"><title>${title}: ${text}</title>${shape}<text class="mark" x="${x + 12}" y="${y + 24}">${mark}</text><text class="name" x="${x + 32}" y="${y + 16}">${cutTo(title, 54)}</text><text class="text" x="${x + 32}" y="${y + 31}">${cutTo(text, 60)}</text></a>
`;
}

function renderCause({ say, language }: Telling, { cause, y }: PlacedCause): Markup {
  const { x, width } = RIGHT;
  const title = inLanguage(cause.title, language);
  const lines = wrapTo(title, 36, 2);
  const below = y + 22 + 15 * lines.length;
  const place = [...new Set([cause.id, cause.component, cause.host])].filter((part) => part !== undefined).join(' · ');
  return html`<a class="box cause-box ${cause.state}" href="#${anchorOf('cause', cause.key)}"><title>${title}</title><rect class="shape" x="${x}" y="${y}" width="${width}" height="${CAUSE_HEIGHT}" rx="6"/>
${lines.map((line, index) => html`<text class="name" x="${x + 14}" y="${y + 20 + index * 15}">${line}</text>`)}<text class="text" x="${x + 14}" y="${below}">${cutTo(place, 40)}</text><text class="score" x="${x + 14}" y="${below + 17}">${spacedPercent(cause.score)} · ${say(cause.state)}</text></a>
`;
}

/** Thicker where the evidence weighs more; what weighs is written on it. */
function renderLine({ from, to, kind, factor }: Line): Markup {
  const weight = factor > 1 ? factor : factor === 0 ? 100 : 1 / factor;
  const heavy = weight >= 100 ? ' heavy' : weight >= 10 ? ' firm' : '';
  return html`<path class="line ${kind}${heavy}" d="${curve(from, to)}"/>${label(from, kind, factor)}`;
}

/** Short pieces: the six numbers of one curve in a row look like a card number to who searches the page for one. */
function curve(from: Line['from'], to: Line['to']): string {
  const places = Array.from({ length: PIECES + 1 }, (_, index) => {
    const part = index / PIECES;
    const eased = part * part * (3 - 2 * part);
    return `${round(from.x + (to.x - from.x) * part)} ${round(from.y + (to.y - from.y) * eased)}`;
  });
  return `M${places.join('L')}`;
}

const PIECES = 24;

function label(from: Line['from'], kind: Line['kind'], factor: number): Part {
  if (kind !== 'supports' && kind !== 'refutes') return '';
  const text = factor === 0 ? '×0' : factor > 1 ? `×${round(factor)}` : `÷${round(1 / factor)}`;
  return html`<text class="weight" x="${from.x + 8}" y="${round(from.y) - 4}">${text}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
