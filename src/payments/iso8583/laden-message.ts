import type { Codec } from './codec.ts';
import { describeMessage } from './describe.ts';
import { codecsOf, DIALECT_IDS } from './dialects.ts';
import type { Decoded, Message } from './message.ts';

/** Message type, bitmap and one card number. */
export const MIN_BYTES = 22;
const MAX_BYTES = 8192;
const ETX = 3;
/** A card number with its length, packed, and one field more. */
const NUMBER_BYTES = 12;
/** Of fields that were read before a message was cut: as many are not read by chance. */
const SOUND_BYTES = 24;

/** Do these bytes hold a message with card data: sound, in some dialect and framing, or sound as far as it goes and then cut? */
export function isLadenMessage(bytes: Uint8Array): boolean {
  if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) return false;
  for (const at of [0, 2, 4]) if (isLadenNear(bytes, at)) return true;
  return false;
}

/** After a length, perhaps after a TPDU and a header too. */
function isLadenNear(bytes: Uint8Array, at: number): boolean {
  if (isLadenAt(bytes, at)) return true;
  const first = bytes[at] ?? 0;
  const tpdu = first === 0x60 || first === 0x68 ? 5 : 0;
  if (tpdu > 0 && isLadenAt(bytes, at + tpdu)) return true;
  const next = bytes[at + tpdu] ?? 0;
  const header = next === 0x49 ? 12 : next >= 22 && next <= 26 ? next : tpdu > 0 && next >> 4 === 6 ? 6 : 0;
  return header > 0 && isLadenAt(bytes, at + tpdu + header);
}

/** After the message type a bitmap, and after it the length of a card number or digits: few bytes begin so that are no message. */
function mayBegin(bytes: Uint8Array, at: number, zone: number): boolean {
  const bitmap = at + (zone === 0 ? 2 : 4);
  if (zone !== 0 && bytes.subarray(bitmap, bitmap + 16).every((byte) => isHexDigit(byte, zone))) return true;
  const first = bytes[bitmap] ?? 0;
  const data = bitmap + ((first & 0x80) === 0 ? 8 : 16);
  const [one = 0, two = 0, three = 0] = bytes.subarray(data, data + 3);
  if ((first & 0x40) === 0) return [one, two, three].every((byte) => isPacked(byte)) || [one, two, three].every((byte) => isDigit(byte));
  return (one >= 0x12 && one <= 0x19) || (one >= 12 && one <= 19) || ((one === 0x31 || one === 0xf1) && isDigit(two));
}

/** 0 packed, 0x30 ASCII, 0xf0 EBCDIC; undefined: no message type. */
function zoneOf(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const zone = first & 0xf0;
  if (zone <= 0x10) return isKind(first & 15) && second >> 4 <= 5 && (second & 15) <= 5 ? 0 : undefined;
  if (zone !== 0x30 && zone !== 0xf0) return undefined;
  const third = (bytes[at + 2] ?? 0) - zone;
  const fourth = (bytes[at + 3] ?? 0) - zone;
  const isType = (first & 15) <= 1 && isKind(second - zone) && third >= 0 && third <= 5 && fourth >= 0 && fourth <= 5;
  return isType ? zone : undefined;
}

function isKind(value: number): boolean {
  return value >= 1 && value <= 9;
}

function isHexDigit(byte: number, zone: number): boolean {
  const low = byte & 15;
  if ((byte & 0xf0) === zone) return low <= 9;
  const letters = zone === 0x30 ? [0x40, 0x60] : [0xc0, 0x80];
  return letters.includes(byte & 0xf0) && low >= 1 && low <= 6;
}

function isDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte >= 0xf0;
}

function isPacked(byte: number): boolean {
  return byte >> 4 <= 9 && (byte & 15) <= 9;
}

const byZone = new Map<number, readonly Codec[]>();

function codecsIn(zone: number): readonly Codec[] {
  const coding = zone === 0 ? 'bcd' : zone === 0x30 ? 'ascii' : 'ebcdic';
  const known = byZone.get(zone) ?? DIALECT_IDS.flatMap(codecsOf).filter(({ dialect }) => dialect.mti === coding);
  byZone.set(zone, known);
  return known;
}

function isLadenAt(bytes: Uint8Array, from: number): boolean {
  const zone = zoneOf(bytes, from);
  if (zone === undefined || !mayBegin(bytes, from, zone)) return false;
  const ends = bytes[bytes.length - 1] === ETX ? [bytes.length, bytes.length - 1] : [bytes.length];
  const tries = codecsIn(zone).flatMap((codec) => ends.map((to) => ({ codec, decoded: codec.decode(bytes, from, to) })));
  // Who reads all of it decides, whatever others take it for.
  const whole = tries.filter(({ decoded: { message, problems } }) => message !== undefined && problems.length === 0);
  if (whole.length > 0) return whole.some(({ decoded: { message } }) => message !== undefined && hasCardData(message));
  return tries.some(({ codec, decoded }) => isLadenAs(bytes, from, codec, decoded));
}

function hasCardData(message: Message): boolean {
  return describeMessage(message).fields.some(({ masked }) => masked);
}

function isLadenAs(bytes: Uint8Array, from: number, codec: Codec, { message, problems, explained }: Decoded): boolean {
  if (message !== undefined) return hasCardData(message);
  if (problems.at(-1)?.code !== 'truncated' && problems.at(-1)?.code !== 'trailing-bytes') return false;
  const bitmap = from + (codec.dialect.mti === 'bcd' ? 2 : 4);
  const size = codec.dialect.bitmap === 'raw' ? 8 : 16;
  const first = codec.dialect.bitmap === 'raw' ? (bytes[bitmap] ?? 0) >> 4 : (bytes[bitmap] ?? 0) & 15;
  const isLetter = codec.dialect.bitmap !== 'raw' && ((bytes[bitmap] ?? 0) & 0xf0) !== 0x30 && ((bytes[bitmap] ?? 0) & 0xf0) !== 0xf0;
  const bits = isLetter ? first + 9 : first;
  const head = bitmap + ((bits & 8) === 0 ? size : 2 * size);
  return explained >= head + ((bits & 4) === 0 || codec.dialect.mti !== 'bcd' ? SOUND_BYTES : NUMBER_BYTES);
}
