/** gzip in members, which compress side by side and depend on the content alone; and a reader that cannot be flooded. */
import { promisify } from 'node:util';
import { constants, crc32, gzip, inflateRawSync } from 'node:zlib';

const compress = promisify(gzip);
const MEMBER_BYTES = 1024 * 1024;
/** Of what a bundle unpacks to. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** A log compresses to a fiftieth at best; past the first megabytes more than this is no evidence. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 8 * 1024 * 1024;
/** The byte of the header that names the operating system: 255 is unknown. */
const OS_BYTE = 9;

export async function gzipMembers(bytes: Uint8Array): Promise<Uint8Array> {
  const count = Math.max(1, Math.ceil(bytes.length / MEMBER_BYTES));
  const pieces = Array.from({ length: count }, (_, index) => bytes.subarray(index * MEMBER_BYTES, (index + 1) * MEMBER_BYTES));
  const members = await Promise.all(pieces.map((piece) => compress(piece, { level: 6 })));
  for (const member of members) member[OS_BYTE] = 255;
  return Buffer.concat(members);
}

/** Of RFC 1952: a header without its optional fields, their flags, and the trailer of checksum and length. */
const HEADER_BYTES = 10;
const HEADER_CHECKSUM = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const TRAILER_BYTES = 8;
const MAX_MEMBERS = 256;

export interface Gunzipped {
  /** What could be read, up to the damage. */
  readonly bytes: Uint8Array;
  readonly stopped?: Stopped;
}

interface Stopped {
  readonly kind: 'foreign' | 'damaged' | 'refused';
  readonly reason: string;
}

export function gunzipBounded(bytes: Uint8Array): Gunzipped {
  const parts: Uint8Array[] = [];
  let room = Math.min(MAX_UNPACKED_BYTES, Math.max(RATIO_FROM_BYTES, bytes.length * MAX_RATIO));
  let at = 0;
  while (at < bytes.length) {
    const member = readMember(bytes.subarray(at), room);
    if (member.bytes) parts.push(member.bytes);
    if (member.stopped) {
      const foreign = at === 0 && member.stopped.kind === 'foreign';
      return {
        bytes: Buffer.concat(parts),
        stopped: foreign ? member.stopped : { ...member.stopped, kind: notForeign(member.stopped.kind) },
      };
    }
    at += member.length;
    room -= member.bytes.length;
    if (parts.length > MAX_MEMBERS)
      return { bytes: Buffer.concat(parts), stopped: { kind: 'refused', reason: `it has more than ${MAX_MEMBERS} parts` } };
  }
  return at === 0 ? { bytes: new Uint8Array(), stopped: { kind: 'foreign', reason: 'it is empty' } } : { bytes: Buffer.concat(parts) };
}

/** Behind a first good part what is no gzip is damage. */
function notForeign(kind: Stopped['kind']): Stopped['kind'] {
  return kind === 'foreign' ? 'damaged' : kind;
}

type Member =
  | { readonly bytes: Uint8Array; readonly length: number; readonly stopped?: never }
  | { readonly bytes?: Uint8Array; readonly stopped: Stopped };

function readMember(bytes: Uint8Array, room: number): Member {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return { stopped: { kind: 'foreign', reason: 'it is not a gzip file' } };
  const header = headerLength(bytes);
  if (header === undefined) return { stopped: { kind: 'damaged', reason: 'its gzip header is none' } };
  let inflated: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  try {
    const options = { maxOutputLength: Math.max(1, room), finishFlush: constants.Z_SYNC_FLUSH, info: true };
    inflated = inflateRawSync(bytes.subarray(header), options) as unknown as typeof inflated;
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const reason = tooLarge ? 'it unpacks to far more than any bundle' : (error as Error).message;
    return { stopped: { kind: tooLarge ? 'refused' : 'damaged', reason } };
  }
  const end = header + inflated.engine.bytesWritten;
  const trailer = Buffer.from(bytes.subarray(end, end + TRAILER_BYTES));
  if (trailer.length < TRAILER_BYTES) return { bytes: inflated.buffer, stopped: { kind: 'damaged', reason: 'it ends early' } };
  if (trailer.readUInt32LE(0) !== crc32(inflated.buffer) || trailer.readUInt32LE(4) !== inflated.buffer.length)
    return { bytes: inflated.buffer, stopped: { kind: 'damaged', reason: 'a checksum is wrong' } };
  return { bytes: inflated.buffer, length: end + TRAILER_BYTES };
}

/** Who unpacks an archive and packs it again leaves a name in the header: what is inside must still be named when it is not what it was. */
function headerLength(bytes: Uint8Array): number | undefined {
  const flags = bytes[3] ?? 0;
  if (flags > (HEADER_CHECKSUM | EXTRA | NAME | COMMENT | 1)) return undefined;
  let end = HEADER_BYTES;
  if ((flags & EXTRA) !== 0) end += 2 + (bytes[end] ?? 0) + 256 * (bytes[end + 1] ?? 0);
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue;
    const zero = bytes.indexOf(0, end);
    if (zero === -1) return undefined;
    end = zero + 1;
  }
  if ((flags & HEADER_CHECKSUM) !== 0) end += 2;
  return end < bytes.length ? end : undefined;
}
