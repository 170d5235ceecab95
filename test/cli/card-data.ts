/** Messages full of card data, every way to paste them, and what of it must never be seen again. */
import fc from 'fast-check';
import type { Codec } from '../../src/payments/iso8583/codec.ts';
import { encodeMessage } from '../../src/payments/iso8583/decode.ts';
import { codecsOf, DIALECT_IDS } from '../../src/payments/iso8583/dialects.ts';
import { type Framing, parseFraming } from '../../src/payments/iso8583/framing.ts';
import type { FieldValue } from '../../src/payments/iso8583/message.ts';

export interface Secret {
  readonly pan: string;
  readonly track: string;
  /** Sixteen hexadecimal digits. */
  readonly pinBlock: string;
  readonly cvv: string;
}

export interface Laden {
  readonly bytes: Uint8Array;
  readonly secret: Secret;
  readonly dialect: string;
  readonly framing: string;
}

const CODECS: readonly Codec[] = DIALECT_IDS.flatMap((id) => codecsOf(id));
const FRAMINGS = ['none', 'len2-binary', 'len4-ascii', 'len2-bcd', 'len4-hex', 'len2-binary-tpdu', 'len2-binary-etx'].map(
  (id) => parseFraming(id) as Framing,
);

const digits = (count: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });
const hex = (count: number) => fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: count, maxLength: count });

/** Of several schemes and lengths; the last digit as Luhn wants it. */
const cardNumber = fc
  .tuple(fc.constantFrom('4', '51', '37', '6222', '3530', '6011'), fc.integer({ min: 15, max: 19 }), digits(19))
  .map(([bin, size, rest]) => withLuhn((bin + rest).slice(0, bin === '37' ? 14 : (bin === '6222' ? size : 16) - 1)))
  // Long runs of one digit are found everywhere and prove nothing.
  .filter((pan) => new Set(pan.slice(4, 14)).size > 4);

const secretOf = fc
  .tuple(cardNumber, digits(13), hex(16), digits(3))
  .filter(([, , block]) => new Set(block).size > 6)
  .map(([pan, tail, pinBlock, cvv]): Secret => ({ pan, track: `${pan}D2812201${tail}`.slice(0, 37), pinBlock, cvv }));

export const laden: fc.Arbitrary<Laden> = fc
  .tuple(secretOf, fc.constantFrom(...CODECS), fc.constantFrom(...FRAMINGS))
  .map(([secret, codec, framing]) => ({
    bytes: encodeMessage(
      { mti: codec.dialect.versions === '1' ? '1200' : '0200', fields: fieldsOf(secret, codec), bitmaps: 1, envelope: {} },
      codec,
      framing,
    ),
    ...{ secret, dialect: codec.dialect.id, framing: framing.id },
  }));

function fieldsOf({ pan, track, pinBlock, cvv }: Secret, { dialect }: Codec): ReadonlyMap<number, FieldValue> {
  const is93 = dialect.versions === '1';
  const formatOf = (number: number): string => {
    const definition = dialect.fields[number];
    return typeof definition === 'object' ? definition.format : (definition ?? '');
  };
  const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
  const binary = (text: string): FieldValue => (dialect.binary === 'raw' ? bytes(text) : text);
  const chip = `5A${(((pan.length + 1) >> 1) + 0x100).toString(16).slice(1)}${pan.length % 2 ? `${pan}F` : pan}9F36020157`.toUpperCase();
  const note = `CVV2 ${cvv} for ${pan}`;
  const values: Readonly<Record<number, FieldValue>> = {
    2: pan,
    3: '000000',
    4: '000000012345',
    11: '123456',
    22: is93 ? '510101513344' : '051',
    35: track,
    41: 'TERM0001',
    48: formatOf(48).startsWith('n') ? pan : formatOf(48).startsWith('b') ? bytes(Buffer.from(note).toString('hex')) : note,
    52: binary(pinBlock),
    55: formatOf(55).startsWith('b') ? chip : bytes(chip),
  };
  return new Map(Object.entries(values).map(([number, value]) => [Number(number), value]));
}

