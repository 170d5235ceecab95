import { asciiBytesOf, type Codes } from './codes.ts';
import * as w from './wasm-code.ts';

/**
 * The two loops that meet every sign of a text, as WebAssembly: runs of signs of a set, sixty-four at a time, and places where a word
 * may begin. What they leave is a small part of a log, and the rest of the work is done in it. The module is put together here.
 */

/** Signs of ASCII: for each of the lower halves of a byte the upper halves with which it is one of them, a bit each. */
export type SignSet = Uint8Array;

/** Sixteen bytes of the set, sixteen of the bits, then the table, what is scanned at once with room to read beyond it, and what was found. */
const SET = 0;
const CARRIED = 64;
const TABLE = 1024;
export const TABLE_BYTES = 1 << 15;
const CONTENT = TABLE + TABLE_BYTES;
const CHUNK = 32 * 1024;
const BLOCK = 64;
const FOUND = CONTENT + CHUNK + BLOCK;
/** A place for each sign, or a start and an end for every second. */
const FOUND_BYTES = (CHUNK + BLOCK) * 4;

const UPPER_HALVES = Uint8Array.from({ length: 16 }, (_, half) => (half < 8 ? 1 << half : 0));

export function signSet(isIn: (sign: string) => boolean): SignSet {
  const set = new Uint8Array(16);
  for (let code = 0; code < 0x80; code++) if (isIn(String.fromCharCode(code))) set[code & 15] = (set[code & 15] ?? 0) | (1 << (code >> 4));
  return set;
}

/** Every longest run of signs of the set that has `least` or more, as pairs of start and end. */
export function runsOf(codes: Codes, set: SignSet, least: number): Int32Array {
  if (codes.length < least) return NOTHING;
  shared ??= createScanner(NO_ASCII);
  const { bytes, found, carried, findRuns } = shared;
  bytes.set(set, SET);
  let start = -1;
  return eachChunk(shared, codes, (from, size) => {
    const count = findRuns(size, from, least, start) * 2;
    start = carried[0] as number;
    // At the end of the text no other sign ends a run.
    if (start < 0 || from + size < codes.length || codes.length - start < least) return count;
    found[count] = start;
    found[count + 1] = codes.length;
    return count + 2;
  });
}

/** Finds the third letters of words; the table has a 1 for the lowest five bits of three letters, the first the highest. */
export function beginningScanner(table: Uint8Array): (codes: Codes) => Int32Array {
  let own: Scanner | undefined;
  return (codes) => {
    own ??= createScanner(0, table);
    const { carried, findBeginnings } = own;
    let letters = 0;
    return eachChunk(own, codes, (from, size) => {
      const count = findBeginnings(size, from, letters);
      letters = carried[0] as number;
      return count;
    });
  };
}

const NOTHING: Int32Array = new Int32Array(0);
/** What no set has. */
const NO_ASCII = 0x80;

/** `scan` says how many numbers it found. */
function eachChunk(scanner: Scanner, codes: Codes, scan: (from: number, size: number) => number): Int32Array {
  if (codes.length <= CHUNK) {
    if (scanner.loaded !== codes) load(scanner, codes, 0, codes.length);
    scanner.loaded = codes;
    const count = scan(0, codes.length);
    return count === 0 ? NOTHING : scanner.found.slice(0, count);
  }
  scanner.loaded = undefined;
  let all = new Int32Array(codes.length >> 2);
  let total = 0;
  for (let from = 0; from < codes.length; from += CHUNK) {
    const size = Math.min(CHUNK, codes.length - from);
    load(scanner, codes, from, size);
    const count = scan(from, size);
    if (total + count > all.length) {
      const longer = new Int32Array((total + count) * 2);
      longer.set(all);
      all = longer;
    }
    all.set(scanner.found.subarray(0, count), total);
    total += count;
  }
  return all.subarray(0, total);
}

/** Behind the chunk stand bytes that are in no set. */
function load({ bytes, beyond }: Scanner, codes: Codes, from: number, size: number): void {
  const ascii = asciiBytesOf(codes);
  if (ascii !== undefined) bytes.set(size === codes.length ? ascii : ascii.subarray(from, from + size), CONTENT);
  else
    for (let index = 0; index < size; index++) {
      const code = codes[from + index] as number;
      bytes[CONTENT + index] = code < 0x80 ? code : code | beyond;
    }
  bytes.fill(0, CONTENT + size, CONTENT + size + BLOCK);
}

interface Scanner {
  readonly bytes: Uint8Array;
  /** Of signs beyond ASCII the lower half is scanned, with these bits. */
  readonly beyond: number;
  /** A short text is looked at several times. */
  loaded: Codes | undefined;
  readonly found: Int32Array;
  /** What the next chunk has to be told of the last. */
  readonly carried: Int32Array;
  /** Of the first `size` bytes of the content, which stand at `from` in the text; how many. */
  findRuns(size: number, from: number, least: number, start: number): number;
  findBeginnings(size: number, from: number, letters: number): number;
}

let shared: Scanner | undefined;
let module: object | undefined;

