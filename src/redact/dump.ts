import type { Candidates } from './candidates.ts';
import { findInNibbles, readNibbles } from './hexadecimal.ts';
import type { Detector, Span } from './span.ts';
import type { View } from './view.ts';

/** `00000010  41 42 ..  |AB..|` (hexdump -C), `00000010: 4142 ..  AB..` (xxd), `0x0010:  4142 ..` (tcpdump), `000010 | 41 42 ..`, `|00000010| 41 42 .. |AB..|` (netty), `0000020 41 42 ..` (od). */
const ROW =
  /\b(?:0x)?([0-9A-Fa-f]{4,8})(?:h?:[ \t]{1,3}|[ \t]{2,4}|[ \t]?\|[ \t]|h[ \t]|[ \t](?=(?:[0-9A-Fa-f]{2}[ \t]){3})|(?<=(?<![0-9A-Za-z])[0-9a-f]{7})[ \t](?=(?:[0-9a-f]{4}[ \t]){2}))((?:[0-9A-Fa-f]{2}){1,4}(?:[ \t-]{1,3}(?:[0-9A-Fa-f]{2}){1,4}){0,31})(?![0-9A-Za-z])/;
const USUAL_BYTES = 16;
const MAX_ROW_LENGTH = 400;

interface Row {
  readonly offset: number;
  readonly nibbles: View;
  /** Digits of a word; 0: not all have as many. */
  readonly width: number;
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
  const words = bytes.trim().split(/[ \t-]+/);
  const [{ length: width } = ''] = words;
  return {
    offset: Number.parseInt(offset, 16),
    nibbles: readNibbles(bytes, from),
    width: words.slice(0, -1).every(({ length }) => length === width) ? width : 0,
    start: from,
    end,
  };
}

/** Words as a little-endian machine shows them (hexdump, od -x, xxd -e): their bytes in the order in which they were. Places are not in order. */
function turned({ text, at, ends }: View, width: number): View {
  const order = Array.from({ length: text.length - (text.length % width) }, (_, index) => {
    const word = index - (index % width);
    const byte = (index - word) >> 1;
    return word + width - 2 - byte * 2 + (index & 1);
  });
  return {
    text: order.map((place) => text[place]).join(''),
    at: order.map((place) => at[place] ?? 0),
    ends: order.map((place) => ends[place] ?? 0),
  };
}

/** The column of characters may look like more bytes: the offsets say how many a row has. */
function findInRows(rows: readonly Row[], find: Detector): Span[] {
  const [first, second] = rows;
  if (first === undefined) return [];
  const step = (second?.offset ?? 0) - first.offset;
  const size = 2 * (step > 0 && step <= 64 ? step : USUAL_BYTES);
  const text = rows.map(({ nibbles }) => nibbles.text.slice(0, size)).join('');
  const at = rows.flatMap(({ nibbles }) => nibbles.at.slice(0, Math.min(size, nibbles.text.length)));
  const view = { text, at, ends: at.map((place) => place + 1) };
  const wide = rows.every(({ width }) => width === first.width) ? first.width : 0;
  const found = [...findInNibbles(view, find), ...(wide === 4 || wide === 8 ? findInNibbles(turned(view, wide), find) : [])];
  return found.map((span) => {
    const [from, to] = [Math.min(span.start, span.end), Math.max(span.start, span.end)];
    const last = rows.findLast(({ start }) => start < to);
    const touched = rows.filter(({ start, end }) => start < to && end > from);
    return { ...span, start: touched[0]?.start ?? from, end: last?.end ?? to };
  });
}
