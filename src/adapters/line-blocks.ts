/** The whole lines of a range of bytes, block by block, in flat memory. */
import type { ByteSource } from './local-bytes.ts';

const PIECE_BYTES = 1024 * 1024;
/** How much is read at a time behind the range, for the end of its last line. */
const REST_BYTES = 64 * 1024;
/** A line is judged by so much of it; the rest of a longer one is only read. */
export const JUDGED_LINE_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Valid until the next block is asked for. Its last line ends without a newline when the file does, or when it is too long. */
export interface LineBlock {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Of `bytes[0]`, in the file. */
  readonly offset: number;
}

export interface ByteRange {
  readonly offset: number;
  /** May be infinite: then to the end of the file. */
  readonly end: number;
}

/** A line that the range begins within is left out: for that the source stands one byte before `offset`, if there is one. */
export async function* readLineBlocks(
  source: ByteSource,
  { offset, end }: ByteRange,
  onRead: (bytes: number) => void,
): AsyncGenerator<LineBlock> {
  const buffers = makeBuffers(Math.min(PIECE_BYTES, Math.max(REST_BYTES, end - offset + 1)));
  let position = Math.max(0, offset - 1);
  let skipping = offset > 0;
  let carried = 0;
  const read = (turn: number): Promise<number> => source.read(buffers.target(turn, position < end ? end - position : REST_BYTES));
  if (offset >= end) return;
  let reading = read(0);
  for (let turn = 0; ; turn += 1) {
    const length = await reading;
    const bytes = buffers.filled(turn, length);
    const base = position - ROOM;
    position += length;
    onRead(length);
    // While this block is looked at, the next is read; not behind the range, where it may not be needed.
    const ahead = length > 0 && position < end;
    if (ahead) {
      reading = read(turn + 1);
      reading.catch(() => {});
    }
    let start = ROOM - carried;
    if (skipping) {
      const newline = bytes.indexOf(NEWLINE, ROOM);
      skipping = newline < 0;
      start = skipping ? bytes.length : newline + 1;
    }
    // Behind the byte `end - 1` no new line begins.
    const last = position < end ? -1 : bytes.indexOf(NEWLINE, Math.max(start, end - 1 - base));
    if (base + start >= end) return;
    if (last >= 0 || length === 0) {
      const stop = last >= 0 ? last + 1 : bytes.length;
      if (stop > start) yield { bytes, start, end: stop, offset: base };
      return;
    }
    const whole = Math.max(start, bytes.lastIndexOf(NEWLINE) + 1);
    if (whole > start) yield { bytes, start, end: whole, offset: base };
    skipping ||= bytes.length - whole > JUDGED_LINE_BYTES;
    if (skipping && bytes.length > whole) yield { bytes, start: whole, end: whole + ROOM, offset: base };
    carried = skipping ? 0 : bytes.length - whole;
    if (carried > 0) buffers.carry(turn, bytes.subarray(whole));
    if (!ahead) reading = read(turn + 1);
  }
}

/** One byte more than is judged, so that a line cut here is seen to be too long. */
const ROOM = JUDGED_LINE_BYTES + 1;

/** Two buffers in turn; before the place of the piece is room for the begun line of the piece before. */
function makeBuffers(pieceBytes: number) {
  const pair: Buffer[] = [];
  const of = (turn: number): Buffer => {
    pair[turn % 2] ??= Buffer.allocUnsafeSlow(ROOM + pieceBytes);
    return pair[turn % 2] as Buffer;
  };
  return {
    target: (turn: number, wanted: number) => of(turn).subarray(ROOM, ROOM + Math.min(pieceBytes, wanted)),
    filled: (turn: number, length: number) => of(turn).subarray(0, ROOM + length),
    carry: (turn: number, begun: Buffer) => of(turn + 1).set(begun, ROOM - begun.length),
  };
}
