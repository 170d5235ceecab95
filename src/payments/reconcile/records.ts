/** The text of a file, piece by piece, as records. Pure. */
import { joinLines, type TextRecord } from '../money/record-lines.ts';

/** `quoted`: a cell in quotes may hold the end of a line. The records of one piece come together. */
export async function* splitRecords(pieces: AsyncIterable<string>, quoted: boolean): AsyncGenerator<readonly TextRecord[]> {
  const joined = joinLines(quoted);
  let rest: string | undefined;
  for await (const piece of pieces) {
    const lines = (rest === undefined ? piece.replace(/^\uFEFF/, '') : rest + piece).split('\n');
    rest = lines.pop() ?? '';
    const records = lines.flatMap((line) => joined.take(line) ?? []);
    if (records.length > 0) yield records;
  }
  const last = rest ? joined.take(rest) : undefined;
  if (last) yield [last];
  const open = joined.rest();
  if (open) yield [open];
}

/** Which cell of a row is which. */
export interface Columns {
  readonly count: number;
  readonly names: readonly string[];
  /** '' where there is no such column. */
  of(cells: readonly string[], name: string): string;
  has(name: string): boolean;
  /** The first of these columns that is there and not empty. */
  first(cells: readonly string[], ...names: readonly string[]): string;
}

export function nameColumns(names: readonly string[]): Columns {
  const index = new Map(names.map((name, at) => [name, at] as const).reverse());
  const of = (cells: readonly string[], name: string): string => {
    const at = index.get(name);
    return at === undefined ? '' : (cells[at] ?? '').trim();
  };
  return {
    count: names.length,
    names,
    of,
    has: (name) => index.has(name),
    first(cells, ...wanted) {
      for (const name of wanted) {
        const cell = of(cells, name);
        if (cell !== '') return cell;
      }
      return '';
    },
  };
}

/** `订单金额（元）`: the unit is written in either kind of brackets, or left out. */
export function bareName(name: string): string {
  return name.replace(/[（(][\s\S]*$/, '').trim();
}
