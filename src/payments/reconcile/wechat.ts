/**
 * Bills of WeChat Pay. Trade bill: ALL, SUCCESS, REFUND and RECHARGE_REFUND of both generations of the interface; they differ in their columns only.
 * Every cell of data begins with a backtick, so that product names may hold commas. The last two lines are a header of sums and the sums.
 * Pure.
 */
import { parseAmount } from '../money/amount.ts';
import { WECHAT_SUMS } from '../money/control-totals.ts';
import { createHeaderedReader } from './headered.ts';
import type { Movement } from './movement.ts';
import { type Format, holdTotals, type Reader, type Total } from './reader.ts';
import { bareName, type Columns, nameColumns } from './records.ts';
import { meaningOf } from './words.ts';

/** Days are counted and times written in Beijing. */
export const BEIJING = '+08:00';

export const WECHAT_TRADE: Format = { id: 'wechat', zone: BEIJING, quoted: false, open: () => createBillReader(tradeRow) };

/** Fees have five decimals. */
export const EXPONENT = 5;

/** What one row moves. `columns` are those of the header. */
type BillRow = (columns: Columns, cells: readonly string[]) => readonly Movement[] | string;

interface BillRules {
  readonly row: BillRow;
  /** First cell of the header of sums. */
  readonly sums: string;
  /** Of what the file says of itself, that which is held against its rows. */
  readonly totals: (declared: Declared, found: Sums) => readonly Total[];
  readonly assumed?: () => readonly string[];
}

/** Names and cells of the sums, as they stand there. */
export type Declared = readonly (readonly [of: string, text: string])[];

/** Of the rows so far. */
export interface Sums {
  readonly rows: number;
  /** Of a column, over all rows or those of one direction. */
  of(column: string): number;
}

/** A header, rows, a header of sums, the sums, and nothing behind them. */
export function createSummedReader({ row, sums: marker, totals, assumed }: BillRules, summed: readonly string[]): Reader {
  const state: State = { sums: new Map() };
  return createHeaderedReader({
    delimiter: ',',
    nameOf: bareName,
    aside(_text, cells) {
      if (state.values) return 'a row stands behind the totals: two files were joined';
      if (state.foot) state.values = cells;
      else if (cells[0] === marker) state.foot = nameColumns(cells.map(bareName));
      else return false;
      return true;
    },
    row: (columns, cells) => addUp(state, columns, cells, summed) ?? row(columns, cells),
    end({ rows }) {
      const { foot, values, sums } = state;
      if (!foot || !values) return `it ends before its totals, after ${rows} rows: it was cut off`;
      if (values.length < foot.count) return `${values.length} totals where their header has ${foot.count}`;
      const declared = foot.names.map((of) => [of, foot.of(values, of)] as const);
      const held = holdTotals(totals(declared, { rows, of: (column) => sums.get(column) ?? 0 }));
      return typeof held === 'string' ? held : { totals: held, assumed: assumed?.() ?? [] };
    },
  });
}

interface State {
  readonly sums: Map<string, number>;
  foot?: Columns;
  values?: readonly string[];
}

function addUp(state: State, columns: Columns, cells: readonly string[], summed: readonly string[]): string | undefined {
  for (const column of summed) {
    const cell = columns.of(cells, column);
    if (cell === '') continue;
    const amount = parseAmount(cell, EXPONENT);
    if (!amount) return `${column} "${cell}" is no amount`;
    state.sums.set(column, (state.sums.get(column) ?? 0) + amount.minor);
  }
  return undefined;
}

function createBillReader(row: BillRow): Reader {
  const columns = [...new Set(Object.values(WECHAT_SUMS))];
  return createSummedReader({ row, sums: '总交易单数', totals: tradeTotals }, columns);
}

function tradeTotals(declared: Declared, found: Sums): readonly Total[] {
  return declared.flatMap(([of, text]): readonly Total[] => {
    if (of === '总交易单数') return [{ of, declared: text, found: found.rows, exponent: 0 }];
    const column = meaningOf(WECHAT_SUMS, of);
    return column === undefined ? [] : [{ of, declared: text, found: found.of(column), exponent: EXPONENT }];
  });
}

/** A refund stands on its own day, with the time of the payment in the first column; a payment that was taken back stands there again as REVOKED. */
function tradeRow(columns: Columns, cells: readonly string[]): readonly Movement[] | string {
  const state = columns.of(cells, '交易状态');
  const base = {
    orderNo: columns.of(cells, '商户订单号'),
    currency: columns.of(cells, '货币种类') || 'CNY',
    zone: BEIJING,
  };
  const payment = columns.of(cells, '微信订单号');
  const paid = columns.first(cells, '订单金额', '应结订单金额', '总金额');
  if (state === 'SUCCESS')
    return [
      {
        ...base,
        reference: payment,
        kind: 'payment',
        amount: paid,
        status: 'success',
        time: columns.of(cells, '交易时间'),
        fee: columns.of(cells, '手续费'),
      },
    ];
  if (state !== 'REFUND' && state !== 'REVOKED') return `交易状态 "${state}" is neither SUCCESS nor REFUND nor REVOKED`;
  const kind = state === 'REFUND' ? 'refund' : 'reversal';
  const word = columns.of(cells, '退款状态');
  const status = meaningOf(WECHAT_REFUND, word) ?? (kind === 'reversal' ? 'success' : undefined);
  if (status === undefined) return `退款状态 "${word}" is a word that oor does not know`;
  const returned = nonZero(columns, cells, '申请退款金额', '退款金额');
  const amount = returned === '0' && kind === 'reversal' ? nonZero(columns, cells, '订单金额', '应结订单金额', '总金额') : returned;
  // Both "0" and nothing say that there is no number of a refund.
  const reference = columns.of(cells, '微信退款单号').replace(/^0$/, '') || payment;
  const returnedAt = columns.of(cells, '退款成功时间');
  const time = returnedAt || columns.of(cells, '交易时间');
  return [{ ...base, reference, kind, amount, status, time, isTimeOfPayment: returnedAt === '', fee: '' }];
}

const WECHAT_REFUND: Readonly<Record<string, Movement['status']>> = {
  SUCCESS: 'success',
  PROCESSING: 'pending',
  FAIL: 'failed',
  CHANGE: 'failed',
};

function nonZero(columns: Columns, cells: readonly string[], ...names: readonly string[]): string {
  return names.map((name) => columns.of(cells, name)).find((cell) => cell !== '' && Number(cell) !== 0) ?? '0';
}
