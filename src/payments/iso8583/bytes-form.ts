import { nibble, readCharacters, writeCharacters } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { Dialect, Encoding } from './dialect.ts';
import type { Form } from './field-codec.ts';
import type { FieldValue } from './message.ts';

/** Binary fields: bytes as they are (the value is bytes), or hexadecimal characters (the value is those characters). */
export function bytesForm(number: number, { binary, text, bitmap, digits }: Encoding & Pick<Dialect, 'bitmap'>): Form {
  if (binary === 'hex') return hexForm(number, text);
  const anything = bitmap === 'raw' && (digits === 'bcd' || CODES.has(number));
  return anything ? RAW : { ...RAW, read: (cursor, size) => readUnlessHex(cursor, number, size) };
}

/** A peer that writes in text rarely sends bytes as they are: eight of them that happen to be hexadecimal digits are half a field of those. */
function readUnlessHex(cursor: Cursor, number: number, size: number): Uint8Array | undefined {
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + size);
  if (size < 8 || !bytes.every((byte) => nibble(byte) >= 0)) return bytes;
  return cursor.stop('bad-character', cursor.at, `field ${number}: these are hexadecimal digits where bytes belong`);
}

/** Half a message authentication code is often sent as eight hexadecimal digits. */
const CODES = new Set([64, 128]);

const RAW: Form = {
  bytesOf: (size) => size,
  read: (cursor, size) => cursor.bytes.subarray(cursor.at, cursor.at + size),
  sizeOf: (value) => value.length,
  refuse: (value) => (typeof value === 'string' ? 'bytes, not characters' : undefined),
  write: (value, into, from) => into.set(value as Uint8Array, from),
};

function hexForm(number: number, charset: 'ascii' | 'ebcdic'): Form {
  return {
    bytesOf: (size) => size * 2,
    read(cursor, size) {
      const text = readCharacters(cursor.bytes, cursor.at, size * 2, charset);
      for (let at = 0; at < text.length; at++)
        if (nibble(text.charCodeAt(at)) < 0)
          return cursor.stop('bad-digit', cursor.at + at, `field ${number}: this is no hexadecimal digit`);
      return text;
    },
    sizeOf: (value) => value.length / 2,
    refuse: (value: FieldValue) =>
      typeof value === 'string' && value.length % 2 === 0 && /^[0-9A-Fa-f]*$/.test(value) ? undefined : 'pairs of hexadecimal digits',
    write: (value, into, from) => writeCharacters(value as string, into, from, charset),
  };
}
