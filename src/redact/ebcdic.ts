import type { Detector, Span } from './span.ts';
import { findInView, type View } from './view.ts';

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

/** Four digits, which are no UTF-8: each byte stands in the text by itself. */
const DIGITS = /[\udcf0-\udcf9]{4}/;

/** What detectors find in a text whose bytes are EBCDIC, as a file or a dump of a host hands them out. */
export function findEbcdic(text: string, find: Detector): readonly Span[] {
  return DIGITS.test(text) ? findInView(readBytes(text), find) : [];
}

/** Some letters in a row happen to be a character of UTF-8: its bytes are read one by one, and it goes or stays as a whole. */
function readBytes(text: string): View {
  let signs = '';
  const at: number[] = [];
  const ends: number[] = [];
  let place = 0;
  for (const character of text) {
    for (const byte of bytesOf(character)) {
      signs += fromEbcdic(byte);
      at.push(place);
      ends.push(place + character.length);
    }
    place += character.length;
  }
  return { text: signs, at, ends };
}

function bytesOf(character: string): Iterable<number> {
  const code = character.charCodeAt(0);
  if (code < 0x80) return [code];
  return isByteByItself(code) ? [code & 0xff] : Buffer.from(character);
}

function isByteByItself(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}
