/**
 * The usual row, read in one go: no quotes, no blanks, known words, plain amounts and times. What is anything else is told by -1 and read again
 * with patience; both readings come to the same, this one at about half of the cost.
 */
import type { SievePlan } from '../ports.ts';
import { MAX_WHOLE_DIGITS, MAY_BE_FORMULA, namesZone, readRest, readSeconds, twoDigits, type Vocabulary } from './row-sieve-cells.ts';
import { createHash } from './row-sieve-hash.ts';
import { specialBytes } from './row-sieve-split.ts';

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
  /** -1: it names no time. */
  seconds: number;
  zoned: boolean;
}

export function noFacts(): RowFacts {
  return { named: true, first: 0, second: 0, ref: 0, kind: 0, state: 0, money: 0, minor: 0, fee: -1, seconds: -1, zoned: false };
}

type Role = keyof SievePlan['places'];
const ROLES: readonly Role[] = ['order_no', 'provider_ref', 'kind', 'amount', 'currency', 'status', 'time', 'fee'];
const NO_ROLE = ROLES.length;

export interface QuickReader {
  /** The start of the next row, with what the row says in `facts`. `bytes` must go on some way behind it. */
  row(bytes: Uint8Array, view: DataView, from: number): number;
}

export function createQuickReader(plan: SievePlan, words: Words, facts: RowFacts): QuickReader {
  const roles = Int32Array.from({ length: plan.cells }, (_, cell) => {
    const role = ROLES.findIndex((name) => plan.places[name] === cell);
    return role < 0 ? NO_ROLE : role;
  });
  const comma = plan.delimiter.charCodeAt(0);
  const cells = createCellReader(comma, words);
  const last = roles.length - 1;
  return {
    row(bytes, view, from) {
      let at = from;
      cells.clear();
      for (let cell = 0; cell <= last; cell++) {
        at = cells.read(roles[cell] as number, bytes, view, at);
        if (at < 0) return -1;
        if (cell < last && bytes[at++] !== comma) return -1;
      }
      if (!cells.tell(facts)) return -1;
      if (bytes[at] === LINE_FEED) return at + 1;
      return bytes[at] === RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : -1;
    },
  };
}

function createCellReader(comma: number, { kind, status, currency }: Words) {
  const special = specialBytes(comma);
  const text = createTextReader(special, comma);
  const amount = createNumberReader();
  const fee = createNumberReader();
  const clock = createClockReader(special);
  let first = 0;
  let second = 0;
  let ref = 0;
  const isEmpty = (bytes: Uint8Array, at: number): boolean => special[bytes[at] as number] !== 0;
  return {
    clear(): void {
      ref = 0;
      fee.clear();
      clock.clear();
    },
    /** Where the cell ends; -1: it is none of the usual ones. */
    read(role: number, bytes: Uint8Array, view: DataView, from: number): number {
      switch (role) {
        case 0: {
          const end = text.read(bytes, view, from);
          first = text.first();
          second = text.second();
          return end;
        }
        case 1: {
          if (isEmpty(bytes, from)) return from;
          const end = text.read(bytes, view, from);
          ref = text.second();
          return end;
        }
        case 2:
          return kind.pass(bytes, from, special);
        case 3:
          return amount.read(bytes, from);
        case 4:
          return currency.pass(bytes, from, special);
        case 5:
          return status.pass(bytes, from, special);
        case 6:
          return isEmpty(bytes, from) ? from : clock.read(bytes, view, from);
        case 7:
          return isEmpty(bytes, from) ? from : fee.read(bytes, bytes[from] === MINUS ? from + 1 : from);
        default:
          return passOver(bytes, from, special);
      }
    },
    /** False: an amount is finer than the currency, or may be. */
    tell(facts: RowFacts): boolean {
      facts.named = true;
      facts.first = first;
      facts.second = second;
      facts.ref = ref;
      facts.kind = kind.passed();
      facts.state = status.passed();
      facts.money = currency.passed();
      facts.minor = amount.minor(facts.money & 7);
      facts.fee = fee.isRead() ? fee.minor(facts.money & 7) : -1;
      facts.seconds = clock.seconds();
      facts.zoned = clock.zoned();
      return facts.minor >= 0 && (facts.fee >= 0 || !fee.isRead());
    },
  };
}

