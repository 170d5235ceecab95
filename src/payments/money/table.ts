/** Tables of orders and of providers as people and providers write them: CSV of any delimiter, JSON lines, bills with notes around the rows. */
import { parseObject } from './json-line.ts';
import { joinLines, type TextRecord } from './record-lines.ts';

export interface Row {
  /** In the text, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface MoneyTable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Rows that stand behind the data and sum it up: `columns` -> `cells` of a second header, or notes. */
  readonly footer: readonly Readonly<Record<string, string>>[];
  /** Lines outside of the table, such as `#交易合计：6笔`. */
  readonly notes: readonly string[];
  /** Rows with another number of cells than the header. */
  readonly ragged: number;
}

export function readTable(text: string): MoneyTable {
  const body = text.replace(/^\uFEFF/, '');
  return /^\s*\{/.test(body) ? readJsonLines(body) : readCells(body);
}

function readJsonLines(text: string): MoneyTable {
  const columns = new Set<string>();
  let ragged = 0;
  const rows = text.split('\n').flatMap((line, index): Row[] => {
    if (line.trim() === '') return [];
    const value = parseObject(line);
    if (!value) {
      ragged += 1;
      return [];
    }
    const cells = Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, showCell(cell)]));
    for (const name of Object.keys(cells)) columns.add(name);
    return [{ line: index + 1, cells }];
  });
  return { columns: [...columns], rows, footer: [], notes: [], ragged };
}

function showCell(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

const DELIMITERS = [',', '\t', ';', '|'] as const;

function readCells(text: string): MoneyTable {
  const records = splitRecords(text);
  const notes = records.filter(({ text: line }) => line.startsWith('#')).map(({ text: line }) => line);
  const lines = records.filter(({ text: line }) => line.trim() !== '' && !line.startsWith('#'));
  const delimiter = chooseDelimiter(lines.slice(0, 5).map(({ text: line }) => line));
  const [head, ...rest] = lines;
  const columns = head ? splitCells(head.text, delimiter) : [];
  const rows: Row[] = [];
  const footer: Record<string, string>[] = [];
  let ragged = 0;
  for (let at = 0; at < rest.length; at++) {
    const { text: line, line: number } = rest[at] as TextRecord;
    const cells = splitCells(line, delimiter);
    if (cells.length === columns.length) {
      rows.push({ line: number, cells: join(columns, cells) });
      continue;
    }
    const sums = isSummary(cells) && rest[at + 1] ? splitCells((rest[at + 1] as TextRecord).text, delimiter) : undefined;
    if (sums) footer.push(join(cells, sums));
    else ragged += 1;
    if (sums) at += 1;
  }
  return { columns, rows, footer, notes, ragged };
}

/** Bills of WeChat Pay end with a header of sums and their row. */
function isSummary(cells: readonly string[]): boolean {
  return /^(总交易单数|资金流水总笔数|total (?:transactions|count))/i.test(cells[0] ?? '');
}

/** Those with an open quote joined to the next. */
function splitRecords(text: string): readonly TextRecord[] {
  const lines = joinLines(true);
  const records = text.split('\n').flatMap((line) => lines.take(line) ?? []);
  return [...records, ...[lines.rest() ?? []].flat()];
}

export function chooseDelimiter(lines: readonly string[]): string {
  const head = lines[0] ?? '';
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, cells: splitCells(head, delimiter).length }));
  return counted.reduce((best, each) => (each.cells > best.cells ? each : best)).delimiter;
}

/** Every cell of WeChat Pay begins with a backtick, and product names may hold commas; ids of Alipay end with a tab. */
export function splitCells(line: string, delimiter: string): string[] {
  if (line.startsWith('`')) return line.slice(1).split(`${delimiter}\``);
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      const end = closingQuote(line, at + 1);
      cells.push(
        line
          .slice(at + 1, end)
          .replaceAll('""', '"')
          .trim(),
      );
      const next = line.indexOf(delimiter, end);
      at = next < 0 ? line.length + 1 : next + delimiter.length;
    } else {
      const next = line.indexOf(delimiter, at);
      cells.push(line.slice(at, next < 0 ? undefined : next).trim());
      at = next < 0 ? line.length + 1 : next + delimiter.length;
    }
  }
  return cells;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at;
  return line.length;
}

function join(columns: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((name, at) => [name, (cells[at] ?? '').trim()]));
}
