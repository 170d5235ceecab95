/** A set of ASCII characters: one bit each, in four words. */
export type AsciiSet = readonly [number, number, number, number];

export const NO_ASCII: AsciiSet = [0, 0, 0, 0];
export const ALL_ASCII: AsciiSet = [-1, -1, -1, -1];

export function asciiSpan(first: number, last: number): AsciiSet {
  const words: [number, number, number, number] = [0, 0, 0, 0];
  for (let code = first; code <= last; code += 1) (words[code >> 5] as number) |= 1 << (code & 31);
  return words;
}

export function joinAscii(...sets: readonly AsciiSet[]): AsciiSet {
  return sets.reduce((all, set) => combine(all, set, (one, other) => one | other), NO_ASCII);
}

export function withoutAscii(set: AsciiSet, taken: AsciiSet): AsciiSet {
  return combine(set, taken, (one, other) => one & ~other);
}

export function shareAscii(one: AsciiSet, other: AsciiSet): boolean {
  return one.some((word, at) => (word & (other[at] as number)) !== 0);
}

export function hasAscii(set: AsciiSet, code: number): boolean {
  return (((set[code >> 5] as number) >>> (code & 31)) & 1) === 1;
}

/** Letters in both cases where there is one of them. */
export function foldAscii(set: AsciiSet): AsciiSet {
  const letters = (set[2] | set[3]) & LETTERS;
  return [set[0], set[1], set[2] | letters, set[3] | letters];
}

export function isFoldedAscii(set: AsciiSet): boolean {
  return ((set[2] ^ set[3]) & LETTERS) === 0;
}

export function listAscii(set: AsciiSet): number[] {
  const codes: number[] = [];
  for (let code = 0; code < 128; code += 1) if (hasAscii(set, code)) codes.push(code);
  return codes;
}

/** Bits 1 to 26 of the words that begin at `@` and at the backtick. */
const LETTERS = 0x07fffffe;

function combine(one: AsciiSet, other: AsciiSet, join: (one: number, other: number) => number): AsciiSet {
  return [join(one[0], other[0]), join(one[1], other[1]), join(one[2], other[2]), join(one[3], other[3])];
}
