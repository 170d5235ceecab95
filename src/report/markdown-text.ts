/** Text from outside inside Markdown: it can neither break a table nor become markup, a link or a mention. */
import { escapeControlInLine } from './escape.ts';

/** Mentions, issue numbers and bare URLs become links wherever they stand; an empty comment parts them. */
export function markdown(text: string): string {
  return escapeControlInLine(text)
    .replace(/[\\`*_{}[\]<>|~&]/g, (character) => (character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`))
    .replace(/[@#](?=\w)|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->');
}

/** A bar ends the cell even within a code span, and whether a backslash helps there depends on the renderer. */
export function code(text: string): string {
  return `\`${escapeControlInLine(text).replaceAll('`', "'").replaceAll('|', '¦')}\``;
}
