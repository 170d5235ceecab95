import { nibble } from './characters.ts';
import type { Codec } from './codec.ts';
import type { FieldValue, Message, Problem } from './message.ts';

/** Where a message stands, and how it is read. */
export interface Place {
  readonly codec: Codec;
  readonly from: number;
  readonly to: number;
}

/** How often a field travels: 2 in nearly every message of its kind, 1 often; every other -1. */
const USUAL: ReadonlyMap<number, number> = new Map([
  ...[2, 3, 4, 7, 11, 12, 13, 22, 32, 35, 37, 39, 41, 42, 49, 55, 70].map((number) => [number, 2] as const),
  ...[14, 15, 18, 19, 23, 24, 25, 26, 33, 38, 43, 44, 48, 50, 51, 52, 53, 54, 60, 61, 62, 63, 64, 90, 95, 100, 102, 103, 123, 127, 128].map(
    (number) => [number, 1] as const,
  ),
]);
const RARE = -1;
/** A field whose value says nothing in its own code list speaks against its bit. */
const NO_SUCH_CODE = -1;
const DAYS_TO_SETTLE = 4;
const BIT_OF_NIBBLE = [8, 4, 2, 1];

/**
 * One bit of a bitmap turned over can leave a message that is whole again and means something else: 40 where 39 was, in one format.
 * When the bitmap one bit away explains every byte too, and with fields that are more usual, the one that was sent is not to be trusted.
 */
export function doubtBitmap(bytes: Uint8Array, { codec, from, to }: Place, { bitmaps, fields }: Message): Problem | undefined {
  const weigh = (numbers: readonly number[]): number =>
    numbers.reduce((sum, number) => sum + (isCode(number, fields) ? (USUAL.get(number) ?? RARE) : NO_SUCH_CODE), 0);
  const start = from + (codec.dialect.mti === 'bcd' ? 2 : 4);
  const changed = Uint8Array.from(bytes);
  const isRaw = codec.dialect.bitmap === 'raw';
  const size = bitmaps * (isRaw ? 8 : 16);
  for (let at = start; at < start + size; at++) {
    const code = bytes[at] as number;
    for (let bit = 0; bit < 8; bit++) {
      const other = code ^ (1 << bit);
      const moved = isRaw ? movesInByte(code, other, (at - start) * 8) : movesInDigit(code, other, (at - start) * 4);
      if (moved === undefined || weigh(moved.added) <= weigh(moved.removed)) continue;
      changed[at] = other;
      const decoded = codec.decode(changed, from, to);
      changed[at] = code;
      if (decoded.message === undefined || decoded.problems.length > 0) continue;
      return {
        code: 'doubtful-bitmap',
        offset: at,
        message: `${describe(moved)}, every byte has its place too: a bit of the bitmap may be wrong`,
      };
    }
  }
  return undefined;
}

interface Moved {
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

function movesInByte(code: number, other: number, base: number): Moved | undefined {
  return differ(code, other, [128, 64, 32, 16, 8, 4, 2, 1], base);
}

/** The low four bits are the digit in ASCII and in EBCDIC; the zone may not change. */
function movesInDigit(code: number, other: number, base: number): Moved | undefined {
  const [one, two] = [digitOf(code), digitOf(other)];
  return one < 0 || two < 0 ? undefined : differ(one, two, BIT_OF_NIBBLE, base);
}

function digitOf(code: number): number {
  if (code >= 0xf0 && code <= 0xf9) return code - 0xf0;
  if (code >= 0xc1 && code <= 0xc6) return code - 0xb7;
  return nibble(code);
}

/** undefined where a bit that announces a further block is among them. */
function differ(one: number, two: number, masks: readonly number[], base: number): Moved | undefined {
  const numbers = masks.flatMap((mask, index) => ((one ^ two) & mask ? [[base + index + 1, (two & mask) !== 0] as const] : []));
  if (numbers.some(([number]) => number === 1 || number === 65)) return undefined;
  return {
    added: numbers.filter(([, set]) => set).map(([number]) => number),
    removed: numbers.filter(([, set]) => !set).map(([number]) => number),
  };
}

/** 1987: how the card was read, under which condition, how long a PIN may be, which of several cards. */
const CODES: Readonly<Record<number, RegExp>> = {
  22: /^(?:0\d|10|[789]\d|\d{12}|[0-9A-Z]{12})/,
  23: /^0\d\d$/,
  25: /^(?:0\d|1[0-7]|[2-9]1|59|\d{4})$/,
  26: /^(?:0[04-9]|1[0-2]|\d{4})$/,
};

function isCode(number: number, fields: Message['fields']): boolean {
  const value = fields.get(number);
  if (typeof value !== 'string') return true;
  // How a PIN was captured says nothing without a PIN.
  if (number === 26 && value.length === 2 && !fields.has(52)) return false;
  // The currency of the cardholder comes with his amount or his rate.
  if (number === 51) return fields.has(6) || fields.has(10);
  if (number === 14) return !isSoonAfter(value, fields.get(13));
  return CODES[number]?.test(value) !== false;
}

/** An expiry (YYMM) that, as a date (MMDD), is that of the transaction or one of the next days is a settlement date. */
function isSoonAfter(expiry: string, date: FieldValue | undefined): boolean {
  if (typeof date !== 'string' || expiry.slice(0, 2) !== date.slice(0, 2)) return false;
  const days = Number(expiry.slice(2)) - Number(date.slice(2));
  return days >= 0 && days <= DAYS_TO_SETTLE;
}

function describe({ added, removed }: Moved): string {
  if (added.length === 0) return `without field ${removed.join(' and ')}`;
  return removed.length === 0
    ? `with field ${added.join(' and ')}`
    : `with field ${added.join(' and ')} in place of ${removed.join(' and ')}`;
}
