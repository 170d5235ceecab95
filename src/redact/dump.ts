import type { Candidates } from './candidates.ts';
import { findInNibbles, readNibbles } from './hexadecimal.ts';
import type { Detector, Span } from './span.ts';
import type { View } from './view.ts';

/** `00000010  41 42 ..  |AB..|` (hexdump -C), `00000010: 4142 ..  AB..` (xxd), `0x0010:  4142 ..` (tcpdump), `000010 | 41 42 ..`, `0000020 41 42 ..` (od). */
const ROW =
  /\b(?:0x)?([0-9A-Fa-f]{4,8})(?:h?:[ \t]{1,3}|[ \t]{2,4}|[ \t]\|[ \t]|h[ \t]|[ \t](?=(?:[0-9A-Fa-f]{2}[ \t]){3}))((?:[0-9A-Fa-f]{2}){1,4}(?:[ \t-]{1,3}(?:[0-9A-Fa-f]{2}){1,4}){0,31})(?![0-9A-Za-z])/;
const USUAL_BYTES = 16;
const MAX_ROW_LENGTH = 400;

interface Row {
  readonly offset: number;
  readonly nibbles: View;
  readonly start: number;
  readonly end: number;
}

/** What dumps of memory and of packets hold. Rows that show a piece of it go whole, with their column of characters. */
export function findInDumps(text: string, { hasRows }: Candidates, find: Detector): Span[] {
  if (!hasRows) return [];
  const spans: Span[] = [];
  let rows: Row[] = [];
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const row = end - start > MAX_ROW_LENGTH ? undefined : rowAt(text, start, end);
    if (row === undefined || (rows.length > 0 && row.offset <= (rows.at(-1)?.offset ?? 0))) {
      spans.push(...findInRows(rows, find));
      rows = [];
    }
    if (row !== undefined) rows.push(row);
    start = end + 1;
  }
  return [...spans, ...findInRows(rows, find)];
}

function rowAt(text: string, start: number, end: number): Row | undefined {
  const match = ROW.exec(text.slice(start, end));
  if (match === null) return undefined;
  const [whole, offset = '', bytes = ''] = match;
  const from = start + match.index + whole.length - bytes.length;
  return { offset: Number.parseInt(offset, 16), nibbles: readNibbles(bytes, from), start: from, end };
}

/** The column of characters may look like more bytes: the offsets say how many a row has. */
function findInRows(rows: readonly Row[], find: Detector): Span[] {
  const [first, second] = rows;
  if (first === undefined) return [];
  const step = (second?.offset ?? 0) - first.offset;
  const size = 2 * (step > 0 && step <= 64 ? step : USUAL_BYTES);
  const text = rows.map(({ nibbles }) => nibbles.text.slice(0, size)).join('');
  const at = rows.flatMap(({ nibbles }) => nibbles.at.slice(0, Math.min(size, nibbles.text.length)));
  return findInNibbles({ text, at, ends: at.map((place) => place + 1) }, find).map((span) => {
    const last = rows.findLast(({ start }) => start < span.end);
    const touched = rows.filter(({ start, end }) => start < span.end && end > span.start);
    return { ...span, start: touched[0]?.start ?? span.start, end: last?.end ?? span.end };
  });
}
