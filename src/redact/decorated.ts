import { isCardNumber, MAX_DIGITS, MIN_DIGITS, maskCardNumber } from './card-number.ts';
import type { Codes } from './codes.ts';
import type { Digits } from './digit-stretch.ts';
import { GROUPINGS } from './grouping.ts';
import type { Span } from './span.ts';

/** Card numbers whose groups stand in quotes, brackets, tags, emphasis or cells: `["4","1",...]`, `4111<b>1111</b>...`, `[b]4111[/b];1111...`. */
export function findDecorated(text: string, codes: Codes, { groups, decorated }: Digits): readonly Span[] {
  const spans: Span[] = [];
  for (let stretch = 0; stretch < decorated.length; stretch += 2) {
    const last = decorated[stretch + 1] as number;
    for (let group = decorated[stretch] as number; group < last; ) {
      const start = groups[group] as number;
      const end = groups[group + 1] as number;
      group += 2;
      // Most numbers end here: no decoration is behind it, or a word.
      if (!mayGoOn(codes, end) || !isDigit(codes[start])) continue;
      const chain = chainAt(text, codes, start);
      if (chain.decorated && chain.digits >= MIN_DIGITS && chain.mayHold) spans.push(...numbersIn(text, start, chain.end));
      while (group < last && (groups[group] as number) < chain.end) group += 2;
    }
  }
  return spans;
}

function mayGoOn(codes: Codes, end: number): boolean {
  const code = codes[end] ?? 0;
  const kind = kindOf(code);
  if (kind === 0) return false;
  const next = codes[end + 1] ?? 0;
  if (kind === MARKUP || isDigit(next)) return code > 0x7f || JOINS[code] !== 1;
  const nextKind = kindOf(next);
  return nextKind === MARKUP || (nextKind !== 0 && (isDigit(codes[end + 2]) || kindOf(codes[end + 2] ?? 0) !== 0));
}

const LINE_END = 0x0a;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const LESS = 0x3c;
const BRACKET = 0x5b;
const STAR = 0x2a;
const BACKSLASH = 0x5c;
/** Of one gap: tags, and all else. */
const MAX_TAG = 160;
const MAX_SIGNS = 48;
/** More spaces, points or hyphens than numbers in plain groups have between them. */
const MOST_PLAIN = 4;
/** More of them are a mask. */
const MAX_STARS = 2;

const WEAK = 1;
const STRONG = 2;
/** What it opens may go on with a letter. */
const MARKUP = 3;
const KIND = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if ('<[\\'.includes(sign)) return MARKUP;
  return ' -,\t\r\n_.+:/'.includes(sign) ? WEAK : '"\'`*~|;(){}]=!?@#$^&>'.includes(sign) ? STRONG : 0;
});
/** Between two digits these are dates, times, addresses and fractions; numbers in such groups are found elsewhere. */
const JOINS = Uint8Array.from({ length: 0x80 }, (_, code) => ('.-:/'.includes(String.fromCharCode(code)) ? 1 : 0));
/** Quotes, points, brackets, arrows and lines beyond ASCII, as pairs of first and last. */
const MARKS = [
  0xa1, 0xbf, 0x2010, 0x2027, 0x2030, 0x205e, 0x2190, 0x21ff, 0x2500, 0x257f, 0x3001, 0x3003, 0x3008, 0x301f, 0x30fb, 0x30fb, 0xff01,
  0xff0f, 0xff1a, 0xff20, 0xff3b, 0xff40, 0xff5b, 0xff65,
];

function kindOf(code: number): number {
  if (code < 0x80) return KIND[code] as number;
  for (let index = 0; index < MARKS.length; index += 2)
    if (code >= (MARKS[index] as number) && code <= (MARKS[index + 1] as number)) return STRONG;
  return 0;
}

interface Chain {
  readonly end: number;
  readonly digits: number;
  readonly decorated: boolean;
  /** Groups of the sizes that a number is written in, or markup, in which it may be cut anywhere. Dates, times and addresses have neither. */
  readonly mayHold: boolean;
}

