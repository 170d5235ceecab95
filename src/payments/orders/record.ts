/** One row of orders or of a provider, in the words of this program. */
import { type Amount, parseAmount, type Unit } from '../money/amount.ts';
import { findCurrency } from '../money/currencies.ts';
import type { MoneyTable } from '../money/table.ts';
import { FIELDS, type Field, findColumns } from './columns.ts';
import { readState, type State } from './state.ts';

export interface MoneyRecord {
  readonly line: number;
  readonly orderNo: string;
  readonly reference: string;
  readonly kind: 'payment' | 'refund' | 'reversal' | 'fee' | 'other';
  readonly amountText: string;
  readonly amount: Amount | undefined;
  /** Letters; '' where nothing tells. */
  readonly currency: string;
  readonly exponent: number;
  readonly state: State | undefined;
  readonly statusText: string;
  readonly at: number | undefined;
  readonly expiresAt: number | undefined;
  /** All that was found, as it stands there. */
  readonly cells: Readonly<Partial<Record<Field, string>>>;
}

export interface ReadOptions {
  /** Field -> column, where a column is not called as usual. */
  readonly columns: Readonly<Partial<Record<Field, string>>>;
  readonly unit: Unit;
  /** For rows that name none. */
  readonly currency: string;
  /** Words of this source -> state. */
  readonly words: Readonly<Record<string, State>>;
  timeOf(text: string): number | undefined;
}

export interface Records {
  readonly records: readonly MoneyRecord[];
  /** Which column holds what. */
  readonly found: Readonly<Partial<Record<Field, string>>>;
  /** Columns that were named and are not there. */
  readonly absent: readonly string[];
}

export function readRecords(table: MoneyTable, options: ReadOptions): Records {
  const { found, absent } = findColumns(table.columns, options.columns);
  const records = table.rows.map((row) => {
    const cells = Object.fromEntries(FIELDS.flatMap((field) => (found[field] ? [[field, row.cells[found[field]] ?? '']] : []))) as Partial<
      Record<Field, string>
    >;
    return toRecord(row.line, cells, options);
  });
  return { records, found, absent };
}

function toRecord(line: number, cells: Partial<Record<Field, string>>, { unit, currency, words, timeOf }: ReadOptions): MoneyRecord {
  const known = findCurrency(cells.currency || currency);
  const exponent = known?.exponent ?? 2;
  const time = (text: string | undefined): number | undefined => (text ? timeOf(text) : undefined);
  return {
    line,
    orderNo: cells.order_no ?? '',
    reference: cells.provider_ref ?? '',
    kind: readKind(cells.kind ?? '', cells.status ?? ''),
    amountText: cells.amount ?? '',
    amount: parseAmount(cells.amount ?? '', exponent, unit),
    currency: known?.code ?? (cells.currency || currency).toUpperCase(),
    exponent,
    state: readState(cells.status ?? '', words),
    statusText: cells.status ?? '',
    at: time(cells.time),
    expiresAt: time(cells.expires_at),
    cells,
  };
}

/** Providers of one kind of row leave the column out; WeChat Pay tells a refund by its state. */
function readKind(kind: string, status: string): MoneyRecord['kind'] {
  if (/refund|退款/i.test(kind) || (kind === '' && /^REFUND$/i.test(status))) return 'refund';
  if (/revers|void|撤销|冲正|revoked/i.test(kind) || (kind === '' && /^REVOKED$/i.test(status))) return 'reversal';
  if (/^(fee|commission)|手续费|服务费/i.test(kind)) return 'fee';
  if (/payout|payment_failure|transfer|adjust|dispute|chargeback|提现|转账/i.test(kind)) return 'other';
  return 'payment';
}
