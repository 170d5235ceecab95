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

const DIGIT = '0-9\\u0660-\\u0669\\u06f0-\\u06f9\\uff10-\\uff19';
const VISIBLE = '[ \\t.,_/+\\u00a0\\u00b7\\u1680\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000\\u30fb\\uff0d\\uff0e-]';
const VISIBLE_ESCAPE = '%(?:20|2[BDEbde]|C2%A0|c2%a0)|&nbsp;|&#160;|\\\\u00[aA]0|\\\\t';
const INVISIBLE =
  '[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]' +
  '|%(?:E2%80%8B|e2%80%8b)|&#8203;|\\\\u200[bB]|(?:\\u001b|\\\\u001[bB]|\\\\x1[bB]|\\\\033|\\\\e)\\[[0-9;]{0,16}[mK]';

/** Four separators between two digits at most: ` - ` with one invisible, or two colour codes and a space. */
const RUN = new RegExp(`(?<![${DIGIT}])[${DIGIT}](?:(?:${VISIBLE}|${VISIBLE_ESCAPE}|${INVISIBLE}){0,4}[${DIGIT}]){12,}`, 'g');
const SEPARATOR = new RegExp(`(${VISIBLE}|${VISIBLE_ESCAPE})|${INVISIBLE}`, 'y');

/** Every run of 13 digits or more. */
export function* digitRuns(text: string): Generator<DigitRun> {
  for (const { 0: source, index } of text.matchAll(RUN)) {
    const start = index + escapedDigits(text, index);
    yield readRun(text, start, index + source.length);
  }
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
  if (code >= 0xff10 && code <= 0xff19) return code - 0xff10;
  if (code >= 0x0660 && code <= 0x0669) return code - 0x0660;
  if (code >= 0x06f0 && code <= 0x06f9) return code - 0x06f0;
  return -1;
}
