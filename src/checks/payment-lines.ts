/** Payments in a log, by the mapping of the profile: their fields, and what their codes mean in the one vocabulary. */

import type { CodeEntry, Outcome } from '../payments/codes/code-entry.ts';
import { findTable, lookUp } from '../payments/codes/codes.ts';
import { parseAmount, type Unit } from '../payments/money/amount.ts';
import { findCurrency } from '../payments/money/currencies.ts';
import type { MoneyRecord } from '../payments/orders/record.ts';
import type { State } from '../payments/orders/state.ts';
import type { ProbeContext } from './check.ts';
import type { SourceParams } from './log-source.ts';
import { readLogWindow } from './log-window.ts';
import { type Infer, v } from './schema.ts';
import { type Mapping, makeFieldReader, type Values } from './transaction-lines.ts';

export const OUTCOMES = [
  'PAID',
  'NOT_PAID_FINAL',
  'USER_ACTION',
  'UNKNOWN',
  'DUPLICATE',
  'LIMIT',
  'RISK',
  'SIGN/KEY/CERT',
  'PARAM',
  'PERMISSION/CONTRACT',
  'RATE',
  'PROVIDER_DOWN',
  'PLANNED',
  'NOT_A_PAYMENT',
] as const satisfies readonly Outcome[];

const tableName = v.pipe(
  v.string(),
  v.check(
    (name) => findTable(name) !== undefined,
    (issue) => `there is no table of codes called ${issue.received}`,
  ),
);
export const codeParams = {
  /** Whose codes they are. */
  table: v.nullish(tableName, 'iso8583-1987'),
  /** Provider (as the log writes it) -> whose codes. */
  tables: v.nullish(v.record(v.string(), tableName)),
  /** Codes of one's own, or that mean something else here. */
  outcomes: v.nullish(v.record(v.string(), v.picklist(OUTCOMES))),
};
const shape = v.object(codeParams);
type CodeParams = Infer<typeof shape>;

export interface PaymentLine {
  readonly at: number;
  readonly code: string;
  /** undefined: no table knows the code. */
  readonly outcome: Outcome | undefined;
  readonly entry: CodeEntry | undefined;
  readonly values: Values;
}

export interface PaymentWindow {
  readonly source: string;
  readonly missing: boolean;
  /** Of the log, understood or not. */
  readonly lines: number;
  readonly payments: readonly PaymentLine[];
  readonly coveredFrom: number;
}

export async function readPayments(
  params: SourceParams & Mapping & CodeParams,
  from: number,
  context: ProbeContext,
): Promise<PaymentWindow> {
  const window = await readLogWindow(params, from, context);
  const until = context.until ?? Number.POSITIVE_INFINITY;
  const read = makeFieldReader(params);
  const payments = window.lines.flatMap(({ at, text }): PaymentLine[] => {
    const values = read(text);
    if (values.code === undefined || at > until) return [];
    const entry = explain(values, params);
    const outcome = params.outcomes?.[values.code] ?? entry?.outcome;
    return outcome === 'NOT_A_PAYMENT' ? [] : [{ at, code: values.code, outcome, entry, values }];
  });
  return { source: window.source, missing: window.missing, lines: window.lines.length, payments, coveredFrom: window.coveredFrom };
}

function explain({ code = '', provider = '' }: Values, { table, tables }: CodeParams): CodeEntry | undefined {
  const found = findTable(tables?.[provider] ?? table);
  return found && lookUp(found, code);
}

/** The same as records of orders: an order that was answered twice was paid once, for a log repeats what a query says. */
export async function readPaymentRecords(
  params: SourceParams & Mapping & CodeParams & { readonly unit: Unit },
  currency: string,
  context: ProbeContext,
): Promise<readonly MoneyRecord[]> {
  const { payments } = await readPayments(params, context.since, context);
  return payments.flatMap(({ at, outcome, code, values }): MoneyRecord[] => {
    if (values.order_no === undefined || outcome === undefined) return [];
    const known = findCurrency(values.currency ?? currency);
    const exponent = known?.exponent ?? 2;
    const { order_no: orderNo, amount: amountText = '' } = values;
    return [
      {
        ...{ line: 0, orderNo, reference: orderNo, kind: 'payment', amountText, amount: parseAmount(amountText, exponent, params.unit) },
        ...{
          currency: known?.code ?? '',
          exponent,
          state: STATE_OF[outcome] ?? 'unpaid',
          statusText: code,
          at,
          expiresAt: undefined,
          cells: {},
        },
      },
    ];
  });
}

const STATE_OF: Readonly<Partial<Record<Outcome, State>>> = {
  PAID: 'paid',
  UNKNOWN: 'pending',
  USER_ACTION: 'pending',
  DUPLICATE: 'pending',
};
