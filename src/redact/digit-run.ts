import { MAX_DIGITS, MIN_DIGITS, mayBeCard } from './card-number.ts';
import { type Codes, isAscii } from './codes.ts';
import type { Digits } from './digit-stretch.ts';
import { runsOf, signSet } from './scanner.ts';

/**
 * A stretch of text that is digits and what people and programs put between digits, with the digits read out.
 * Groups are what visible separators leave; invisible ones (zero-width characters, colour codes) separate nothing.
 */
export interface DigitRun {
  /** ASCII, whatever script they were written in. */
  readonly digits: string;
  /** Place of each digit in the text. */
  readonly at: readonly number[];
  readonly groups: readonly DigitGroup[];
}

export interface DigitGroup {
  /** First digit, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The visible separator before it; empty for the first. */
  readonly gap: string;
}

const VISIBLE = '[ \\t.,:_/+\\u00a0\\u00b7\\u1680\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000\\u30fb\\uff0d\\uff0e-]';
const VISIBLE_ESCAPE = '%(?:20|2[BDEbde]|C2%A0|c2%a0)|&nbsp;|&#160;|\\\\u00[aA]0|\\\\t';
const INVISIBLE =
  '[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]' +
  '|%(?:E2%80%8B|e2%80%8b)|&#8203;|\\\\u200[bB]|(?:\\u001b|\\\\u001[bB]|\\\\x1[bB]|\\\\033|\\\\e)\\[[0-9;]{0,16}[mK]';
const SEPARATOR = new RegExp(`(${VISIBLE}|${VISIBLE_ESCAPE})|${INVISIBLE}`, 'y');
/** Four separators between two digits at most: ` - ` with one invisible, or two colour codes and a space. */
const MAX_SEPARATORS = 4;
/** Of characters below 0x80: 1 separates digits by itself, 2 may begin an escape that does. */
const SEPARATES = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  return ' \t.,:_/+-'.includes(character) ? 1 : '%&\\\u001b'.includes(character) ? 2 : 0;
});

/** Digits with nothing between, of any script, as pairs of start and end; in a text that is too short for a card number, none. */
export function digitGroupsOf(codes: Codes): Int32Array {
  if (codes.length < MIN_DIGITS) return new Int32Array(0);
  if (isAscii(codes)) return runsOf(codes, ASCII_DIGITS, 1);
  const groups: number[] = [];
  for (let index = 0; index < codes.length; index++) {
    if (digitOf(codes[index] as number) < 0) continue;
    groups.push(index);
    while (index < codes.length && digitOf(codes[index] as number) >= 0) index++;
    groups.push(index);
  }
  return Int32Array.from(groups);
}

const ASCII_DIGITS = signSet((sign) => sign >= '0' && sign <= '9');

/** Every run of 13 digits or more whose groups could hold a card number. */
export function* digitRuns(text: string, codes: Codes, { groups, plain }: Digits): Generator<DigitRun> {
  for (let stretch = 0; stretch < plain.length; stretch += 2) {
    for (let group = plain[stretch] as number; group < (plain[stretch + 1] as number); ) {
      const start = groups[group] as number;
      const seen = lookAhead(text, codes, groups, group);
      group = Math.abs(seen);
      const end = groups[group - 1] as number;
      if (seen < 0 || isOrdinary(codes, start, end)) continue;
      const escaped = escapedDigits(text, start);
      yield readRun(text, start + escaped, end);
      // `LIKE '%4111...%'`: a sign of its own.
      if (escaped > 0 && text[start - 1] === '%') yield readRun(text, start, end);
    }
  }
}

const POINT = 0x2e;
const LETTER_E = 0x65;
/** Thousands of a number as long as a card's; an address has fewer. */
const MIN_THREES = 5;
/** Sizes of two or three groups side by side, five bits each, that a card number has: how cards print and people type it. */
const LAYOUTS = new Uint8Array(1 << 15);
for (const layout of '4-6 4-4-4 4-4-5 4-4-7 4-6-5 4-6-4 4-5-6 4-5-5 5-4-4 5-5-5 5-5-6 6-4-6 6-6-4 6-6-6 6-6-7 6-4-4 8-8 8-11 8-5 6-9 6-10 6-12 6-13 4-9 4-10 4-11 4-15'.split(
  ' ',
))
  LAYOUTS[layout.split('-').reduce((key, size) => (key << 5) | Number(size), 0)] = 1;
/** Two hexadecimal digits a digit: the least that holds a card number. */
const MIN_HEX_TEXT = 26;
/** Message type, bitmap, length and number in digits alone. */
const MIN_MESSAGE = 35;

/** A single number that neither an issuer nor the check digit would have, where no bytes or tracks are: most long numbers. */
function isOrdinary(codes: Codes, start: number, end: number): boolean {
  const size = end - start;
  if (size >= MIN_MESSAGE || (size >= MIN_HEX_TEXT && threesOf(codes, start, end) >= MIN_DIGITS - 5)) return false;
  for (let index = start; index < end; index++) if ((codes[index] as number) > 0x39 || (codes[index] as number) < 0x30) return false;
  const [before = 0, after = 0] = [codes[start - 1], codes[end]];
  // A letter of hexadecimal digits, `=`, `^`, `%` or the `D` of a track: what stands here is more than a number.
  if ((before | 0x20) >= 0x61 && (before | 0x20) <= 0x66) return false;
  if (after === 0x3d || after === 0x5e || after === 0x25 || ((after | 0x20) >= 0x61 && (after | 0x20) <= 0x66)) return false;
  const [first = 0, second = 0] = [codes[start], codes[start + 1]];
  const isPrefixed = (first - 0x30) * 10 + second - 0x30 === size - 2 || (first === 0x30 && size % 2 === 0);
  return !isPrefixed && (size > MAX_DIGITS || !mayBeCard(codes, start, end));
}

