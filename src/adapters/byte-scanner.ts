/**
 * The inner loops over the bytes of a log as WebAssembly: several times as fast as in JavaScript, because bytes are taken four or
 * sixteen at a time from any address. The module is put together here.
 */

import * as w from '../redact/wasm-code.ts';

/** Addresses of the scanner's memory: a table of one byte a hash, what a scan found, then what is scanned. */
export const TABLE_SIZE = 32 * 1024;
const FOUND = TABLE_SIZE;
/** Positions looked at in one scan, so that what it finds has room. */
export const SCAN_BYTES = 32 * 1024;
/** A scan looks at so many positions and bytes behind what it was given, at most. */
const SLACK = 64;
const CONTENT = FOUND + (SCAN_BYTES + SLACK) * 4;

/** Distance between the positions looked at: a text of `stride + 2` bytes has one of them, with two bytes behind it, in any place. */
export type Stride = 1 | 2 | 3 | 4 | 6 | 8;

export interface ByteScanner {
  /** One byte a hash: 1 where it is wanted. */
  readonly table: Uint8Array;
  countNewlines(from: number, to: number): number;
  isAscii(from: number, to: number): boolean;
  /** False: neither `ſ` nor the Kelvin sign, which fold to ASCII letters, is there. */
  mayHaveOddFolds(from: number, to: number): boolean;
  /** How many of the positions have a wanted hash; `found` has them, some behind `to` among them. At most `SCAN_BYTES` at a time. */
  scan(from: number, to: number): number;
  readonly found: Int32Array;
}

/** Of three bytes, the first the lowest; without the bit that tells a small letter from a large one. */
export function hashOf(bytes: number): number {
  return Math.imul(bytes & FOLD, SPREAD) >>> HASH_SHIFT;
}

const FOLD = 0xdfdfdf;
const SPREAD = 0x9e3779b1 | 0;
const HASH_SHIFT = 32 - Math.log2(TABLE_SIZE);

type Exports = Record<'countNewlines' | 'findHigh' | 'findOddFolds' | 'scan', (from: number, to: number) => number>;

/** Memory to read into, and the scanner of what is in it. */
export interface ScanMemory {
  readonly content: Buffer;
  /** With an empty table. One at a time. */
  prepareScanner(stride: Stride): ByteScanner;
}

/** Memory that a search has done with; to have it made anew costs more than to look through a small file. */
let idle: ScanMemory | undefined;

export function takeScanMemory(bytes: number): ScanMemory {
  const found = idle && idle.content.length >= bytes ? idle : createScanMemory(bytes);
  if (found === idle) idle = undefined;
  return found;
}

/** Only when nothing is read into it any more. */
export function giveBackScanMemory(memory: ScanMemory): void {
  if (!idle || idle.content.length < memory.content.length) idle = memory;
}

function createScanMemory(bytes: number): ScanMemory {
  const memory = new w.wasm.Memory({ initial: Math.ceil((CONTENT + bytes + SLACK) / w.PAGE_BYTES) });
  const scanners = new Map<Stride, ByteScanner>();
  const create = (stride: Stride): ByteScanner => {
    const { exports } = new w.wasm.Instance(moduleFor(stride), { host: { memory } });
    const { countNewlines, findHigh, findOddFolds, scan } = exports as Exports;
    return {
      table: new Uint8Array(memory.buffer, 0, TABLE_SIZE),
      found: new Int32Array(memory.buffer, FOUND, SCAN_BYTES + SLACK),
      countNewlines,
      scan,
      isAscii: (from, to) => findHigh(from, to) === 0,
      mayHaveOddFolds: (from, to) => findOddFolds(from, to) !== 0,
    };
  };
  return {
    content: Buffer.from(memory.buffer, CONTENT, bytes),
    prepareScanner(stride) {
      const scanner = scanners.get(stride) ?? create(stride);
      scanners.set(stride, scanner);
      scanner.table.fill(0);
      return scanner;
    },
  };
}

