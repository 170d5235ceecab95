import fc from 'fast-check';
import type { Dialect, FieldDefinition } from '../../../src/payments/iso8583/dialect.ts';
import { type FieldFormat, parseFieldFormat } from '../../../src/payments/iso8583/field-format.ts';
import type { Framing } from '../../../src/payments/iso8583/framing.ts';
import type { FieldValue, Message } from '../../../src/payments/iso8583/message.ts';

/** Any message that a dialect can say, private fields short, in a frame of this kind. */
export function messageOf(dialect: Dialect, framing: Framing): fc.Arbitrary<Message> {
  return messageWith(Object.keys(dialect.fields).map(Number), 1, dialect, framing);
}

/** What travels between terminals, switches and banks: most of the usual fields, none of the reserved. */
export function transactionOf(dialect: Dialect, framing: Framing): fc.Arbitrary<Message> {
  const usual = [2, 3, 4, 7, 11, 12, 13, 14, 22, 25, 32, 35, 37, 38, 39, 41, 42, 43, 49, 52, 53, 54, 55, 64, 70, 90, 100, 102, 128];
  return messageWith(
    usual.filter((number) => dialect.fields[number] !== undefined),
    8,
    dialect,
    framing,
  );
}

function messageWith(numbers: readonly number[], least: number, dialect: Dialect, framing: Framing): fc.Arbitrary<Message> {
  const mti = fc
    .tuple(
      fc.constantFrom(...dialect.versions),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
    )
    .map((digits) => digits.join(''));
  return fc
    .tuple(mti, fc.subarray([...numbers], { minLength: least, maxLength: 18 }), envelopeOf(framing))
    .chain(([type, chosen, envelope]) =>
      fc.tuple(...chosen.map((number) => anyValueOf(number, dialect))).map((values) => {
        const sorted = chosen.map((number, index) => [number, values[index] as FieldValue] as const).sort(([one], [other]) => one - other);
        return { mti: type, fields: new Map(sorted), bitmaps: chosen.some((number) => number > 64) ? 2 : 1, envelope } as const;
      }),
    );
}

function envelopeOf(framing: Framing): fc.Arbitrary<Message['envelope']> {
  const tpdu = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((rest) => Uint8Array.of(0x60, ...rest));
  const headers = {
    header6: fc.constant(Uint8Array.of(0x60, 0x31, 0x00, 0x31, 0x13, 0x23)),
    base24: fc.constant(Uint8Array.from('ISO026000050', (character) => character.charCodeAt(0))),
    visa: fc.constant(Uint8Array.of(22, 1, 2, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
  };
  const parts = {
    ...(framing.tpdu && { tpdu }),
    ...(framing.header !== undefined && { header: headers[framing.header] }),
  };
  return fc.record(parts) as fc.Arbitrary<Message['envelope']>;
}

function anyValueOf(number: number, dialect: Dialect): fc.Arbitrary<FieldValue> {
  const definition = (dialect.fields as Readonly<Record<number, string | FieldDefinition>>)[number] ?? '';
  const { format: notation, ...changes } = typeof definition === 'string' ? { format: definition } : definition;
  const format = parseFieldFormat(notation, changes.lengths ?? dialect.lengths);
  if (typeof format === 'string') throw new Error(format);
  return contentOf(number, format, { ...dialect, ...changes });
}

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

function contentOf(number: number, format: FieldFormat, dialect: Dialect): fc.Arbitrary<FieldValue> {
  const { type, size, lengthDigits, moment } = format;
  const least = lengthDigits === 0 ? size : type === 'n' || dialect.lengths === 'binary' ? 1 : 0;
  const most = lengthDigits === 0 ? size : Math.min(size, 40);
  if (moment !== undefined) return momentOf(moment);
  // As they are in the world: the shorter a length may be, the more damage looks like another message.
  if (number === 2) return digits(13, 19);
  if (number === 32 || number === 33 || number === 100) return digits(6, 11);
  if (type === 'an')
    return fc.string({
      unit: fc.constantFrom(...(number >= 49 && number <= 51 ? '0123456789' : 'ABCxyz0123456789')),
      minLength: least,
      maxLength: most,
    });
  if (type === 'n') return digits(least, most);
  if (type === 'x+n') return fc.tuple(fc.constantFrom('C', 'D'), digits(size - 1, size - 1)).map(([sign, amount]) => sign + amount);
  if (type === 'z') {
    const separator = fc.constantFrom('D', ...(dialect.digits === 'bcd' ? [] : ['=']));
    return fc
      .tuple(digits(12, 19), separator, fc.constantFrom('2812', '3001'), digits(number === 36 ? 10 : 3, 12))
      .map((parts) => parts.join(''));
  }
  const tlv = fc.uint8Array({ minLength: 2, maxLength: 20 }).map((value) => Uint8Array.of(0x9f, 0x36, value.length, ...value));
  if (type === 'tlv') return tlv;
  if (number === 55 && type === 'b') return tlv.map((value) => Buffer.from(value).toString('hex').toUpperCase());
  if (type === 'b') {
    const bytes = fc.uint8Array({ minLength: least, maxLength: most });
    return dialect.binary === 'raw' ? bytes : bytes.map((value) => Buffer.from(value).toString('hex').toUpperCase());
  }
  return fc.string({ unit: fc.constantFrom(...' ABCxyz019-./*%&'), minLength: least, maxLength: most });
}

function momentOf(pattern: string): fc.Arbitrary<string> {
  const two = (min: number, max: number) => fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
  const units: Readonly<Record<string, fc.Arbitrary<string>>> = {
    YY: two(0, 99),
    MM: two(1, 12),
    DD: two(1, 28),
    hh: two(0, 23),
    mm: two(0, 59),
    ss: two(0, 59),
  };
  return fc.tuple(...(pattern.match(/../g) ?? []).map((unit) => units[unit] ?? two(0, 0))).map((parts) => parts.join(''));
}
