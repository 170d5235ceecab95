/**
 * The incident on one page that works from a mail attachment: no script, no request, nothing but this file. Everything that came from
 * outside is text to it; the policy refuses what would slip through.
 */
import type { Language } from '../ports.ts';
import { html, Markup } from './html.ts';
import { renderCauses } from './html-causes.ts';
import { renderFixes } from './html-fixes.ts';
import { section } from './html-parts.ts';
import { renderSteps } from './html-steps.ts';
import { STYLE } from './html-style.ts';
import { renderBanner, renderClock, renderNamed, renderNext } from './html-summary.ts';
import { renderAnswers, renderIntegrity, renderPhases, renderUnseen } from './html-tables.ts';
import { renderTimeline } from './html-timeline.ts';
import { type Incident, type Telling, tell } from './incident.ts';
import { headlineOf, namedCauses } from './verdict-words.ts';

/** SHA-256 of the style, as the policy names it. */
const STYLE_DIGEST = 'sha256-Amm5zKCKHXUmvAw5bhuKmY8qbH9repCskmT9zgYnf5o=';
const POLICY = `default-src 'none'; style-src '${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'`;

export function renderHtml(incident: Incident, language: Language): string {
  const telling = tell(incident, language);
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${headlineOf(telling)} · oor ${telling.session.started.session}</title>
${new Markup(`<style>${STYLE}</style>`)}
</head>
<body>
<a class="skip" href="#summary">${telling.say('skipToContent')}</a>
${renderBanner(telling)}
${renderNavigation(telling)}
<main>
${renderSections(telling)}
</main>
<footer>${telling.say('checkAgain', { session: telling.session.started.session })}</footer>
</body>
</html>
`.text;
}

function renderNavigation({ say }: Telling): Markup {
  const links = [
    ['summary', say('summary')],
    ['causes', say('causes')],
    ['fixes', say('fixTitle')],
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
${renderTimeline(telling)}
${renderSteps(telling)}
${renderAnswers(telling)}
${renderPhases(telling)}
${renderUnseen(telling)}
${renderIntegrity(telling)}`;
}

function renderSummary(telling: Telling): Markup {
  const body = html`<div>${renderNamed(telling, namedCauses(telling))}${renderClock(telling)}</div>${renderNext(telling)}`;
  return section('summary', telling.say('summary'), html`<div class="summary">${body}</div>`);
}
