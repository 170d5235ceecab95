/** The memory of one side of the sieve: what is read lies in it, tables of the loops over it, and the marks of all orders, which threads share. */

import { PAGE_BYTES, wasm } from '../redact/wasm-code.ts';
import { MAY_BE_FORMULA } from './row-sieve-cells.ts';
import { WORDS_A_BUCKET } from './row-sieve-marks.ts';
import { MAX_ROW_BYTES } from './row-sieve-rows.ts';
import { NotSievable } from './row-sieve-split.ts';

/** Of more, what was read is out of the processor's memory by the time it is looked at. */
export const PIECE_BYTES = 128 * 1024;
/** Bytes that may be looked at behind the last one that is read. */
const SLACK_BYTES = 64;
/** Rows that are read in one go. */
export const BATCH_ROWS = 256;
/** Addresses. */
export const AT = {
  /** Where the row behind the last one of a batch begins. */
  next: 0,
  /** Rows that name a fee. */
  fees: 4,
  /** Written, so that nobody leaves out the reading. */
  touched: 8,
  /** Of times that name no zone, and of those that do: the first and the last, in millionths of a second since 1970, and their buckets. */
  ends: 16,
  formula: 128,
  powers: 384,
  words: 512,
  buckets: 8192,
  refs: 9216,
  lengths: 10_240,
  shorts: 10_752,
  sums: 11_776,
  content: 16_384,
  marks: 16_384 + PIECE_BYTES + 128 * 1024,
} as const;

export const ENDS_BYTES = 32;
const POWERS = 16;

/** Of one column: where its table ends, then the words. */
export const WORDS_BYTES = 2048;
/** Sixteen bytes, those of them that count, the length, the meaning. */
export const ENTRY_BYTES = 48;
export const ENTRY_MASK = 16;
export const ENTRY_LENGTH = 32;
export const ENTRY_MEANING = 36;
export const FIRST_WORD = 16;

/** The least of all systems. */
const SYSTEM_PAGE_BYTES = 4096;

const EARLIEST = -(2n ** 63n);
const LATEST = 2n ** 63n - 1n;

export interface SieveMemory {
  readonly memory: object;
  readonly view: DataView;
  /** Read into it; a row of the usual length fits in behind a piece. */
  readonly content: Buffer;
  readonly marks: Int32Array;
  /** A power of two. */
  readonly buckets: number;
  readonly salt: number;
}

export function createSieveMemory(buckets: number, salt: number): SieveMemory {
  const pages = Math.ceil((AT.marks + buckets * WORDS_A_BUCKET * 4) / PAGE_BYTES);
  const memory = reserve(pages);
  const { buffer } = memory;
  const view = new DataView(buffer);
  // A page that is read before it is written costs the system twice.
  for (let at = AT.marks; at < buffer.byteLength; at += SYSTEM_PAGE_BYTES) view.setUint8(at, 0);
  for (const [byte, may] of MAY_BE_FORMULA.entries()) view.setUint8(AT.formula + byte, may);
  for (let power = 0; power < POWERS; power++) view.setBigInt64(AT.powers + power * 8, 10n ** BigInt(power), true);
  return {
    memory,
    view,
    content: Buffer.from(buffer, AT.content, PIECE_BYTES + MAX_ROW_BYTES + SLACK_BYTES),
    marks: new Int32Array(buffer, AT.marks, buckets * WORDS_A_BUCKET),
    buckets,
    salt,
  };
}

function reserve(pages: number): { readonly buffer: ArrayBuffer } {
  try {
    return new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    if (error instanceof RangeError) throw new NotSievable('there is no room for the marks');
    throw error;
  }
}

/** For another file of the same side: its words are its own. */
export function clearTables({ view }: SieveMemory): void {
  view.setInt32(AT.fees, 0, true);
  for (const form of [0, 1]) {
    const at = AT.ends + form * ENDS_BYTES;
    view.setBigInt64(at, LATEST, true);
    view.setBigInt64(at + 8, EARLIEST, true);
    view.setInt32(at + 16, -1, true);
    view.setInt32(at + 20, -1, true);
  }
  for (let column = 0; column < 3; column++) {
    const table = AT.words + column * WORDS_BYTES;
    view.setInt32(table, table + FIRST_WORD, true);
  }
}

/** One that is too long, or for which there is no room, is read with patience each time. */
export function addWord({ view }: SieveMemory, column: number, text: Uint8Array, meaning: number): void {
  const table = AT.words + column * WORDS_BYTES;
  const entry = view.getInt32(table, true);
  if (text.length > 16 || entry + ENTRY_BYTES > table + WORDS_BYTES) return;
  // What was there may be of another file.
  for (let at = 0; at < 16; at++) {
    view.setUint8(entry + at, text[at] ?? 0);
    view.setUint8(entry + ENTRY_MASK + at, at < text.length ? 0xff : 0);
  }
  view.setInt32(entry + ENTRY_LENGTH, text.length, true);
  view.setInt32(entry + ENTRY_MEANING, meaning, true);
  view.setInt32(table, entry + ENTRY_BYTES, true);
}
