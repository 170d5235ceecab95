import { bitmapCodec } from './bitmap.ts';
import { readCharacters, readPacked, writeCharacters, writeNibbles } from './characters.ts';
import { Cursor } from './cursor.ts';
import type { Dialect } from './dialect.ts';
import { compileField, type FieldCodec } from './field-codec.ts';
import type { Decoded, Envelope, FieldValue, Message } from './message.ts';
import { invalidMessage } from './refusal.ts';

/** One dialect, ready to read and write messages. Offsets count from the start of `bytes`. */
export interface Codec {
  readonly dialect: Dialect;
  decode(bytes: Uint8Array, from: number, to: number): Decoded;
  /** Throws `OorError` (invalid-message) for what this dialect cannot say. */
  encode(message: Message): Uint8Array;
}

/** Version, class, function, origin. */
const MTI = /^[0-289][1-9][0-5][0-5]$/;
const CLASSES = '12345678';

export function compileDialect(dialect: Dialect): Codec {
  const fields: (FieldCodec | undefined)[] = [];
  for (const [number, definition] of Object.entries(dialect.fields)) {
    const { format, ...encoding } = typeof definition === 'string' ? { format: definition } : definition;
    fields[Number(number)] = compileField(Number(number), format, { ...dialect, ...encoding });
  }
  const bitmap = bitmapCodec(dialect.bitmap, fields[65] === undefined);
  const mtiBytes = dialect.mti === 'bcd' ? 2 : 4;
  return {
    dialect,
    decode(bytes, from, to) {
      const cursor = new Cursor(bytes, from, to);
      const mti = readMti(cursor, dialect, mtiBytes);
      const numbers = mti === undefined ? undefined : bitmap.read(cursor);
      const message = mti === undefined || numbers === undefined ? undefined : readFields(cursor, fields, mti, numbers);
      if (message !== undefined) checkRequired(cursor, dialect, message);
      const problems = cursor.doubts ?? NONE;
      return {
        message: cursor.fatal === undefined ? message : undefined,
        mti,
        problems: cursor.fatal === undefined ? problems : [...problems, cursor.fatal],
        explained: cursor.at,
      };
    },
    encode(message) {
      const numbers = [...message.fields.keys()];
      const blocks = bitmap.blocks(numbers, message.bitmaps);
      const sizes = numbers.map((number) => measureField(fields[number], number, message.fields.get(number) as FieldValue));
      if (!MTI.test(message.mti) || !(dialect.classes ?? CLASSES).includes(message.mti.charAt(1)))
        throw invalidMessage('the message type is no four digits of ISO 8583');
      const size = mtiBytes + blocks * bitmap.blockBytes + sizes.reduce((sum, one) => sum + one, 0);
      const bytes = new Uint8Array(size);
      if (dialect.mti === 'bcd') writeNibbles(message.mti, bytes, 0);
      else writeCharacters(message.mti, bytes, 0, dialect.mti);
      bitmap.write(numbers, blocks, message.envelope.lowerCaseBitmap === true, bytes, mtiBytes);
      let at = mtiBytes + blocks * bitmap.blockBytes;
      for (const number of numbers) at = fields[number]?.write(message.fields.get(number) as FieldValue, bytes, at) ?? at;
      return bytes;
    },
  };
}

const NONE = [] as const;
const NO_ENVELOPE: Envelope = {};

function readMti(cursor: Cursor, { mti, versions, classes = CLASSES }: Dialect, size: number): string | undefined {
  const { bytes, at, end } = cursor;
  if (at === end) return cursor.stop('empty', at, 'there is no message');
  if (at + size > end) return cursor.stop('truncated', at, `the message type needs ${size} bytes, ${end - at} are left`);
  const text = mti === 'bcd' ? readPacked(bytes, at, size, false) : readCharacters(bytes, at, size, mti);
  if (!MTI.test(text) || !classes.includes(text.charAt(1))) return cursor.stop('unknown-mti', at, `this is no message type (${mti})`);
  if (!versions.includes(text.charAt(0)))
    return cursor.stop('wrong-version', at, `message type ${text} is of another version of ISO 8583 than this dialect`);
  cursor.at += size;
  return text;
}

function readFields(cursor: Cursor, codecs: readonly (FieldCodec | undefined)[], mti: string, bits: BitmapBits): Message | undefined {
  const fields = new Map<number, FieldValue>();
  for (const number of bits.numbers) {
    const codec = codecs[number];
    if (codec === undefined) return cursor.stop('undefined-field', bits.offsetOf(number), `field ${number} is announced and not defined`);
    const value = codec.read(cursor);
    if (value === undefined) return undefined;
    fields.set(number, value);
  }
  const left = cursor.end - cursor.at;
  if (left > 0) return cursor.stop('trailing-bytes', cursor.at, `${left} bytes follow the last field`);
  return { mti, fields, bitmaps: bits.blocks, envelope: cursor.lowerCase === true ? { lowerCaseBitmap: true } : NO_ENVELOPE };
}

type BitmapBits = NonNullable<ReturnType<ReturnType<typeof bitmapCodec>['read']>>;

function checkRequired(cursor: Cursor, { required }: Dialect, message: Message): void {
  for (const number of required)
    if (!message.fields.has(number)) cursor.doubt('missing-field', cursor.end, `field ${number} is required and absent`);
}

function measureField(codec: FieldCodec | undefined, number: number, value: FieldValue): number {
  const size = codec === undefined ? `field ${number} is not defined` : codec.measure(value);
  if (typeof size === 'string') throw invalidMessage(size);
  return size;
}
