/**
 * Text from outside (logs, command output, playbooks, bundles) is hostile to a terminal: escape sequences move the cursor
 * and hide text, bidirectional controls reorder it, invisible characters smuggle it. Here it becomes visible ASCII.
 */

/** Everything but newline and tab that a terminal would obey or that nobody can see, as `\x1b`, `\u202e`, `\u{e0041}`. */
export function escapeControl(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** As `escapeControl`, with newline and tab shown too: for a place that holds exactly one line. */
export function escapeControlInLine(text: string): string {
  return escapeControl(text).replace(/[\n\t]/g, (character) => (character === '\n' ? '\\n' : '\\t'));
}

// Cc: C0, DEL, C1. Cf: bidirectional controls, zero-width, tags. Cs: lone surrogates. Zl, Zp: line breaks that are no newline.
// DI (Default_Ignorable_Code_Point): fillers that show nothing. U+FE0E and U+FE0F only choose how an emoji is drawn.
export const UNSAFE = /(?!\n|\t|\uFE0E|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
