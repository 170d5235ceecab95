/** Pieces that several sections of the page share. */
import type { Status } from '../checks/check.ts';
import { html, type Markup, type Part } from './html.ts';
import type { Telling } from './incident.ts';

/** A section with its heading; the id is what the navigation leads to. */
export function section(id: string, title: string, ...content: readonly Part[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

/** A shape beside the colour: colour alone tells nothing in print or to the colour-blind. */
const MARKS: Readonly<Record<Status, string>> = { ok: '✓', warn: '!', fail: '✗', unknown: '?', skipped: '–', 'not-applicable': '·' };

export function badge({ say }: Telling, status: Status): Markup {
  return html`<span class="badge ${status}"><span aria-hidden="true">${MARKS[status]}</span> ${say(status)}</span>`;
}

/** Wide tables scroll by themselves, with the keyboard too. */
export function table(label: string, heads: readonly string[], rows: readonly (readonly Part[])[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>
`;
}

/** Terms and what is known of them. */
export function facts(pairs: readonly (readonly [term: string, value: Part])[]): Markup {
  return html`<dl>${pairs.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
`;
}

/** The place of a step or a cause on the page; keys hold names of the profile, so they are spelled in safe letters. */
export function anchorOf(kind: 'step' | 'cause' | 'fix', key: string): string {
  return `${kind}-${key.replace(/[^\w.@-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`)}`;
}

export function stepLink({ plan, session }: Telling, key: string): Markup {
  const known = session.results.has(key) || plan.stepByKey.has(key);
  return known ? html`<a href="#${anchorOf('step', key)}"><code>${key}</code></a>` : html`<code>${key}</code>`;
}

export function instant({ clock }: Telling, at: number): Markup {
  return html`<time datetime="${clock.utc(at).replace(' ', 'T')}">${clock.both(at)}</time>`;
}
