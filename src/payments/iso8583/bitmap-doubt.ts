import { nibble } from './characters.ts';
import type { Codec } from './codec.ts';
import { isLikely, likelihood, mostOf } from './field-likelihood.ts';
import type { Message, Problem } from './message.ts';

/** Where a message stands, and how it is read. */
export interface Place {
  readonly codec: Codec;
  readonly from: number;
  readonly to: number;
}

/**
 * One bit of a bitmap turned over can leave a message that is whole again and means something else: 40 where 39 was, in one format.
 * When the bitmap one bit away explains every byte too, and with fields and values as likely, the one that was sent is not to be trusted.
 */
export function doubtBitmap(bytes: Uint8Array, { codec, from, to }: Place, message: Message): Problem | undefined {
  const sent = likelihood(message);
  let most = 0;
  for (const number of message.fields.keys()) most += mostOf(number);
  const start = from + (codec.dialect.mti === 'bcd' ? 2 : 4);
  const changed = Uint8Array.from(bytes);
  const width = codec.dialect.bitmap === 'raw' ? 8 : 4;
  const size = message.bitmaps * (64 / width);
  for (let at = start; at < start + size; at++) {
    const code = bytes[at] as number;
    const base = (at - start) * width;
    for (let bit = 0; bit < 8; bit++) {
      const other = code ^ (1 << bit);
      const [one, two] = width === 8 ? [code, other] : [digitOf(code), digitOf(other)];
      // Few changes can lead to what is as likely: the others are not read.
      if (!isOtherBits(one, two, base, width) || most + gainOf(one, two, base, width) < sent) continue;
      changed[at] = other;
      const decoded = codec.decode(changed, from, to);
      changed[at] = code;
      if (decoded.message === undefined || decoded.problems.length > 0) continue;
      const moved = differ(one, two, base, width);
      if (likelihood(decoded.message) < sent + leastGain(moved, message)) continue;
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

/** A likely field in place of another in one format: as likely says nothing then, for that other reading is always there. */
function leastGain({ added, removed }: Moved, message: Message): number {
  return added.length > 0 && removed.length > 0 && removed.every((number) => isLikely(number, message)) ? 1 : 0;
}

/** Not where nothing changed but the case of a letter, the zone of a digit, or a bit that announces a further block. */
function isOtherBits(one: number, two: number, base: number, width: number): boolean {
  const announces = base === 0 || base === 64 ? 1 << (width - 1) : 0;
  return one >= 0 && two >= 0 && one !== two && ((one ^ two) & announces) === 0;
}

/** The most that the fields of these bits can add. */
function gainOf(one: number, two: number, base: number, width: number): number {
  let gain = 0;
  for (let index = 0; index < width; index++) {
    const mask = 1 << (width - 1 - index);
    if (((one ^ two) & mask) !== 0) gain += (two & mask) === 0 ? -mostOf(base + index + 1) : mostOf(base + index + 1);
  }
  return gain;
}

function differ(one: number, two: number, base: number, width: number): Moved {
  const numbersOf = (bits: number): readonly number[] =>
    Array.from({ length: width }, (_, index) => index).flatMap((index) => (bits & (1 << (width - 1 - index)) ? [base + index + 1] : []));
  return { added: numbersOf(two & ~one), removed: numbersOf(one & ~two) };
}

/** The low four bits are the digit in ASCII and in EBCDIC; the zone may not change. */
function digitOf(code: number): number {
  if (code >= 0xf0 && code <= 0xf9) return code - 0xf0;
  if (code >= 0xc1 && code <= 0xc6) return code - 0xb7;
  return nibble(code);
}

function describe({ added, removed }: Moved): string {
  if (added.length === 0) return `without field ${removed.join(' and ')}`;
  return removed.length === 0
    ? `with field ${added.join(' and ')}`
    : `with field ${added.join(' and ')} in place of ${removed.join(' and ')}`;
}
