/**
 * The usual row, read in one go by code that is made for the columns of one file: no quotes, no blanks, known words, plain amounts and times. It
 * stops at the first row that is anything else; that one is read with patience, and both readings come to the same.
 */
import type { SievePlan } from '../ports.ts';
import * as w from '../redact/wasm-code.ts';
import { MAX_WHOLE_DIGITS } from './row-sieve-cells.ts';
import { FIRST_OF_NOTHING, SECOND_OF_NOTHING } from './row-sieve-hash.ts';
import { byteAt, isByte, LOCAL, stop, stopIf } from './row-sieve-locals.ts';
import { AT, BATCH_ROWS, ENTRY_BYTES, ENTRY_LENGTH, ENTRY_MASK, ENTRY_MEANING, FIRST_WORD, WORDS_BYTES } from './row-sieve-memory.ts';
import { flushCode, recordCode } from './row-sieve-record.ts';
import { LAST_OF_WIDE_BLANK } from './row-sieve-split.ts';
import { readTime } from './row-sieve-time.ts';

const { row, to, count, at, end, place, scratch, word, first, second, ref, kind, state, money, places, feePlaces, digit, entry } = LOCAL;
const { minor, fee, time, bytes } = LOCAL;

const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const MAX_PLACES = 4;
const MAX_ROW_BYTES = 0xffff;

/** Columns of words, in the order of their tables. */
export const WORD_COLUMNS = ['kind', 'status', 'currency'] as const;

export interface Reading {
  readonly plan: SievePlan;
  readonly buckets: number;
  readonly salt: number;
}

/** `host.minute` tells of a time at an address when its minute began, in seconds since 1970; below 0: it is none. */
export function rowModule({ plan, buckets, salt }: Reading, memoryBytes: number): Uint8Array<ArrayBuffer> {
  const pages = w.unsigned(memoryBytes / w.PAGE_BYTES);
  return w.assembleModule({
    // Shared, and as large as it will ever be.
    memory: [0x03, ...pages, ...pages],
    imports: { minute: { takes: [w.I32], gives: [w.F64] } },
    exports: {
      read: {
        takes: [w.I32, w.I32],
        gives: [w.I32],
        locals: [
          [minor - count, w.I32],
          [bytes - minor, w.I64],
          [2, w.V128],
        ],
        code: [...w.repeat(readRow(plan, recordCode(buckets, salt))), ...w.get(count)],
      },
      flush: flushCode(),
    },
  });
}

function readRow(plan: SievePlan, record: w.Code): w.Code {
  const roles = Object.entries(plan.places) as [keyof SievePlan['places'], number][];
  const cells = Array.from({ length: plan.cells }, (_, cell) => roles.find(([, at]) => at === cell)?.[0]);
  const absent = (column: (typeof WORD_COLUMNS)[number]): w.Code => w.i32(plan.words[column][''] ?? -1);
  const delimiter = plan.delimiter.charCodeAt(0);
  return [
    ...w.leave(w.either(w.atLeastUnsigned(w.get(row), w.get(to)), w.equal(w.get(count), w.i32(BATCH_ROWS)))),
    ...w.put(at, w.get(row)),
    ...w.put(ref, w.i32(0)),
    ...w.put(kind, absent('kind')),
    ...w.put(state, absent('status')),
    ...w.put(feePlaces, w.i32(-1)),
    ...w.put(time, w.i64(-1)),
    ...cells.flatMap((role, cell) => readCell(role, delimiter, cell + 1 === plan.cells)),
    // As the last cell ends: LF or CRLF, within what is there.
    ...w.when(isByte(at, RETURN), w.advance(at, 1)),
    ...stopIf(w.unequal(byteAt(at), w.i32(LINE_FEED))),
    ...w.advance(at, 1),
    ...stopIf(w.either(w.aboveUnsigned(w.get(at), w.get(to)), w.aboveUnsigned(w.subtract(w.get(at), w.get(row)), w.i32(MAX_ROW_BYTES)))),
    ...record,
    ...w.put(row, w.get(at)),
    ...w.store32(w.i32(AT.next), w.get(row)),
    ...w.advance(count, 1),
  ];
}

type Role = keyof SievePlan['places'] | undefined;

function readCell(role: Role, delimiter: number, isLast: boolean): w.Code {
  const ends = (local: number): w.Code => (isLast ? w.either(isByte(local, LINE_FEED), isByte(local, RETURN)) : isByte(local, delimiter));
  const orEmpty = (code: w.Code): w.Code => w.when(w.isZero(ends(at)), code);
  const cell = {
    order_no: () => readText(delimiter, true),
    provider_ref: () => orEmpty(readText(delimiter, false)),
    kind: () => readWord(0, kind, ends),
    status: () => readWord(1, state, ends),
    currency: () => readWord(2, money, ends),
    amount: () => readDecimal(minor, places),
    fee: () => orEmpty([...w.when(isByte(at, MINUS), w.advance(at, 1)), ...readDecimal(fee, feePlaces)]),
    time: () => orEmpty(readTime()),
    none: () => [...findEnd(delimiter), ...w.put(at, w.get(end))],
  };
  const read = cell[role ?? 'none']();
  return isLast ? read : [...read, ...stopIf(w.unequal(byteAt(at), w.i32(delimiter))), ...w.advance(at, 1)];
}