function withLuhn(digitsBefore: string): string {
  const sum = [...digitsBefore].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digitsBefore}${(10 - (sum % 10)) % 10}`;
}

const pairs = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));

/** As people paste it. */
export const RENDERINGS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  hex: (bytes) => pairs(bytes).join(''),
  'hex, upper case': (bytes) => pairs(bytes).join('').toUpperCase(),
  'hex, spaced': (bytes) => pairs(bytes).join(' '),
  'hex, colons': (bytes) => pairs(bytes).join(':'),
  'hex, shifted by a nibble': (bytes) => `0${pairs(bytes).join('')}0`,
  base64: (bytes) => Buffer.from(bytes).toString('base64'),
  'hexdump -C': (bytes) =>
    dump(
      bytes,
      (at, row) =>
        `${at.toString(16).padStart(8, '0')}  ${pairs(row).slice(0, 8).join(' ').padEnd(23)}  ${pairs(row).slice(8).join(' ').padEnd(23)}  |${printable(row)}|`,
    ),
  xxd: (bytes) => dump(bytes, (at, row) => `${at.toString(16).padStart(8, '0')}: ${words(row).padEnd(39)}  ${printable(row)}`),
  'tcpdump -X': (bytes) =>
    dump(bytes, (at, row) => `\t0x${at.toString(16).padStart(4, '0')}:  ${words(row).padEnd(39)}  ${printable(row)}`),
  Wireshark: (bytes) =>
    dump(bytes, (at, row) => `${at.toString(16).padStart(4, '0')}   ${pairs(row).join(' ').padEnd(47)}   ${printable(row)}`),
};

function dump(bytes: Uint8Array, line: (at: number, row: Uint8Array) => string): string {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, index) =>
    line(index * 16, bytes.subarray(index * 16, index * 16 + 16)),
  ).join('\n');
}

function words(row: Uint8Array): string {
  return (
    pairs(row)
      .join('')
      .match(/.{1,4}/g) ?? []
  ).join(' ');
}

function printable(row: Uint8Array): string {
  return Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}

/** Digits in a row that tell more than the first six and the last four. */
const TOO_MUCH = 11;
const BLOCK_PART = 12;

/** What of a secret a text gives away, in whatever encoding; empty: nothing. */
export function leaks(text: string, { pan, track, pinBlock, cvv }: Secret): string[] {
  // Between the digits of a dump stand blanks, offsets and the characters of its right side.
  const views = [text, text.replace(/[\s:|]+/g, ''), dumpedOf(text)].map((view) => view.toUpperCase());
  const found: string[] = [];
  const look = (kind: string, part: string, forms: readonly string[]) => {
    if (forms.some((form) => views.some((view) => view.includes(form)))) found.push(`${kind}: ${part}`);
  };
  for (const [kind, value] of [
    ['card number', pan],
    ['track', track.slice(pan.length + 1)],
  ] as const)
    for (let from = 0; from + TOO_MUCH <= value.length; from++) {
      const part = value.slice(from, from + TOO_MUCH);
      look(kind, part, [part, zoned(part, '3'), zoned(part, 'F')]);
    }
  for (let from = 0; from + BLOCK_PART <= pinBlock.length; from += 2) {
    const part = pinBlock.slice(from, from + BLOCK_PART);
    look('PIN block', part, [part, Buffer.from(part).toString('hex').toUpperCase(), zonedHex(part)]);
  }
  look('verification code', cvv, [`CVV2 ${cvv}`, Buffer.from(`CVV2 ${cvv}`).toString('hex').toUpperCase()]);
  for (const form of [Buffer.from(pan), Buffer.from(pan.length % 2 ? `0${pan}` : pan, 'hex'), Buffer.from(zoned(pan, 'F'), 'hex')])
    for (let shift = 0; shift < 3; shift++) {
      const encoded = Buffer.concat([Buffer.alloc(shift), form])
        .toString('base64')
        .slice(4, -4);
      if (encoded.length >= 8 && text.includes(encoded)) found.push('card number in base64');
    }
  return found;
}

function zoned(part: string, zone: string): string {
  return part.replace(/\d/g, `${zone}$&`);
}

/** Hexadecimal digits as characters of EBCDIC. */
function zonedHex(part: string): string {
  return part.replace(/[0-9A-F]/g, (digit) => (/\d/.test(digit) ? `F${digit}` : `C${digit.charCodeAt(0) - 0x40}`));
}

function dumpedOf(text: string): string {
  return text
    .split('\n')
    .map((line) => /^\s*(?:0x)?[0-9a-f]{4,8}:?\s+((?:[0-9a-f]{2,4}\s{1,2})+)/i.exec(`${line}  `)?.[1]?.replace(/\s/g, '') ?? '')
    .join('');
}
