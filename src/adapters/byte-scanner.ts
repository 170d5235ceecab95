/**
 * The inner loops over the bytes of a log as WebAssembly: several times as fast as in JavaScript, because bytes are taken four or
 * sixteen at a time from any address. The module is put together here, instruction by instruction; opcodes as in the specification.
 */

/** The compiler's library for Node has no types for it. */
interface WebAssemblyInNode {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly host: { readonly memory: object } }) => { readonly exports: unknown };
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInNode };

/** Addresses of the scanner's memory: a table of one byte a hash, what a scan found, then what is scanned. */
export const TABLE_SIZE = 32 * 1024;
const FOUND = TABLE_SIZE;
/** Positions looked at in one scan, so that what it finds has room. */
export const SCAN_BYTES = 32 * 1024;
/** A scan looks at so many positions and bytes behind what it was given, at most. */
const SLACK = 64;
const CONTENT = FOUND + (SCAN_BYTES + SLACK) * 4;
const PAGE = 64 * 1024;

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
  const memory = new wasm.Memory({ initial: Math.ceil((CONTENT + bytes + SLACK) / PAGE) });
  const scanners = new Map<Stride, ByteScanner>();
  const create = (stride: Stride): ByteScanner => {
    const { exports } = new wasm.Instance(moduleFor(stride), { host: { memory } });
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
  const made = new wasm.Module(assemble(stride));
  modules.set(stride, made);
  return made;
}

type Code = readonly number[];

/** Locals: the two parameters, places in the content, and one more. */
const FROM = 0;
const TO = 1;
const RESULT = 2;
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const i32 = (value: number): Code => [0x41, ...signed(value)];
const ADD: Code = [0x6a];
const MULTIPLY: Code = [0x6c];
const AND: Code = [0x71];
const OR: Code = [0x72];
const SHIFT_LEFT: Code = [0x74];
const SHIFT_RIGHT: Code = [0x76];
const EQUAL: Code = [0x46];
const COUNT_BITS: Code = [0x69];
const GREATER: Code = [0x4b];
const AT_LEAST: Code = [0x4f];
const load32 = (offset: number): Code => [0x28, 0, ...unsigned(offset)];
const load8 = (offset: number): Code => [0x2d, 0, ...unsigned(offset)];
const store32 = (offset: number): Code => [0x36, 0, ...unsigned(offset)];
const load16Bytes = (offset: number): Code => [0xfd, 0x00, 0, ...unsigned(offset)];
const equalBytes = (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte), 0xfd, 0x23];
const BOTH: Code = [0xfd, 0x4e];
const EITHER: Code = [0xfd, 0x50];
/** One bit a byte: its highest. */
const HIGH_BITS: Code = [0xfd, 0x64];
const loop = (body: Code): Code => [0x02, 0x40, 0x03, 0x40, ...body, 0x0c, 0, 0x0b, 0x0b];
const leaveLoopIf: Code = [0x0d, 1];
const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];
const advance = (local: number, by: number): Code => [...get(local), ...i32(by), ...ADD, ...set(local)];

function assemble(stride: Stride): Uint8Array<ArrayBuffer> {
  const functions: Readonly<Record<keyof Exports, Code>> = {
    countNewlines: tally(
      [...load16Bytes(CONTENT), ...equalBytes(0x0a), ...HIGH_BITS, ...COUNT_BITS],
      [...load8(CONTENT), ...i32(0x0a), ...EQUAL],
    ),
    findHigh: tally([...load16Bytes(CONTENT), ...HIGH_BITS], [...load8(CONTENT), ...i32(0x80), ...AND], OR),
    findOddFolds: tally(PAIRS_OF_ODD_FOLDS, PAIRS_OF_ODD_FOLDS, OR),
    scan: scanning(stride),
  };
  const names = Object.keys(functions) as (keyof Exports)[];
  const bodies = names.map((name) => sized([1, 2, 0x7f, ...functions[name], 0x0b]));
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // One type: two integers in, one out.
    ...section(1, [[0x60, 2, 0x7f, 0x7f, 1, 0x7f]]),
    ...section(2, [[...text('host'), ...text('memory'), 0x02, 0x00, 1]]),
    ...section(
      3,
      names.map(() => [0]),
    ),
    ...section(
      7,
      names.map((name, index) => [...text(name), 0x00, index]),
    ),
    ...section(10, bodies),
  ]);
}

/** U+017F is C5 BF; of U+212A, E2 84 AA, the last two bytes are enough to look closer. */
const PAIRS_OF_ODD_FOLDS: Code = [
  ...[...load16Bytes(CONTENT), ...equalBytes(0xc5), ...get(FROM), ...load16Bytes(CONTENT + 1), ...equalBytes(0xbf), ...BOTH],
  ...[...get(FROM), ...load16Bytes(CONTENT), ...equalBytes(0x84), ...get(FROM), ...load16Bytes(CONTENT + 1), ...equalBytes(0xaa), ...BOTH],
  ...[...EITHER, ...HIGH_BITS],
];

/** Sixteen bytes at a time, then one by one; each piece of code takes an address and leaves a number. */
function tally(sixteen: Code, single: Code, combine: Code = ADD): Code {
  const step = (code: Code, by: number): Code => [
    ...[...get(FROM), ...code, ...get(RESULT), ...combine, ...set(RESULT)],
    ...advance(FROM, by),
  ];
  const whole = loop([...get(FROM), ...i32(16), ...ADD, ...get(TO), ...GREATER, ...leaveLoopIf, ...step(sixteen, 16)]);
  const rest = loop([...get(FROM), ...get(TO), ...AT_LEAST, ...leaveLoopIf, ...step(single, 1)]);
  return [...whole, ...rest, ...get(RESULT)];
}

function scanning(stride: Stride): Code {
  const OUT = RESULT;
  const places = Array.from({ length: Math.max(4, Math.floor(16 / stride)) }, (_, index) => index * stride);
  const wanted = (place: number): Code => [
    ...[...get(FROM), ...load32(CONTENT + place), ...i32(FOLD), ...AND, ...i32(SPREAD), ...MULTIPLY, ...i32(HASH_SHIFT), ...SHIFT_RIGHT],
    ...load8(0),
  ];
  const anyWanted = places.flatMap((place, index) => [...wanted(place), ...(index === 0 ? [] : OR)]);
  // Stored always, kept when wanted: no branch that could be foretold wrongly.
  const keep = places.flatMap((place) => [
    ...[...get(OUT), ...get(FROM), ...i32(place), ...ADD, ...store32(FOUND)],
    ...[...get(OUT), ...wanted(place), ...i32(2), ...SHIFT_LEFT, ...ADD, ...set(OUT)],
  ]);
  return [
    ...loop([...get(FROM), ...get(TO), ...AT_LEAST, ...leaveLoopIf, ...when(anyWanted, keep), ...advance(FROM, places.length * stride)]),
    ...[...get(OUT), ...i32(2), ...SHIFT_RIGHT],
  ];
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

function sized(code: Code): Code {
  return [...unsigned(code.length), ...code];
}

function text(name: string): Code {
  return sized([...Buffer.from(name)]);
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