/** The most that stand at every second place: characters in hexadecimal digits begin with one. */
function threesOf(codes: Codes, start: number, end: number): number {
  const counts = [0, 0];
  for (let index = start; index < end; index++) if (codes[index] === 0x33) counts[index & 1] = (counts[index & 1] ?? 0) + 1;
  return Math.max(...counts);
}

/**
 * The group behind the run; negative when no groups side by side could be of a card number. Dates, times, addresses and sizes make
 * up most runs, and the sizes of two neighbours tell.
 */
function lookAhead(text: string, codes: Codes, groups: Int32Array, first: number): number {
  let size = 0;
  let before = 0;
  let layout = 0;
  let equal = 1;
  let sign = 0;
  let signBefore = 0;
  let mayHold = false;
  let start = groups[first] as number;
  for (let group = first; ; ) {
    const end = groups[group + 1] as number;
    size += end - start;
    const code = end < codes.length ? (codes[end] as number) : 0;
    // Nearly always one sign and the next digit, or a letter.
    const kind = code < 0x80 ? (SEPARATES[code] as number) : 2;
    const isPlain = kind === 1 && groups[group + 2] === end + 1;
    const next = isPlain ? end + 1 : kind === 0 ? -1 : afterSeparators(text, codes, end);
    if (isPlain || next < 0 || isVisibleGap(text, end, next)) {
      equal = size !== before ? 1 : equal === 1 || sign === signBefore ? equal + 1 : 2;
      layout = ((layout << 5) & 0x7fff) | Math.min(size, 31);
      // What follows a point is a fraction, but for `4.111111111111111E15`.
      mayHold ||=
        (size >= MIN_DIGITS && sign !== POINT) ||
        (size <= 2 && equal * size >= MIN_DIGITS - 1) ||
        LAYOUTS[layout] === 1 ||
        LAYOUTS[layout & 0x3ff] === 1 ||
        (size === 3 ? equal >= MIN_THREES : size >= 14 && before === 1 && sign === POINT && (code | 0x20) === LETTER_E);
      signBefore = sign;
      sign = code;
      before = size;
      size = 0;
    }
    group += 2;
    if (next < 0) return mayHold ? group : -group;
    // The digits of an escape (`%20`) are none of the number.
    while ((groups[group + 1] as number) <= next) group += 2;
    start = next;
  }
}

/** Where the digit behind at most four separators stands; -1: there is none. */
function afterSeparators(text: string, codes: Codes, start: number): number {
  let index = start;
  for (let count = 0; count < MAX_SEPARATORS; count++) {
    if (index >= codes.length) return -1;
    const code = codes[index] as number;
    const kind = code < 0x80 ? SEPARATES[code] : 2;
    if (kind === 1) index++;
    else if (kind === 2) {
      SEPARATOR.lastIndex = index;
      if (!SEPARATOR.test(text)) return -1;
      index = SEPARATOR.lastIndex;
    } else return -1;
    if (index < codes.length && digitOf(codes[index] as number) >= 0) return index;
  }
  return -1;
}

function isVisibleGap(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; ) {
    const code = text.charCodeAt(index);
    if (code < 0x80 && SEPARATES[code] === 1) return true;
    SEPARATOR.lastIndex = index;
    if (SEPARATOR.exec(text)?.[1] !== undefined) return true;
    index = Math.max(SEPARATOR.lastIndex, index + 1);
  }
  return false;
}

function readRun(text: string, start: number, end: number): DigitRun {
  const at: number[] = [];
  const groups: { from: number; to: number; gap: string }[] = [];
  let digits = '';
  let gap = '';
  for (let index = start; index < end; ) {
    const digit = digitOf(text.charCodeAt(index));
    if (digit < 0) {
      SEPARATOR.lastIndex = index;
      const separator = SEPARATOR.exec(text);
      gap += separator?.[1] ?? '';
      index += separator?.[0].length ?? 1;
      continue;
    }
    const current = groups.at(-1);
    if (current === undefined || gap !== '')
      groups.push({ from: digits.length, to: digits.length + 1, gap: groups.length === 0 ? '' : gap });
    else current.to++;
    gap = '';
    digits += digit;
    at.push(index++);
  }
  return { digits, at, groups };
}

/** The first digits may belong to an escape: `%20`, `\u0020`, `\x20`. */
function escapedDigits(text: string, start: number): number {
  if (text[start - 1] === '%') return 2;
  if (text[start - 2] !== '\\') return 0;
  return text[start - 1] === 'u' ? 4 : text[start - 1] === 'x' ? 2 : 0;
}

/** -1: no digit. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code < 0x660) return -1;
  if (code >= 0xff10 && code <= 0xff19) return code - 0xff10;
  if (code <= 0x669) return code - 0x660;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0;
  return -1;
}
