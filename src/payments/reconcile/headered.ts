/** Tables with a header: every row has as many cells, and no second header follows. What else stands in the file is the format's own. Pure. */
import { chooseDelimiter, splitCells } from '../money/table.ts';
import type { Movement } from './movement.ts';
import type { Ending, Reader } from './reader.ts';
import { type Columns, nameColumns } from './records.ts';

export interface HeaderedRules {
  /** Without it the one that parts the header. */
  readonly delimiter?: string;
  /** As the columns are called here. */
  readonly nameOf?: (name: string) => string;
  /** Without it the first line that is not empty; what stands before is no row. */
  readonly isHeader?: (cells: readonly string[]) => boolean;
  readonly opened?: (columns: Columns) => string | undefined;
  /** A line that is no row, such as a note or a sum: true when it was taken, or what is wrong with it. */
  readonly aside?: (text: string, cells: readonly string[]) => boolean | string;
  readonly row: (columns: Columns, cells: readonly string[]) => readonly Movement[] | string;
  readonly end: (read: Read) => Ending | string;
}

interface Read {
  readonly rows: number;
  readonly delimiter: string;
}

export function createHeaderedReader(rules: HeaderedRules): Reader {
  const { nameOf = (name: string) => name, aside } = rules;
  let columns: Columns | undefined;
  let delimiter = rules.delimiter ?? ',';
  let rows = 0;
  const isRepeated = ({ names }: Columns, cells: readonly string[]): boolean =>
    rules.isHeader?.(cells) || cells.every((cell, at) => nameOf(cell) === names[at]);
  return {
    read({ text: raw }) {
      // Of the second of two files that were joined.
      const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
      if (text.trim() === '') return [];
      if (!columns) delimiter = rules.delimiter ?? chooseDelimiter([text]);
      const cells = splitCells(text, delimiter);
      if (columns && isRepeated(columns, cells)) return 'the header is repeated: two files were joined';
      const taken = aside?.(text, cells) ?? false;
      if (taken !== false) return taken === true ? [] : taken;
      if (!columns) {
        if (rules.isHeader?.(cells) === false) return [];
        columns = nameColumns(cells.map(nameOf));
        return rules.opened?.(columns) ?? [];
      }
      if (cells.length !== columns.count) return `${cells.length} cells where the header has ${columns.count}`;
      rows += 1;
      return rules.row(columns, cells);
    },
    end: () => rules.end({ rows, delimiter }),
  };
}
