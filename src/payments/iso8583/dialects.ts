import { type Codec, compileDialect } from './codec.ts';
import type { Dialect, FieldDefinition } from './dialect.ts';
import { FIELDS_1987, FIELDS_1993, FIELDS_UNIONPAY_POS, type FieldTable } from './dialect-fields.ts';

const ASCII = {
  mti: 'ascii',
  digits: 'ascii',
  pad: 'left',
  padDigit: '0',
  text: 'ascii',
  lengths: 'ascii',
  required: [],
  echoes: [7, 11, 37, 41, 42, 70],
} as const;

const PACKED = { ...ASCII, mti: 'bcd', digits: 'bcd', lengths: 'bcd', bitmap: 'raw', binary: 'raw' } as const;

/** The most usual first: it is what is sent where only the dialect is known. */
const IN_TEXT = [
  { variant: 'hex bitmap', bitmap: 'hex', binary: 'hex' },
  { variant: 'raw bitmap', bitmap: 'raw', binary: 'raw' },
  { variant: 'raw bitmap, hex fields', bitmap: 'raw', binary: 'hex' },
  { variant: 'hex bitmap, raw fields', bitmap: 'hex', binary: 'raw' },
] as const;

const TRACKS = [35, 36];
const VARIABLE_DIGITS = [2, 32, 33, 35, 36, 99, 100];

/** How a digit that an odd number leaves over is packed; many pad numbers to the left and tracks, or all that is variable, to the right. */
const IN_BCD = [
  { variant: 'padded left', pad: 'left', padDigit: '0' },
  { variant: 'padded right', pad: 'right', padDigit: '0' },
  { variant: 'padded right with F', pad: 'right', padDigit: 'F' },
  { variant: 'padded left, tracks right with F', pad: 'left', padDigit: '0', apart: { numbers: TRACKS, padDigit: 'F' } },
  { variant: 'padded left, tracks right', pad: 'left', padDigit: '0', apart: { numbers: TRACKS, padDigit: '0' } },
  { variant: 'padded left, variable lengths right with F', pad: 'left', padDigit: '0', apart: { numbers: VARIABLE_DIGITS, padDigit: 'F' } },
  { variant: 'padded left with F', pad: 'left', padDigit: 'F' },
] as const satisfies readonly (Pick<Dialect, 'variant' | 'pad' | 'padDigit'> & { readonly apart?: PaddedRight })[];

interface PaddedRight {
  readonly numbers: readonly number[];
  readonly padDigit: '0' | 'F';
}

function padRight(fields: FieldTable, { numbers, padDigit }: PaddedRight): Readonly<Record<number, FieldDefinition>> {
  return Object.fromEntries(numbers.map((number) => [number, { format: fields[number] ?? '', pad: 'right', padDigit }]));
}

/** Postilion and what speaks to it: field 127 is a message of its own. */
const LONG_127 = { ...FIELDS_1987, 127: 'ans......999999' };

/** Chip data whose length counts bytes, each then written as two characters. */
const CHIP_IN_BYTES = { ...FIELDS_1987, 55: 'b...255' };

/** Peers that pack digits mostly pack numeric currency codes too. */
const PACKED_CURRENCY = { 49: 'n3', 50: 'n3', 51: 'n3' };

/** The points of the UnionPay terminal specification where left is said in so many words: field 23 alone. */
const UNIONPAY_FIELDS = { ...FIELDS_UNIONPAY_POS, 23: { format: 'n3', pad: 'left', padDigit: '0' } } as const;

const EBCDIC = { ...ASCII, mti: 'ebcdic', digits: 'ebcdic', text: 'ebcdic', lengths: 'ebcdic' } as const;

const IN_EBCDIC = [
  { variant: 'raw bitmap', bitmap: 'raw', binary: 'raw' },
  { variant: 'hex bitmap', bitmap: 'hex-ebcdic', binary: 'hex' },
] as const;

