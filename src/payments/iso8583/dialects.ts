import { type Codec, compileDialect } from './codec.ts';
import type { Dialect } from './dialect.ts';
import { FIELDS_1987, FIELDS_1993, FIELDS_UNIONPAY_POS } from './dialect-fields.ts';

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

const IN_BCD = [
  { variant: 'padded left', pad: 'left', padDigit: '0' },
  { variant: 'padded right', pad: 'right', padDigit: '0' },
  { variant: 'padded right with F', pad: 'right', padDigit: 'F' },
] as const;

/** Postilion and what speaks to it: field 127 is a message of its own. */
const LONG_127 = { ...FIELDS_1987, 127: 'ans......999999' };

/** Peers that pack digits mostly pack numeric currency codes too. */
const PACKED_CURRENCY = { ...FIELDS_1987, 49: 'n3', 50: 'n3', 51: 'n3' };

/** The points of the UnionPay terminal specification where left is said in so many words: field 23 alone. */
const UNIONPAY_FIELDS = { ...FIELDS_UNIONPAY_POS, 23: { format: 'n3', pad: 'left', padDigit: '0' } } as const;

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
  ...IN_BCD.map((variant) => ({ ...PACKED, ...variant, id: 'iso87-binary', versions: '0', fields: PACKED_CURRENCY })),
  ...IN_BCD.map(({ variant, ...pad }) => ({
    ...PACKED,
    ...pad,
    variant: `${variant}, currency in text`,
    id: 'iso87-binary',
    versions: '0',
    fields: FIELDS_1987,
  })),
  ...IN_TEXT.map((variant) => ({ ...ASCII, ...variant, id: 'iso93', versions: '1', fields: FIELDS_1993 })),
  ...IN_BCD.slice(1).map((variant) => ({
    ...PACKED,
    ...variant,
    id: 'unionpay-pos',
    versions: '0',
    fields: UNIONPAY_FIELDS,
    // A host answers with its own reference number (37) and time.
    echoes: [11, 41, 42],
  })),
];

const compiled = new Map<string, readonly Codec[]>();

export const DIALECT_IDS: readonly string[] = [...new Set(DIALECTS.map(({ id }) => id))];

/** One codec a variant, the most usual first; empty: no such dialect. */
export function codecsOf(id: string): readonly Codec[] {
  const known = compiled.get(id) ?? DIALECTS.filter((dialect) => dialect.id === id).map(compileDialect);
  compiled.set(id, known);
  return known;
}
