/** Lines out of pieces of text, in flat memory. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';

/** Of a longer line the beginning is kept: a line without an end must not fill the memory. */
const LONGEST_LINE = 64 * 1024;
const PIECE_BYTES = 1024 * 1024;

export interface LineSplitter {
  push(piece: string): void;
  /** The last line may have no newline. */
  end(): void;
}

/** Carriage returns at line ends are dropped. */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  let carry = '';
  let open = false;
  const give = (line: string): void => {
    const end = line.charCodeAt(line.length - 1) === 13 ? line.length - 1 : line.length;
    onLine(end === line.length ? line : line.slice(0, end));
  };
  return {
    push(piece) {
      let at = 0;
      for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', at)) {
        const line = piece.slice(at, Math.min(end, at + LONGEST_LINE));
        give(open ? carry + line.slice(0, LONGEST_LINE - carry.length) : line);
        carry = '';
        open = false;
        at = end + 1;
      }
      if (at === piece.length) return;
      carry += piece.slice(at, at + LONGEST_LINE - carry.length);
      open = true;
    },
    end() {
      if (open) give(carry);
    },
  };
}

/** A part of a file, piece by piece. A character that lies across two pieces is lost. */
export async function* readPieces(host: Host, path: string, start: number, end: number): AsyncGenerator<string> {
  for (let offset = start; offset < end; ) {
    const { text, bytesRead } = await host.readFile(path, { offset, maxBytes: Math.min(PIECE_BYTES, end - offset) });
    if (bytesRead === 0) throw new HostError('not-found', `${path} was rotated or cut while it was read`, 'run it again');
    yield text;
    offset += bytesRead;
  }
}

/** The same text, no longer a view of the large piece that it was cut from, which it would keep in memory. */
export function detach(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/**
 * Bytes of the start of a piece. What could not be decoded counts one byte each, so this is never too much: an offset
 * that falls short lies in the line before, which begins before it and so stays out all the same.
 */
export function countBytes(text: string): number {
  let bytes = new TextEncoder().encode(text).length;
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) bytes -= 2;
  return bytes;
}
