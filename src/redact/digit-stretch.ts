import { MIN_DIGITS } from './card-number.ts';
import type { Codes } from './codes.ts';
import { digitGroupsOf } from './digit-run.ts';

/** The digits of a text, and where among them a card number may be. */
export interface Digits {
  /** Digits with nothing between, as pairs of start and end. */
  readonly groups: Int32Array;
  /** Stretches of groups with separators between, as pairs of the first group and the one behind the last, by their places in `groups`. */
  readonly plain: readonly number[];
  /** With quotes, tags, emphasis or the like between. */
  readonly decorated: readonly number[];
}

/**
 * Dates, times, addresses and sizes are nearly all digits of a log. They go here, in one loop that does little for each group; what is
 * left is looked at properly by those who look for numbers. Where a stretch ends, nothing follows that may stand in a number.
 */
export function digitsOf(codes: Codes): Digits {
  const groups = digitGroupsOf(codes);
  const plain: number[] = [];
  const decorated: number[] = [];
  let [first, digits, before, equal, wide, ones, twos, signs, heldUntil] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let mayBePlain = false;
  for (let group = 0; group < groups.length; group += 2) {
    const end = groups[group + 1] as number;
    const size = end - (groups[group] as number);
    digits += size;
    if (size > 3) wide++;
    else if (size === 1) ones++;
    else if (size === 2) twos++;
    equal = size === before ? equal + 1 : 1;
    if (size > 3 ? before > 3 || size >= MIN_DIGITS : equal >= (LEAST_EQUAL[size] as number)) mayBePlain = true;
    before = size;
    if (group + 2 < groups.length) {
      const next = groups[group + 2] as number;
      const gap = next === end + 1 ? signOf(codes[end] as number) : gapOf(codes, end, next);
      signs |= gap;
      if ((gap & OPENS) !== 0) heldUntil = next + LONGEST_OPENED;
      if (gap !== NONE || end < heldUntil) continue;
    }
    if (digits >= MIN_DIGITS) {
      if (mayBePlain || (signs & OPENS) !== 0) plain.push(first, group + 2);
      const hasNumber = wide > 1 || ones >= MIN_DIGITS || twos >= MIN_DIGITS || (wide === 1 && (signs & MARKS_UP) !== 0);
      if (hasNumber && (signs & DECORATES) !== 0) decorated.push(first, group + 2);
    }
    first = group + 2;
    mayBePlain = false;
    digits = before = wide = ones = twos = signs = 0;
  }
  return { groups, plain, decorated };
}

/** As many groups of one, two or three digits side by side as there may be in a number. */
const LEAST_EQUAL = [0, 12, 6, 5];

const NONE = 0;
const SEPARATES = 1;
const DECORATES = 2;
const MARKS_UP = 4;
/** Begins a tag or an escape, of which letters and digits may be part. */
const OPENS = 8;
const LONGEST_OPENED = 160;
/** More separators than this decorate. */
const MOST_PLAIN = 4;

const SIGNS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (' \t.,:/+-'.includes(sign)) return SEPARATES;
  if (sign === '_') return SEPARATES | MARKS_UP;
  if ('*~`'.includes(sign)) return DECORATES | MARKS_UP;
  if ('<['.includes(sign)) return DECORATES | MARKS_UP | OPENS;
  if ('%&\\\u001b'.includes(sign)) return DECORATES | OPENS;
  return '\r\n"\'|;(){}]=!?@#$^>'.includes(sign) ? DECORATES : NONE;
});

function signOf(code: number): number {
  if (code < 0x80) return SIGNS[code] as number;
  // Letters of the world; all else beyond ASCII may part digits, or be one.
  return (code >= 0xc0 && code < 0x660) || (code >= 0x3100 && code < 0xd800) ? NONE : DECORATES | OPENS;
}

function gapOf(codes: Codes, start: number, end: number): number {
  let signs = end - start > MOST_PLAIN ? DECORATES : NONE;
  for (let index = start; index < end; index++) {
    const sign = signOf(codes[index] as number);
    if (sign === NONE) return (signs & OPENS) === 0 ? NONE : signs;
    signs |= sign;
  }
  return signs;
}
