/** Which buckets go on to the database: those whose sides disagree, and what is needed to judge them. */
import type { Located } from './row-sieve-files.ts';
import { compareMarks, hasBit, setBit } from './row-sieve-marks.ts';
import { eachRow, firstBuckets, NO_BUCKET, NO_REF } from './row-sieve-rows.ts';

/** Orders that go on whatever they say: the clocks of the two sides are compared by them. */
const SAMPLED_ROWS = 1000;
/** Bits for references, by the end of their hash; few meet in one. */
const REF_BITS = 27;

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
  const refs = new Uint8Array(1 << (REF_BITS - 3));
  const place = (ref: number): number => ref >>> (32 - REF_BITS);
  for (const { rows } of there.files)
    eachRow(rows, (bucket, ref) => {
      if (ref !== NO_REF && (bucket === NO_BUCKET || hasBit(suspects, bucket))) setBit(refs, place(ref));
    });
  for (const { rows } of here.files)
    eachRow(rows, (bucket, ref) => {
      if (bucket !== NO_BUCKET && ref !== NO_REF && hasBit(refs, place(ref))) setBit(suspects, bucket);
    });
}
