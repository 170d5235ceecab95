/** What the sieve makes of a text, as its thread reads it. */
import { createSieveMemory, PIECE_BYTES } from '../../src/adapters/row-sieve-memory.ts';
import { eachRow } from '../../src/adapters/row-sieve-rows.ts';
import { createScanner, type ScannedFile } from '../../src/adapters/row-sieve-scan.ts';
import { NotSievable } from '../../src/adapters/row-sieve-split.ts';
import { beginSearch, type Side, STEPS, searchStep } from '../../src/adapters/row-sieve-suspects.ts';
import type { SievePlan } from '../../src/ports.ts';

export const PLAN: SievePlan = {
  side: 'orders',
  path: '',
  delimiter: ',',
  cells: 8,
  places: { order_no: 0, provider_ref: 1, kind: 2, amount: 3, currency: 4, status: 5, time: 6, fee: 7 },
  words: {
    kind: { payment: 0, refund: 1 },
    status: { paid: 0, success: 0, refunded: 1, unpaid: 2, failed: 2 },
    currency: { cny: 10, jpy: 16 },
  },
};
const BUCKETS = 1 << 12;

export interface Scanned {
  readonly marks: Int32Array;
  readonly files: readonly (ScannedFile & { readonly start: number; readonly bytes: number })[];
  /** Order number -> bucket. */
  readonly buckets: readonly number[];
  readonly refs: readonly number[];
  readonly lengths: readonly number[];
}

/** As the thread reads it, in pieces of this size. */
export function scan(text: string, size = PIECE_BYTES, plan = PLAN): Scanned {
  const memory = createSieveMemory(BUCKETS, 0);
  const { content, marks } = memory;
  const scanner = createScanner(plan, memory);
  const source = Buffer.from(text);
  let held = 0;
  for (let at = 0, isLast = false; !isLast; at += size) {
    const piece = source.subarray(at, at + size);
    isLast = piece.length === 0;
    const to = held + piece.copy(content, held);
    const rest = scanner.take(0, to, isLast);
    held = to - rest;
    content.copyWithin(0, rest, to);
    if (isLast && held > 0) throw new NotSievable('left over');
  }
  const file = scanner.end();
  const buckets: number[] = [];
  const refs: number[] = [];
  const lengths: number[] = [];
  eachRow(file.rows, (bucket, ref, length) => {
    buckets.push(bucket);
    refs.push(ref);
    lengths.push(length);
  });
  return { marks, files: [{ ...file, start: 0, bytes: source.length }], buckets, refs, lengths };
}

const PARTS = 2;

/** As two threads find them. */
export function findSuspects(here: Side, there: Side): Uint8Array {
  const search = beginSearch(here, there);
  for (const step of STEPS) for (let part = 0; part < PARTS; part++) searchStep(search, { step, part, parts: PARTS });
  return search.suspects;
}
