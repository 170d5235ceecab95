import { isCardNumber, MAX_DIGITS, maskCardNumber } from './card-number.ts';
import { GROUPINGS } from './grouping.ts';
import type { Span } from './span.ts';

/** A word that says "card"; without one groups that stand apart are other numbers. */
const CUE = /card|(?<![A-Za-z])(?:pan|cc)(?![A-Za-z]{2})|kart|tarj|bin\d?(?=["'=:])|first[_ -]?(?:six|6)|卡号|银行卡/iy;
/** b, c, f, k, p, t, 卡, 银. */
const FIRST_OF_CUE = new Set([0x62, 0x63, 0x66, 0x6b, 0x70, 0x74, 0x5361 | 0x20, 0x94f6 | 0x20]);
/** Up to the first group. */
const LEAD = /[^\d\r\n]{0,60}?(?:\d{1,2}[\])"'>:=_ ]{1,4}[^\d\r\n]{0,24}?)?(?<![A-Za-z0-9.])(\d{4,8})(?![A-Za-z0-9])/y;
const PART = '(?:pan|card|cc|acct|account|kart|part|group|block|middle|mid|rest|last)';
const WORD =
  '(?:and|then|next|first|last|middle|second|third|fourth|the|four|digits?|number|ends?|ending|begins?|is|are|in|with|space|dash|hyphen|minus|und|dann|luego|puis|然后|接着|再|空格)';
/** Between two groups: keys that count on, fields of a form, elements, or a few words that people say. */
const GAPS = [
  new RegExp(
    String.raw`["'\\]{0,4}[\s,;&|]{0,12}["'\\{]{0,4}\s{0,8}${PART}[\w[\]. -]{0,16}["'\]\\]{0,4}\s{0,3}[=:]>?\s{0,3}["'\\]{0,4}`,
    'iy',
  ),
  /\\{0,3}["'][^<>\d]{0,20}>\s{0,8}<input[^<>]{1,80}value=\\{0,3}["']?/iy,
  new RegExp(String.raw`</${PART}\w{0,16}>\s{0,8}<${PART}\w{0,16}>`, 'iy'),
  new RegExp(String.raw`[\s,.;:!-]{0,4}${WORD}(?:[\s,.;:!-]{1,4}${WORD}){0,5}[\s,.;:!-]{1,4}|\s?(?:然后|接着|再|空格)\s?`, 'iy'),
];
const GROUP = /\d{4,8}(?![A-Za-z0-9])/y;

/** Card numbers whose groups stand under keys of their own (`pan1=4111 pan2=1111 ...`) or with words between. The first group becomes the number. */
export function findSpelled(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const place of places) {
    if (place < done || !FIRST_OF_CUE.has(text.charCodeAt(place) | 0x20)) continue;
    CUE.lastIndex = place;
    if (!CUE.test(text)) continue;
    const span = hasGroupNear(text, CUE.lastIndex) ? numberAfter(text, CUE.lastIndex) : undefined;
    if (span === undefined) continue;
    spans.push(span);
    done = span.end;
  }
  return spans;
}

const DIGITS_OF_INDEX = 2;
const MAX_LEAD = 90;

/** A group of four to eight digits before any longer one, on the same line: nearly every word that says "card" has none. */
function hasGroupNear(text: string, from: number): boolean {
  for (let index = from; index < from + MAX_LEAD && index < text.length; index++) {
    const start = index;
    while (isDigitAt(text, index)) index++;
    const size = index - start;
    if (size > DIGITS_OF_INDEX) return size > 3 && size < 9;
    if (text.charCodeAt(index) === 0x0a && size === 0) return false;
  }
  return false;
}

function isDigitAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}

function numberAfter(text: string, from: number): Span | undefined {
  LEAD.lastIndex = from;
  const [, first = ''] = LEAD.exec(text) ?? [];
  if (first === '') return undefined;
  let end = LEAD.lastIndex;
  const start = end - first.length;
  let digits = first;
  let layout = String(first.length);
  for (let group = groupAfter(text, end); group !== undefined; group = groupAfter(text, end)) {
    end = group.end;
    digits += group.digits;
    layout += `-${group.digits.length}`;
    if (digits.length > MAX_DIGITS) return undefined;
    if (GROUPINGS.has(layout) && isCardNumber(digits, false))
      return { start, end, kind: 'pan', replacement: maskCardNumber(digits), digits };
  }
  return undefined;
}

function groupAfter(text: string, end: number): { readonly digits: string; readonly end: number } | undefined {
  for (const gap of GAPS) {
    gap.lastIndex = end;
    if (!gap.test(text)) continue;
    GROUP.lastIndex = gap.lastIndex;
    const digits = GROUP.exec(text)?.[0];
    if (digits !== undefined) return { digits, end: GROUP.lastIndex };
  }
  return undefined;
}
