/** What the columns of a table look like, as the beginning of a mapping file. Pure. */
import { findCurrency } from '../money/currencies.ts';
import type { MoneyTable } from '../money/table.ts';
import { readState } from '../orders/state.ts';
import type { Column, Side } from './layout.ts';

type Found = Partial<Record<Column, string>>;

/** What was found by the usual names stays; for the rest the names are looked at more kindly, then the cells. */
export function suggestMapping(table: MoneyTable, known: Found, side: Side): string {
  const found = findKindly(table, known);
  const lines = COLUMNS.flatMap((column) => (found[column] === undefined ? [] : [`  ${column}: ${JSON.stringify(found[column])}`]));
  const wanted = (['order_no', 'amount', ...(side === 'orders' ? (['status'] as const) : [])] as const).filter((column) => !found[column]);
  const columns = table.columns.slice(0, MOST_NAMED).join(', ');
  return [
    'these columns look like this; look it over, write it into a mapping file and name it with --mapping:',
    'oor: 1',
    'columns:',
    ...lines,
    ...wanted.map((column) => `  ${column}: ?   # one of: ${columns}`),
    ...(found.currency === undefined ? ['constants: { currency: ? }'] : []),
    ...meaning(table, found),
  ].join('\n');
}

const MOST_NAMED = 40;

const NAMES: Readonly<Record<Column, RegExp>> = {
  order_no: /order|invoice|merchant.?ref|out.?trade|bestell|auftrag|pedido|commande|ordine|encomenda|订单|单号|注文|주문/i,
  provider_ref: /trans|txn|reference|referen|psp|rrn|retrieval|payment.?id|流水|凭证|取引|거래/i,
  kind: /kind|type|art$|tipo|event|operation|业务|类型|種別/i,
  amount: /amount|gross|sum|total|cents?$|pence|betrag|importe|montant|importo|valor|montante|金额|金額|금액/i,
  currency: /curr|ccy|w(?:ä|ae?)hrung|moneda|devise|valuta|moeda|币种|货币|通貨|통화/i,
  status: /status|state|result|outcome|estado|zustand|stato|statut|状态|状態|상태/i,
  time: /time|date|datum|zeit|fecha|heure|data|时间|日期|日時|일시/i,
  fee: /fee|commission|geb(?:ü|ue?)hr|comisi|frais|手续费|服务费|手数料|수수료/i,
};
const COLUMNS = Object.keys(NAMES) as Column[];
/** What is often called so and may be anything else too. */
const NUMBERED = /(^|[_\s-])(id|no|nr|number|ref)\.?$/i;

function findKindly(table: MoneyTable, known: Found): Found {
  const found: Found = { ...known };
  const take = (column: Column, isOne: (name: string) => boolean): void => {
    const one = table.columns.find((name) => name.trim() !== '' && !Object.values(found).includes(name) && isOne(name));
    if (found[column] === undefined && one !== undefined) found[column] = one;
  };
  for (const column of COLUMNS) take(column, (name) => NAMES[column].test(name) && fits(column, cellsOf(table, name)));
  for (const [column, looks] of Object.entries(SHAPES) as [Column, Shape][]) take(column, (name) => looks(cellsOf(table, name)));
  take('order_no', (name) => NUMBERED.test(name) && fits('order_no', cellsOf(table, name)));
  return found;
}

type Shape = (cells: readonly string[]) => boolean;

const every =
  (test: (cell: string) => boolean): Shape =>
  (cells) =>
    cells.length > 0 && cells.every(test);
const isAmount = (cell: string): boolean => /^[-+(]?[A-Z]{0,3}[¥￥$€£]?\s?\d[\d.,\s']*\)?-?$/.test(cell);
const isTime = (cell: string): boolean => /\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{2,4}|^\d{10}(?:\d{3,4})?$/.test(cell);
const SHAPES: Readonly<Partial<Record<Column, Shape>>> = {
  time: every(isTime),
  amount: every((cell) => isAmount(cell) && /[.,]\d{1,3}\)?-?$/.test(cell)),
  currency: every((cell) => /^[A-Za-z]{3}$/.test(cell) && findCurrency(cell) !== undefined),
  status: every((cell) => readState(cell) !== undefined && !/^\d/.test(cell)),
};

/** A name may mislead: `order date` is no number of an order. */
function fits(column: Column, cells: readonly string[]): boolean {
  if (cells.length === 0) return true;
  if (column === 'amount' || column === 'fee') return cells.every(isAmount);
  if (column === 'currency') return SHAPES.currency?.(cells) ?? true;
  if (column === 'time') return cells.every(isTime);
  if (column !== 'order_no' && column !== 'provider_ref') return true;
  return !cells.every((cell) => isTime(cell) && /[-/.:]/.test(cell)) && (cells.length === 1 || new Set(cells).size > 1);
}

/** Unit, decimals, times and words, as far as the first rows tell. */
function meaning(table: MoneyTable, { amount, time, status }: Found): readonly string[] {
  const money = cellsOf(table, amount ?? '');
  const times = cellsOf(table, time ?? '');
  const format = times.length === 0 ? undefined : timeFormat(times);
  const words = [...new Set(cellsOf(table, status ?? ''))].filter((word) => readState(word) === undefined).slice(0, MOST_WORDS);
  return [
    ...(money.length > 0 && money.every((cell) => /^-?\d+$/.test(cell)) ? ['unit: ?   # minor or major'] : []),
    ...(money.length > 0 && money.every((cell) => /,\d{1,3}\)?-?$/.test(cell)) ? ['decimal: ","'] : []),
    ...(format === undefined ? [] : [`time: { format: ${JSON.stringify(format)}, zone: ? }`]),
    ...(words.length === 0
      ? []
      : [`words: { status: { ${words.map((word) => `${JSON.stringify(word)}: ?`).join(', ')} } }   # paid, unpaid, pending, refunded`]),
  ];
}

const MOST_WORDS = 12;

/** undefined: as ISO 8601 has it. */
function timeFormat(cells: readonly string[]): string | undefined {
  const [first = ''] = cells;
  if (/^\d{10}$/.test(first)) return 'unix';
  if (/^\d{13}$/.test(first)) return 'unix-ms';
  if (/^\d{14}$/.test(first)) return 'YYYYMMDDHHmmss';
  const match = /^(\d\d?)([/.-])(\d\d?)[/.-](\d{4}|\d\d)(?:(,? )(\d\d?):\d\d(:\d\d)?)?$/.exec(first);
  if (!match) return undefined;
  const [, day = '', separator = '', , year = '', gap, hour, seconds] = match;
  // American where a second number is no month.
  const isAmerican = cells.some((cell) => Number(/^\d\d?[/.-](\d\d?)/.exec(cell)?.[1] ?? 0) > 12);
  const [d, m] = day.length === 2 ? ['DD', 'MM'] : ['D', 'M'];
  const date = (isAmerican ? [m, d] : [d, m]).concat(year.length === 4 ? 'YYYY' : 'YY').join(separator);
  return hour === undefined ? date : `${date}${gap}${hour.length === 2 ? 'HH' : 'H'}:mm${seconds === undefined ? '' : ':ss'}`;
}

function cellsOf({ rows }: MoneyTable, name: string): readonly string[] {
  return rows.flatMap(({ cells }) => (cells[name] ? [cells[name]] : []));
}
