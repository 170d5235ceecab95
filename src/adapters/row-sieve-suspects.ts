/** Which buckets go on to the database: those whose sides disagree, and what is needed to judge them. */
import type { Located } from './row-sieve-files.ts';
import { compareMarks, hasBit, setBit } from './row-sieve-marks.ts';
import { firstBuckets, NO_BUCKET, NO_REF, pagesOf, type RowPage } from './row-sieve-rows.ts';

/** Orders that go on whatever they say: the clocks of the two sides are compared by them. */
const SAMPLED_ROWS = 1000;
/** Bits for references, by the beginning of their hash: few meet in one of the fine ones, and the coarse ones are near at hand. */
const FINE_BITS = 26;
const COARSE_BITS = 22;

interface References {
  readonly fine: Uint8Array;
  readonly coarse: Uint8Array;
}

export interface Side {
  readonly marks: Int32Array;
  readonly files: readonly Located[];
}

export function findSuspects(here: Side, there: Side): Uint8Array {
  // A fee that one side never names is not compared.
  const hasFees = [here, there].every(({ files }) => files.some(({ fees }) => fees > 0));
  const suspects = compareMarks(here.marks, there.marks, hasFees);
  for (const { ends } of [...here.files, ...there.files]) for (const bucket of ends) setBit(suspects, bucket);
  for (const { rows } of here.files)
    for (const bucket of firstBuckets(rows, SAMPLED_ROWS)) if (bucket !== NO_BUCKET) setBit(suspects, bucket);
  addByReference(suspects, here, there);
  return suspects;
}

/** A movement that stands under another number, or under none, may belong to an order by its transaction id. */
function addByReference(suspects: Uint8Array, here: Side, there: Side): void {
  const refs = { fine: new Uint8Array(1 << (FINE_BITS - 3)), coarse: new Uint8Array(1 << (COARSE_BITS - 3)) };
  for (const { rows } of there.files) for (const page of pagesOf(rows)) noteReferences(page, suspects, refs);
  for (const { rows } of here.files) for (const page of pagesOf(rows)) suspectReferences(page, suspects, refs);
}

function noteReferences({ buckets, refs: own, rows }: RowPage, suspects: Uint8Array, noted: References): void {
  for (let row = 0; row < rows; row++) {
    const bucket = buckets[row] as number;
    if (bucket !== NO_BUCKET && !hasBit(suspects, bucket)) continue;
    const ref = own[row] as number;
    if (ref === NO_REF) continue;
    setBit(noted.fine, ref >>> (32 - FINE_BITS));
    setBit(noted.coarse, ref >>> (32 - COARSE_BITS));
  }
}

function suspectReferences({ buckets, refs: own, rows }: RowPage, suspects: Uint8Array, { fine, coarse }: References): void {
  for (let row = 0; row < rows; row++) {
    const ref = own[row] as number;
    if (!hasBit(coarse, ref >>> (32 - COARSE_BITS)) || !hasBit(fine, ref >>> (32 - FINE_BITS)) || ref === NO_REF) continue;
    const bucket = buckets[row] as number;
    if (bucket !== NO_BUCKET) setBit(suspects, bucket);
  }
}
