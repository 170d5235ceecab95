/** Which texts a line must hold for a pattern to match: found in the structure of the pattern, searched for in place of it. */
import { listAscii } from './ascii-set.ts';
import { type CharacterSet, KELVIN, LONG_S } from './pattern-classes.ts';
import type { Syntax } from './pattern-syntax.ts';

/** Bytes of UTF-8; a byte with `EITHER_CASE` is a small letter that may as well be a large one. */
export type Literal = readonly number[];
export const EITHER_CASE = 0x100;

/** What must occur: a literal, one of several needs, or several needs at once. */
export type Need =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'any'; readonly of: readonly Need[] }
  | { readonly kind: 'all'; readonly of: readonly Need[] };

export interface NeedOfPattern {
  /** undefined: nothing in particular must occur. */
  readonly need: Need | undefined;
  /** Letters of it fold to `ſ` or the Kelvin sign too, which its literals leave out. */
  readonly oddFolds: boolean;
  /** A line that holds one of its literals matches: it is nothing but these texts, in ASCII. */
  readonly proves: boolean;
}

/** Shorter ones occur everywhere. */
const MIN_LITERAL_BYTES = 3;
const MAX_LITERAL_BYTES = 64;
/** Texts that one part of a pattern may be written out as. */
const MAX_TEXTS = 32;
const MAX_CHARACTERS = 6;

export function findNeed(syntax: Syntax): NeedOfPattern {
  const marks = { oddFolds: false };
  const { texts, need } = study(syntax, marks);
  const isPlain = texts?.every((text) => text.every((unit) => (unit & 0xff) < 0x80 && unit !== RETURN)) ?? false;
  return { need, oddFolds: marks.oddFolds, proves: need !== undefined && isPlain && !hasAssertion(syntax) };
}

/** A line is judged without the one at its end. */
const RETURN = 0x0d;

function hasAssertion(syntax: Syntax): boolean {
  switch (syntax.kind) {
    case 'assertion':
      return true;
    case 'set':
      return false;
    case 'sequence':
      return syntax.parts.some(hasAssertion);
    case 'choice':
      return syntax.options.some(hasAssertion);
    case 'repeat':
      return hasAssertion(syntax.of);
  }
}

interface Study {
  /** All texts that it can be; undefined: too many. */
  readonly texts: readonly Literal[] | undefined;
  readonly need: Need | undefined;
}

interface Marks {
  oddFolds: boolean;
}

function study(syntax: Syntax, marks: Marks): Study {
  switch (syntax.kind) {
    case 'assertion':
      return { texts: [[]], need: undefined };
    case 'set':
      return known(writeOut(syntax.set, marks));
    case 'sequence':
      return studySequence(syntax.parts, marks);
    case 'choice': {
      const options = syntax.options.map((option) => study(option, marks));
      const texts = options.every((option) => option.texts) ? options.flatMap((option) => option.texts ?? []) : undefined;
      if (texts && texts.length <= MAX_TEXTS) return known(texts);
      return { texts: undefined, need: anyOf(options.map(({ need }) => need)) };
    }
    case 'repeat': {
      const inner = study(syntax.of, marks);
      if (syntax.max === 1) return syntax.min === 1 ? inner : known(inner.texts && [...inner.texts, []]);
      return { texts: undefined, need: syntax.min > 0 ? inner.need : undefined };
    }
  }
}

function studySequence(parts: readonly Syntax[], marks: Marks): Study {
  const needs: (Need | undefined)[] = [];
  let whole = true;
  let run: readonly Literal[] = [[]];
  for (const part of parts) {
    const { texts, need } = study(part, marks);
    const joined =
      texts && texts.length * run.length <= MAX_TEXTS ? run.flatMap((text) => texts.map((next) => [...text, ...next])) : undefined;
    if (joined?.every((text) => text.length <= MAX_LITERAL_BYTES)) {
      run = joined;
      continue;
    }
    needs.push(needOf(run), need);
    whole = false;
    run = texts ?? [[]];
  }
  needs.push(needOf(run));
  const found = needs.filter((need) => need !== undefined);
  return { texts: whole ? run : undefined, need: found.length > 1 ? { kind: 'all', of: found } : found[0] };
}

function known(texts: readonly Literal[] | undefined): Study {
  return { texts, need: texts && needOf(texts) };
}

function needOf(texts: readonly Literal[]): Need | undefined {
  return anyOf(texts.map((literal): Need | undefined => (literal.length < MIN_LITERAL_BYTES ? undefined : { kind: 'literal', literal })));
}

function anyOf(needs: readonly (Need | undefined)[]): Need | undefined {
  const found = needs.filter((need) => need !== undefined);
  if (found.length < needs.length || found.length === 0) return undefined;
  return found.length === 1 ? found[0] : { kind: 'any', of: found };
}

/** The characters of a set as texts; undefined when they are many or not all known. */
function writeOut({ low, high }: CharacterSet, marks: Marks): readonly Literal[] | undefined {
  if (high === null) return undefined;
  // A line has no newline in it.
  const codes = listAscii(low).filter((code) => code !== 0x0a);
  const single = codes.filter((code) => !(isLarge(code) && codes.includes(code + 0x20)));
  const odd: readonly number[] = high.filter((code) => code === LONG_S || code === KELVIN);
  // Without the letters that they fold to, they stand for themselves.
  if (odd.some((code) => !codes.includes(code === LONG_S ? 0x73 : 0x6b))) return undefined;
  const behind = high.filter((code) => !odd.includes(code));
  // U+FFFD stands also for what is no UTF-8.
  const count = single.length + behind.length;
  if (count === 0 || count > MAX_CHARACTERS || behind.includes(0xfffd)) return undefined;
  marks.oddFolds ||= odd.length > 0;
  return [
    ...single.map((code) => [codes.includes(code - 0x20) && isLarge(code - 0x20) ? code | EITHER_CASE : code]),
    ...behind.map((code) => [...Buffer.from(String.fromCodePoint(code))]),
  ];
}

function isLarge(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
