import stringWidth from 'string-width';
import type { Language } from '../ports.ts';

/** Columns that a text takes. Chinese terminals often draw characters of ambiguous width (quotes, dashes) on two columns. */
export function measure(text: string, language: Language): number {
  return stringWidth(text, { ambiguousIsNarrow: language === 'en' });
}

export function padTo(text: string, columns: number, language: Language): string {
  return text + ' '.repeat(Math.max(0, columns - measure(text, language)));
}

/** At most `columns` wide; what is cut is shown by three dots. */
export function truncate(text: string, columns: number, language: Language): string {
  if (measure(text, language) <= columns) return text;
  let kept = '';
  for (const character of splitCharacters(text)) {
    if (measure(kept + character, language) > columns - 3) break;
    kept += character;
  }
  return kept + '.'.repeat(Math.min(3, Math.max(0, columns)));
}

/** Lines of at most `columns`, broken between words and between Chinese characters; the first keeps its indentation, later ones are indented by `hang`. */
export function wrap(text: string, columns: number, language: Language, hang = 0): string[] {
  return text.split('\n').flatMap((paragraph, index) => {
    const lines: string[] = [];
    let line = index === 0 ? '' : ' '.repeat(hang);
    let empty = true;
    for (const piece of splitPieces(paragraph, Math.max(2, columns - hang), language)) {
      if (!empty && measure(line + piece.trimEnd(), language) > columns) {
        lines.push(line.trimEnd());
        line = ' '.repeat(hang);
        empty = true;
      }
      // An indentation that leaves no room for the first word gives way.
      if (empty && measure(line + piece.trimEnd(), language) > columns) line = '';
      line += empty && lines.length > 0 ? piece.trimStart() : piece;
      empty &&= piece.trim() === '';
    }
    return [...lines, line.trimEnd()];
  });
}

// What may not be torn apart: a wide character with the punctuation that closes after it, a word with the space after it.
const PIECES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}][、。！），：；？》」』】”,.:;!?)%]*\s*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])\S)+\s*|\s+/gu;

function splitPieces(text: string, columns: number, language: Language): string[] {
  const pieces = text.match(PIECES) ?? [];
  return pieces.flatMap((piece) => (measure(piece.trimEnd(), language) > columns ? splitLongWord(piece, columns, language) : [piece]));
}

function splitLongWord(word: string, columns: number, language: Language): string[] {
  const parts: string[] = [''];
  for (const character of splitCharacters(word)) {
    const last = parts[parts.length - 1] ?? '';
    if (last && measure(last + character.trimEnd(), language) > columns) parts.push(character);
    else parts[parts.length - 1] = last + character;
  }
  return parts;
}

function splitCharacters(text: string): string[] {
  return Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
}

/** Items side by side, two spaces apart, never torn; as many lines as it takes. */
export function flow(items: readonly string[], columns: number, language: Language): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last}  ${item}`, language) <= columns) lines[lines.length - 1] = `${last}  ${item}`;
    else lines.push(truncate(item, columns, language));
  }
  return lines;
}
