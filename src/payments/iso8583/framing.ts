import { findNoDigit, findNoPacked, nibble, readCharacters, writeCharacters } from './characters.ts';
import type { Envelope, Problem, ProblemCode } from './message.ts';
import { invalidMessage } from './refusal.ts';

type LengthKind = 'len2-binary' | 'len2-bcd' | 'len4-ascii' | 'len4-hex' | 'len4-binary' | 'vml' | 'vap' | 'none';
type HeaderKind = 'header6' | 'base24' | 'visa';

/** What stands around a message on the line. Its id is its parts: `len2-binary-tpdu-header6`. */
export interface Framing {
  readonly id: string;
  readonly length: LengthKind;
  readonly tpdu: boolean;
  readonly header: HeaderKind | undefined;
  /** The length counts its own bytes too. */
  readonly inclusive: boolean;
  /** A last byte 03, counted by the length. */
  readonly etx: boolean;
}

/** Where the message stands in the frame. */
export interface Framed {
  readonly from: number;
  readonly to: number;
  readonly envelope: Envelope;
  readonly problems: readonly Problem[];
}

/** Bytes before everything that the length counts. VML: two bytes of length, two that are zero; VAP: then Visa's own header. */
const LENGTH_BYTES: Readonly<Record<LengthKind, number>> = {
  'len2-binary': 2,
  'len2-bcd': 2,
  'len4-ascii': 4,
  'len4-hex': 4,
  'len4-binary': 4,
  vml: 4,
  vap: 4,
  none: 0,
};
const LARGEST: Readonly<Record<LengthKind, number>> = {
  'len2-binary': 0xffff,
  'len2-bcd': 9999,
  'len4-ascii': 9999,
  'len4-hex': 0xffff,
  // Four bytes could say more; no message is longer than two can say.
  'len4-binary': 0xffff,
  vml: 0xffff,
  vap: 0xffff,
  none: Number.POSITIVE_INFINITY,
};
const TPDU_BYTES = 5;
export const ETX = 3;
const FRAMING = /^(len2-binary|len2-bcd|len4-ascii|len4-hex|len4-binary|vml|vap|none)(-tpdu)?(-header6|-base24)?(-inclusive)?(-etx)?$/;

/** undefined: no such framing. */
export function parseFraming(id: string): Framing | undefined {
  const [, length, tpdu, header, inclusive, etx] = FRAMING.exec(id) ?? [];
  if (length === undefined || (length === 'none' && (inclusive ?? etx) !== undefined) || (length === 'vap' && header !== undefined))
    return undefined;
  return {
    id,
    length: length as LengthKind,
    tpdu: tpdu !== undefined,
    header: length === 'vap' ? 'visa' : (header?.slice(1) as HeaderKind | undefined),
    inclusive: inclusive !== undefined,
    etx: etx !== undefined,
  };
}

/** Every framing that is looked for in an unknown dump, the usual ones first. */
export const FRAMINGS: readonly Framing[] = listFramings();

/** A cheap look that never refuses a sound frame, so that few of them are taken apart. */
export function mayFit(bytes: Uint8Array, { length, tpdu, header, inclusive, etx }: Framing): boolean {
  const prefix = LENGTH_BYTES[length];
  if (length !== 'none' && (bytes.length < prefix || readLength(bytes, length) !== bytes.length - (inclusive ? 0 : prefix))) return false;
  if (etx && bytes[bytes.length - 1] !== ETX) return false;
  const first = bytes[prefix] ?? 0;
  if (tpdu && first !== 0x60 && first !== 0x68) return false;
  const start = bytes[prefix + (tpdu ? TPDU_BYTES : 0)] ?? 0;
  return (
    header === undefined || (header === 'header6' ? start >> 4 === 6 : header === 'base24' ? start === 0x49 : start >= 22 && start <= 26)
  );
}

/** Bytes of the frame that begins so, its length included: undefined while that is not there yet, null when no frame begins so. */
export function measureFrame(bytes: Uint8Array, { length, inclusive }: Framing): number | undefined | null {
  const prefix = LENGTH_BYTES[length];
  if (length === 'none' || bytes.length < prefix) return length === 'none' ? null : undefined;
  const declared = readLength(bytes, length);
  if (declared === undefined || declared === 0 || declared > LARGEST[length]) return null;
  return inclusive ? declared : declared + prefix;
}

