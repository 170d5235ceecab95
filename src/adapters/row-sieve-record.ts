/** What a row that was read says, as sums in the bucket of its order: the loops of `row-sieve-marks.ts` over many rows at once. */

import * as w from '../redact/wasm-code.ts';
import { LOCAL, stopIf } from './row-sieve-locals.ts';
import { COUNT_AT, KEPT, OF_SUSPECT, SHORT_BITS, SUSPECT } from './row-sieve-marks.ts';
import { AT, ENDS_BYTES } from './row-sieve-memory.ts';

const { at, row, count, place, scratch, word, first, second, ref, kind, state, money, places, feePlaces, digit, zoned, bucket, facts } =
  LOCAL;
const { minor, fee, time } = LOCAL;
/** The last state of a payment that moved money. */
const LAST_MOVED = 1;

/** Stops the batch where an amount is finer than the currency, or may be. */
export function recordCode(buckets: number, salt: number): w.Code {
  const exponent = w.both(w.get(money), w.i32(7));
  const scale = (value: number, fraction: number): w.Code => [
    ...w.put(scratch, w.subtract(exponent, w.get(fraction))),
    ...stopIf(w.below(w.get(scratch), w.i32(0))),
    ...w.put(value, w.multiply64(w.get(value), w.load64(w.shiftLeft(w.get(scratch), w.i32(3)), AT.powers))),
  ];
  const isOdd = w.either(w.get(kind), w.either(w.below(w.get(state), w.i32(0)), w.below(w.get(money), w.i32(0))));
  return [
    ...scale(minor, places),
    ...w.when(w.above(w.get(feePlaces), w.i32(-1)), scale(fee, feePlaces)),
    ...mixed(bucket, w.differing(w.get(first), w.i32(salt))),
    ...w.put(bucket, w.both(w.get(bucket), w.i32(buckets - 1))),
    ...w.put(place, w.shiftLeft(w.get(count), w.i32(2))),
    ...w.store32(w.get(place), w.get(bucket), AT.buckets),
    ...w.store32(w.get(place), w.get(ref), AT.refs),
    ...w.store16(w.shiftLeft(w.get(count), w.i32(1)), w.subtract(w.get(at), w.get(row)), AT.lengths),
    ...w.store32(w.get(place), w.i32(OF_SUSPECT), AT.shorts),
    ...w.put(word, w.i32(0)),
    ...w.put(digit, w.i32(0)),
    ...w.put(scratch, w.i32(0)),
    ...w.when(w.isZero(isOdd), [
      ...w.store32(w.get(place), w.shiftRight(w.get(second), w.i32(32 - SHORT_BITS)), AT.shorts),
      ...w.when(w.isZero(w.below64(w.get(time), w.i64(0))), coverCode()),
      ...w.when(w.isZero(w.above(w.get(state), w.i32(LAST_MOVED))), markCode()),
    ]),
    ...w.put(place, w.shiftLeft(w.get(count), w.i32(4))),
    ...w.store32(w.get(place), w.get(word), AT.sums),
    ...w.store32(w.get(place), w.get(digit), AT.sums + 4),
    ...w.store32(w.get(place), w.get(scratch), AT.sums + 8),
  ];
}

/** As `mix` does. */
function mixed(into: number, value: w.Code): w.Code {
  const fold = (shift: number): w.Code => w.differing(w.get(into), w.shiftRight(w.get(into), w.i32(shift)));
  return [
    ...w.put(into, value),
    ...w.put(into, w.multiply(fold(16), w.i32(0x85ebca6b))),
    ...w.put(into, w.multiply(fold(13), w.i32(0xc2b2ae35))),
    ...w.put(into, fold(16)),
  ];
}

