import { isCardNumber, MAX_DIGITS } from './card-number.ts';
import type { DigitGroup, DigitRun } from './digit-run.ts';
import { type Span, sadSpan } from './span.ts';

/** ISO/IEC 7813: name, expiry, service code and discretionary data after the number of track 1. */
const TRACK1_TAIL = /(?:\^|%5[Ee])[^^\r\n?]{2,26}(?:\^|%5[Ee])\d{4}[^?\r\n"'<>\\]{0,72}(?:\?|%3[Ff])?/y;
/** ... of track 2: `=` or, packed, `D`; `F` fills the last byte. */
const TRACK2_TAIL =
  /(?:=|%3[Dd]|[Dd]| = )\d\d(?:0[1-9]|1[0-2])\d{3,40}(?:[Ff]?(?:\?|%3[Ff])|[Ff]|(?:\r?\n|(?:\\r)?\\n)\d{2,30}\??(?=[\r\n\\"]|$))?/y;
const TRACK3_TAIL = /=[0-9=]{20,104}(?:\?|%3[Ff])?/y;
const MIN_PAN_DIGITS = 12;

/** The track 1 whose card number stands there. */
export function track1At(text: string, start: number, end: number): Span | undefined {
  if (text[end] !== '^' && text[end] !== '%') return undefined;
  const formatB = /(?:%|%25)?[Bb]$/.exec(text.slice(Math.max(0, start - 4), start))?.[0];
  const tail = formatB === undefined ? undefined : tailAt(TRACK1_TAIL, text, end);
  return tail === undefined ? undefined : sadSpan('track1', start - (formatB?.length ?? 0), tail);
}

/** The track 2 or 3 whose card number this group is, from its start sentinel to its end sentinel. */
export function findTrack(text: string, run: DigitRun, group: DigitGroup): Span | undefined {
  const start = run.at[group.from] ?? 0;
  const end = (run.at[group.to - 1] ?? 0) + 1;
  if (!'=Dd% '.includes(text[end] ?? '|') || (text[end] === ' ' && text[end + 1] !== '=')) return undefined;
  const sentinel = /(?:;|%3[Bb])$/.exec(text.slice(Math.max(0, start - 3), start))?.[0];
  const tail = tailAt(TRACK2_TAIL, text, end);
  if (tail !== undefined) {
    const from = sentinel === undefined ? cardNumberBefore(run, group) : group.from;
    if (from !== undefined) return sadSpan('track2', (run.at[from] ?? 0) - (sentinel?.length ?? 0), tail, run.digits.slice(from, group.to));
  }
  // ISO 4909: a format code of two digits stands before the number.
  const begins =
    sentinel !== undefined ||
    (run.digits[group.from] === '0' && cardNumberBefore(run, { ...group, from: group.from + 2 }) === group.from + 2);
  const tail3 = begins ? tailAt(TRACK3_TAIL, text, end) : undefined;
  return tail3 === undefined ? undefined : sadSpan('track3', start - (sentinel?.length ?? 0), tail3);
}

/** A length or a tag may stand before the number without a gap (field 35 of ISO 8583, EMV tag 57): the longest ending that is a card's. */
function cardNumberBefore(run: DigitRun, group: DigitGroup): number | undefined {
  const longest = Math.min(MAX_DIGITS, group.to - group.from);
  for (let length = longest; length > MIN_PAN_DIGITS; length--) {
    if (isCardNumber(run.digits.slice(group.to - length, group.to), false)) return group.to - length;
  }
  return undefined;
}

function tailAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
