import * as w from '../redact/wasm-code.ts';

/** What the code of a row keeps while it runs: what it is given, numbers of 32 and of 64 bits, and two times sixteen bytes. */
export const LOCAL = {
  row: 0,
  to: 1,
  count: 2,
  at: 3,
  end: 4,
  place: 5,
  scratch: 6,
  word: 7,
  first: 8,
  second: 9,
  ref: 10,
  kind: 11,
  state: 12,
  money: 13,
  places: 14,
  feePlaces: 15,
  digit: 16,
  zoned: 17,
  bucket: 18,
  facts: 19,
  entry: 20,
  offset: 21,
  minor: 22,
  fee: 23,
  time: 24,
  base: 25,
  bytes: 26,
  minute: 27,
} as const;

/** The batch ends before this row. */
export const stop: w.Code = w.giveBack(w.get(LOCAL.count));
export const stopIf = (condition: w.Code): w.Code => w.when(condition, stop);
export const byteAt = (local: number, ahead = 0): w.Code => w.load8(w.get(local), ahead);
export const isByte = (local: number, byte: number): w.Code => w.equal(byteAt(local), w.i32(byte));
