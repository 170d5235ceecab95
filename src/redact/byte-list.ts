import type { Codes } from './codes.ts';
import type { Digits } from './digit-stretch.ts';
import type { Detector, Span } from './span.ts';
import { findInView, type View } from './view.ts';

/** The name of a code, what stands between, and the code. */
const LEAST = 7;
const COMMA = 0x2c;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;
const LAST_PRINTED = 0x7e;

/** `[123, 34, 112, 105]`, `[123 34 112 105]`: characters in decimal, as programs print arrays of bytes. */
export function findInByteLists(codes: Codes, { groups, plain }: Digits, find: Detector): readonly Span[] {
  const spans: Span[] = [];
  for (let stretch = 0; stretch < plain.length; stretch += 2) {
    const last = plain[stretch + 1] as number;
    let begin = plain[stretch] as number;
    // What is long enough holds one of each LEAST groups.
    for (let group = begin + 2 * (LEAST - 1); group < last; group += 2 * LEAST) {
      if (!isCharacter(codes, groups, group)) continue;
      let from = group;
      while (from > begin && isNext(codes, groups, from) && isCharacter(codes, groups, from - 2)) from -= 2;
      let end = group + 2;
      while (end < last && isNext(codes, groups, end) && isCharacter(codes, groups, end)) end += 2;
      if (end - from >= 2 * LEAST) spans.push(...findInView(viewOf(codes, groups.subarray(from, end)), find));
      begin = end;
      group = end - 2;
    }
  }
  return spans;
}

function viewOf(codes: Codes, groups: Int32Array): View {
  const at = Array.from(groups).filter((_, index) => index % 2 === 0);
  const ends = Array.from(groups).filter((_, index) => index % 2 === 1);
  return { text: at.map((start, index) => String.fromCharCode(numberAt(codes, start, ends[index] ?? start))).join(''), at, ends };
}

function numberAt(codes: Codes, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index++) number = number * 10 + (codes[index] as number) - 0x30;
  return number;
}

function isCharacter(codes: Codes, groups: Int32Array, group: number): boolean {
  const start = groups[group] as number;
  const end = groups[group + 1] as number;
  if (end - start > 3) return false;
  const code = numberAt(codes, start, end);
  return (code >= SPACE && code <= LAST_PRINTED) || code === LINE_FEED || code === RETURN || code === TAB;
}

/** A space, or a comma with blanks behind it. */
function isNext(codes: Codes, groups: Int32Array, group: number): boolean {
  const start = groups[group - 1] as number;
  const end = groups[group] as number;
  const first = codes[start] as number;
  if (first !== COMMA) return first === SPACE && end === start + 1;
  for (let index = start + 1; index < end; index++) if (!isBlank(codes[index] as number)) return false;
  return true;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === RETURN || code === TAB;
}
