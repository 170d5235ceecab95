import { findNoDigit, findNoPacked, findUnprintable, readCharacters, readPacked, writeCharacters, writeNibbles } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { Encoding } from './dialect.ts';
import type { Form } from './field-codec.ts';
import type { FieldFormat } from './field-format.ts';
import type { FieldValue } from './message.ts';

/** Digits, tracks and signed amounts: one character a digit, or two digits a byte. */
export function digitsForm(number: number, { type }: FieldFormat, encoding: Encoding): Form {
  const { digits } = encoding;
  if (type === 'x+n') return signedForm(number, encoding);
  if (digits === 'bcd') return packedForm(number, type === 'z', encoding);
  return type === 'z' ? trackForm(number, digits) : plainForm(number, digits);
}

function plainForm(number: number, charset: 'ascii' | 'ebcdic'): Form {
  return {
    bytesOf: (size) => size,
    read(cursor, size) {
      const wrong = findNoDigit(cursor.bytes, cursor.at, size, charset);
      if (wrong >= 0) return cursor.stop('bad-digit', wrong, `field ${number}: this is no digit (${charset})`);
      return readCharacters(cursor.bytes, cursor.at, size, charset);
    },
    sizeOf,
    refuse: (value) => (isText(value, /^\d*$/) ? undefined : 'only digits'),
    write: (value, into, from) => writeCharacters(value as string, into, from, charset),
  };
}

/** Tracks hold one or two characters beyond digits; `valueCheck` looks at their order. */
function trackForm(number: number, charset: 'ascii' | 'ebcdic'): Form {
  return {
    bytesOf: (size) => size,
    read(cursor, size) {
      const wrong = findUnprintable(cursor.bytes, cursor.at, size, charset);
      if (wrong >= 0) return cursor.stop('bad-character', wrong, `field ${number}: this is no character of a track`);
      return readCharacters(cursor.bytes, cursor.at, size, charset);
    },
    sizeOf,
    refuse: (value) => (isText(value, /^[ -~]*$/) ? undefined : 'only characters of a track'),
    write: (value, into, from) => writeCharacters(value as string, into, from, charset),
  };
}

function packedForm(number: number, track: boolean, { pad, padDigit }: Encoding): Form {
  const alphabet = track ? /^[\dD]*$/ : /^\d*$/;
  const bytesOf = (size: number): number => (size + 1) >> 1;
  return {
    bytesOf,
    read(cursor, size) {
      const odd = (size & 1) === 1;
      if (!odd) return readPairs(cursor, number, cursor.at, size >> 1, track);
      return pad === 'left'
        ? readPaddedLeft(cursor, number, size >> 1, track, padDigit)
        : readPaddedRight(cursor, number, size >> 1, track, padDigit);
    },
    sizeOf,
    refuse: (value) => (isText(value, alphabet) ? undefined : track ? 'only digits and the separator D' : 'only digits'),
    write(value, into, from) {
      const text = value as string;
      writeNibbles(text.length % 2 === 0 ? text : pad === 'left' ? padDigit + text : text + padDigit, into, from);
    },
  };
}

function readPairs(cursor: Cursor, number: number, from: number, count: number, track: boolean): string | undefined {
  const text = readPacked(cursor.bytes, from, count, track);
  if (text.length === count * 2) return text;
  return cursor.stop('bad-nibble', findNoPacked(cursor.bytes, from, count, track), `field ${number}: a nibble here is no digit`);
}

function readPaddedLeft(cursor: Cursor, number: number, pairs: number, track: boolean, padDigit: '0' | 'F'): string | undefined {
  const first = cursor.bytes[cursor.at] as number;
  if (first >> 4 !== (padDigit === '0' ? 0 : 15))
    return cursor.stop('bad-padding', cursor.at, `field ${number}: an odd number of digits starts with the nibble ${padDigit}`);
  const digit = nibbleText(cursor, number, cursor.at, first & 15, track);
  const rest = digit === undefined ? undefined : readPairs(cursor, number, cursor.at + 1, pairs, track);
  return rest === undefined ? undefined : digit + rest;
}

function readPaddedRight(cursor: Cursor, number: number, pairs: number, track: boolean, padDigit: '0' | 'F'): string | undefined {
  const at = cursor.at + pairs;
  const last = cursor.bytes[at] as number;
  const rest = readPairs(cursor, number, cursor.at, pairs, track);
  if (rest === undefined) return undefined;
  if ((last & 15) !== (padDigit === '0' ? 0 : 15))
    return cursor.stop('bad-padding', at, `field ${number}: an odd number of digits ends with the nibble ${padDigit}`);
  const digit = nibbleText(cursor, number, at, last >> 4, track);
  return digit === undefined ? undefined : rest + digit;
}

function nibbleText(cursor: Cursor, number: number, at: number, value: number, track: boolean): string | undefined {
  if (value <= 9) return String.fromCharCode(0x30 + value);
  return track && value === 13 ? 'D' : cursor.stop('bad-nibble', at, `field ${number}: a nibble here is no digit`);
}

/** `x+n`: C or D as a character, then the digits. */
function signedForm(number: number, encoding: Encoding): Form {
  const digits = encoding.digits === 'bcd' ? packedForm(number, false, encoding) : plainForm(number, encoding.digits);
  return {
    bytesOf: (size) => 1 + digits.bytesOf(size - 1),
    read(cursor, size) {
      const sign = readCharacters(cursor.bytes, cursor.at, 1, encoding.text);
      if (sign !== 'C' && sign !== 'D') return cursor.stop('bad-sign', cursor.at, `field ${number}: C or D belongs here`);
      cursor.at++;
      const amount = digits.read(cursor, size - 1);
      return amount === undefined ? undefined : sign + (amount as string);
    },
    sizeOf,
    refuse: (value) => (isText(value, /^[CD]\d+$/) ? undefined : 'C or D, then digits'),
    write(value, into, from) {
      writeCharacters((value as string).slice(0, 1), into, from, encoding.text);
      digits.write((value as string).slice(1), into, from + 1);
    },
  };
}

function sizeOf(value: FieldValue): number {
  return value.length;
}

function isText(value: FieldValue, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}
