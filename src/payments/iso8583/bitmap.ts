import { nibble, readCharacters, writeCharacters } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { Dialect } from './dialect.ts';

interface Bits {
  /** Ascending, without those that announce a further block. */
  readonly numbers: readonly number[];
  readonly blocks: 1 | 2 | 3;
  /** Byte that holds the bit of a field. */
  offsetOf(number: number): number;
}

interface BitmapCodec {
  readonly blockBytes: number;
  read(cursor: Cursor): Bits | undefined;
  /** At least `sent`, as many as the highest field needs. */
  blocks(numbers: readonly number[], sent: number): number;
  write(numbers: readonly number[], blocks: number, lowerCase: boolean, into: Uint8Array, from: number): void;
}

/** Bit 1 announces a second block of 64, bit 65 (`tertiary`: where it is no field) a third. */
export function bitmapCodec(coding: Dialect['bitmap'], tertiary: boolean): BitmapCodec {
  const blockBytes = coding === 'raw' ? 8 : 16;
  const readWord = coding === 'raw' ? readRawWord : coding === 'hex' ? readHexWord : readEbcdicWord;
  const bytesPerBit = blockBytes / 64;
  return {
    blockBytes,
    read(cursor) {
      const start = cursor.at;
      const numbers: number[] = [];
      for (let block = 0; block < 3; block++) {
        if (cursor.at + blockBytes > cursor.end)
          return cursor.stop('truncated', cursor.at, `the bitmap needs ${blockBytes} bytes, ${cursor.end - cursor.at} are left`);
        const first = readWord(cursor, cursor.at);
        const second = first === undefined ? undefined : readWord(cursor, cursor.at + blockBytes / 2);
        if (first === undefined || second === undefined) return undefined;
        cursor.at += blockBytes;
        const more = block === 0 || (block === 1 && tertiary) ? first >>> 31 : 0;
        pushBits(numbers, more === 1 ? first & 0x7fffffff : first, block * 64);
        pushBits(numbers, second, block * 64 + 32);
        if (more === 0)
          return { numbers, blocks: (block + 1) as 1 | 2 | 3, offsetOf: (number) => start + Math.floor((number - 1) * bytesPerBit) };
      }
      return undefined;
    },
    blocks: (numbers, sent) => Math.max(sent, Math.ceil((numbers.at(-1) ?? 1) / 64)),
    write(numbers, blocks, lowerCase, into, from) {
      const bits = new Uint8Array(blocks * 8);
      const announced = [...(blocks > 1 ? [1] : []), ...(blocks > 2 ? [65] : []), ...numbers];
      for (const number of announced) bits[(number - 1) >> 3] = (bits[(number - 1) >> 3] as number) | (0x80 >> ((number - 1) & 7));
      if (coding === 'raw') return into.set(bits, from);
      const text = Array.from(bits, (byte) => byte.toString(16).padStart(2, '0')).join('');
      writeCharacters(lowerCase ? text : text.toUpperCase(), into, from, coding === 'hex' ? 'ascii' : 'ebcdic');
    },
  };
}

function pushBits(numbers: number[], word: number, base: number): void {
  let rest = word;
  while (rest !== 0) {
    const lead = Math.clz32(rest);
    numbers.push(base + lead + 1);
    rest &= ~(0x80000000 >>> lead);
  }
}

function readRawWord({ bytes }: Cursor, at: number): number {
  return (
    ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number) | 0
  );
}

function readHexWord(cursor: Cursor, at: number): number | undefined {
  let word = 0;
  for (let index = at; index < at + 8; index++) {
    const code = cursor.bytes[index] as number;
    const value = nibble(code);
    if (value < 0) return cursor.stop('bad-bitmap', index, 'the bitmap holds a character that is no hexadecimal digit');
    if (value > 9 && !cursor.sawCase(code >= 0x61))
      return cursor.stop('bad-bitmap', index, 'the bitmap mixes upper and lower case: this is no bitmap');
    word = (word << 4) | value;
  }
  return word | 0;
}

function readEbcdicWord(cursor: Cursor, at: number): number | undefined {
  const text = readCharacters(cursor.bytes, at, 8, 'ebcdic');
  if (!/^[0-9A-F]{8}$/.test(text)) return cursor.stop('bad-bitmap', at, 'the bitmap holds a character that is no hexadecimal digit');
  return Number.parseInt(text, 16) | 0;
}
