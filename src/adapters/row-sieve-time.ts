/** A time of the usual form: `2026-11-27T10:00:00`, or a blank for the T, a fraction of up to six digits, then `Z`, `+08:00` or nothing. */

import * as w from '../redact/wasm-code.ts';
import { byteAt, isByte, LOCAL, stopIf } from './row-sieve-locals.ts';

const { at, place, scratch, word, digit, zoned, offset, time, base, bytes, minute } = LOCAL;

const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const LETTER_Z = 90;
const DAY_MINUTES = 24 * 60;
const MICROS_A_SECOND = 1_000_000;

/** Of times that begin like the one before, as in a file in their order, only what differs is read. */
export function readTime(): w.Code {
  return [
    ...w.put(bytes, w.load128(w.get(at))),
    ...w.when(w.isAny128(w.differing128(w.get(bytes), w.get(minute))), [
      ...w.put(base, w.truncate(w.call(0, w.get(at)))),
      ...stopIf(w.below64(w.get(base), w.i64(0))),
      ...w.put(minute, w.get(bytes)),
    ]),
    ...stopIf(w.unequal(byteAt(at, 16), w.i32(COLON))),
    ...w.put(place, w.get(at)),
    ...readPair(17),
    ...stopIf(w.above(w.get(word), w.i32(59))),
    ...w.put(time, w.multiply64(w.add64(w.get(base), w.extend(w.get(word))), w.i64(MICROS_A_SECOND))),
    ...w.advance(place, 19),
    ...w.when(isByte(place, POINT), readFraction()),
    ...readZone(),
    ...stopIf(w.below64(w.get(time), w.i64(0))),
    ...w.put(at, w.get(place)),
  ];
}

/** Two digits, ahead of `place`, as `word`. */
function readPair(ahead: number): w.Code {
  return [
    ...w.put(word, w.subtract(byteAt(place, ahead), w.i32(ZERO))),
    ...w.put(digit, w.subtract(byteAt(place, ahead + 1), w.i32(ZERO))),
    ...stopIf(w.either(w.aboveUnsigned(w.get(word), w.i32(9)), w.aboveUnsigned(w.get(digit), w.i32(9)))),
    ...w.put(word, w.add(w.multiply(w.get(word), w.i32(10)), w.get(digit))),
  ];
}

/** One to six digits. */
function readFraction(): w.Code {
  return [
    ...w.advance(place, 1),
    ...w.put(scratch, w.i32(MICROS_A_SECOND)),
    ...w.repeat([
      ...w.put(digit, w.subtract(byteAt(place), w.i32(ZERO))),
      ...w.leave(w.aboveUnsigned(w.get(digit), w.i32(9))),
      ...w.put(scratch, w.divide(w.get(scratch), w.i32(10))),
      ...w.put(time, w.add64(w.get(time), w.extend(w.multiply(w.get(digit), w.get(scratch))))),
      ...w.advance(place, 1),
      // A seventh digit would be worth less than a millionth.
      ...stopIf(w.isZero(w.get(scratch))),
    ]),
    ...stopIf(w.equal(w.get(scratch), w.i32(MICROS_A_SECOND))),
  ];
}

/** `Z`, `+08:00` or nothing; what stands behind it ends the cell, or the row is none of the usual ones. */
function readZone(): w.Code {
  const sign = w.either(isByte(place, PLUS), isByte(place, MINUS));
  const shifted: w.Code = [
    ...w.put(zoned, w.i32(1)),
    ...stopIf(w.unequal(byteAt(place, 3), w.i32(COLON))),
    ...readPair(1),
    ...w.put(offset, w.multiply(w.get(word), w.i32(60))),
    ...readPair(4),
    ...w.put(offset, w.add(w.get(offset), w.get(word))),
    ...stopIf(w.atLeastUnsigned(w.get(offset), w.i32(DAY_MINUTES))),
    ...w.when(isByte(place, MINUS), w.put(offset, w.subtract(w.i32(0), w.get(offset)))),
    ...w.put(time, w.subtract64(w.get(time), w.multiply64(w.extendSigned(w.get(offset)), w.i64(60 * MICROS_A_SECOND)))),
    ...w.advance(place, 6),
  ];
  return [
    ...w.put(zoned, w.i32(0)),
    ...w.when(isByte(place, LETTER_Z), [...w.put(zoned, w.i32(1)), ...w.advance(place, 1)], w.when(sign, shifted)),
  ];
}
