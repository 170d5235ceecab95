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
  const high = minor > 0x7fff_ffff ? (minor / 0x1_0000_0000) | 0 : 0;
  return mix((minor | 0) + Math.imul(high ^ Math.imul(meaning, 0x9e3779b1), 0x27d4eb2f));
}

export function feeMark(second: number, fee: number): number {
  return mix(second ^ Math.imul(fee + 0x3c6ef372, 0x85ebca77));
}

/** Buckets lie far apart in memory: many are asked for at once, and written when they are near. */
export interface Marker {
  readonly marks: Int32Array;
  /** Of each row its bucket, short number, and the three sums that it adds. */
  readonly pending: Int32Array;
  /** Of `pending`, in use. */
  used: number;
}

const WORDS_A_ROW = 5;
const PENDING_WORDS = 256 * WORDS_A_ROW;
const OF_SUSPECT = -1;

export function createMarker(marks: Int32Array): Marker {
  return { marks, pending: new Int32Array(PENDING_WORDS), used: 0 };
}

/** A payment: what is 0 adds nothing. */
export function addMark(marker: Marker, bucket: number, second: number, firstMark: number, secondMark: number, fee: number): void {
  keep(marker, bucket, second >>> (32 - SHORT_BITS), firstMark, secondMark, fee);
}

export function suspectBucket(marker: Marker, bucket: number): void {
  keep(marker, bucket, OF_SUSPECT, 0, 0, 0);
}

function keep(marker: Marker, bucket: number, short: number, first: number, second: number, fee: number): void {
  const { pending, used } = marker;
  pending[used] = bucket;
  pending[used + 1] = short;
  pending[used + 2] = first;
  pending[used + 3] = second;
  pending[used + 4] = fee;
  marker.used = used + WORDS_A_ROW;
  if (marker.used === PENDING_WORDS) flushMarks(marker);
}

export function flushMarks(marker: Marker): number {
  const { marks, pending, used } = marker;
  let touched = 0;
  for (let row = 0; row < used; row += WORDS_A_ROW) touched ^= marks[(pending[row] as number) * WORDS_A_BUCKET] as number;
  for (let row = 0; row < used; row += WORDS_A_ROW) {
    const at = (pending[row] as number) * WORDS_A_BUCKET;
    const short = pending[row + 1] as number;
    marks[at] = (marks[at] as number) + (pending[row + 2] as number);
    marks[at + 1] = (marks[at + 1] as number) + (pending[row + 3] as number);
    marks[at + 2] = (marks[at + 2] as number) + (pending[row + 4] as number);
    const held = marks[at + 3] as number;
    marks[at + 3] = short === OF_SUSPECT ? held | SUSPECT : addShort(held, short);
  }
  marker.used = 0;
  // Told, so that nobody optimises the first look away.
  return touched;
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
