import { bytesForm } from './bytes-form.ts';
import type { Cursor } from './cursor.ts';
import type { Dialect, Encoding } from './dialect.ts';
import { digitsForm } from './digits-form.ts';
import { type FieldFormat, parseFieldFormat } from './field-format.ts';
import { lengthPrefix } from './length-prefix.ts';
import type { FieldValue } from './message.ts';
import { textForm } from './text-form.ts';
import { valueCheck } from './value-check.ts';

/** How the content of one field stands in bytes, its length before it left aside. */
export interface Form {
  /** Bytes that so many digits, characters or bytes of content take. */
  bytesOf(size: number): number;
  /** The bytes are there; undefined when they are no content (`cursor.fatal` says why). */
  read(cursor: Cursor, size: number): FieldValue | undefined;
  /** What `bytesOf` takes. */
  sizeOf(value: FieldValue): number;
  /** Why this value cannot be written; undefined when it can. */
  refuse(value: FieldValue): string | undefined;
  write(value: FieldValue, into: Uint8Array, from: number): void;
}

export interface FieldCodec {
  readonly number: number;
  read(cursor: Cursor): FieldValue | undefined;
  /** Bytes it will take; a string says why it cannot be written. */
  measure(value: FieldValue): number | string;
  write(value: FieldValue, into: Uint8Array, from: number): number;
}

type FieldEncoding = Encoding & Pick<Dialect, 'bitmap'>;

/** Reader and writer of one field, everything about it decided beforehand. */
export function compileField(number: number, notation: string, encoding: FieldEncoding): FieldCodec {
  const format = parseFieldFormat(notation, encoding.lengths);
  if (typeof format === 'string') throw new TypeError(`field ${number}: ${format}`);
  const form = formOf(number, format, encoding);
  return format.lengthDigits === 0 ? fixedField(number, format, form) : variableField(number, format, form, encoding);
}

function formOf(number: number, format: FieldFormat, encoding: FieldEncoding): Form {
  if (format.type === 'n' || format.type === 'z' || format.type === 'x+n') return digitsForm(number, format, encoding);
  return format.type === 'b' ? bytesForm(number, encoding) : textForm(number, format, encoding);
}

function fixedField(number: number, format: FieldFormat, form: Form): FieldCodec {
  const { size } = format;
  const bytes = form.bytesOf(size);
  const check = valueCheck(number, format);
  return {
    number,
    read(cursor) {
      const from = cursor.at;
      if (from + bytes > cursor.end) return truncated(cursor, number, bytes);
      const value = form.read(cursor, size);
      if (value === undefined) return undefined;
      if (check !== undefined && !check.holds(value as string)) cursor.doubt(check.code, from, `field ${number}: ${check.message}`);
      cursor.at = from + bytes;
      return value;
    },
    measure(value) {
      const refusal = form.refuse(value);
      if (refusal !== undefined) return `field ${number}: ${refusal}`;
      return form.sizeOf(value) === size ? bytes : `field ${number}: its size is ${size}, not ${form.sizeOf(value)}`;
    },
    write(value, into, from) {
      form.write(value, into, from);
      return from + bytes;
    },
  };
}

function variableField(number: number, format: FieldFormat, form: Form, encoding: Encoding): FieldCodec {
  const prefix = lengthPrefix(number, format.lengthDigits, encoding.lengths);
  const check = valueCheck(number, format);
  // A zero byte is everywhere: it is no length of nothing.
  const least = format.type === 'n' || format.type === 'z' || encoding.lengths === 'binary' ? 1 : 0;
  return {
    number,
    read(cursor) {
      const start = cursor.at;
      const size = prefix.read(cursor);
      if (size === undefined) return undefined;
      if (size > format.size) return cursor.stop('length-over-max', start, `field ${number}: length ${size}, at most ${format.size}`);
      if (size < least) return cursor.stop('bad-length', start, `field ${number}: length 0 where something belongs`);
      const from = cursor.at;
      const bytes = form.bytesOf(size);
      if (from + bytes > cursor.end) return truncated(cursor, number, bytes);
      const value = form.read(cursor, size);
      if (value === undefined) return undefined;
      if (check !== undefined && !check.holds(value as string)) cursor.doubt(check.code, from, `field ${number}: ${check.message}`);
      cursor.at = from + bytes;
      return value;
    },
    measure(value) {
      const refusal = form.refuse(value);
      if (refusal !== undefined) return `field ${number}: ${refusal}`;
      const size = form.sizeOf(value);
      if (size > format.size || size < least) return `field ${number}: its size is ${least} to ${format.size}, not ${size}`;
      return prefix.bytes + form.bytesOf(size);
    },
    write(value, into, from) {
      const size = form.sizeOf(value);
      prefix.write(size, into, from);
      form.write(value, into, from + prefix.bytes);
      return from + prefix.bytes + form.bytesOf(size);
    },
  };
}

function truncated(cursor: Cursor, number: number, bytes: number): undefined {
  return cursor.stop('truncated', cursor.at, `field ${number} needs ${bytes} bytes, ${cursor.end - cursor.at} are left`);
}