const modules = new Map<Stride, object>();

function moduleFor(stride: Stride): object {
  const known = modules.get(stride);
  if (known) return known;
  const made = new w.wasm.Module(assemble(stride));
  modules.set(stride, made);
  return made;
}

/** Locals: the two parameters, places in the content, and one more. */
const FROM = 0;
const TO = 1;
const RESULT = 2;
const bytesAt = (ahead = 0): w.Code => w.load128(w.get(FROM), CONTENT + ahead);
const byteAt: w.Code = w.load8(w.get(FROM), CONTENT);

function assemble(stride: Stride): Uint8Array<ArrayBuffer> {
  const functions: Readonly<Record<keyof Exports, w.Code>> = {
    countNewlines: tally(w.countBits(w.highBits(w.sameBytes(bytesAt(), 0x0a))), w.equal(byteAt, w.i32(0x0a))),
    findHigh: tally(w.highBits(bytesAt()), w.both(byteAt, w.i32(0x80)), w.either),
    findOddFolds: tally(PAIRS_OF_ODD_FOLDS, PAIRS_OF_ODD_FOLDS, w.either),
    scan: scanning(stride),
  };
  return w.assembleModule({
    memory: [0x00, 1],
    exports: Object.fromEntries(
      Object.entries(functions).map(([of, code]) => [of, { takes: [w.I32, w.I32], gives: [w.I32], locals: [[1, w.I32]], code }]),
    ),
  });
}

/** U+017F is C5 BF; of U+212A, E2 84 AA, the last two bytes are enough to look closer. */
const PAIRS_OF_ODD_FOLDS: w.Code = w.highBits(
  w.either128(
    w.both128(w.sameBytes(bytesAt(), 0xc5), w.sameBytes(bytesAt(1), 0xbf)),
    w.both128(w.sameBytes(bytesAt(), 0x84), w.sameBytes(bytesAt(1), 0xaa)),
  ),
);

/** Sixteen bytes at a time, then one by one; each piece of code leaves a number. */
function tally(sixteen: w.Code, single: w.Code, combine = w.add): w.Code {
  const step = (code: w.Code, by: number): w.Code => [...w.put(RESULT, combine(code, w.get(RESULT))), ...w.advance(FROM, by)];
  const whole = w.repeat([...w.leave(w.aboveUnsigned(w.add(w.get(FROM), w.i32(16)), w.get(TO))), ...step(sixteen, 16)]);
  const rest = w.repeat([...w.leave(w.atLeastUnsigned(w.get(FROM), w.get(TO))), ...step(single, 1)]);
  return [...whole, ...rest, ...w.get(RESULT)];
}

function scanning(stride: Stride): w.Code {
  const OUT = RESULT;
  const places = Array.from({ length: Math.max(4, Math.floor(16 / stride)) }, (_, index) => index * stride);
  const folded = (place: number): w.Code => w.both(w.load32(w.get(FROM), CONTENT + place), w.i32(FOLD));
  const wanted = (place: number): w.Code => w.load8(w.shiftRight(w.multiply(folded(place), w.i32(SPREAD)), w.i32(HASH_SHIFT)));
  const anyWanted = places.map(wanted).reduce((any, one) => w.either(any, one));
  // Stored always, kept when wanted: no branch that could be foretold wrongly.
  const keep = places.flatMap((place) => [
    ...w.store32(w.get(OUT), w.add(w.get(FROM), w.i32(place)), FOUND),
    ...w.put(OUT, w.add(w.get(OUT), w.shiftLeft(wanted(place), w.i32(2)))),
  ]);
  return [
    ...w.repeat([
      ...w.leave(w.atLeastUnsigned(w.get(FROM), w.get(TO))),
      ...w.when(anyWanted, keep),
      ...w.advance(FROM, places.length * stride),
    ]),
    ...w.shiftRight(w.get(OUT), w.i32(2)),
  ];
}