function passOver(bytes: Uint8Array, from: number, special: Uint8Array): number {
  let at = from;
  while (special[bytes[at] as number] === 0) at += 1;
  return at;
}

/** Four bytes at a time: below `0` lie all bytes that end a cell, but for some delimiters. */
function createTextReader(special: Uint8Array, comma: number) {
  const isBelow = comma < ZERO;
  const hash = createHash();
  const plain = (bytes: Uint8Array, at: number): number => {
    let count = 0;
    while (count < 4 && special[bytes[at + count] as number] === 0) count += 1;
    return count;
  };
  return {
    /** -1: it is empty, has blanks around it, or begins like a formula. */
    read(bytes: Uint8Array, view: DataView, from: number): number {
      const byte = bytes[from] as number;
      if (special[byte] !== 0 || byte === BLANK || MAY_BE_FORMULA[byte] !== 0) return -1;
      hash.start();
      let at = from;
      for (;;) {
        const word = view.getInt32(at, true);
        const isPlain = isBelow && ((word - 0x30303030) & ~word & 0x80808080) === 0;
        const count = isPlain ? 4 : plain(bytes, at);
        if (count < 4) {
          hash.end(bytes, at, at + count);
          at += count;
          return bytes[at - 1] === BLANK ? -1 : at;
        }
        hash.add(word);
        at += 4;
      }
    },
    first: hash.first,
    second: hash.second,
  };
}

const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

function createNumberReader() {
  let value = 0;
  let places = -1;
  return {
    clear(): void {
      places = -1;
    },
    isRead: (): boolean => places >= 0,
    read(bytes: Uint8Array, from: number): number {
      let at = from;
      let sum = 0;
      for (let digit = (bytes[at] as number) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] as number) - ZERO) {
        sum = sum * 10 + digit;
        at += 1;
      }
      if (at === from || at - from > MAX_WHOLE_DIGITS) return -1;
      places = 0;
      if (bytes[at] === POINT) {
        const point = at;
        at += 1;
        for (let digit = (bytes[at] as number) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] as number) - ZERO) {
          sum = sum * 10 + digit;
          at += 1;
        }
        places = at - point - 1;
        if (places === 0 || places > MAX_PLACES) return -1;
      }
      value = sum;
      return at;
    },
    /** -1: finer than the currency, as far as can be told here. */
    minor: (exponent: number): number => (places > exponent ? -1 : value * (POWERS[exponent - places] as number)),
  };
}

/** Of times that begin like the one before, as in a file in their order, only what differs is read. */
function createClockReader(special: Uint8Array) {
  const before = new Int32Array(4);
  let base = 0;
  let seconds = -1;
  let zoned = false;
  const isSameMinute = (view: DataView, from: number): boolean =>
    view.getInt32(from, true) === before[0] &&
    view.getInt32(from + 4, true) === before[1] &&
    view.getInt32(from + 8, true) === before[2] &&
    view.getInt32(from + 12, true) === before[3];
  return {
    clear(): void {
      seconds = -1;
    },
    seconds: (): number => seconds,
    zoned: (): boolean => zoned,
    read(bytes: Uint8Array, view: DataView, from: number): number {
      const second = twoDigits(bytes, from + 17);
      if (!isSameMinute(view, from)) {
        base = readSeconds(bytes, from, from + 19) - second;
        if (!(base >= 0)) return -1;
        for (let word = 0; word < 4; word++) before[word] = view.getInt32(from + 4 * word, true);
      }
      if (second > 59 || bytes[from + 16] !== COLON) return -1;
      const end = passOver(bytes, from + 19, special);
      const rest = end === from + 19 ? 0 : readRest(bytes, from + 19, end);
      seconds = base + second + rest;
      zoned = end > from + 19 && namesZone(bytes, from, end);
      return seconds >= 0 ? end : -1;
    },
  };
}
