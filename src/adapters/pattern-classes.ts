/** Sets of characters in an RE2 pattern: classes, escapes, single characters. */
import { ALL_ASCII, type AsciiSet, asciiSpan, foldAscii, hasAscii, joinAscii, NO_ASCII, withoutAscii } from './ascii-set.ts';
import { NotTold, type Reader } from './pattern-reader.ts';

export interface CharacterSet {
  readonly low: AsciiSet;
  /** The characters behind ASCII; null: many. */
  readonly high: readonly number[] | null;
}

export interface Flags {
  readonly fold: boolean;
  readonly dotAll: boolean;
}

type Range = readonly [number, number];

/** Behind the opening bracket. */
export function readClass(reader: Reader, flags: Flags): CharacterSet {
  const negated = reader.take('^');
  const ranges: Range[] = [];
  let named = NO_ASCII;
  let namedHigh = false;
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    const posix = reader.match(/\[:(\^?)([a-z]+):\]/y);
    const escaped = reader.peek() === '\\' ? readNamedAhead(reader) : undefined;
    if (posix) {
      const low = POSIX[posix[2] as string];
      if (low === undefined) throw new NotTold();
      named = joinAscii(named, posix[1] ? withoutAscii(ALL_ASCII, low) : low);
      namedHigh ||= posix[1] !== '';
    } else if (escaped) {
      named = joinAscii(named, escaped.low);
      namedHigh ||= escaped.high === null;
    } else ranges.push(readRange(reader));
  }
  reader.next();
  const { low, high } = makeSet(ranges, flags);
  const all = joinAscii(low, flags.fold ? foldAscii(named) : named);
  if (negated) return { low: withoutAscii(ALL_ASCII, all), high: null };
  return { low: all, high: namedHigh ? null : high };
}

function readRange(reader: Reader): Range {
  const first = readClassCharacter(reader);
  if (reader.peek() !== '-' || reader.peek(1) === ']') return [first, first];
  reader.next();
  const last = readClassCharacter(reader);
  if (last < first) throw new NotTold();
  return [first, last];
}

function readClassCharacter(reader: Reader): number {
  const character = reader.next();
  return character === '\\' ? readEscape(reader) : codeOf(character);
}

function readNamedAhead(reader: Reader): CharacterSet | undefined {
  if (!/[dDwWsS]/.test(reader.peek(1))) return undefined;
  reader.next();
  return readNamedClass(reader);
}

/** `d` and its like, behind the backslash. */
export function readNamedClass(reader: Reader): CharacterSet | undefined {
  const low = PERL[reader.peek()];
  if (low === undefined) return undefined;
  const letter = reader.next();
  return letter === letter.toLowerCase() ? { low, high: [] } : { low: withoutAscii(ALL_ASCII, low), high: null };
}

/** Behind the backslash. */
export function readEscape(reader: Reader): number {
  const hex = reader.match(/x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/y);
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new NotTold();
    return code;
  }
  const letter = reader.next();
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  if (/^[\x21-\x7e ]$/.test(letter) && !/[0-9A-Za-z]/.test(letter)) return codeOf(letter);
  throw new NotTold();
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };
const DIGITS = asciiSpan(0x30, 0x39);
const UPPER = asciiSpan(0x41, 0x5a);
const LOWER = asciiSpan(0x61, 0x7a);
const WORD = joinAscii(DIGITS, UPPER, LOWER, asciiSpan(0x5f, 0x5f));
const BLANK = asciiSpan(0x20, 0x20);
const PERL_SPACE = joinAscii(BLANK, asciiSpan(0x09, 0x0a), asciiSpan(0x0c, 0x0d));
const PERL: Readonly<Record<string, AsciiSet>> = { d: DIGITS, D: DIGITS, w: WORD, W: WORD, s: PERL_SPACE, S: PERL_SPACE };
const POSIX: Readonly<Record<string, AsciiSet>> = {
  alnum: joinAscii(DIGITS, UPPER, LOWER),
  alpha: joinAscii(UPPER, LOWER),
  ascii: ALL_ASCII,
  blank: joinAscii(BLANK, asciiSpan(0x09, 0x09)),
  digit: DIGITS,
  lower: LOWER,
  space: joinAscii(BLANK, asciiSpan(0x09, 0x0d)),
  upper: UPPER,
  word: WORD,
  xdigit: joinAscii(DIGITS, asciiSpan(0x41, 0x46), asciiSpan(0x61, 0x66)),
};

export function makeSet(ranges: readonly Range[], { fold }: Flags): CharacterSet {
  const behind = ranges.filter(([, last]) => last > 0x7f);
  const holds = (code: number): boolean => behind.some(([first, last]) => first <= code && code <= last);
  const spans = ranges.filter(([first]) => first <= 0x7f).map(([first, last]) => asciiSpan(first, Math.min(last, 0x7f)));
  if (fold && holds(LONG_S)) spans.push(asciiSpan(SMALL_S, SMALL_S));
  if (fold && holds(KELVIN)) spans.push(asciiSpan(SMALL_K, SMALL_K));
  const low = fold ? foldAscii(joinAscii(...spans)) : joinAscii(...spans);
  if (behind.some(([first, last]) => first !== last || (fold && !isCaseless(last)))) return { low, high: null };
  const odd = fold ? [...(hasAscii(low, SMALL_S) ? [LONG_S] : []), ...(hasAscii(low, SMALL_K) ? [KELVIN] : [])] : [];
  return { low, high: [...odd, ...behind.map(([first]) => first)] };
}

/** They fold to `s` and to `k`. */
export const LONG_S = 0x17f;
export const KELVIN = 0x212a;
const SMALL_S = 0x73;
const SMALL_K = 0x6b;

/** Han, kana and hangul; elsewhere a character may have others that fold to it. */
function isCaseless(code: number): boolean {
  return (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3);
}

export function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}