/** Groups of digits and what stands between them, as far as that is nothing but decoration. Read once and without a copy. */
function chainAt(text: string, codes: Codes, start: number): Chain {
  let digits = 0;
  let decorated = false;
  let end = start;
  let [wide, ones, twos] = [0, 0, 0];
  for (let index = start; ; ) {
    while (isDigit(codes[index])) index++;
    const size = index - end;
    if (size > 3) wide++;
    else if (size === 1) ones++;
    else if (size === 2) twos++;
    digits += size;
    end = index;
    const next = afterGap(text, codes, index);
    if (next === 0) {
      const mayHold = wide > 1 || ones >= MIN_DIGITS || twos >= MIN_DIGITS || (wide === 1 && hasMarkup(codes, start, end));
      return { end, digits, decorated, mayHold };
    }
    decorated ||= next < 0;
    index = Math.abs(next);
    end = index;
  }
}

function hasMarkup(codes: Codes, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = codes[index] as number;
    if (code < 0x80 && MARKS_UP[code] === 1) return true;
  }
  return false;
}

const MARKS_UP = Uint8Array.from({ length: 0x80 }, (_, code) => ('<[*~`_'.includes(String.fromCharCode(code)) ? 1 : 0));

/** Where the next digit stands, negative behind decoration; 0: what stands between is more than that. */
function afterGap(text: string, codes: Codes, start: number): number {
  let isStrong = false;
  let hasBreak = false;
  let joins = false;
  let stars = 0;
  let signs = 0;
  for (let index = start; index < codes.length; index++) {
    const code = codes[index] as number;
    if (isDigit(code)) return (hasBreak && !joins) || stars > MAX_STARS ? 0 : isStrong || hasBreak || signs > MOST_PLAIN ? -index : index;
    const kind = kindOf(code);
    if (kind === 0 || signs++ > MAX_SIGNS) return 0;
    if (kind !== WEAK) isStrong = true;
    stars = code === STAR ? stars + 1 : 0;
    if (stars > MAX_STARS) return 0;
    if (code === LINE_END) hasBreak = true;
    else if (code === COMMA || code === QUOTE || code === APOSTROPHE) joins = true;
    else if (code === LESS) {
      // Before a digit it is a sign like any other.
      if (isDigit(codes[index + 1])) continue;
      const end = endOfTag(text, codes, index);
      if (end === 0) return 0;
      joins = true;
      index = end;
    } else if (code === BRACKET) {
      const end = endOfBbCode(text, codes, index);
      joins ||= end > index;
      index = end;
    } else if (code === BACKSLASH && /[nrt]/.test(text[index + 1] ?? '')) index++;
  }
  return 0;
}

function endOfTag(text: string, codes: Codes, start: number): number {
  if (!/[A-Za-z/!]/.test(text[start + 1] ?? '')) return 0;
  for (let index = start + 1; index < start + MAX_TAG && index < codes.length; index++) {
    if (codes[index] === LESS) return 0;
    if (codes[index] === 0x3e) return index;
  }
  return 0;
}

/** `[b]`, `[/b]`, `[color=red]`; any other bracket is a sign by itself. */
function endOfBbCode(text: string, codes: Codes, start: number): number {
  const next = codes[start + 1] ?? 0;
  if (next !== 0x2f && (next | 0x20) < 0x61) return start;
  const code = BBCODE.exec(text.slice(start, start + MAX_BBCODE))?.[0];
  return code === undefined ? start : start + code.length - 1;
}

const BBCODE = /^\[\/?[A-Za-z]{1,12}(?:=[^[\]\s<>]{1,40})?\]/;
const MAX_BBCODE = 60;

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

interface Group {
  readonly digits: string;
  readonly at: number;
  /** Before it. */
  readonly gap: string;
}

