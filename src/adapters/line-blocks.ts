/** The whole lines of a range of bytes, block by block, in flat memory. */
import type { ByteSource } from './local-bytes.ts';

const PIECE_BYTES = 1024 * 1024;
/** How much is read at a time behind the range, for the end of its last line. */
const REST_BYTES = 64 * 1024;
/** A line is judged by so much of it; the rest of a longer one is only read. */
export const JUDGED_LINE_BYTES = 64 * 1024;
/** Before each piece, for the begun line of the piece before: one byte more than is judged, so that a line cut here is seen to be too long. */
const ROOM = JUDGED_LINE_BYTES + 1;
const NEWLINE = 0x0a;

/** Valid until the next block is asked for. Its last line ends without a newline when the file does, or when it is too long. */
export interface LineBlock {
  readonly start: number;
  readonly end: number;
  /** Of the first byte of the space, in the file, were it all of one piece. */
  readonly offset: number;
}

export interface ByteRange {
  readonly offset: number;
  /** May be infinite: then to the end of the file. */
  readonly end: number;
}

/** Bytes of memory in which a range is read: two pieces in turn. */
export function spaceFor(range: ByteRange): number {
  return 2 * (ROOM + pieceBytes(range));
}

function pieceBytes({ offset, end }: ByteRange): number {
  return Math.min(PIECE_BYTES, Math.max(REST_BYTES, end - offset + 1));
}

/** A line that the range begins within is left out: for that the source stands one byte before `offset`, if there is one. */
export async function* readLineBlocks(
  source: ByteSource,
  range: ByteRange,
  space: Buffer,
  onRead: (bytes: number) => void,
): AsyncGenerator<LineBlock> {
  const { offset, end } = range;
  if (offset >= end) return;
  let position = Math.max(0, offset - 1);
  let skipping = offset > 0;
  let carried = 0;
  const pieceAt = (turn: number): number => (turn % 2) * (ROOM + pieceBytes(range)) + ROOM;
  const read = (turn: number): Promise<number> => {
    const wanted = Math.min(pieceBytes(range), position < end ? end - position : REST_BYTES);
    return source.read(space.subarray(pieceAt(turn), pieceAt(turn) + wanted));
  };
  let reading = read(0);
  for (let turn = 0; ; turn += 1) {
    const length = await reading;
    const piece = pieceAt(turn);
    const filled = space.subarray(0, piece + length);
    const base = position - piece;
    position += length;
    onRead(length);
    // While this block is looked at, the next is read; not behind the range, where it may not be needed.
    const ahead = length > 0 && position < end;
    if (ahead) {
      reading = read(turn + 1);
      reading.catch(() => {});
    }
    let start = piece - carried;
    if (skipping) {
      const newline = filled.indexOf(NEWLINE, piece);
      skipping = newline < 0;
      start = skipping ? filled.length : newline + 1;
    }
    if (base + start >= end) return;
    // Behind the byte `end - 1` no new line begins.
    const last = position < end ? -1 : filled.indexOf(NEWLINE, Math.max(start, end - 1 - base));
    if (last >= 0 || length === 0) {
      const stop = last >= 0 ? last + 1 : filled.length;
      if (stop > start) yield { start, end: stop, offset: base };
      return;
    }
    const whole = Math.max(start, filled.lastIndexOf(NEWLINE) + 1);
    if (whole > start) yield { start, end: whole, offset: base };
    skipping ||= filled.length - whole > JUDGED_LINE_BYTES;
    if (skipping && filled.length > whole) yield { start: whole, end: whole + ROOM, offset: base };
    carried = skipping ? 0 : filled.length - whole;
    space.copy(space, pieceAt(turn + 1) - carried, whole, whole + carried);
    if (!ahead) reading = read(turn + 1);
  }
}
