/** The text of a file, piece by piece, as records. Pure. */

export interface TextRecord {
  /** Of its beginning, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Nothing that a table holds is longer: a quote was not closed. */
const MAX_RECORD = 64 * 1024;

/** `quoted`: a cell in quotes may hold the end of a line. The records of one piece come together. */
export async function* splitRecords(pieces: AsyncIterable<string>, quoted: boolean): AsyncGenerator<readonly TextRecord[]> {
  let rest = '';
  let line = 0;
  let open: TextRecord | undefined;
  const take = (raw: string): TextRecord | undefined => {
    line += 1;
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const whole: TextRecord = open ? { line: open.line, text: `${open.text}\n${text}` } : { line, text };
    open = quoted && isOpen(whole.text) && whole.text.length < MAX_RECORD ? whole : undefined;
    return open ? undefined : whole;
  };
  for await (const piece of pieces) {
    const lines = (rest + (line === 0 && rest === '' ? piece.replace(/^\uFEFF/, '') : piece)).split('\n');
    rest = lines.pop() ?? '';
    const records = lines.flatMap((raw) => take(raw) ?? []);
    if (records.length > 0) yield records;
  }
  const last = rest === '' ? undefined : take(rest);
  if (last) yield [last];
  if (open) yield [open];
}

function isOpen(text: string): boolean {
  if (!text.includes('"')) return false;
  return (text.split('"').length - 1) % 2 === 1 && /(^|[,;\t|])"/.test(text);
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