/** The sums as `word`, `digit` and `scratch`. */
function markCode(): w.Code {
  const low = w.wrap(w.get(minor));
  const high = w.wrap(w.shiftRight64(w.get(minor), w.i64(32)));
  const meaning = w.either(w.shiftLeft(w.get(money), w.i32(3)), w.get(state));
  return [
    ...mixed(facts, w.add(low, w.multiply(w.differing(high, w.multiply(meaning, w.i32(0x9e3779b1))), w.i32(0x27d4eb2f)))),
    ...mixed(word, w.differing(w.get(first), w.get(facts))),
    ...mixed(digit, w.add(w.multiply(w.differing(w.get(second), w.get(facts)), w.i32(0x165667b1)), low)),
    ...w.when(w.above(w.get(feePlaces), w.i32(-1)), [
      ...mixed(scratch, w.differing(w.get(second), w.multiply(w.add(w.wrap(w.get(fee)), w.i32(0x3c6ef372)), w.i32(0x85ebca77)))),
      ...w.store32(w.i32(AT.fees), w.add(w.load32(w.i32(AT.fees)), w.i32(1))),
    ]),
  ];
}

function coverCode(): w.Code {
  const ends = w.multiply(w.get(zoned), w.i32(ENDS_BYTES));
  const keep = (isBeyond: (one: w.Code, other: w.Code) => w.Code, ahead: number, bucketAhead: number): w.Code =>
    w.when(isBeyond(w.get(time), w.load64(ends, AT.ends + ahead)), [
      ...w.store64(ends, w.get(time), AT.ends + ahead),
      ...w.store32(ends, w.get(bucket), AT.ends + bucketAhead),
    ]);
  return [...keep(w.below64, 0, 16), ...keep(w.above64, 8, 20)];
}

/** Buckets lie far apart in memory: all of a batch are asked for at once, and written when they are near. */
export function flushCode(): w.WasmFunction {
  const [rows, at, held, short, kept, touched] = [0, 1, 2, 3, 4, 5];
  const each = (body: w.Code): w.Code => [
    ...w.put(at, w.i32(0)),
    ...w.repeat([...w.leave(w.atLeastUnsigned(w.get(at), w.get(rows))), ...body, ...w.advance(at, 1)]),
  ];
  const place = 6;
  const find = w.put(place, w.shiftLeft(w.load32(w.shiftLeft(w.get(at), w.i32(2)), AT.buckets), w.i32(4)));
  const isShort = (which: number): w.Code =>
    w.both(
      w.above(w.get(kept), w.i32(which)),
      w.equal(w.both(w.shiftRight(w.get(held), w.i32(which * SHORT_BITS)), w.i32((1 << SHORT_BITS) - 1)), w.get(short)),
    );
  const isKnown = Array.from({ length: KEPT }, (_, which) => isShort(which)).reduce(
    (any, one) => w.either(any, one),
    w.either(w.equal(w.get(short), w.i32(OF_SUSPECT)), w.above(w.get(kept), w.i32(KEPT))),
  );
  const addShort = w.when(isKnown, w.put(held, w.either(w.get(held), w.i32(SUSPECT))), [
    ...w.put(held, w.add(w.get(held), w.i32(1 << COUNT_AT))),
    ...w.when(
      w.below(w.get(kept), w.i32(KEPT)),
      w.put(held, w.either(w.get(held), w.shiftLeft(w.get(short), w.multiply(w.get(kept), w.i32(SHORT_BITS))))),
    ),
  ]);
  return {
    takes: [w.I32],
    gives: [],
    locals: [[6, w.I32]],
    code: [
      ...each([...find, ...w.put(touched, w.differing(w.get(touched), w.load32(w.get(place), AT.marks)))]),
      ...w.store32(w.i32(AT.touched), w.get(touched)),
      ...each([
        ...find,
        ...w.put(held, w.load32(w.get(place), AT.marks + 12)),
        ...w.put(short, w.load32(w.shiftLeft(w.get(at), w.i32(2)), AT.shorts)),
        ...w.put(kept, w.both(w.shiftRight(w.get(held), w.i32(COUNT_AT)), w.i32(7))),
        ...addShort,
        // The last of the four is none of the sums: what is stored beside them is 0.
        ...w.store128(
          w.get(place),
          w.addWords128(w.load128(w.get(place), AT.marks), w.load128(w.shiftLeft(w.get(at), w.i32(4)), AT.sums)),
          AT.marks,
        ),
        ...w.store32(w.get(place), w.get(held), AT.marks + 12),
      ]),
    ],
  };
}
