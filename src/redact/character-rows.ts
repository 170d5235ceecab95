import type { Codes } from './codes.ts';
import { findOctalWords } from './octal-words.ts';
import type { Detector, Span } from './span.ts';
import { findInView } from './view.ts';

/**
 * `0000020   4   1   1   1` (od -c, hexdump -c), `0000020   4 sp   1  nl` (od -a), `0000020 064 061` (od -b), `0000020  52  49` (od -t u1):
 * four columns a byte, a space is four spaces.
 */
const ROW = /^([0-9A-Fa-f]{6,16})?((?: {3}[!-~]| {4}| {2}\\[0abtnvfr]| \d{3}| {2}\d\d| {2}[a-z]{2}| [a-z]{3}| {2}\*\*){1,64})[ \t\r]*$/;
const COLUMNS = 4;
const MAX_ROW = 300;
/** As many in a row even where a number is in groups: of two rows that share it one has a whole group. */
const LEAST_DIGITS = 4;

interface Row {
  readonly hasOffset: boolean;
  readonly start: number;
  readonly signs: string;
}

/** What dumps show sign by sign, across their rows. */
export function findCharacterRows(text: string, codes: Codes, find: Detector): Span[] {
  const hasOffsets = text.startsWith('0000') || text.includes('\n0000');
  const words = hasOffsets ? findOctalWords(text, find) : [];
  if (!showsDigits(text, codes, hasOffsets)) return words;
  const spans: Span[] = [...words];
  let rows: Row[] = [];
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const row = end - start > MAX_ROW ? undefined : rowAt(text.slice(start, end), start);
    // Bytes in another form stand below each row, without an offset (od -c -t x1).
    const isBelow = row?.hasOffset !== true && rows[0]?.hasOffset === true && text.startsWith('      ', start);
    if (!isBelow && (row === undefined || (rows.length > 0 && rows[0]?.hasOffset !== row.hasOffset))) {
      spans.push(...findInRows(text, rows, find));
      rows = [];
    }
    if (row !== undefined && !isBelow) rows.push(row);
    start = end + 1;
  }
  return [...spans, ...findInRows(text, rows, find)];
}

/** A digit in every fourth column, some in a row; or the octal or decimal code of one. */
function showsDigits(text: string, codes: Codes, hasOffsets: boolean): boolean {
  if (hasOffsets && CODED.test(text)) return true;
  for (let at = text.indexOf(BETWEEN); at !== -1; at = text.indexOf(BETWEEN, at + 1)) {
    let count = 0;
    while (count < LEAST_DIGITS && isShown(codes, at + BETWEEN.length + count * COLUMNS)) count++;
    if (count === LEAST_DIGITS) return true;
  }
  return false;
}

const CODED = /(?: 0(?:6[0-7]|7[01])){4}|(?: {2}(?:4[89]|5[0-7])){4}/;
const BETWEEN = '   ';
const SPACE = 0x20;

function isShown(codes: Codes, at: number): boolean {
  const code = codes[at];
  if (code === undefined || code < 0x30 || code > 0x39) return false;
  return codes[at - 1] === SPACE && codes[at - 2] === SPACE && codes[at - 3] === SPACE;
}

function rowAt(line: string, start: number): Row | undefined {
  const match = ROW.exec(line);
  if (match === null) return undefined;
  const [, offset = '', fields = ''] = match;
  return { hasOffset: offset !== '', start: start + offset.length, signs: (fields.match(/.{4}/g) ?? []).map(signOf).join('') };
}

function signOf(field: string): string {
  const name = field.trim();
  if (name.length === 1) return name;
  if (/^\d+$/.test(name)) return characterOf(Number.parseInt(name, name.length === 3 ? 8 : 10));
  return name === '' || name === 'sp' ? ' ' : name === '\\n' || name === 'nl' ? '\n' : '\u00a4';
}

function characterOf(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '\u00a4';
}

function findInRows(text: string, rows: readonly Row[], find: Detector): Span[] {
  if (rows.length === 0) return [];
  const at = rows.flatMap(({ start, signs }) => Array.from(signs, (_, index) => start + index * COLUMNS + COLUMNS - 1));
  const view = { text: rows.map(({ signs }) => signs).join(''), at, ends: at.map((place) => place + 1) };
  return findInView(view, find).map((span) =>
    text.slice(span.start, span.end).includes('\n') ? { ...span, replacement: `${span.replacement}\n` } : span,
  );
}
