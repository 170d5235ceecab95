import { ALL_ASCII, type AsciiSet, asciiSpan, foldAscii, hasAscii, joinAscii, NO_ASCII, withoutAscii } from './ascii-set.ts';

/**
 * The structure of an RE2 pattern, as far as it can be told with certainty: what is rare or odd is left to the pattern engine, which
 * then also says whether it is a pattern at all. Repeats are not told greedy from lazy: only whether a line matches is asked.
 */
export type Syntax =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  /** As JavaScript writes it, for text of one line. */
  | { readonly kind: 'assertion'; readonly text: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly options: readonly Syntax[] }
  | { readonly kind: 'repeat'; readonly of: Syntax; readonly min: number; readonly max: number };

export interface CharacterSet {
  readonly low: AsciiSet;
  /** The characters behind ASCII; null: many. */
  readonly high: readonly number[] | null;
}

interface Flags {
  readonly fold: boolean;
  readonly dotAll: boolean;
}

/** undefined: not to be told here. */
export function parsePattern(source: string): Syntax | undefined {
  try {
    const reader = createReader(source);
    const whole = readChoice(reader, { fold: false, dotAll: false });
    return reader.isAtEnd() ? whole.syntax : undefined;
  } catch (error) {
    if (error instanceof NotTold) return undefined;
    throw error;
  }
}

class NotTold extends Error {}

type Reader = ReturnType<typeof createReader>;

function createReader(source: string) {
  const names = new Set<string>();
  let at = 0;
  return {
    isAtEnd: () => at >= source.length,
    peek: (ahead = 0): string => source[at + ahead] ?? '',
    next(): string {
      const character = String.fromCodePoint(source.codePointAt(at) ?? 0xd800);
      if (/^[\ud800-\udfff]$/.test(character)) throw new NotTold();
      at += character.length;
      return character;
    },
    take(text: string): boolean {
      const found = source.startsWith(text, at);
      if (found) at += text.length;
      return found;
    },
    /** What the sticky expression matches here, taken. */
    match(expression: RegExp): RegExpExecArray | null {
      expression.lastIndex = at;
      const found = expression.exec(source);
      at += found?.[0].length ?? 0;
      return found;
    },
    claim(name: string): void {
      if (names.has(name)) throw new NotTold();
      names.add(name);
    },
  };
}

/** Flags that are set inside go on to the end of the group. */
function readChoice(reader: Reader, outer: Flags): { syntax: Syntax; flags: Flags } {
  let flags = outer;
  const options: Syntax[] = [];
  do {
    const parts: Syntax[] = [];
    while (!reader.isAtEnd() && reader.peek() !== '|' && reader.peek() !== ')') {
      const set = readFlags(reader, flags);
      if (set) flags = set;
      else parts.push(readRepeated(reader, flags));
    }
    options.push(parts.length === 1 ? (parts[0] as Syntax) : { kind: 'sequence', parts });
  } while (reader.take('|'));
  return { syntax: options.length === 1 ? (options[0] as Syntax) : { kind: 'choice', options }, flags };
}

/** `(?i)`; undefined when there is none. */
function readFlags(reader: Reader, flags: Flags): Flags | undefined {
  const found = reader.match(/\(\?([ims]+)(?:-([ims]+))?\)|\(\?-([ims]+)\)/y);
  return found ? change(flags, found[1] ?? '', found[2] ?? found[3] ?? '') : undefined;
}

function change(flags: Flags, on: string, off: string): Flags {
  const of = (letter: string, before: boolean): boolean => !off.includes(letter) && (on.includes(letter) || before);
  return { fold: of('i', flags.fold), dotAll: of('s', flags.dotAll) };
}

function readRepeated(reader: Reader, flags: Flags): Syntax {
  const of = readAtom(reader, flags);
  const bounds = readBounds(reader);
  if (!bounds) return of;
  if (of.kind === 'assertion' || readBounds(reader)) throw new NotTold();
  return { kind: 'repeat', of, ...bounds };
}

/** Braces with anything else in them are characters. */
function readBounds(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  const found = reader.match(/(?:([*+?])|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})\??/y);
  if (!found) return undefined;
  const [, sign, least, comma, most] = found;
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  const min = Number(least);
  const max = comma === undefined ? min : most === undefined ? Number.POSITIVE_INFINITY : Number(most);
  if (min > max || min > MAX_REPEATS || (max > MAX_REPEATS && most !== undefined)) throw new NotTold();
  return { min, max };
}

/** RE2 allows no more. */
const MAX_REPEATS = 1000;

function readAtom(reader: Reader, flags: Flags): Syntax {
  if (reader.peek() === '(') return readGroup(reader, flags);
  if (readBounds(reader)) throw new NotTold();
  const character = reader.next();
  if (character === '^' || character === '$') return { kind: 'assertion', text: character };
  if (character === '.')
    return { kind: 'set', set: { low: flags.dotAll ? ALL_ASCII : withoutAscii(ALL_ASCII, asciiSpan(0x0a, 0x0a)), high: null } };
  if (character === '[') return { kind: 'set', set: readClass(reader, flags) };
  if (character !== '\\') return { kind: 'set', set: makeSet([[codeOf(character), codeOf(character)]], flags) };
  if (reader.take('A')) return { kind: 'assertion', text: '^' };
  if (reader.take('z')) return { kind: 'assertion', text: '$' };
  if (reader.take('b')) return { kind: 'assertion', text: '\\b' };
  if (reader.take('B')) return { kind: 'assertion', text: '\\B' };
  const named = readNamedClass(reader);
  if (named) return { kind: 'set', set: named };
  const code = readEscape(reader);
  return { kind: 'set', set: makeSet([[code, code]], flags) };
}

function readGroup(reader: Reader, flags: Flags): Syntax {
  let inner = flags;
  const name = reader.match(/\(\?P?<([A-Za-z_]\w*)>/y);
  const flagged = name ? null : reader.match(/\(\?([ims]*)(?:-([ims]+))?:/y);
  if (name) reader.claim(name[1] as string);
  else if (flagged) inner = change(flags, flagged[1] ?? '', flagged[2] ?? '');
  else if (!reader.take('(') || reader.peek() === '?') throw new NotTold();
  const { syntax } = readChoice(reader, inner);
  if (!reader.take(')')) throw new NotTold();
  return syntax;
}

type Range = readonly [number, number];

function readClass(reader: Reader, flags: Flags): CharacterSet {
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

function readNamedClass(reader: Reader): CharacterSet | undefined {
  const low = PERL[reader.peek()];
  if (low === undefined) return undefined;
  const letter = reader.next();
  return letter === letter.toLowerCase() ? { low, high: [] } : { low: withoutAscii(ALL_ASCII, low), high: null };
}

/** Behind the backslash. */
function readEscape(reader: Reader): number {
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

function makeSet(ranges: readonly Range[], { fold }: Flags): CharacterSet {
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

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}
