/** Letters, digits and the signs of code page 037 that stand around a number in a message. */
const ROWS: readonly (readonly [from: number, signs: string])[] = [
  [0x40, ' '],
  [0x4b, '.<(+|&'],
  [0x5a, '!$*);'],
  [0x60, '-/'],
  [0x6b, ',%_>?'],
  [0x79, '`:#@\'="'],
  [0x81, 'abcdefghi'],
  [0x91, 'jklmnopqr'],
  [0xa1, '~stuvwxyz'],
  [0xb0, '^'],
  [0xc0, '{ABCDEFGHI'],
  [0xd0, '}JKLMNOPQR'],
  [0xe2, 'STUVWXYZ'],
  [0xf0, '0123456789'],
];
const SIGNS = new Map(ROWS.flatMap(([from, signs]) => [...signs].map((sign, index): [number, string] => [from + index, sign])));

/** A byte as EBCDIC; what has no sign is a control character. */
export function fromEbcdic(byte: number): string {
  return SIGNS.get(byte) ?? '\u0001';
}
