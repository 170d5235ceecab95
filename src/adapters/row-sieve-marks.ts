/**
 * What the sieve remembers of the rows of one side. An order falls into one of many buckets by its number. A bucket holds sums of the marks
 * of its rows: two sides whose sums agree hold the same rows, but for one chance in 2^64. Sums do not tell two equal rows from two that
 * differ, so the numbers of the first orders of a bucket are kept in short: one that comes again makes its bucket suspect.
 */

/** Of 32 bits each: two sums of payments, one of fees, and the short numbers with their count. */
export const WORDS_A_BUCKET = 4;

const SHORT_BITS = 9;
const SHORT = (1 << SHORT_BITS) - 1;
const KEPT = 3;
const COUNT_AT = KEPT * SHORT_BITS;
const SUSPECT = 1 << 30;

export function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** `minor` is below 2^53, `meaning` is state and currency. */
export function markOf(minor: number, meaning: number): number {
  return mix((minor | 0) + Math.imul(((minor / 0x1_0000_0000) | 0) ^ Math.imul(meaning, 0x9e3779b1), 0x27d4eb2f));
}

export function feeMark(second: number, fee: number): number {
  return mix(second ^ Math.imul(fee + 0x3c6ef372, 0x85ebca77));
}

export interface Marker {
  /** A payment: what is 0 adds nothing. */
  add(bucket: number, second: number, firstMark: number, secondMark: number, feeMark: number): void;
  suspect(bucket: number): void;
  flush(): number;
}

const PENDING = 256;
const OF_SUSPECT = -1;

/** Buckets lie far apart in memory: many are asked for at once, and written when they are near. */
export function createMarker(marks: Int32Array): Marker {
  const buckets = new Int32Array(PENDING);
  const shorts = new Int32Array(PENDING);
  const sums = new Int32Array(PENDING * 3);
  let used = 0;
  const flush = (): number => {
    let touched = 0;
    for (let row = 0; row < used; row++) touched ^= marks[(buckets[row] as number) * WORDS_A_BUCKET] as number;
    for (let row = 0; row < used; row++) {
      const at = (buckets[row] as number) * WORDS_A_BUCKET;
      const short = shorts[row] as number;
      marks[at] = (marks[at] as number) + (sums[row * 3] as number);
      marks[at + 1] = (marks[at + 1] as number) + (sums[row * 3 + 1] as number);
      marks[at + 2] = (marks[at + 2] as number) + (sums[row * 3 + 2] as number);
      if (short === OF_SUSPECT) marks[at + 3] = (marks[at + 3] as number) | SUSPECT;
      else marks[at + 3] = addShort(marks[at + 3] as number, short);
    }
    used = 0;
    // Told, so that nobody optimises the first look away.
    return touched;
  };
  const keep = (bucket: number, short: number, first: number, second: number, fee: number): void => {
    buckets[used] = bucket;
    shorts[used] = short;
    sums[used * 3] = first;
    sums[used * 3 + 1] = second;
    sums[used * 3 + 2] = fee;
    used += 1;
    if (used === PENDING) flush();
  };
  return {
    add: (bucket, second, first, other, fee) => keep(bucket, second >>> (32 - SHORT_BITS), first, other, fee),
    suspect: (bucket) => keep(bucket, OF_SUSPECT, 0, 0, 0),
    flush,
  };
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

/** A bit a bucket: 1 where its orders may differ. Without `fees` those are not compared: one side has none. */
export function compareMarks(here: Int32Array, there: Int32Array, fees: boolean): Uint8Array {
  const buckets = here.length / WORDS_A_BUCKET;
  const suspects = new Uint8Array(new SharedArrayBuffer(Math.ceil(buckets / 8)));
  for (let bucket = 0, at = 0; bucket < buckets; bucket++, at += WORDS_A_BUCKET) {
    const differs =
      here[at] !== there[at] ||
      here[at + 1] !== there[at + 1] ||
      (fees && here[at + 2] !== there[at + 2]) ||
      (((here[at + 3] as number) | (there[at + 3] as number)) & SUSPECT) !== 0;
    if (differs) setBit(suspects, bucket);
  }
  return suspects;
}

export function setBit(bits: Uint8Array, at: number): void {
  bits[at >>> 3] = (bits[at >>> 3] as number) | (1 << (at & 7));
}

export function hasBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >>> 3] as number) & (1 << (at & 7))) !== 0;
}
