/** Which buckets go on to the database: those whose sides disagree, and what is needed to judge them. */
import type { Located } from './row-sieve-files.ts';
import { compareMarks, hasBit, setBit, WORDS_A_BUCKET } from './row-sieve-marks.ts';
import { firstBuckets, NO_BUCKET, NO_REF, pagesOf, type RowPage } from './row-sieve-rows.ts';

/** Orders that go on whatever they say: the clocks of the two sides are compared by them. */
const SAMPLED_ROWS = 1000;
/** Bits for references, by the beginning of their hash: few meet in one of the fine ones, and the coarse ones are near at hand. */
const FINE_BITS = 26;
const COARSE_BITS = 22;

export interface Side {
  readonly marks: Int32Array;
  readonly files: readonly Located[];
}

/** Both sides, and what is found out of them, in memory that threads share. */
export interface Search {
  readonly here: Side;
  readonly there: Side;
  /** A bit a bucket. */
  readonly suspects: Uint8Array;
  readonly fine: Uint8Array;
  readonly coarse: Uint8Array;
}

/** One behind the other; within each, threads may work side by side. */
export const STEPS = ['compare', 'note', 'follow'] as const;

/** `part` of `parts`, from 0. */
export interface Step {
  readonly step: (typeof STEPS)[number];
  readonly part: number;
  readonly parts: number;
}

export function beginSearch(here: Side, there: Side): Search {
  const suspects = sharedBits(here.marks.length / WORDS_A_BUCKET);
  for (const { ends } of [...here.files, ...there.files]) for (const bucket of ends) setBit(suspects, bucket);
  for (const { rows } of here.files)
    for (const bucket of firstBuckets(rows, SAMPLED_ROWS)) if (bucket !== NO_BUCKET) setBit(suspects, bucket);
  return { here, there, suspects, fine: sharedBits(1 << FINE_BITS), coarse: sharedBits(1 << COARSE_BITS) };
}

function sharedBits(count: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(Math.ceil(count / 8)));
}

/** A movement that stands under another number, or under none, may belong to an order by its transaction id. */
export function searchStep(search: Search, { step, part, parts }: Step): void {
  const { here, there, suspects } = search;
  if (step === 'compare') {
    // A fee that one side never names is not compared.
    const hasFees = [here, there].every(({ files }) => files.some(({ fees }) => fees > 0));
    compareMarks(here.marks, there.marks, hasFees, { suspects, part, parts });
    return;
  }
  const isOwn = (_: RowPage, at: number): boolean => at % parts === part;
  for (const { rows } of (step === 'note' ? there : here).files)
    for (const page of pagesOf(rows).filter(isOwn)) step === 'note' ? noteReferences(page, search) : followReferences(page, search);
}

function noteReferences({ buckets, refs: own, rows }: RowPage, { suspects, fine, coarse }: Search): void {
  for (let row = 0; row < rows; row++) {
    const bucket = buckets[row] as number;
    if (bucket !== NO_BUCKET && !hasBit(suspects, bucket)) continue;
    const ref = own[row] as number;
    if (ref === NO_REF) continue;
    setBit(fine, ref >>> (32 - FINE_BITS));
    setBit(coarse, ref >>> (32 - COARSE_BITS));
  }
}

function followReferences({ buckets, refs: own, rows }: RowPage, { suspects, fine, coarse }: Search): void {
  for (let row = 0; row < rows; row++) {
    const ref = own[row] as number;
    if (!hasBit(coarse, ref >>> (32 - COARSE_BITS)) || !hasBit(fine, ref >>> (32 - FINE_BITS)) || ref === NO_REF) continue;
    const bucket = buckets[row] as number;
    if (bucket !== NO_BUCKET) setBit(suspects, bucket);
  }
}
