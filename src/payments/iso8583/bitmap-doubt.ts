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

const BIT_OF_NIBBLE = [8, 4, 2, 1];

/**
 * One bit of a bitmap turned over can leave a message that is whole again and means something else: 40 where 39 was, in one format.
 * When the bitmap one bit away explains every byte too, and with fields and values as likely, the one that was sent is not to be trusted.
 */
export function doubtBitmap(bytes: Uint8Array, { codec, from, to }: Place, message: Message): Problem | undefined {
  const sent = likelihood(message);
  const most = sumOfMost([...message.fields.keys()]);
  const start = from + (codec.dialect.mti === 'bcd' ? 2 : 4);
  const changed = Uint8Array.from(bytes);
  const isRaw = codec.dialect.bitmap === 'raw';
  const size = message.bitmaps * (isRaw ? 8 : 16);
  for (let at = start; at < start + size; at++) {
    const code = bytes[at] as number;
    for (let bit = 0; bit < 8; bit++) {
      const other = code ^ (1 << bit);
      const moved = isRaw ? movesInByte(code, other, (at - start) * 8) : movesInDigit(code, other, (at - start) * 4);
      if (moved === undefined) continue;
      const least = sent + leastGain(moved, message);
      if (most + sumOfMost(moved.added) - sumOfMost(moved.removed) < least) continue;
      changed[at] = other;
      const decoded = codec.decode(changed, from, to);
      changed[at] = code;
      if (decoded.message === undefined || decoded.problems.length > 0 || likelihood(decoded.message) < least) continue;
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

function sumOfMost(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + mostOf(number), 0);
}

/** A likely field in place of another in one format: as likely says nothing then, for that other reading is always there. */
function leastGain({ added, removed }: Moved, message: Message): number {
  return added.length > 0 && removed.length > 0 && removed.every((number) => isLikely(number, message)) ? 1 : 0;
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

/** undefined where nothing changed but the case of a letter, or a bit that announces a further block did. */
function differ(one: number, two: number, masks: readonly number[], base: number): Moved | undefined {
  const numbers = masks.flatMap((mask, index) => ((one ^ two) & mask ? [[base + index + 1, (two & mask) !== 0] as const] : []));
  if (numbers.length === 0 || numbers.some(([number]) => number === 1 || number === 65)) return undefined;
  return {
    added: numbers.filter(([, set]) => set).map(([number]) => number),
    removed: numbers.filter(([, set]) => !set).map(([number]) => number),
  };
}

function describe({ added, removed }: Moved): string {
  if (added.length === 0) return `without field ${removed.join(' and ')}`;
  return removed.length === 0
    ? `with field ${added.join(' and ')}`
    : `with field ${added.join(' and ')} in place of ${removed.join(' and ')}`;
}