/** Takes the frame apart. With problems the place of the message is where it would be. */
export function openFrame(bytes: Uint8Array, framing: Framing): Framed {
  const problems: Problem[] = [];
  const report = (code: ProblemCode, offset: number, message: string): void => void problems.push({ code, offset, message });
  const envelope: { lowerCaseLength?: boolean; tpdu?: Uint8Array; header?: Uint8Array } = {};
  let at = LENGTH_BYTES[framing.length];
  if (bytes.length < at) report('truncated', 0, `the length needs ${at} bytes, ${bytes.length} are there`);
  else checkLength(bytes, framing, report);
  if (framing.length === 'len4-hex' && /[a-f]/.test(String.fromCharCode(...bytes.subarray(0, 4)))) envelope.lowerCaseLength = true;
  let to = bytes.length;
  if (framing.etx && to > at) {
    to--;
    if (bytes[to] !== ETX) report('bad-trailer', to, 'the last byte is not 03 (ETX)');
  }
  if (framing.tpdu) {
    envelope.tpdu = bytes.subarray(at, at + TPDU_BYTES);
    // 60 by ISO 8583's own use of the address field, 68 on some networks.
    const known = bytes[at] === 0x60 || bytes[at] === 0x68;
    if (at + TPDU_BYTES > to) report('truncated', Math.min(at, to), `a TPDU needs ${TPDU_BYTES} bytes, ${Math.max(to - at, 0)} are left`);
    else if (!known) report('bad-tpdu', at, 'a TPDU starts with 60 or 68');
    at += TPDU_BYTES;
  }
  if (framing.header !== undefined) {
    const size = headerSize(bytes, at, to, framing.header, report);
    envelope.header = bytes.subarray(at, at + size);
    at += size;
  }
  return { from: Math.min(at, to), to, envelope, problems };
}

/** Puts a frame around a message. Throws `OorError` when the frame cannot say its length or lacks a part. */
export function closeFrame(body: Uint8Array, framing: Framing, envelope: Envelope): Uint8Array {
  const tpdu = framing.tpdu ? (envelope.tpdu ?? Uint8Array.of(0x60, 0, 0, 0, 0)) : new Uint8Array(0);
  const header = framing.header === undefined ? new Uint8Array(0) : envelope.header;
  if (header === undefined) throw invalidMessage(`the framing ${framing.id} needs a header`);
  const prefix = LENGTH_BYTES[framing.length];
  const counted = tpdu.length + header.length + body.length + (framing.etx ? 1 : 0);
  const length = counted + (framing.inclusive ? prefix : 0);
  if (length > LARGEST[framing.length]) throw invalidMessage(`${length} bytes are more than the framing ${framing.id} can say`);
  const bytes = new Uint8Array(prefix + counted);
  writeLength(length, framing.length, envelope.lowerCaseLength === true, bytes);
  bytes.set(tpdu, prefix);
  bytes.set(header, prefix + tpdu.length);
  if (framing.header === 'visa')
    bytes.set([(header.length + body.length) >> 8, (header.length + body.length) & 0xff], prefix + tpdu.length + 3);
  bytes.set(body, prefix + tpdu.length + header.length);
  if (framing.etx) bytes[bytes.length - 1] = ETX;
  return bytes;
}

type Report = (code: ProblemCode, offset: number, message: string) => void;

function checkLength(bytes: Uint8Array, { length, inclusive }: Framing, report: Report): void {
  if (length === 'none') return;
  const declared = readLength(bytes, length);
  if (declared === undefined) return report('bad-length', 0, `the length is not written as ${length}`);
  if (declared > LARGEST[length]) return report('bad-length', 0, `the length says ${declared} bytes: no message is so long`);
  const real = bytes.length - (inclusive ? 0 : LENGTH_BYTES[length]);
  if (declared !== real) report('length-mismatch', 0, `the length says ${declared} bytes, ${real} are there`);
}