/** As Visa and JCB do it: digits packed, text in EBCDIC, one byte of length; private fields are bytes. */
const PACKED_EBCDIC = { ...PACKED, text: 'ebcdic', lengths: 'binary', pad: 'left' } as const;
const FIELDS_ONE_BYTE_LENGTHS = {
  ...FIELDS_1987,
  ...PACKED_CURRENCY,
  ...Object.fromEntries(
    [48, 56, 57, 58, 59, 60, 61, 62, 63, 104, 114, 115, 116, 117, 118, 120, 121, 123, 125, 126, 127].map((at) => [at, 'b..255']),
  ),
  54: 'ans..255',
  55: 'tlv..255',
  59: 'ans..14',
};

export const DIALECTS: readonly Dialect[] = [
  ...IN_TEXT.map((variant) => ({ ...ASCII, ...variant, id: 'iso87-ascii', versions: '0', fields: FIELDS_1987 })),
  ...IN_TEXT.map(({ variant, ...coding }) => ({
    ...ASCII,
    ...coding,
    variant: `${variant}, six digits before 127`,
    id: 'iso87-ascii',
    versions: '0',
    fields: LONG_127,
  })),
  { ...ASCII, ...IN_TEXT[0], variant: 'hex bitmap, 55 counted in bytes', id: 'iso87-ascii', versions: '0', fields: CHIP_IN_BYTES },
  ...packed('iso87-binary', '0', FIELDS_1987),
  {
    ...PACKED_EBCDIC,
    padDigit: '0',
    variant: 'text in EBCDIC, binary lengths',
    id: 'iso87-binary',
    versions: '0',
    fields: FIELDS_ONE_BYTE_LENGTHS,
  },
  ...IN_EBCDIC.map((variant) => ({ ...EBCDIC, ...variant, id: 'iso87-ebcdic', versions: '0', fields: FIELDS_1987 })),
  {
    ...PACKED_EBCDIC,
    pad: 'right',
    padDigit: '0',
    mti: 'ebcdic',
    variant: 'packed digits, binary lengths',
    id: 'iso87-ebcdic',
    versions: '0',
    fields: { ...FIELDS_ONE_BYTE_LENGTHS, 49: 'an3', 50: 'an3', 51: 'an3' },
  },
  ...IN_TEXT.map((variant) => ({ ...ASCII, ...variant, id: 'iso93', versions: '1', fields: FIELDS_1993 })),
  ...packed('iso93', '1', FIELDS_1993),
  ...IN_EBCDIC.map(({ variant, ...coding }) => ({
    ...EBCDIC,
    ...coding,
    variant: `EBCDIC, ${variant}`,
    id: 'iso93',
    versions: '1',
    fields: FIELDS_1993,
  })),
  ...IN_BCD.slice(1, 3).map(({ variant, pad, padDigit }) => ({
    ...PACKED,
    variant,
    pad,
    padDigit,
    id: 'unionpay-pos',
    versions: '0',
    classes: '123456789',
    fields: UNIONPAY_FIELDS,
    // A host answers with its own reference number (37) and time.
    echoes: [11, 41, 42],
  })),
];

/** Each way to pad, the currency first packed, then in text. */
function packed(id: string, versions: string, fields: FieldTable): readonly Dialect[] {
  return ['', ', currency in text'].flatMap((currency) =>
    IN_BCD.map(({ variant, pad, padDigit, ...rest }) => ({
      ...PACKED,
      pad,
      padDigit,
      variant: `${variant}${currency}`,
      id,
      versions,
      fields: { ...fields, ...(currency === '' && PACKED_CURRENCY), ...('apart' in rest && padRight(fields, rest.apart)) },
    })),
  );
}

const compiled = new Map<string, readonly Codec[]>();

export const DIALECT_IDS: readonly string[] = [...new Set(DIALECTS.map(({ id }) => id))];

/** One codec a variant, the most usual first; empty: no such dialect. */
export function codecsOf(id: string): readonly Codec[] {
  const known = compiled.get(id) ?? DIALECTS.filter((dialect) => dialect.id === id).map(compileDialect);
  compiled.set(id, known);
  return known;
}
