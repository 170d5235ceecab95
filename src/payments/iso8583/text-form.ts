import { findUnprintable, readCharacters, writeCharacters } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { Encoding } from './dialect.ts';
import type { Form } from './field-codec.ts';
import type { FieldFormat } from './field-format.ts';
import type { FieldValue } from './message.ts';
import { isTlv } from './tlv.ts';
import { isHexTlv } from './value-check.ts';

/**
 * Characters. Bytes beyond ASCII (GBK, ISO 8859-1, UTF-8) are text of another alphabet and stay bytes; control characters are no text,
 * but a private field (three digits of length) of a peer that sends raw binary may hold anything.
 */
export function textForm(number: number, { type, lengthDigits }: FieldFormat, { text, binary }: Encoding): Form {
  const anything = type === 'ans' && lengthDigits >= 3 && binary === 'raw';
  const foreign = type === 'ans';
  return {
    bytesOf: (size) => size,
    read(cursor, size) {
      const from = cursor.at;
      const wrong = findUnprintable(cursor.bytes, from, size, text);
      if (type === 'tlv') return readEmv(cursor, number, size, wrong < 0, text);
      if (wrong < 0) return readCharacters(cursor.bytes, from, size, text);
      const control = anything || !foreign ? wrong : findControl(cursor.bytes, wrong, from + size, text);
      if (anything || control < 0) return cursor.bytes.subarray(from, from + size);
      return cursor.stop('bad-character', control, `field ${number}: this is no printable character (${text})`);
    },
    sizeOf: (value) => value.length,
    refuse: (value) => refuseText(value, { type, text, anything, foreign }),
    write(value, into, from) {
      if (typeof value === 'string') writeCharacters(value, into, from, text);
      else into.set(value, from);
    },
  };
}

/** EMV data as bytes or as hexadecimal text. */
function readEmv(cursor: Cursor, number: number, size: number, printable: boolean, charset: 'ascii' | 'ebcdic'): FieldValue | undefined {
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + size);
  if (size === 0 || isTlv(bytes)) return bytes;
  const text = printable ? readCharacters(cursor.bytes, cursor.at, size, charset) : '';
  if (isHexTlv(text)) return text;
  cursor.doubt('bad-tlv', cursor.at, `field ${number}: objects and lengths of the BER-TLV do not fill the field`);
  return bytes;
}

function findControl(bytes: Uint8Array, from: number, end: number, charset: 'ascii' | 'ebcdic'): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    if (charset === 'ascii' ? byte < 0x20 || byte === 0x7f : byte < 0x40) return at;
  }
  return -1;
}

interface TextRules {
  readonly type: string;
  readonly text: 'ascii' | 'ebcdic';
  readonly anything: boolean;
  readonly foreign: boolean;
}

function refuseText(value: FieldValue, { type, text, anything, foreign }: TextRules): string | undefined {
  if (type === 'tlv') return (typeof value === 'string' ? isHexTlv(value) : value.length === 0 || isTlv(value)) ? undefined : 'no BER-TLV';
  if (typeof value === 'string') return /^[ -~]*$/.test(value) ? undefined : 'characters beyond printable ASCII are handed over as bytes';
  if (anything) return undefined;
  return foreign && findControl(value, 0, value.length, text) < 0 ? undefined : 'no control characters';
}
