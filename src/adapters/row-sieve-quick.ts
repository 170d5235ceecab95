/**
 * The usual row, read in one go: no quotes, no blanks, known words, plain amounts and times. What is anything else is told by -1 and read again
 * with patience; both readings come to the same, this one at a fraction of the cost. Functions over plain records rather than closures: numbers
 * that closures share live on the heap.
 */
import type { SievePlan } from '../ports.ts';
import { MAX_WHOLE_DIGITS, MAY_BE_FORMULA, noRest, readRest, readSeconds, type TimeRest, twoDigits } from './row-sieve-cells.ts';
import { addToFirst, addToSecond, FIRST_OF_NOTHING, lastWord, SECOND_OF_NOTHING, type TextHash } from './row-sieve-hash.ts';
import { LAST_OF_WIDE_BLANK } from './row-sieve-split.ts';
import { passWord, type Vocabulary } from './row-sieve-words.ts';

const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const MAX_PLACES = 4;

export type Words = Readonly<Record<'kind' | 'status' | 'currency', Vocabulary>>;

/** What a row says. */
export interface RowFacts {
  /** It has the number of an order. */
  named: boolean;
  /** Two numbers of its order, made in different ways. */
  first: number;
  second: number;
  /** One of its reference; 0 where there is none. */
  ref: number;
  kind: number;
  state: number;
  money: number;
  minor: number;
  /** -1: it names none. */
  fee: number;
  /** Whole ones, and millionths beyond them. -1: it names no time. */
  seconds: number;
  micros: number;
  zoned: boolean;
}

export function noFacts(): RowFacts {
  return { named: true, first: 0, second: 0, ref: 0, kind: 0, state: 0, money: 0, minor: 0, fee: -1, seconds: -1, micros: 0, zoned: false };
}

const ROLES = ['order_no', 'provider_ref', 'kind', 'amount', 'currency', 'status', 'time', 'fee'] as const;
const ORDER = 0;
const REF = 1;
const KIND = 2;
const AMOUNT = 3;
const CURRENCY = 4;
const STATUS = 5;
const TIME = 6;
const FEE = 7;
const NO_ROLE = 8;

/** As it stands in a cell: digits without their point, and how many are behind it. */
interface Decimal {
  value: number;
  /** -1: there was none. */
  places: number;
}

/** Of times that begin like the one before, as in a file in their order, only what differs is read. */
interface Clock {
  /** Date, hour and minute, four bytes each. */
  readonly minute: Int32Array;
  /** Seconds since 1970 at the beginning of that minute. */
  base: number;
  /** What stands behind the seconds; and the bytes of it, when they have the length of a zone: 0 when they have not. */
  readonly rest: TimeRest;
  zone: number;
  zoneEnd: number;
  seconds: number;
}

export interface QuickReader {
  readonly roles: Int32Array;
  readonly delimiter: number;
  /** 1: it ends a cell, or must not stand in one. */
  readonly special: Uint8Array;
  /** All those lie below the digits. */
  readonly isBelow: boolean;
  readonly kind: Vocabulary;
  readonly status: Vocabulary;
  readonly currency: Vocabulary;
  readonly order: TextHash;
  readonly ref: TextHash;
  readonly amount: Decimal;
  readonly fee: Decimal;
  readonly clock: Clock;
}

export function createQuickReader(plan: SievePlan, words: Words, special: Uint8Array): QuickReader {
  const roles = Int32Array.from({ length: plan.cells }, (_, cell) => {
    const role = ROLES.findIndex((name) => plan.places[name] === cell);
    return role < 0 ? NO_ROLE : role;
  });
  return {
    roles,
    delimiter: plan.delimiter.charCodeAt(0),
    special,
    isBelow: plan.delimiter < '0',
    ...words,
    order: { first: 0, second: 0 },
    ref: { first: 0, second: 0 },
    amount: { value: 0, places: -1 },
    fee: { value: 0, places: -1 },
    clock: { minute: new Int32Array(4), base: 0, rest: noRest(), zone: 0, zoneEnd: 0, seconds: -1 },
  };
}

/** The start of the next row, with what the row says in `facts`. `bytes` must go on some way behind it. */
export function readQuickly(reader: QuickReader, facts: RowFacts, bytes: Uint8Array, view: DataView, from: number): number {
  const { roles, delimiter, special, kind, status, currency, order, ref, amount, fee, clock } = reader;
  const last = roles.length - 1;
  let at = from;
  ref.second = 0;
  fee.places = -1;
  clock.seconds = -1;
  // In one loop: calls are much of the cost. Where the cell ends; -1: it is none of the usual ones.
  for (let cell = 0; cell <= last; cell++) {
    switch (roles[cell]) {
      case ORDER:
        at = readText(reader, order, bytes, view, at);
        break;
      case REF:
        if (special[bytes[at] as number] === 0) at = readText(reader, ref, bytes, view, at);
        break;
      case KIND:
        at = passWord(kind, bytes, view, at);
        break;
      case AMOUNT:
        at = readDecimal(amount, bytes, at);
        break;
      case CURRENCY:
        at = passWord(currency, bytes, view, at);
        break;
      case STATUS:
        at = passWord(status, bytes, view, at);
        break;
      case TIME:
        if (special[bytes[at] as number] === 0) at = readClock(clock, special, bytes, view, at);
        break;
      case FEE:
        if (special[bytes[at] as number] === 0) at = readDecimal(fee, bytes, bytes[at] === MINUS ? at + 1 : at);
        break;
      default:
        at = passOver(special, bytes, at);
    }
    if (at < 0) return -1;
    if (cell < last && bytes[at++] !== delimiter) return -1;
  }
  if (!tell(reader, facts)) return -1;
  if (bytes[at] === LINE_FEED) return at + 1;
  return bytes[at] === RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : -1;
}

