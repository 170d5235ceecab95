/**
 * The structure of an RE2 pattern, as far as it can be told with certainty: what is rare or odd is left to the pattern engine, which
 * then also says whether it is a pattern at all. Repeats are not told greedy from lazy: only whether a line matches is asked.
 */
import { ALL_ASCII, asciiSpan, withoutAscii } from './ascii-set.ts';
import { type CharacterSet, codeOf, type Flags, makeSet, readClass, readEscape, readNamedClass } from './pattern-classes.ts';
import { createReader, NotTold, type Reader } from './pattern-reader.ts';

export type Syntax =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  /** As JavaScript writes it, for text of one line. */
  | { readonly kind: 'assertion'; readonly text: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly options: readonly Syntax[] }
  | { readonly kind: 'repeat'; readonly of: Syntax; readonly min: number; readonly max: number };

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
