/**
 * Itemised reports of Stripe (balance change from activity, payout reconciliation, payouts) and the balance history of its dashboard.
 * Amounts are in major units with the sign of the balance; gross - fee = net holds in every row, and is the only total there is. Pure.
 */
import { parseAmount } from '../money/amount.ts';
import { findCurrency } from '../money/currencies.ts';
import { createHeaderedReader } from './headered.ts';
import { createHolding, type Holding, toldStrangers } from './holding.ts';
import type { Movement } from './movement.ts';
import { countUp, type Ending, type Format, leftOut, type ReadContext, type Reader } from './reader.ts';
import type { Columns } from './records.ts';
import { meaningOf } from './words.ts';

export const STRIPE: Format = { id: 'stripe', zone: '', quoted: true, open: openStripe };

/** Names of columns as reports and the dashboard write them: `Created (UTC)` and `created_utc`. */
export function plainName(name: string): string {
  const bare = name.trim().toLowerCase();
  return bare.includes('[') ? bare : bare.replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
}

export function isStripe(header: readonly string[]): boolean {
  const has = (...names: readonly string[]): boolean => names.every((name) => header.includes(name));
  return has('reporting_category', 'gross', 'fee', 'net') || has('id', 'type', 'source', 'amount', 'fee', 'net', 'currency', 'created_utc');
}

interface State {
  readonly context: ReadContext;
  readonly others: Map<string, number>;
  /** By the number of the refund or dispute. */
  readonly holding: Holding;
  order: string | undefined;
  isLocal: boolean;
}

function openStripe(context: ReadContext): Reader {
  const state: State = { context, others: new Map(), holding: createHolding(true), order: undefined, isLocal: false };
  return createHeaderedReader({
    nameOf: plainName,
    opened(columns) {
      state.order = orderColumn(columns.names);
      state.isLocal = !columns.has('created_utc');
      return undefined;
    },
    row: (columns, cells) => readRow(columns, cells, state),
    end: ({ delimiter }) => ({ ...endOf(state), delimiter }),
  });
}

/** Of the metadata that the shop gave along. */
function orderColumn(names: readonly string[]): string | undefined {
  const own = names.filter((name) => /metadata/.test(name));
  const keyOf = (name: string): string =>
    (/\[([^[\]]*)\]/.exec(name)?.[1] ?? name.replace(/_?(payment_)?metadata_?/, '')).replace(/[^a-z0-9]/g, '');
  const wanted = ['orderno', 'orderid', 'ordernumber', 'merchantorderno', 'merchantreference', 'outtradeno', 'order', 'reference'];
  return (
    wanted.map((key) => own.find((name) => keyOf(name) === key)).find(Boolean) ??
    own.find((name) => keyOf(name).includes('order')) ??
    ['order_no', 'merchant_reference', 'order_id'].find((name) => names.includes(name))
  );
}

function readRow(columns: Columns, cells: readonly string[], state: State): readonly Movement[] | string {
  const of = (...names: readonly string[]): string => columns.first(cells, ...names);
  const currency = of('currency');
  if (!findCurrency(currency)) return `currency "${currency}" is a word that oor does not know`;
  const [gross, fee, net] = [of('gross', 'amount'), of('fee'), of('net')];
  const problem = addsUp([gross, fee || '0', net]);
  if (problem) return problem;
  const category = of('reporting_category', 'type').toLowerCase();
  const kind = meaningOf(KINDS, category);
  if (kind === undefined) {
    countUp(state.others, category);
    return [];
  }
  const source = of('source_id', 'source');
  if (kind === 'undo') {
    state.holding.undo(source);
    return [];
  }
  const orderNo = state.order === undefined ? '' : of(state.order);
  const movement: Movement = {
    orderNo,
    reference: referenceOf(of, { kind, source, orderNo, wanted: state.context.reference }),
    kind,
    amount: kind === 'payment' ? gross : gross.replace('-', ''),
    currency,
    status: 'success',
    time: of('created_utc', 'created', 'effective_at_utc', 'effective_at'),
    zone: state.isLocal ? (state.context.zone ?? 'UTC') : 'UTC',
    fee: kind === 'payment' ? fee : '',
  };
  return kind === 'refund' || kind === 'dispute' ? state.holding.hold(source, movement) : [movement];
}

interface Reference {
  readonly kind: Movement['kind'];
  readonly source: string;
  readonly orderNo: string;
  readonly wanted: string | undefined;
}

/** What goes back bears its own number where the order is named; else that of the payment, by which the order is found. */
function referenceOf(of: (...names: readonly string[]) => string, { kind, source, orderNo, wanted }: Reference): string {
  const own = of('balance_transaction_id', 'id');
  if (kind === 'fee') return source || own;
  const payment = wanted === 'pi' ? of('payment_intent_id', 'charge_id') : of('charge_id', 'payment_intent_id');
  if (kind === 'payment') return payment || source || own;
  return orderNo === '' ? payment || source || own : source || own;
}

/** `undo` takes back what the source names: a refund that failed, a dispute that was won. */
const KINDS: Readonly<Record<string, Movement['kind'] | 'undo'>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  partial_capture_reversal: 'reversal',
  charge_failure: 'reversal',
  payment_failure_refund: 'reversal',
  dispute: 'dispute',
  dispute_reversal: 'undo',
  refund_failure: 'undo',
  payment_refund_failure: 'undo',
  fee: 'fee',
  stripe_fee: 'fee',
  network_cost: 'fee',
};

/** Held to the last digit, whatever their number. */
function addsUp(amounts: readonly string[]): string | undefined {
  const [gross, fee, net] = amounts.map((text) => parseAmount(text, FINEST)?.minor);
  if (gross === undefined || fee === undefined || net === undefined)
    return `"${amounts[[gross, fee, net].indexOf(undefined)] ?? ''}" is no amount`;
  return gross - fee === net ? undefined : `it does not add up: gross ${amounts[0]} less fee ${amounts[1]} is not net ${amounts[2]}`;
}

const FINEST = 6;

function endOf({ holding, others, order, isLocal, context }: State): Ending {
  return {
    movements: holding.rest(),
    totals: 0,
    assumed: [
      'the file has no totals of its own; gross less fee is net in every row',
      order === undefined ? 'no column names the order: orders are found by the transaction id' : `order_no is the column ${order}`,
      ...(isLocal ? [`times are ${context.zone ?? 'UTC'}${context.zone === undefined ? ' (--tz says otherwise)' : ''}`] : []),
      ...toldStrangers(holding.strangers()),
      ...leftOut(others, 'they are no payments of orders'),
    ],
  };
}
