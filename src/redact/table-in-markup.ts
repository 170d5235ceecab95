import type { Place } from './walk.ts';

/** A cell, and where what it holds begins. */
export interface Cell {
  readonly text: string;
  readonly at: number;
}

const MAX_ROW = 4_000;
const MAX_ROWS = 10_000;
const CELL = /<t([hd])(?:[ \t][^<>]{0,160})?>((?:[^<]|<(?!\/?t[hdr][ \t>])){0,400})<\/t\1>/gi;
const CELL_ENDS = /^(?:<[^<>]{0,40}>|[^<>]){0,40}<\/t[hd]>/i;
const TAG = /<[^<>]{0,160}>/g;

/** The rows of a table of HTML from the one in which the name stands, as long as they have as many cells. */
export function rowsOfMarkup(text: string, { start, end }: Place): readonly (readonly Cell[])[] {
  if (!CELL_ENDS.test(text.slice(end, end + 200))) return [];
  const from = Math.max(0, start - MAX_ROW);
  const head = text.slice(from, start).toLowerCase().lastIndexOf('<tr');
  if (head === -1) return [];
  const rows: (readonly Cell[])[] = [];
  let at = from + head;
  while (rows.length < MAX_ROWS) {
    const row = text.slice(at, at + MAX_ROW);
    const close = row.search(/<\/tr/i);
    if (close === -1) break;
    const cells = Array.from(row.slice(0, close).matchAll(CELL), ({ 0: whole, 2: content = '', index }) => ({
      text: content.replace(TAG, (tag) => ' '.repeat(tag.length)),
      at: at + index + whole.length - content.length - '</td>'.length,
    }));
    if (cells.length < 2 || (rows[0] !== undefined && rows[0].length !== cells.length)) break;
    rows.push(cells);
    const next = /^<\/tr>(?:\s|<\/?t(?:head|body|foot)>){0,40}(?=<tr)/i.exec(row.slice(close))?.[0];
    if (next === undefined) break;
    at += close + next.length;
  }
  return rows;
}
