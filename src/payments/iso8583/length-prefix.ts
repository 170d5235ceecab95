import { findNoDigit, findNoPacked, readPacked, writeCharacters, writeNibbles } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { LengthCoding } from './dialect.ts';

export interface LengthPrefix {
  readonly bytes: number;
  /** Digits, characters or bytes that follow; undefined when it is none (`cursor.fatal` says why). */
  read(cursor: Cursor): number | undefined;
  write(length: number, into: Uint8Array, from: number): void;
}

/** `digits` as in LL (2) and LLL (3). */
export function lengthPrefix(field: number, digits: number, coding: LengthCoding): LengthPrefix {
  const bytes = coding === 'ascii' || coding === 'ebcdic' ? digits : coding === 'bcd' ? (digits + 1) >> 1 : bytesOf(10 ** digits - 1);
  const readValue = coding === 'binary' ? readBinary : coding === 'bcd' ? readBcd : coding === 'ascii' ? readAscii : readEbcdic;
  return {
    bytes,
    read(cursor) {
      if (cursor.at + bytes > cursor.end)
        return cursor.stop('truncated', cursor.at, `field ${field}: its length needs ${bytes} bytes, ${cursor.end - cursor.at} are left`);
      const length = readValue(cursor.bytes, cursor.at, bytes);
      if (length < 0) return cursor.stop('bad-length', cursor.at, `field ${field}: its length is not in ${coding} digits`);
      cursor.at += bytes;
      return length;
    },
    write(length, into, from) {
      const text = String(length).padStart(coding === 'bcd' ? bytes * 2 : digits, '0');
      if (coding === 'binary') for (let at = 0; at < bytes; at++) into[from + at] = (length >> (8 * (bytes - 1 - at))) & 0xff;
      else if (coding === 'bcd') writeNibbles(text, into, from);
      else writeCharacters(text, into, from, coding);
    },
  };
}

function bytesOf(largest: number): number {
  return largest < 256 ? 1 : largest < 65_536 ? 2 : 3;
}

function readBinary(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index++) value = value * 256 + (bytes[at + index] as number);
  return value;
}

function readBcd(bytes: Uint8Array, at: number, count: number): number {
  return findNoPacked(bytes, at, count, false) < 0 ? Number(readPacked(bytes, at, count, false)) : -1;
}

function readAscii(bytes: Uint8Array, at: number, count: number): number {
  return readDigits(bytes, at, count, 'ascii');
}

function readEbcdic(bytes: Uint8Array, at: number, count: number): number {
  return readDigits(bytes, at, count, 'ebcdic');
}

function readDigits(bytes: Uint8Array, at: number, count: number, charset: 'ascii' | 'ebcdic'): number {
  if (findNoDigit(bytes, at, count, charset) >= 0) return -1;
  let value = 0;
  for (let index = 0; index < count; index++) value = value * 10 + ((bytes[at + index] as number) & 0x0f);
  return value;
}
