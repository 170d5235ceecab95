/** Bytes of a table into rows and cells: plain and quoted cells, LF and CRLF. */

const LINE_FEED = 10;
const RETURN = 13;
const TAB = 9;
const BLANK = 32;
const QUOTE = 34;

/** Of U+3000, and of few other characters. */
export const LAST_OF_WIDE_BLANK = 0x80;

/** What cannot be split into rows with certainty is left to the database, which has the last word on it. */
export class NotSievable extends Error {}

export interface Splitter {
  /** Of the cells of the row, without quotes and blanks around them; a quote within stands twice. */
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  /** The start of the next row. `bytes` must be longer than `to`. -1: this one is not whole yet. */
  row(bytes: Uint8Array, from: number, to: number, isLast: boolean): number;
}

export function createSplitter(delimiter: string, cells: number): Splitter {
  const comma = delimiter.charCodeAt(0);
  const begins = new Int32Array(cells);
  const ends = new Int32Array(cells);
  const special = specialBytes(comma);
  const keep = (bytes: Uint8Array, cell: number, from: number, to: number): void => {
    let begin = from;
    let end = to;
    for (let width = blankAt(bytes, begin, end); width > 0; width = blankAt(bytes, begin, end)) begin += width;
    for (let width = blankBefore(bytes, begin, end); width > 0; width = blankBefore(bytes, begin, end)) end -= width;
    begins[cell] = begin;
    ends[cell] = end;
  };
  return {
    begins,
    ends,
    row(bytes, from, to, isLast) {
      // Where the bytes end the row ends, whole or not.
      bytes[to] = LINE_FEED;
      let at = from;
      for (let cell = 0; ; cell++) {
        if (cell === cells) throw new NotSievable('a row has more cells than the header');
        if (bytes[at] === QUOTE) {
          const end = closingQuote(bytes, at + 1, to);
          if (end < 0) return -1;
          keep(bytes, cell, at + 1, end);
          at = end + 1;
        } else {
          const begin = at;
          while (special[bytes[at] as number] === 0) at += 1;
          keep(bytes, cell, begin, at);
        }
        if (bytes[at] === comma) {
          at += 1;
          continue;
        }
        const next = lineEnd(bytes, at);
        if (next > to && !isLast) return -1;
        if (cell + 1 < cells) throw new NotSievable('a row has fewer cells than the header');
        return Math.min(next, to);
      }
    },
  };
}

/** 1: it ends a cell, or must not stand in one. */
export function specialBytes(comma: number): Uint8Array {
  const special = new Uint8Array(256);
  for (const byte of [comma, LINE_FEED, RETURN, QUOTE]) special[byte] = 1;
  return special;
}

/** Those that the SQL trims: the plain ones, and U+3000 in its three bytes. */
function blankAt(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return 0;
  if (isPlainBlank(bytes[from] as number)) return 1;
  return from + 3 <= to && isWideBlank(bytes, from) ? 3 : 0;
}

function blankBefore(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return 0;
  if (isPlainBlank(bytes[to - 1] as number)) return 1;
  return from + 3 <= to && isWideBlank(bytes, to - 3) ? 3 : 0;
}

function isPlainBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB || byte === LINE_FEED || byte === RETURN;
}

function isWideBlank(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe3 && bytes[at + 1] === 0x80 && bytes[at + 2] === LAST_OF_WIDE_BLANK;
}

function closingQuote(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (bytes[at + 1] !== QUOTE) return at;
    at += 1;
  }
  return -1;
}

function lineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === LINE_FEED) return at + 1;
  if (bytes[at] === RETURN && bytes[at + 1] === LINE_FEED) return at + 2;
  throw new NotSievable('a quote within a cell, or a line end of its own kind');
}
