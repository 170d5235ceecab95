/** The frame of every page: one file, one style that the policy knows by its digest, no script, no request. */
import type { Language } from '../ports.ts';
import { html, Markup } from './html.ts';
import { STYLE } from './html-style.ts';

/** SHA-256 of the style, as the policy names it. */
const STYLE_DIGEST = 'sha256-8WJcCtUZi1HV0vclPN3BsUCYSeUgBt0U7Lb9Be8AomY=';
const POLICY = `default-src 'none'; style-src '${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'`;

export function renderPage(language: Language, title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
${new Markup(`<style>${STYLE}</style>`)}
</head>
<body>
${body}
</body>
</html>
`.text;
}