function readLength(bytes: Uint8Array, kind: LengthKind): number | undefined {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  const third = bytes[2] ?? 0;
  const fourth = bytes[3] ?? 0;
  if (kind === 'len2-binary') return first * 256 + second;
  if (kind === 'vml' || kind === 'vap') return third === 0 && fourth === 0 ? first * 256 + second : undefined;
  if (kind === 'len4-binary') return ((first * 256 + second) * 256 + third) * 256 + fourth;
  if (kind === 'len2-bcd')
    return findNoPacked(bytes, 0, 2, false) < 0 ? (first >> 4) * 1000 + (first & 15) * 100 + (second >> 4) * 10 + (second & 15) : undefined;
  if (kind === 'len4-ascii') return findNoDigit(bytes, 0, 4, 'ascii') < 0 ? Number(readCharacters(bytes, 0, 4, 'ascii')) : undefined;
  if (nibble(first) < 0 || nibble(second) < 0 || nibble(third) < 0 || nibble(fourth) < 0) return undefined;
  const text = readCharacters(bytes, 0, 4, 'ascii');
  return /^(?:[0-9A-F]{4}|[0-9a-f]{4})$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

function writeLength(length: number, kind: LengthKind, lowerCase: boolean, into: Uint8Array): void {
  const digits = String(length).padStart(4, '0');
  if (kind === 'none') return;
  if (kind === 'len4-ascii') return writeCharacters(digits, into, 0, 'ascii');
  if (kind === 'len4-hex') {
    const hex = length.toString(16).padStart(4, '0');
    return writeCharacters(lowerCase ? hex : hex.toUpperCase(), into, 0, 'ascii');
  }
  if (kind === 'len2-bcd') into.set([Number.parseInt(digits.slice(0, 2), 16), Number.parseInt(digits.slice(2), 16)]);
  else if (kind === 'len4-binary') into.set([length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]);
  else into.set([length >> 8, length & 0xff]);
}

/** Bytes of the header at `at`; 0 after a problem. */
function headerSize(bytes: Uint8Array, at: number, to: number, kind: HeaderKind, report: Report): number {
  const problem =
    kind === 'visa' ? visaProblem(bytes, at, to) : kind === 'base24' ? base24Problem(bytes, at, to) : header6Problem(bytes, at, to);
  if (problem !== undefined) report('bad-header', Math.min(at, to), problem);
  return problem !== undefined ? 0 : kind === 'visa' ? (bytes[at] as number) : kind === 'base24' ? 12 : 6;
}

/** Visa BASE I: its own length in the first byte, the length of all that follows the prefix in bytes 4 and 5. */
function visaProblem(bytes: Uint8Array, at: number, to: number): string | undefined {
  const size = bytes[at] ?? 0;
  if (size < 22 || size > 26 || at + size > to) return 'a Visa header is 22 to 26 bytes and says so in its first';
  const total = (bytes[at + 3] as number) * 256 + (bytes[at + 4] as number);
  return total === to - at ? undefined : `the Visa header says ${total} bytes, ${to - at} are there`;
}

/** `ISO` and nine digits: product, release, status, where an error stands, who sent and who answered. */
function base24Problem(bytes: Uint8Array, at: number, to: number): string | undefined {
  const text = String.fromCharCode(...bytes.subarray(at, Math.min(at + 12, to)));
  return /^ISO\d{9}$/.test(text) ? undefined : 'a BASE24 header is ISO and nine digits';
}

/** UnionPay terminals: twelve digits, the first two the kind of application (60 to 69). */
function header6Problem(bytes: Uint8Array, at: number, to: number): string | undefined {
  const sound = at + 6 <= to && nibble(0x30 + ((bytes[at] as number) >> 4)) === 6 && findNoPacked(bytes, at, 6, false) < 0;
  return sound ? undefined : 'a terminal header is twelve packed digits that start with 6';
}

function listFramings(): readonly Framing[] {
  const lengths = ['len2-binary', 'len4-ascii', 'len2-bcd', 'len4-hex', 'len4-binary', 'vml', 'vap', 'none'];
  const ids = ['', '-etx', '-inclusive', '-inclusive-etx'].flatMap((tail) =>
    ['', '-tpdu', '-tpdu-header6', '-header6', '-base24'].flatMap((middle) => lengths.map((length) => `${length}${middle}${tail}`)),
  );
  return ids.map(parseFraming).filter((framing) => framing !== undefined);
}