function createScanner(beyond: number, table?: Uint8Array): Scanner {
  const memory = new w.wasm.Memory({ initial: Math.ceil((FOUND + FOUND_BYTES) / w.PAGE_BYTES) });
  module ??= new w.wasm.Module(assemble());
  const { exports } = new w.wasm.Instance(module, { host: { memory } });
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(UPPER_HALVES, SET + 16);
  if (table !== undefined) bytes.set(table, TABLE);
  const { findRuns, findBeginnings } = exports as Pick<Scanner, 'findRuns' | 'findBeginnings'>;
  return {
    bytes,
    beyond,
    loaded: undefined,
    found: new Int32Array(memory.buffer, FOUND, FOUND_BYTES / 4),
    carried: new Int32Array(memory.buffer, CARRIED, 1),
    findRuns,
    findBeginnings,
  };
}

function assemble(): Uint8Array<ArrayBuffer> {
  return w.assembleModule({
    memory: [0x00, 1],
    exports: {
      findRuns: {
        takes: [w.I32, w.I32, w.I32, w.I32],
        gives: [w.I32],
        locals: [
          [4, w.I32],
          [2, w.I64],
          [2, w.V128],
        ],
        code: findingRuns(),
      },
      findBeginnings: { takes: [w.I32, w.I32, w.I32], gives: [w.I32], locals: [[2, w.I32]], code: findingBeginnings() },
    },
  });
}

const pair = (address: w.Code, first: w.Code, second: w.Code): w.Code => [
  ...w.store32(address, first, FOUND),
  ...w.store32(address, second, FOUND + 4),
];

/** A bit for each of sixty-four signs; where it differs from the one before, a run begins or ends. */
function findingRuns(): w.Code {
  const [SIZE, FROM, LEAST, START, AT, OUT, IS_OPEN, PLACE, SIGNS, TURNS, OF_SET, UPPER] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
  const inSet = (ahead: number): w.Code => {
    const bytes = w.load128(w.get(AT), CONTENT + ahead);
    const ofLower = w.lookUp128(w.get(OF_SET), w.both128(bytes, w.sixteen(0x0f)));
    const ofUpper = w.lookUp128(w.get(UPPER), w.shiftBytesRight128(bytes, 4));
    return w.extend(w.differing(w.highBits(w.sameBytes(w.both128(ofLower, ofUpper), 0)), w.i32(0xffff)));
  };
  const signs = [16, 32, 48].reduce((all, ahead) => w.either64(all, w.shiftLeft64(inSet(ahead), w.i64(ahead))), inSet(0));
  const isLong = w.atLeast(w.subtract(w.get(PLACE), w.get(START)), w.get(LEAST));
  const nextTurn = [
    ...w.leave(w.isZero64(w.get(TURNS))),
    ...w.put(PLACE, w.add(w.add(w.get(AT), w.get(FROM)), w.wrap(w.trailingZeros64(w.get(TURNS))))),
    // Stored always, kept at the end of a long run: no branch that could be foretold wrongly.
    ...pair(w.get(OUT), w.get(START), w.get(PLACE)),
    ...w.put(OUT, w.add(w.get(OUT), w.shiftLeft(w.both(w.get(IS_OPEN), isLong), w.i32(3)))),
    ...w.put(START, w.get(PLACE)),
    ...w.put(IS_OPEN, w.isZero(w.get(IS_OPEN))),
    ...w.put(TURNS, w.both64(w.get(TURNS), w.subtract64(w.get(TURNS), w.i64(1)))),
  ];
  return [
    ...w.put(OF_SET, w.load128(w.i32(SET))),
    ...w.put(UPPER, w.load128(w.i32(SET), 16)),
    ...w.put(IS_OPEN, w.atLeast(w.get(START), w.i32(0))),
    ...w.repeat([
      ...w.leave(w.atLeastUnsigned(w.get(AT), w.get(SIZE))),
      ...w.put(SIGNS, signs),
      ...w.put(TURNS, w.differing64(w.get(SIGNS), w.either64(w.shiftLeft64(w.get(SIGNS), w.i64(1)), w.extend(w.get(IS_OPEN))))),
      ...w.repeat(nextTurn),
      ...w.advance(AT, BLOCK),
    ]),
    ...w.store32(w.i32(CARRIED), w.choose(w.get(IS_OPEN), w.get(START), w.i32(-1))),
    ...w.shiftRight(w.get(OUT), w.i32(3)),
  ];
}

/** Four signs at a time: the content has room for it. */
function findingBeginnings(): w.Code {
  const [SIZE, FROM, LETTERS, AT, OUT] = [0, 1, 2, 3, 4];
  const step = (ahead: number): w.Code => [
    ...w.put(
      LETTERS,
      w.either(
        w.both(w.shiftLeft(w.get(LETTERS), w.i32(5)), w.i32(TABLE_BYTES - 1)),
        w.both(w.load8(w.get(AT), CONTENT + ahead), w.i32(0x1f)),
      ),
    ),
    ...w.store32(w.get(OUT), w.add(w.add(w.get(AT), w.get(FROM)), w.i32(ahead)), FOUND),
    ...w.put(OUT, w.add(w.get(OUT), w.shiftLeft(w.load8(w.get(LETTERS), TABLE), w.i32(2)))),
  ];
  return [
    ...w.repeat([...w.leave(w.atLeastUnsigned(w.get(AT), w.get(SIZE))), ...[0, 1, 2, 3].flatMap(step), ...w.advance(AT, 4)]),
    ...w.store32(w.i32(CARRIED), w.get(LETTERS)),
    ...w.shiftRight(w.get(OUT), w.i32(2)),
  ];
}
