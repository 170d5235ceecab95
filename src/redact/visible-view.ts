import type { Candidates } from './candidates.ts';
import type { Detector, Span } from './span.ts';
import { findInView, type View } from './view.ts';

const MAX_LINE = 65_536;
/** A line may hold a card number or a key when it shows this many digits, or characters of escapes that make digits. */
const DIGITS =
  /(?:\d\D{0,12}?){12}|[\uff21-\uff3a\uff41-\uff5a]{2}|cv[vcn2]|pin(?![a-z])|[cp](?:\\u00|&#|%[4-7])|[\u{1d400}-\u{1d7cb}]{2}|&#(?:x[46]3|x[57]0|67|80|99|112);|(?<=[A-Za-z])[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]|(?![\x00-\x7f])(?:[\p{Nd}\p{No}][^\p{Nd}\p{No}]{0,4}){12}|(?:(?![\x00-\x7f])\p{Nd}){3}|&(?:quot|[lg]t|apos);|&#(?:3[49]|58|6[0-2]|x2[27]|x3[aAc-eC-E]);|%22|%3[aAc-eC-E]|%2[BbFf]|\\[ux](?:00)?(?:2[27]|3[ac-eAC-E])/iu;

const PIECE =
  /%[0-9A-Fa-f]{2}|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[a-zA-Z]{2,8});|\\{1,8}(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|x[0-9A-Fa-f]{2}|[0-7]{3})|(?:\x1b|\\{1,4}(?:u001[bB]|x1[bB]|033|e))(?:\[[0-9;?]{0,24}[A-Za-z]|\][^\x07\x1b\r\n]{0,200}(?:\x07|\x1b\\))|[\x00]|[^\x00-\x7f]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  numsp: ' ',
  ndash: '-',
  mdash: '-',
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  shy: '',
  zwj: '',
  zwnj: '',
};
/** `%2520` and `&amp;#52;` are escapes of escapes. */
const ROUNDS = 3;

/** What detectors find in lines as a reader sees them: escapes resolved, colours and invisible signs gone, digits of all scripts as ASCII. */
export function findWrittenOtherwise(text: string, { written }: Candidates, find: Detector): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const place of written) {
    if (place < done) continue;
    const lineEnd = text.indexOf('\n', place);
    const end = lineEnd === -1 ? text.length : lineEnd + 1;
    let start = Math.max(done, text.lastIndexOf('\n', place) + 1);
    for (; start < end; start += MAX_LINE) spans.push(...findInLine(text.slice(start, Math.min(end, start + MAX_LINE)), start, find));
    done = end;
  }
  return spans;
}

function findInLine(line: string, start: number, find: Detector): Span[] {
  if (!DIGITS.test(line)) return [];
  const view = readVisible(line, start);
  return view.text === line ? [] : findInView(view, find);
}

function readVisible(line: string, start: number): View {
  const at = Array.from({ length: line.length }, (_, index) => start + index);
  let view: View = { text: line, at, ends: at.map((place) => place + 1) };
  for (let round = 0; round < ROUNDS; round++) {
    const next = resolveOnce(view);
    if (next.text === view.text) break;
    view = next;
  }
  return view;
}

function resolveOnce({ text, at, ends }: View): View {
  let resolved = '';
  const places: number[] = [];
  const placeEnds: number[] = [];
  const copy = (from: number, to: number) => {
    resolved += text.slice(from, to);
    for (let index = from; index < to; index++) {
      places.push(at[index] ?? 0);
      placeEnds.push(ends[index] ?? 0);
    }
  };
  let from = 0;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    if (index < from) continue;
    const { seen, length } = resolve(text, index, piece);
    copy(from, index);
    resolved += seen;
    for (let count = 0; count < seen.length; count++) {
      places.push(at[index] ?? 0);
      placeEnds.push(ends[index + length - 1] ?? 0);
    }
    from = index + length;
  }
  copy(from, text.length);
  return { text: resolved, at: places, ends: placeEnds };
}

function resolve(text: string, index: number, piece: string): { readonly seen: string; readonly length: number } {
  const { length } = piece;
  if (piece.startsWith('%')) return resolveBytes(text, index);
  if (piece.startsWith('&')) return { seen: resolveEntity(piece), length };
  if (piece.startsWith('\u001b]') || piece.endsWith('K') || /\[[0-9;?]*[A-Za-z]$/.test(piece)) return { seen: '', length };
  const code = /(?:u\{?|x)([0-9A-Fa-f]+)\}?$/.exec(piece)?.[1];
  if (code !== undefined) return { seen: characterOf(Number.parseInt(code, 16)), length };
  const octal = /^\\+([0-7]{3})$/.exec(piece)?.[1];
  return { seen: octal === undefined ? plain(piece) : characterOf(Number.parseInt(octal, 8)), length };
}

const NO_BREAK_SPACE = 0xa0;
const SOFT_HYPHEN = 0xad;

/** The bytes of one character of UTF-8. */
function resolveBytes(text: string, index: number): { readonly seen: string; readonly length: number } {
  const first = Number.parseInt(text.slice(index + 1, index + 3), 16);
  const count = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  const written = text.slice(index, index + count * 3);
  if (count > 1) {
    try {
      return { seen: plain(decodeURIComponent(written)), length: written.length };
    } catch {
      return { seen: '\ufffd', length: 3 };
    }
  }
  // The middle of a character, and the beginning of none: `%B5105...` is the format of a track and its card number.
  if (first > 0x7f && first !== NO_BREAK_SPACE && first !== SOFT_HYPHEN) return { seen: '%', length: 1 };
  return { seen: characterOf(first), length: 3 };
}

function resolveEntity(entity: string): string {
  const [, decimal, hex, name = ''] = /^&(?:#(\d+)|#[xX]([0-9A-Fa-f]+)|(\w+));$/.exec(entity) ?? [];
  if (decimal !== undefined) return characterOf(Number(decimal));
  return hex === undefined ? (ENTITIES[name] ?? entity) : characterOf(Number.parseInt(hex, 16));
}

/** Line ends stay out: what is one line must be one line. */
function characterOf(code: number): string {
  return code === 10 || code === 13 || code > 0x10ffff ? ' ' : plain(String.fromCodePoint(code));
}

/** From a letter of ASCII to its form as wide as a Chinese character. */
const WIDER = 0xfee0;

/** The ASCII sign that it stands for, nothing for what is not seen, or itself. */
function plain(character: string): string {
  if (character.charCodeAt(0) < 0x80) return character === '\0' ? '' : character;
  if (/[\p{Cf}\p{Mn}\p{Me}]/u.test(character)) return '';
  if (/\p{Zs}/u.test(character)) return ' ';
  if (/\p{Pd}|\u2212/u.test(character)) return '-';
  if (/[\u{1d400}-\u{1d7cb}]/u.test(character)) return character.normalize('NFKC');
  if (/[\uff21-\uff3a\uff41-\uff5a]/.test(character)) return String.fromCharCode(character.charCodeAt(0) - WIDER);
  // Raised, lowered, in a circle.
  if (/\p{No}/u.test(character)) return /^\d$/.test(character.normalize('NFKC')) ? character.normalize('NFKC') : character;
  if (!/\p{Nd}/u.test(character)) return character;
  return String(valueOfDigit(character.codePointAt(0) ?? 0));
}

/** Digits of a script are ten in a row from zero; five mathematical sets stand one behind the other. */
function valueOfDigit(code: number): number {
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return value;
}
