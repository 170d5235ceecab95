/** The rows of a table as the database reads them: cells as they stand, in the order of the header. Pure. */
import { ExitCode, OorError } from '../../errors.ts';
import { parseObject } from '../money/json-line.ts';
import type { Layout } from './layout.ts';

export type Row = readonly string[];

/** Longer than a row can be: a quote was not closed. */
const MAX_ROW = 1024 * 1024;

/** Without the header. Throws `OorError` at what is no row, with its line. The rows of one piece come together. */
export async function* readRows(pieces: AsyncIterable<string>, layout: Layout): AsyncGenerator<readonly Row[]> {
  const take = layout.format === 'csv' ? csvTaker(layout) : jsonTaker(layout);
  let rest: string | undefined;
  for await (const piece of pieces) {
    const text = rest === undefined ? piece.replace(/^\uFEFF/, '') : rest + piece;
    const { rows, next } = take(text, false);
    rest = text.slice(next);
    if (rest.length > MAX_ROW) take(rest, true);
    if (rows.length > 0) yield rows;
  }
  const { rows } = take(rest ?? '', true);
  if (rows.length > 0) yield rows;
}

/** The whole rows at the beginning of a text, and where the rest begins. */
type Take = (text: string, isLast: boolean) => { readonly rows: readonly Row[]; readonly next: number };

function csvTaker({ delimiter, header }: Layout): Take {
  let line = 1;
  let isHeader = true;
  return (text, isLast) => {
    const rows: Row[] = [];
    let next = 0;
    while (next < text.length) {
      const found = csvRow(text, next, delimiter);
      if (found.isCut && !isLast) break;
      if (found.wrong !== undefined) throw refuse(line, found.wrong);
      const { cells } = found;
      const isEmpty = cells.length === 1 && cells[0] === '';
      if (!isEmpty && cells.length !== header.length) throw refuse(line, `${cells.length} cells where the header has ${header.length}`);
      if (!isEmpty && !isHeader) rows.push(cells);
      isHeader &&= isEmpty;
      line += 1 + found.breaks;
      next = found.next;
    }
    return { rows, next };
  };
}

interface CsvRow {
  readonly cells: readonly string[];
  readonly next: number;
  /** Ends of lines within cells. */
  readonly breaks: number;
  /** The text ends before the row does. */
  readonly isCut: boolean;
  readonly wrong?: string;
}

function csvRow(text: string, from: number, delimiter: string): CsvRow {
  const cells: string[] = [];
  let breaks = 0;
  // Ends of lines are looked for once a row, and again behind a cell that holds one.
  let lineEnd = endOfLine(text, from);
  for (let at = from; ; ) {
    let end: number;
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1);
      if (close < 0) return { cells, next: text.length, breaks, isCut: true, wrong: 'a quote is not closed' };
      const cell = text.slice(at + 1, close).replaceAll('""', '"');
      cells.push(cell);
      breaks += cell.split('\n').length - 1;
      if (close > lineEnd) lineEnd = endOfLine(text, close);
      end = close + 1;
      if (end < contentEnd(text, lineEnd) && text[end] !== delimiter)
        return { cells, next: end, breaks, isCut: false, wrong: 'it is no line of this table' };
    } else {
      const next = text.indexOf(delimiter, at);
      end = next < 0 || next > lineEnd ? contentEnd(text, lineEnd) : next;
      cells.push(text.slice(at, end));
    }
    if (text[end] !== delimiter) break;
    at = end + 1;
  }
  return { cells, next: lineEnd + 1, breaks, isCut: lineEnd === text.length };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function contentEnd(text: string, lineEnd: number): number {
  return text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}

function jsonTaker({ header }: Layout): Take {
  let line = 1;
  return (text, isLast) => {
    const end = isLast ? text.length : text.lastIndexOf('\n') + 1;
    const rows = text
      .slice(0, end)
      .split('\n')
      .flatMap((each, at) => {
        if (each.trim() === '') return [];
        const object = parseObject(each);
        if (!object) throw refuse(line + at, 'it is no JSON object');
        return [header.map((name) => jsonCell(Object.hasOwn(object, name) ? object[name] : null))];
      });
    line += text.slice(0, end).split('\n').length - 1;
    return { rows, next: end };
  };
}

function jsonCell(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function refuse(line: number, what: string): OorError {
  return new OorError({
    code: 'unreadable-file',
    message: `line ${line}: ${what}`,
    hint: 'correct the file, or export it again; nothing was compared',
    exitCode: ExitCode.invalidInput,
  });
}