/** False: an amount is finer than the currency, or may be. */
function tell({ kind, status, currency, order, ref, amount, fee, clock }: QuickReader, facts: RowFacts): boolean {
  const money = currency.passed;
  const exponent = money & 7;
  facts.named = true;
  facts.first = order.first;
  facts.second = order.second;
  facts.ref = ref.second;
  facts.kind = kind.passed;
  facts.state = status.passed;
  facts.money = money;
  facts.minor = minorOf(amount, exponent);
  facts.fee = fee.places < 0 ? -1 : minorOf(fee, exponent);
  facts.seconds = clock.seconds;
  facts.micros = clock.rest.micros;
  facts.zoned = clock.rest.zoned;
  return facts.minor >= 0 && (facts.fee >= 0 || fee.places < 0);
}

const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

/** -1: finer than the currency, as far as can be told here. */
function minorOf({ value, places }: Decimal, exponent: number): number {
  return places > exponent ? -1 : value * (POWERS[exponent - places] as number);
}

function passOver(special: Uint8Array, bytes: Uint8Array, from: number): number {
  let at = from;
  while (special[bytes[at] as number] === 0) at += 1;
  return at;
}

/** Four bytes at a time. -1: it is empty, has blanks around it, or begins like a formula. */
function readText({ special, isBelow }: QuickReader, hash: TextHash, bytes: Uint8Array, view: DataView, from: number): number {
  const byte = bytes[from] as number;
  if (special[byte] !== 0 || MAY_BE_FORMULA[byte] !== 0) return -1;
  let first = FIRST_OF_NOTHING;
  let second = SECOND_OF_NOTHING;
  let at = from;
  for (;;) {
    const word = view.getInt32(at, true);
    // Of each byte below the digits the highest bit: the first of them may end the cell.
    const low = isBelow ? (word - 0x30303030) & ~word & 0x80808080 : -1;
    const count = low === 0 ? 4 : countPlain(special, bytes, at, (31 - Math.clz32(low & -low)) >> 3);
    const part = count === 4 ? word : lastWord(word, count);
    first = addToFirst(first, part);
    second = addToSecond(second, part);
    at += count;
    if (count < 4) break;
  }
  hash.first = first;
  hash.second = second;
  const end = bytes[at - 1] as number;
  return end <= BLANK || end === LAST_OF_WIDE_BLANK ? -1 : at;
}

/** Of four bytes; the first `known` are. */
function countPlain(special: Uint8Array, bytes: Uint8Array, at: number, known: number): number {
  let count = known;
  while (count < 4 && special[bytes[at + count] as number] === 0) count += 1;
  return count;
}

function readDecimal(decimal: Decimal, bytes: Uint8Array, from: number): number {
  let at = from;
  let value = 0;
  for (let digit = (bytes[at] as number) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] as number) - ZERO) {
    value = value * 10 + digit;
    at += 1;
  }
  if (at === from || at - from > MAX_WHOLE_DIGITS) return -1;
  let places = 0;
  if (bytes[at] === POINT) {
    const point = at;
    at += 1;
    for (let digit = (bytes[at] as number) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] as number) - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    places = at - point - 1;
    if (places === 0 || places > MAX_PLACES) return -1;
  }
  decimal.value = value;
  decimal.places = places;
  return at;
}

function readClock(clock: Clock, special: Uint8Array, bytes: Uint8Array, view: DataView, from: number): number {
  const second = twoDigits(bytes, from + 17);
  if (!isSameMinute(clock.minute, view, from)) {
    const base = readSeconds(bytes, from) - second;
    if (!(base >= 0)) return -1;
    clock.base = base;
    for (let word = 0; word < 4; word++) clock.minute[word] = view.getInt32(from + 4 * word, true);
  }
  if (second > 59 || bytes[from + 16] !== COLON) return -1;
  const end = passOver(special, bytes, from + 19);
  const isSameZone =
    end - from === ZONED_BYTES && view.getInt32(from + 19, true) === clock.zone && view.getInt32(from + 21, true) === clock.zoneEnd;
  if (!isSameZone) {
    // What was read before is written over, whether this can be read or not.
    clock.zone = 0;
    if (!readRest(clock.rest, bytes, from + 19, end)) return -1;
    if (end - from === ZONED_BYTES) {
      clock.zone = view.getInt32(from + 19, true);
      clock.zoneEnd = view.getInt32(from + 21, true);
    }
  }
  clock.seconds = clock.base + second - clock.rest.offset;
  return clock.seconds >= 0 ? end : -1;
}

/** With a zone and without a fraction. */
const ZONED_BYTES = 25;

function isSameMinute(minute: Int32Array, view: DataView, from: number): boolean {
  return (
    view.getInt32(from, true) === minute[0] &&
    view.getInt32(from + 4, true) === minute[1] &&
    view.getInt32(from + 8, true) === minute[2] &&
    view.getInt32(from + 12, true) === minute[3]
  );
}
