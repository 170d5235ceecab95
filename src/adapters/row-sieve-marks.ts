/**
 * What the sieve remembers of the rows of one side. An order falls into one of many buckets by its number. A bucket holds sums of the marks
 * of its rows: two sides whose sums agree hold the same rows, but for one chance in 2^64. Sums do not tell two equal rows from two that
 * differ, so the numbers of the first orders of a bucket are kept in short: one that comes again makes its bucket suspect.
 */

/** Of 32 bits each: two sums of payments, one of fees, and the short numbers with their count. */
export const WORDS_A_BUCKET = 4;

export const SHORT_BITS = 9;
const SHORT = (1 << SHORT_BITS) - 1;
export const KEPT = 3;
export const COUNT_AT = KEPT * SHORT_BITS;
export const SUSPECT = 1 << 30;

export function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** `minor` is below 2^53, `meaning` is state and currency. */
export function markOf(minor: number, meaning: number): number {
  const high = minor > 0x7fff_ffff ? (minor / 0x1_0000_0000) | 0 : 0;
  return mix((minor | 0) + Math.imul(high ^ Math.imul(meaning, 0x9e3779b1), 0x27d4eb2f));
}

export function feeMark(second: number, fee: number): number {
  return mix(second ^ Math.imul(fee + 0x3c6ef372, 0x85ebca77));
}

/** In the place of the short number of an order: its bucket goes on whatever it holds. */
export const OF_SUSPECT = -1;

/** A payment: what is 0 adds nothing. */
export function addMark(marks: Int32Array, bucket: number, second: number, firstMark: number, secondMark: number, fee: number): void {
  const at = bucket * WORDS_A_BUCKET;
  marks[at] = (marks[at] as number) + firstMark;
  marks[at + 1] = (marks[at + 1] as number) + secondMark;
  marks[at + 2] = (marks[at + 2] as number) + fee;
  marks[at + 3] = addShort(marks[at + 3] as number, second >>> (32 - SHORT_BITS));
}

export function suspectBucket(marks: Int32Array, bucket: number): void {
  const at = bucket * WORDS_A_BUCKET + 3;
  marks[at] = (marks[at] as number) | SUSPECT;
}

/** An order with two rows on one side is suspect; so is a bucket with more orders than can be told apart. */
function addShort(held: number, short: number): number {
  const count = (held >>> COUNT_AT) & 7;
  let isKnown = count > KEPT;
  for (let kept = 0; kept < count && kept < KEPT; kept++) isKnown ||= ((held >>> (kept * SHORT_BITS)) & SHORT) === short;
  if (isKnown) return held | SUSPECT;
  const more = held + (1 << COUNT_AT);
  return count < KEPT ? more | (short << (count * SHORT_BITS)) : more;
}

interface Part {
  readonly suspects: Uint8Array;
  readonly part: number;
  readonly parts: number;
}

/** Suspects are the buckets of a part of all whose orders may differ. Without `fees` those are not compared: one side has none. */
export function compareMarks(here: Int32Array, there: Int32Array, fees: boolean, { suspects, part, parts }: Part): void {
  const buckets = here.length / WORDS_A_BUCKET;
  const first = Math.floor((buckets * part) / parts);
  const end = Math.floor((buckets * (part + 1)) / parts);
  const feeMask = fees ? -1 : 0;
  for (let bucket = first, at = first * WORDS_A_BUCKET; bucket < end; bucket++, at += WORDS_A_BUCKET) {
    // One question a bucket: nearly all answer no.
    const differing =
      ((here[at] as number) ^ (there[at] as number)) |
      ((here[at + 1] as number) ^ (there[at + 1] as number)) |
      (((here[at + 2] as number) ^ (there[at + 2] as number)) & feeMask) |
      (((here[at + 3] as number) | (there[at + 3] as number)) & SUSPECT);
    if (differing !== 0) setBit(suspects, bucket);
  }
}

/** Other threads may set others of the same byte. */
export function setBit(bits: Uint8Array, at: number): void {
  Atomics.or(bits, at >>> 3, 1 << (at & 7));
}

export function hasBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >>> 3] as number) & (1 << (at & 7))) !== 0;
}
