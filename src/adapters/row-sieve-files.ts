/** Reads the files of one side for the sieve, and writes what it lets through. Reads and writes wait: this runs in a thread of its own. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { SievePlan } from '../ports.ts';
import { hasBit } from './row-sieve-marks.ts';
import { PIECE_BYTES, type SieveMemory } from './row-sieve-memory.ts';
import { eachRow, MAX_ROW_BYTES, NO_BUCKET, type RowIndex } from './row-sieve-rows.ts';
import { createScanner, type ScannedFile } from './row-sieve-scan.ts';
import { createSplitter, NotSievable } from './row-sieve-split.ts';

/** Longer than a row. */
const WINDOW_BYTES = 128 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';

/** Told the bytes of each piece. */
export type OnRead = (bytes: number) => void;

export interface Located extends ScannedFile {
  /** Where the first row begins, behind the header. */
  readonly start: number;
  readonly bytes: number;
}

export function scanFile(plan: SievePlan, memory: SieveMemory, onRead: OnRead): Located {
  const scanner = createScanner(plan, memory);
  const { content: bytes } = memory;
  const file = openSync(plan.path, 'r');
  try {
    let start = -1;
    let held = 0;
    let total = 0;
    for (let isLast = false; !isLast; ) {
      const read = readSync(file, bytes, held, PIECE_BYTES, null);
      isLast = read === 0;
      total += read;
      const to = held + read;
      let at = 0;
      if (start < 0) {
        start = headerEnd(plan, bytes, to, isLast);
        at = start;
      }
      const rest = scanner.take(at, to, isLast);
      held = to - rest;
      if (held > MAX_ROW_BYTES || (isLast && held > 0)) throw new NotSievable('a row that does not end');
      bytes.copyWithin(0, rest, to);
      onRead(read);
    }
    return { ...scanner.end(), start, bytes: total };
  } finally {
    closeSync(file);
  }
}

function headerEnd({ delimiter, cells }: SievePlan, bytes: Buffer, to: number, isLast: boolean): number {
  const from = bytes.subarray(0, 3).toString() === BYTE_ORDER_MARK ? 3 : 0;
  const next = to > from ? createSplitter(delimiter, cells).row(bytes, from, to, isLast) : -1;
  if (next < 0 || next > MAX_ROW_BYTES) throw new NotSievable('the header does not end');
  return next;
}

export interface Wanted {
  readonly path: string;
  readonly target: string;
  readonly start: number;
  readonly bytes: number;
  readonly rows: RowIndex;
  /** Those of these buckets, and those of none. */
  readonly suspects: Uint8Array;
}

/** The header and the rows that are wanted, as they stand in the file: how many. undefined: it is another file than it was. */
export function writeWanted({ path, target, start, bytes, rows, suspects }: Wanted): number | undefined {
  const file = openSync(path, 'r');
  const out = createOutput(target);
  try {
    if (fstatSync(file).size !== bytes) return undefined;
    const window = createWindow(file);
    out.write(window.at(0, start));
    let offset = start;
    let written = 0;
    eachRow(rows, (bucket, _ref, length) => {
      if (bucket === NO_BUCKET || hasBit(suspects, bucket)) {
        out.write(window.at(offset, length));
        written += 1;
      }
      offset += length;
    });
    out.end();
    return written;
  } finally {
    out.close();
    closeSync(file);
  }
}

/** Rows are asked for in the order of the file. */
function createWindow(file: number): { at(offset: number, length: number): Buffer } {
  const held = Buffer.alloc(WINDOW_BYTES);
  let from = 0;
  let to = 0;
  return {
    at(offset, length) {
      if (offset + length > to) {
        from = offset;
        to = offset + readSync(file, held, 0, WINDOW_BYTES, offset);
      }
      return held.subarray(offset - from, offset - from + length);
    },
  };
}

function createOutput(target: string) {
  const file = openSync(target, 'wx', 0o600);
  const held = Buffer.alloc(PIECE_BYTES + MAX_ROW_BYTES + 1);
  let used = 0;
  const flush = (): void => {
    for (let done = 0; done < used; ) done += writeSync(file, held, done, used - done);
    used = 0;
  };
  return {
    write(bytes: Buffer): void {
      if (used + bytes.length > held.length) flush();
      used += bytes.copy(held, used);
      // The last line of a file may lack its end.
      if (held[used - 1] !== 10) held[used++] = 10;
    },
    end: flush,
    close: () => closeSync(file),
  };
}
