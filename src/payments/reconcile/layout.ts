/** How a file of rows is to be read: found out from its beginning, or told by a mapping. Pure. */
import { findCurrency } from '../money/currencies.ts';
import { chooseDelimiter, readTable } from '../money/table.ts';
import { findColumns } from '../orders/columns.ts';
import { readState } from '../orders/state.ts';
import { zoneOffsetMs } from '../orders/zone.ts';
import { suggestMapping } from './suggest-mapping.ts';
import { meaningOf } from './words.ts';

export type Side = 'orders' | 'statements';

export const COLUMNS = ['order_no', 'provider_ref', 'kind', 'amount', 'currency', 'status', 'time', 'fee'] as const;
export type Column = (typeof COLUMNS)[number];

export const KINDS = ['payment', 'refund', 'reversal', 'fee', 'dispute'] as const;
export type Kind = (typeof KINDS)[number];

export type Vocabulary = Readonly<Record<'kind' | 'status' | 'currency', readonly string[]>>;

export interface Layout {
  readonly format: 'csv' | 'jsonl';
  readonly delimiter: string;
  /** As they stand in the file, in its order; of JSON lines only those that are read. */
  readonly header: readonly string[];
  readonly columns: Readonly<Partial<Record<Column, string>>>;
  /** Of times that name none. */
  readonly zone: string;
  /** Words that were seen: each is looked up once, not once a row. */
  readonly words: Vocabulary;
  /** What was not written in the file, in plain words. */
  readonly assumed: readonly string[];
}

export type Refusal = { readonly line: number; readonly message: string; readonly hint?: string };

interface SniffOptions {
  readonly side: Side;
  /** undefined: times without a zone are UTC. */
  readonly zone: string | undefined;
}

/** From the beginning of a file, whose last line may be cut off. */
export function sniffLayout(head: string, { side, zone }: SniffOptions): Layout | Refusal {
  const text = head.replace(/^\uFEFF/, '');
  const [first = ''] = text.split(/\r?\n/, 1);
  if (first.trim() === '') return { line: 1, message: 'the first line is empty' };
  if (/\r[^\n]/.test(first))
    return { line: 1, message: 'its lines end with CR alone', hint: 'save it with lines that end with LF or CRLF' };
  if (/^sep=.$/i.test(first.trim()))
    return { line: 1, message: `"${first.trim()}" is a note to a spreadsheet, and no header`, hint: 'take this line away' };
  const table = readTable(text.slice(0, text.lastIndexOf('\n') + 1) || text);
  const header = table.columns;
  if (first.trimStart().startsWith('['))
    return { line: 1, message: 'it is an array of JSON', hint: 'write one object a line, without the array' };
  if (header.length < 2) return { line: 1, message: 'there is only one column: this is no table of payments' };
  if (header.length > MAX_COLUMNS) return { line: 1, message: `there are more than ${MAX_COLUMNS} columns: this is no table of payments` };
  const repeated = header.find((name, at) => header.indexOf(name) < at);
  if (repeated !== undefined) return { line: 1, message: 'a column name stands twice in the header' };
  const { found } = findColumns(header, {});
  const columns = Object.fromEntries(COLUMNS.flatMap((column) => (found[column] === undefined ? [] : [[column, found[column]]])));
  const missing = (['order_no', 'amount', 'currency', ...(side === 'orders' ? ['status'] : [])] as const).filter(
    (name) => !(name in columns),
  );
  if (missing.length > 0)
    return { line: 1, message: `there is no column ${missing.join(', ')}`, hint: suggestMapping(table, { ...columns }, side) };
  const cells = (column: Column): readonly string[] => table.rows.map(({ cells: row }) => row[columns[column] ?? ''] ?? '');
  const seen = (column: Column): readonly string[] => [...new Set(cells(column).map(plain))].slice(0, MAX_WORDS);
  const isJson = first.trimStart().startsWith('{');
  return {
    format: isJson ? 'jsonl' : 'csv',
    delimiter: isJson ? '' : chooseDelimiter([first]),
    header: isJson ? Object.values(columns) : header,
    columns,
    zone: zone ?? 'UTC',
    words: { kind: seen('kind'), status: seen('status'), currency: seen('currency') },
    assumed: assumptions(columns, cells('time'), zone),
  };
}

const MAX_COLUMNS = 1_000;
/** Words beyond these are found after the file was read. */
const MAX_WORDS = 50;

/** The form in which words are compared, as the SQL makes it too. */
function plain(word: string): string {
  return word.trim().toLowerCase();
}

/** undefined: a word that nobody explained. */
export function readWord(column: keyof Vocabulary, word: string): string | undefined {
  if (column === 'currency') return findCurrency(word)?.code;
  if (column === 'status') return word === '' ? undefined : readState(word);
  return word === '' ? 'payment' : meaningOf(KIND_WORDS, word);
}

const KIND_WORDS: Readonly<Record<string, Kind>> = {
  payment: 'payment',
  charge: 'payment',
  sale: 'payment',
  purchase: 'payment',
  capture: 'payment',
  支付: 'payment',
  付款: 'payment',
  收款: 'payment',
  消费: 'payment',
  交易: 'payment',
  refund: 'refund',
  退款: 'refund',
  退货: 'refund',
  reversal: 'reversal',
  void: 'reversal',
  撤销: 'reversal',
  冲正: 'reversal',
  fee: 'fee',
  手续费: 'fee',
  dispute: 'dispute',
  chargeback: 'dispute',
  拒付: 'dispute',
};

/** undefined: a zone that nobody knows. */
export function isZone(zone: string): boolean {
  return zoneOffsetMs(zone, 0) !== undefined;
}

function assumptions(columns: Layout['columns'], times: readonly string[], zone: string | undefined): readonly string[] {
  const bare = times.some((time) => time !== '' && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(time));
  const renamed = Object.entries(columns).filter(([column, name]) => name.trim().toLowerCase() !== column);
  return [
    ...renamed.map(([column, name]) => `${column} is the column ${name}`),
    ...(bare && zone === undefined ? ['times without a zone are UTC (--tz says otherwise)'] : []),
    ...(columns.kind === undefined ? ['every row is a payment: there is no column kind'] : []),
    ...(columns.status === undefined ? ['every row moved money: there is no column status'] : []),
    ...(columns.provider_ref === undefined ? ['rows are told apart by order number alone: there is no column provider_ref'] : []),
  ];
}
