/** A pattern for JavaScript's own engine, many times faster than one that is linear by nature, for the lines where both agree and it is safe. */
import { ALL_ASCII, type AsciiSet, isFoldedAscii, joinAscii, listAscii, NO_ASCII, shareAscii } from './ascii-set.ts';
import type { CharacterSet } from './pattern-classes.ts';
import type { Syntax } from './pattern-syntax.ts';

export interface LineExpression {
  /** For lines of ASCII only. */
  test(line: string): boolean;
  /** Most steps that a line of this length may cost. */
  steps(length: number): number;
}

/** undefined: a line could be made on which it would take too long. */
export function toExpression(syntax: Syntax): LineExpression | undefined {
  const effort = measure(syntax);
  if (!effort) return undefined;
  let expression: RegExp | undefined;
  return {
    test(line) {
      expression ??= makeExpression(syntax);
      return expression.test(line);
    },
    // It may begin at each character.
    steps: (length) => length * effort.ways * length ** effort.powers,
  };
}

function makeExpression(syntax: Syntax): RegExp {
  const ignoreCase = isFolded(syntax);
  return new RegExp(write(syntax, ignoreCase), ignoreCase ? 'i' : '');
}

/** In how many ways something can match at one place: `ways` times the length of the line to the power of `powers`. */
interface Effort {
  readonly ways: number;
  readonly powers: number;
  /** ASCII characters that a match can begin with; null: it can be empty. */
  readonly first: AsciiSet | null;
}

/** Backtracking multiplies along a sequence; a repeat of more than single characters has ways without number. */
function measure(syntax: Syntax): Effort | undefined {
  switch (syntax.kind) {
    case 'set':
      return { ways: 1, powers: 0, first: syntax.set.low };
    case 'assertion':
      return NOTHING;
    case 'sequence': {
      const parts = measureAll(syntax.parts);
      return parts?.reduceRight(
        (rest, part) => ({
          ways: part.ways * rest.ways,
          powers: part.powers + rest.powers,
          first: part.first ?? rest.first,
        }),
        NOTHING,
      );
    }
    case 'choice': {
      const options = measureAll(syntax.options);
      return (
        options && {
          // Only options that can begin alike are ways at the same place.
          ways: Math.max(...options.map((one) => options.reduce((sum, other) => (overlap(one, other) ? sum + other.ways : sum), 0))),
          powers: Math.max(...options.map(({ powers }) => powers)),
          first: options.some(({ first }) => first === null) ? null : joinAscii(...options.map(({ first }) => first ?? NO_ASCII)),
        }
      );
    }
    case 'repeat': {
      const { of, min, max } = syntax;
      const inner = measure(of);
      if (!inner || (of.kind !== 'set' && max > 1)) return undefined;
      const first = min === 0 ? null : inner.first;
      if (of.kind !== 'set') return { ways: inner.ways + 1, powers: inner.powers, first };
      return max === Number.POSITIVE_INFINITY ? { ways: 1, powers: 1, first } : { ways: max - min + 1, powers: 0, first };
    }
  }
}

const NOTHING: Effort = { ways: 1, powers: 0, first: null };

function measureAll(parts: readonly Syntax[]): readonly Effort[] | undefined {
  const efforts = parts.map(measure);
  return efforts.every((effort) => effort !== undefined) ? efforts : undefined;
}

function overlap(one: Effort, other: Effort): boolean {
  return one.first === null || other.first === null || shareAscii(one.first, other.first) || one === other;
}

/** Is each set the same with large letters as with small ones? */
function isFolded(syntax: Syntax): boolean {
  switch (syntax.kind) {
    case 'set':
      return isFoldedAscii(syntax.set.low);
    case 'assertion':
      return true;
    case 'sequence':
      return syntax.parts.every(isFolded);
    case 'choice':
      return syntax.options.every(isFolded);
    case 'repeat':
      return isFolded(syntax.of);
  }
}

function write(syntax: Syntax, ignoreCase: boolean): string {
  switch (syntax.kind) {
    case 'set':
      return writeSet(syntax.set, ignoreCase);
    case 'assertion':
      return syntax.text;
    case 'sequence':
      return syntax.parts.map((part) => (part.kind === 'choice' ? `(?:${write(part, ignoreCase)})` : write(part, ignoreCase))).join('');
    case 'choice':
      return syntax.options.map((option) => write(option, ignoreCase)).join('|');
    case 'repeat': {
      const { of, min, max } = syntax;
      const inner = of.kind === 'set' ? write(of, ignoreCase) : `(?:${write(of, ignoreCase)})`;
      return `${inner}{${min},${max === Number.POSITIVE_INFINITY ? '' : max}}`;
    }
  }
}

/** Of a set only its ASCII part counts here. */
function writeSet({ low }: CharacterSet, ignoreCase: boolean): string {
  const codes = listAscii(low);
  const folded = ignoreCase ? codes.filter((code) => code < 0x41 || code > 0x5a) : codes;
  if (folded.length === 1) return writeCode(folded[0] as number);
  if (codes.length > 64) return `[^${ranges(ALL_CODES.filter((code) => !codes.includes(code)))}]`;
  return `[${ranges(codes)}]`;
}

const ALL_CODES = listAscii(ALL_ASCII);

function ranges(codes: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < codes.length; ) {
    let last = at;
    while (codes[last + 1] === (codes[last] as number) + 1) last += 1;
    const [from, to] = [writeCode(codes[at] as number), writeCode(codes[last] as number)];
    parts.push(last === at ? from : `${from}-${to}`);
    at = last + 1;
  }
  return parts.join('');
}

function writeCode(code: number): string {
  const character = String.fromCharCode(code);
  return /[0-9A-Za-z_ ]/.test(character) ? character : `\\x${code.toString(16).padStart(2, '0')}`;
}
