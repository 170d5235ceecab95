/** In which encoding a file is, and where it is not. */
import { isUtf8 } from 'node:buffer';
import type { TabularFile } from '../ports.ts';

export const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

export function hasMark(bytes: Buffer): boolean {
  return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
}

export function sniffEncoding(piece: Buffer): TabularFile['encoding'] {
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
  if (piece[0] === 0xfe && piece[1] === 0xff) return 'utf-16be';
  return isUtf8(wholeCharacters(piece)) ? 'utf-8' : 'gb18030';
}

/** Without the last character when it may go on in the next piece. */
export function wholeCharacters(piece: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, piece.length); back++) {
    const byte = piece[piece.length - back] ?? 0;
    if (byte >= 0xc0) return piece.subarray(0, piece.length - back);
    if (byte < 0x80) break;
  }
  return piece;
}

/** The first line that is no GB 18030; none of its characters holds the end of a line. */
export async function firstForeignLine(pieces: AsyncIterable<Buffer>, longest: number): Promise<number> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const joined = Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = joined.indexOf(10); end >= 0; end = joined.indexOf(10, from)) {
      if (!isGb18030(joined.subarray(from, end))) return line;
      line += 1;
      from = end + 1;
    }
    rest = joined.subarray(from);
    if (rest.length > longest) return line;
  }
  return line;
}

function isGb18030(line: Buffer): boolean {
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(line);
    return true;
  } catch {
    return false;
  }
}

export function countLines(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines += 1;
  return lines;
}