/** Sixteen bytes at a time: the first one that ends a cell, or must not stand in one. */
function findEnd(delimiter: number): w.Code {
  const special = [delimiter, LINE_FEED, RETURN, QUOTE].map((byte) => w.sameBytes(w.get(bytes), byte));
  return [
    ...w.put(end, w.get(at)),
    ...w.repeat([
      ...w.put(bytes, w.load128(w.get(end))),
      ...w.put(scratch, w.highBits(special.reduce((all, one) => w.either128(all, one)))),
      ...w.leave(w.get(scratch)),
      ...w.advance(end, 16),
    ]),
    ...w.put(end, w.add(w.get(end), w.trailingZeros(w.get(scratch)))),
  ];
}

/** Empty, with blanks around it, or the beginning of a formula: none of the usual ones. */
function readText(delimiter: number, isOrder: boolean): w.Code {
  const isBlank = w.either(
    w.isZero(w.above(w.load8(w.subtract(w.get(end), w.i32(1))), w.i32(BLANK))),
    w.equal(w.load8(w.subtract(w.get(end), w.i32(1))), w.i32(LAST_OF_WIDE_BLANK)),
  );
  const left = w.subtract(w.get(end), w.get(place));
  const sums = isOrder ? [...addWord(first, 0x01000193, 13), ...addWord(second, 0xcc9e2d51, 15)] : addWord(ref, 0xcc9e2d51, 15);
  return [
    ...findEnd(delimiter),
    ...stopIf(w.equal(w.get(end), w.get(at))),
    ...stopIf(w.either(w.load8(byteAt(at), AT.formula), isBlank)),
    ...(isOrder
      ? [...w.put(first, w.i32(FIRST_OF_NOTHING)), ...w.put(second, w.i32(SECOND_OF_NOTHING))]
      : w.put(ref, w.i32(SECOND_OF_NOTHING))),
    ...w.put(place, w.get(at)),
    ...w.repeat([
      ...w.leave(w.aboveUnsigned(w.add(w.get(place), w.i32(4)), w.get(end))),
      ...w.put(word, w.load32(w.get(place))),
      ...sums,
      ...w.advance(place, 4),
    ]),
    // The bytes that are left, and how many.
    ...w.put(
      word,
      w.either(
        w.both(w.load32(w.get(place)), w.subtract(w.shiftLeft(w.i32(1), w.shiftLeft(left, w.i32(3))), w.i32(1))),
        w.shiftLeft(left, w.i32(28)),
      ),
    ),
    ...sums,
    ...w.put(at, w.get(end)),
  ];
}

/** As `addToFirst` and `addToSecond` do. */
function addWord(sum: number, factor: number, shift: number): w.Code {
  return [
    ...w.put(sum, w.multiply(w.differing(w.get(sum), w.get(word)), w.i32(factor))),
    ...w.put(sum, w.differing(w.get(sum), w.shiftRight(w.get(sum), w.i32(shift)))),
  ];
}

function readWord(column: number, meaning: number, ends: (local: number) => w.Code): w.Code {
  const table = AT.words + column * WORDS_BYTES;
  const isHere: w.Code = [
    ...w.put(scratch, w.add(w.get(at), w.load32(w.get(entry), ENTRY_LENGTH))),
    ...w.both(
      w.isZero(w.isAny128(w.both128(w.differing128(w.get(bytes), w.load128(w.get(entry))), w.load128(w.get(entry), ENTRY_MASK)))),
      ends(scratch),
    ),
  ];
  return [
    ...w.put(bytes, w.load128(w.get(at))),
    ...w.put(entry, w.i32(table + FIRST_WORD)),
    ...w.repeat([
      ...w.when(w.atLeastUnsigned(w.get(entry), w.load32(w.i32(table))), stop),
      ...w.leave(isHere),
      ...w.advance(entry, ENTRY_BYTES),
    ]),
    ...w.put(at, w.get(scratch)),
    ...w.put(meaning, w.load32(w.get(entry), ENTRY_MEANING)),
  ];
}

function readDecimal(value: number, fraction: number): w.Code {
  const digits = w.repeat([
    ...w.put(digit, w.subtract(byteAt(place), w.i32(ZERO))),
    ...w.leave(w.aboveUnsigned(w.get(digit), w.i32(9))),
    ...w.put(value, w.add64(w.multiply64(w.get(value), w.i64(10)), w.extend(w.get(digit)))),
    ...w.advance(place, 1),
  ]);
  const isOutside = (length: w.Code, most: number): w.Code => w.aboveUnsigned(w.subtract(length, w.i32(1)), w.i32(most - 1));
  return [
    ...w.put(place, w.get(at)),
    ...w.put(value, w.i64(0)),
    ...w.put(fraction, w.i32(0)),
    ...digits,
    ...stopIf(isOutside(w.subtract(w.get(place), w.get(at)), MAX_WHOLE_DIGITS)),
    ...w.when(isByte(place, POINT), [
      ...w.advance(place, 1),
      ...w.put(scratch, w.get(place)),
      ...digits,
      ...w.put(fraction, w.subtract(w.get(place), w.get(scratch))),
      ...stopIf(isOutside(w.get(fraction), MAX_PLACES)),
    ]),
    ...w.put(at, w.get(place)),
  ];
}
