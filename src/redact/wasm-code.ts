/** A WebAssembly module put together instruction by instruction; opcodes as in the specification. */

/** The compiler's library for Node has no types for it. */
interface WebAssemblyInNode {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly host: Readonly<Record<string, unknown>> }) => { readonly exports: unknown };
}
declare const WebAssembly: WebAssemblyInNode;
export const wasm = WebAssembly;

export type Code = readonly number[];

/** Memory comes in these. */
export const PAGE_BYTES = 64 * 1024;

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export const V128 = 0x7b;

/** LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** A whole number beyond 32 bits too. */
function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 0x7f] : [(((value % 128) + 128) % 128) | 0x80, ...signed(Math.floor(value / 128))];
}

function sized(code: Code): Code {
  return [...unsigned(code.length), ...code];
}

function name(text: string): Code {
  return sized([...Buffer.from(text)]);
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

interface FunctionType {
  readonly takes: readonly number[];
  readonly gives: readonly number[];
}

export interface WasmFunction extends FunctionType {
  /** Beyond what it takes: how many of which type, in this order. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: Code;
}

interface WasmModule {
  /** Limits of the memory that it is given as `host.memory`. */
  readonly memory: Code;
  /** Functions of `host`; they are called by their place here. */
  readonly imports?: Readonly<Record<string, FunctionType>>;
  readonly exports: Readonly<Record<string, WasmFunction>>;
}

/** One type a function: they are few. */
export function assembleModule({ memory, imports = {}, exports }: WasmModule): Uint8Array<ArrayBuffer> {
  const given = Object.entries(imports);
  const made = Object.entries(exports);
  const types = [...given, ...made].map(([, { takes, gives }]): Code => [0x60, ...sized(takes), ...sized(gives)]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [
      [...name('host'), ...name('memory'), 0x02, ...memory],
      ...given.map(([of], at): Code => [...name('host'), ...name(of), 0x00, at]),
    ]),
    ...section(
      3,
      made.map((_, at) => [given.length + at]),
    ),
    ...section(
      7,
      made.map(([of], at) => [...name(of), 0x00, given.length + at]),
    ),
    ...section(
      10,
      made.map(([, { locals, code }]) => {
        const kinds = locals.map(([count, type]): Code => [...unsigned(count), type]);
        return sized([...unsigned(kinds.length), ...kinds.flat(), ...code, 0x0b]);
      }),
    ),
  ]);
}

export const get = (local: number): Code => [0x20, local];
export const put = (local: number, value: Code): Code => [...value, 0x21, local];
export const i32 = (value: number): Code => [0x41, ...signed(value | 0)];
export const i64 = (value: number): Code => [0x42, ...signed(value)];

type Two = (left: Code, right: Code) => Code;
const two =
  (...opcode: readonly number[]): Two =>
  (left, right) => [...left, ...right, ...opcode];

export const equal = two(0x46);
export const unequal = two(0x47);
export const below = two(0x48);
export const above = two(0x4a);
export const atLeast = two(0x4e);
export const aboveUnsigned = two(0x4b);
export const atLeastUnsigned = two(0x4f);
export const add = two(0x6a);
export const subtract = two(0x6b);
export const multiply = two(0x6c);
export const divide = two(0x6e);
export const both = two(0x71);
export const either = two(0x72);
export const differing = two(0x73);
export const shiftLeft = two(0x74);
export const shiftRight = two(0x76);
export const isZero = (value: Code): Code => [...value, 0x45];
export const countBits = (value: Code): Code => [...value, 0x69];
export const trailingZeros = (value: Code): Code => [...value, 0x68];
/** Both are worked out, and one is taken. */
export const choose = (condition: Code, then: Code, otherwise: Code): Code => [...then, ...otherwise, ...condition, 0x1b];

export const below64 = two(0x53);
export const above64 = two(0x55);
export const add64 = two(0x7c);
export const subtract64 = two(0x7d);
export const multiply64 = two(0x7e);
export const both64 = two(0x83);
export const either64 = two(0x84);
export const differing64 = two(0x85);
export const shiftLeft64 = two(0x86);
export const shiftRight64 = two(0x88);
export const extend = (value: Code): Code => [...value, 0xad];
export const extendSigned = (value: Code): Code => [...value, 0xac];
export const wrap = (value: Code): Code => [...value, 0xa7];
export const truncate = (value: Code): Code => [...value, 0xb0];
export const isZero64 = (value: Code): Code => [...value, 0x50];
export const trailingZeros64 = (value: Code): Code => [...value, 0x7a];

const memory =
  (...opcode: readonly number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, 0, ...unsigned(offset)];
const into =
  (...opcode: readonly number[]) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...opcode, 0, ...unsigned(offset)];

export const load8 = memory(0x2d);
export const load32 = memory(0x28);
export const load64 = memory(0x29);
export const load128 = memory(0xfd, 0x00);
export const store16 = into(0x3b);
export const store32 = into(0x36);
export const store64 = into(0x37);
export const store128 = into(0xfd, 0x0b);

export const sixteen = (byte: number): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)];
export const sameBytes = (bytes: Code, byte: number): Code => [...bytes, ...sixteen(byte), 0xfd, 0x23];
/** Of the table's sixteen bytes those whose places the other's bytes name; nothing for a place beyond them. */
export const lookUp128 = two(0xfd, 0x0e);
export const shiftBytesRight128 = (bytes: Code, by: number): Code => [...bytes, ...i32(by), 0xfd, 0x6d];
export const both128 = two(0xfd, 0x4e);
export const either128 = two(0xfd, 0x50);
export const differing128 = two(0xfd, 0x51);
export const addWords128 = two(0xfd, 0xae, 0x01);
export const isAny128 = (bytes: Code): Code => [...bytes, 0xfd, 0x53];
/** One bit a byte: its highest. */
export const highBits = (bytes: Code): Code => [...bytes, 0xfd, 0x64];

/** Until something in it leaves it; `leave` must not stand in a `when` of it. */
export const repeat = (body: Code): Code => [0x02, 0x40, 0x03, 0x40, ...body, 0x0c, 0, 0x0b, 0x0b];
export const leave = (condition: Code): Code => [...condition, 0x0d, 1];
export const when = (condition: Code, then: Code, otherwise: Code = []): Code => [
  ...condition,
  ...[0x04, 0x40],
  ...then,
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
];
export const giveBack = (value: Code): Code => [...value, 0x0f];
export const call = (index: number, ...values: readonly Code[]): Code => [...values.flat(), 0x10, index];
export const advance = (local: number, by: number): Code => put(local, add(get(local), i32(by)));
