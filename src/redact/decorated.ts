import { isCardNumber, MAX_DIGITS, MIN_DIGITS, maskCardNumber } from './card-number.ts';
import type { Codes } from './codes.ts';
import { GROUPINGS } from './grouping.ts';
import type { Span } from './span.ts';

/** Card numbers whose groups stand in quotes, in tags, in emphasis or in cells: `["4","1",...]`, `4111<b>1111</b>...`, `4111 **1111** ...`. */
export function findDecorated(text: string, codes: Codes): readonly Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < codes.length; index++) {
    let code = codes[index] as number;
    if (code < 0x30 || code > 0x39) continue;
    do code = codes[++index] ?? 0;
    while (code >= 0x30 && code <= 0x39);
    // Nearly every number ends here: no decoration is behind it, or a word.
    if (code > 0x7f || KIND[code] === 0) continue;
    const next = codes[index + 1] ?? 0;
    if (KIND[code] === WEAK && (next > 0x7f || KIND[next] === 0) && (code === POINT || code === DASH || next < 0x30 || next > 0x39))
      continue;
    while (isDigit(codes[index - 1])) index--;
    const chain = chainAt(text, codes, index);
    if (chain.decorated && chain.digits >= MIN_DIGITS) spans.push(...numbersIn(text, index, chain.end));
    index = chain.end;
  }
  return spans;
}

const LINE_END = 0x0a;
const COMMA = 0x2c;
const LESS = 0x3c;
const STAR = 0x2a;
const POINT = 0x2e;
const DASH = 0x2d;
const BACKSLASH = 0x5c;
/** Of one gap: tags, and all else. */
const MAX_TAG = 160;
const MAX_SIGNS = 48;
/** More of them are a mask. */
const MAX_STARS = 2;

const WEAK = 1;
const STRONG = 2;
const KIND = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return ' -,\t\r\n_.+'.includes(sign) ? WEAK : '"\'`*~|<\\'.includes(sign) ? STRONG : 0;
});

interface Chain {
  readonly end: number;
  readonly digits: number;
  readonly decorated: boolean;
}

/** Groups of digits and what stands between them, as far as that is nothing but decoration. Read once and without a copy. */
function chainAt(text: string, codes: Codes, start: number): Chain {
  let digits = 0;
  let decorated = false;
  let end = start;
  for (let index = start; ; ) {
    while (isDigit(codes[index])) index++;
    digits += index - end;
    end = index;
    const next = afterGap(text, codes, index);
    if (next === 0) return { end, digits, decorated };
    decorated ||= next < 0;
    index = Math.abs(next);
    end = index;
  }
}

/** Where the next digit stands, negative behind decoration; 0: what stands between is more than that. */
function afterGap(text: string, codes: Codes, start: number): number {
  let isStrong = false;
  let hasBreak = false;
  let joins = false;
  let stars = 0;
  let signs = 0;
  for (let index = start; index < codes.length; index++) {
    const code = codes[index] as number;
    if (isDigit(code)) return (hasBreak && !joins) || stars > MAX_STARS ? 0 : isStrong || hasBreak ? -index : index;
    const kind = code < 0x80 ? (KIND[code] as number) : 0;
    if (kind === 0 || signs++ > MAX_SIGNS) return 0;
    if (kind === STRONG) isStrong = true;
    stars = code === STAR ? stars + 1 : 0;
    if (stars > MAX_STARS) return 0;
    if (code === LINE_END) hasBreak = true;
    else if (code === COMMA) joins = true;
    else if (code === LESS) {
      const end = endOfTag(text, codes, index);
      if (end === 0) return 0;
      joins = true;
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

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x39;
}

interface Group {
  readonly digits: string;
  readonly at: number;
  /** Before it. */
  readonly gap: string;
}

/** Digits in a tag (`<h2>`, `<td class="c1">`) are no group. */
const GROUP = /((?:<[^<>]*>|[^<0-9]+)*)([0-9]+)/g;

function numbersIn(text: string, start: number, end: number): Span[] {
  const groups = Array.from(
    text.slice(start, end).matchAll(GROUP),
    ({ 1: gap = '', 2: digits = '', index }): Group => ({ gap, digits, at: start + index + gap.length }),
  );
  const spans: Span[] = [];
  for (let index = 0; index < groups.length; index++) {
    const count = groupsOfNumber(text, groups, index);
    if (count === 0) continue;
    const [first, last] = [groups[index] as Group, groups[index + count - 1] as Group];
    const digits = digitsOf(groups, index, count);
    spans.push({ start: first.at, end: last.at + last.digits.length, kind: 'pan', replacement: maskCardNumber(digits), digits });
    index += count - 1;
  }
  return spans;
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
const GLUE = /^(?:<\/?(?!(?:td|th|tr|li|p|div|dd|dt|option)\b)[A-Za-z!][^<>]*>|[*~`_]{1,2})+$/i;
/** What parts the items of a list or the cells of a table. */
const LIST = /["',|\n]|<\/?(?:td|th|tr|li|p|div|dd|dt|option)\b/i;

function belongTogether(text: string, groups: readonly Group[], index: number, count: number): boolean {
  const inside = groups.slice(index, index + count);
  const gaps = inside.slice(1).map(({ gap }) => gap);
  if (!gaps.some((gap) => /["'`*~|<\\\n]/.test(gap))) return false;
  const [before, after] = [groups[index - 1], groups[index + count]];
  const [first, last] = [inside[0] as Group, inside.at(-1) as Group];
  if (/(?:[A-Za-z0-9.]|\*{3})$/.test(text.slice(Math.max(0, first.at - 3), first.at))) return false;
  if (/^(?:[A-Za-z0-9]|\*{3})/.test(text.slice(last.at + last.digits.length, last.at + last.digits.length + 3))) return false;
  if (gaps.every((gap) => GLUE.test(gap))) return true;
  const sizes = inside.map(({ digits }) => digits.length);
  if (!GROUPINGS.has(sizes.join('-')) && !sizes.every((size) => size === 1)) return false;
  if (!gaps.some((gap) => LIST.test(gap))) return true;
  // One of a longer row of groups of one size is an item like its neighbours.
  return new Set(gaps.map(kindOfGap)).size <= 2 && before?.digits.length !== sizes[0] && after?.digits.length !== sizes.at(-1);
}

function kindOfGap(gap: string): string {
  return gap.replace(/\s+/g, ' ');
}