/** Digits in a tag (`<h2>`, `<td class="c1">`, `[size=4]`) are no group. */
const GROUP = /((?:<(?![0-9])[^<>]*>|<(?=[0-9])|\[\/?[A-Za-z][^[\]<>]{0,56}\]|\[(?!\/?[A-Za-z])|[^<[0-9])*)([0-9]+)/gy;

function numbersIn(text: string, start: number, end: number): Span[] {
  const groups = Array.from(
    text.slice(start, end).matchAll(GROUP),
    ({ 1: gap = '', 2: digits = '', index }): Group => ({ gap, digits, at: start + index + gap.length }),
  );
  const spans: Span[] = [];
  for (let index = 0; index < groups.length; index++) {
    const count = groupsOfNumber(text, groups, index);
    const coded = count > 0 ? '' : numberInCodes(groups, index);
    const size = count > 0 ? count : coded.length;
    if (size === 0) continue;
    const [first, last] = [groups[index] as Group, groups[index + size - 1] as Group];
    const digits = count > 0 ? digitsOf(groups, index, count) : coded;
    spans.push({ start: first.at, end: last.at + last.digits.length, kind: 'pan', replacement: maskCardNumber(digits), digits });
    index += size - 1;
  }
  return spans;
}

/** `52, 57,\n 57`: bytes of characters in decimal, as arrays are printed over lines. */
function numberInCodes(groups: readonly Group[], index: number): string {
  if (digitByCode(groups[index - 1]) !== '') return '';
  let digits = '';
  for (let next = index; digitByCode(groups[next]) !== ''; next++) digits += digitByCode(groups[next]);
  return isCardNumber(digits, false) ? digits : '';
}

function digitByCode(group: Group | undefined): string {
  const code = group?.digits.length === 2 ? Number(group.digits) : 0;
  return code >= 0x30 && code <= 0x39 ? String(code - 0x30) : '';
}

function digitsOf(groups: readonly Group[], index: number, count: number): string {
  return groups
    .slice(index, index + count)
    .map(({ digits }) => digits)
    .join('');
}

/** Most numbers of a mail or a page stand in no tag and no quotes of their own. */
function groupsOfNumber(text: string, groups: readonly Group[], index: number): number {
  let digits = '';
  for (let count = 1; index + count <= groups.length; count++) {
    digits += groups[index + count - 1]?.digits ?? '';
    if (digits.length > MAX_DIGITS) return 0;
    if (count > 1 && isCardNumber(digits, false) && belongTogether(text, groups, index, count)) return count;
  }
  return 0;
}

/** In one word, tags and emphasis may stand anywhere. */
const GLUE = /^(?:<\/?(?!(?:td|th|tr|li|p|div|dd|dt|option)\b)[A-Za-z!][^<>]*>|\[\/?[A-Za-z][^[\]<>]*\]|[*~`_]{1,2})+$/i;
const CELLS = '<\\/?(?:td|th|tr|li|p|div|dd|dt|option)\\b';
/** What parts the items of a list or the cells of a table. */
const LIST = new RegExp(`["',|\n;(){}\\]=!@#$^&\u3001\uff0c\uff1b]|${CELLS}`, 'i');
/** What numbers in plain groups do not have between them. */
const DECORATION = /[^\s0-9.,_/+:-]|\n|.{5}/;
/** Halves of a number stand in quotes or markup, not between other signs. */
const OF_HALVES = /["'`*~|<[\\\n]/;

function belongTogether(text: string, groups: readonly Group[], index: number, count: number): boolean {
  const inside = groups.slice(index, index + count);
  const gaps = inside.slice(1).map(({ gap }) => gap);
  if (!gaps.some((gap) => DECORATION.test(gap)) || (count === 2 && !gaps.some((gap) => OF_HALVES.test(gap)))) return false;
  const [before, after] = [groups[index - 1], groups[index + count]];
  const [first, last] = [inside[0] as Group, inside.at(-1) as Group];
  if (/(?:[A-Za-z0-9.]|\*{3})$/.test(text.slice(Math.max(0, first.at - 3), first.at))) return false;
  if (/^(?:[A-Za-z0-9]|\*{3})/.test(text.slice(last.at + last.digits.length, last.at + last.digits.length + 3))) return false;
  if (gaps.every((gap) => GLUE.test(gap))) return true;
  // Columns of a table that nothing but blanks part, and the number would be some of them.
  if (gaps.every(isBlank) && ((before !== undefined && isBlank(first.gap)) || (after !== undefined && isBlank(after.gap)))) return false;
  const sizes = inside.map(({ digits }) => digits.length);
  if (!GROUPINGS.has(sizes.join('-')) && !sizes.every((size) => size === 1)) return false;
  const ofDigits = sizes.every((size) => size === 1);
  // Counters stand between such signs, too: only four groups of four, or nothing beside it.
  const isApart = ofDigits || (before === undefined && after === undefined) || /^4,4,4,4/.test(sizes.join());
  if (!isApart && !gaps.some((gap) => OF_HALVES.test(gap))) return false;
  if (ofDigits && (before?.digits.length === 1 || after?.digits.length === 1)) return false;
  if (!gaps.some((gap) => LIST.test(gap))) return true;
  // One of a longer row of groups of one size is an item like its neighbours.
  return new Set(gaps.map(kindOfGap)).size <= 2 && before?.digits.length !== sizes[0] && after?.digits.length !== sizes.at(-1);
}

function isBlank(gap: string): boolean {
  return /^[ \t]+$/.test(gap);
}

function kindOfGap(gap: string): string {
  return gap.replace(/\s+/g, ' ');
}
