/** One peer's way to write messages, for whoever only wants fields as text: binary fields are hexadecimal digits on this side. */
import { toHex } from './characters.ts';
import type { Codec } from './codec.ts';
import { decodeMessage, encodeMessage } from './decode.ts';
import { codecsOf } from './dialects.ts';
import { type Framing, measureFrame, parseFraming } from './framing.ts';
import type { FieldValue, Message } from './message.ts';
import { invalidMessage } from './refusal.ts';

type Fields = Readonly<Record<number, string>>;

export interface Wire {
  /** Bytes of the frame that begins so: undefined while that is not there yet, null when no frame begins so. */
  measure(bytes: Uint8Array): number | undefined | null;
  /** What one frame says, or why it says nothing; contents are never quoted. */
  read(frame: Uint8Array): { readonly mti: string; readonly fields: Fields } | string;
  write(mti: string, fields: Fields): Uint8Array;
  /** First digit of its message types. */
  readonly version: string;
  /** Does the dialect have this field? */
  has(field: number): boolean;
}

export interface WireOptions {
  /** `iso87-ascii`, or one of its ways to encode: `iso87-ascii/raw bitmap`. */
  readonly dialect: string;
  readonly framing: string;
}

/** Of a framing that has one: what a peer sends without being asked anything by it. */
const HEADERS = {
  header6: Uint8Array.of(0x60, 0x31, 0x00, 0x31, 0x13, 0x23),
  base24: Uint8Array.from('ISO026000050', (character) => character.charCodeAt(0)),
  visa: Uint8Array.of(22, 1, 2, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
} as const;

/** Throws `OorError` for a dialect or framing that does not exist, or a framing without a length. */
export function createWire({ dialect, framing: framingId }: WireOptions): Wire {
  const [id = '', variant] = dialect.split('/');
  const codec = codecsOf(id).find((each) => variant === undefined || each.dialect.variant === variant);
  const framing = parseFraming(framingId);
  if (!codec || !framing || framing.length === 'none') throw invalidMessage(`nobody speaks ${dialect} in ${framingId} over a connection`);
  return {
    version: codec.dialect.versions.charAt(0),
    has: (field) => codec.dialect.fields[field] !== undefined,
    measure: (bytes) => measureFrame(bytes, framing),
    read: (frame) => readFrame(frame, codec, framing),
    write: (mti, fields) => encodeMessage(toMessage(mti, fields, codec, framing), codec, framing),
  };
}

function readFrame(frame: Uint8Array, codec: Codec, framing: Framing): ReturnType<Wire['read']> {
  const { message, problems } = decodeMessage(frame, codec, framing);
  const [problem] = problems;
  if (message === undefined || problem !== undefined) return `${problem?.message ?? 'no message'}, byte ${problem?.offset ?? 0}`;
  const fields = [...message.fields].map(([number, value]) => [number, typeof value === 'string' ? value : toHex(value)] as const);
  return { mti: message.mti, fields: Object.fromEntries(fields) };
}

function toMessage(mti: string, fields: Fields, codec: Codec, { header }: Framing): Message {
  const numbers = Object.keys(fields).map(Number);
  const values = numbers.map((number) => [number, toValue(fields[number] ?? '', codec, number)] as const);
  return {
    mti,
    fields: new Map(values),
    bitmaps: numbers.some((number) => number > 64) ? 2 : 1,
    envelope: header === undefined ? {} : { header: HEADERS[header] },
  };
}

function toValue(text: string, { dialect }: Codec, number: number): FieldValue {
  const definition = dialect.fields[number];
  const format = typeof definition === 'object' ? definition.format : definition;
  if (format?.startsWith('b') !== true || dialect.binary === 'hex') return text;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
