/**
 * Settlement details and Payment accounting report of Adyen. Of the settlement report, what a batch pays out is the sum of its rows;
 * the accounting report has no totals and tells every step of a payment: money moves when it is sent for settlement. Pure.
 */
import { parseAmount, showMinor } from '../money/amount.ts';
import { findCurrency } from '../money/currencies.ts';
import { createHeaderedReader } from './headered.ts';
import { createHolding, type Holding, toldStrangers } from './holding.ts';
import type { Movement } from './movement.ts';
import { countUp, type Format, leftOut, type ReadContext, type Reader } from './reader.ts';
import { plainName } from './stripe.ts';
import { namedZone } from './times.ts';
import { meaningOf } from './words.ts';

const ADYEN_SETTLEMENT: Format = {
  id: 'adyen-settlement',
  zone: '',
  quoted: true,
  open: (context) => openReport(context, settlement()),
};
const ADYEN_ACCOUNTING: Format = {
  id: 'adyen-accounting',
  zone: '',
  quoted: true,
  open: (context) => openReport(context, accounting()),
};

export function sniffAdyen(header: readonly string[]): Format | undefined {
  if (!header.includes('psp_reference')) return undefined;
  if (header.includes('gross_credit_gc') && header.includes('type')) return ADYEN_SETTLEMENT;
  return header.includes('record_type') && header.includes('booking_date') ? ADYEN_ACCOUNTING : undefined;
}

type Cell = (...names: readonly string[]) => string;
type Step = Omit<Movement, 'zone' | 'orderNo' | 'status'> & { readonly status?: Movement['status'] };

interface Report {
  /** undefined: the row moves no order's money. */
  step(of: Cell): Step | 'undo' | string | undefined;
  readonly type: string;
  end(): string | readonly string[];
}

interface State {
  readonly others: Map<string, number>;
  readonly holding: Holding;
}

function openReport(context: ReadContext, report: Report): Reader {
  const state: State = { others: new Map(), holding: createHolding(false) };
  return createHeaderedReader({
    nameOf: plainName,
    row: (columns, cells) => readRow((...names) => columns.first(cells, ...names), { context, report, state }),
    end({ delimiter }) {
      const told = report.end();
      if (typeof told === 'string') return told;
      const { holding, others } = state;
      const assumed = [...told, ...toldStrangers(holding.strangers()), ...leftOut(others, 'they are no payments of orders')];
      return { movements: holding.rest(), totals: 0, assumed, delimiter };
    },
  });
}

interface Reading {
  readonly context: ReadContext;
  readonly report: Report;
  readonly state: State;
}

function readRow(of: Cell, { context, report, state }: Reading): readonly Movement[] | string {
  const step = report.step(of);
  if (typeof step === 'string' && step !== 'undo') return step;
  const type = of(report.type);
  const key = `${of('psp_reference')} ${/chargeback/i.test(type) ? 'dispute' : 'refund'} ${UNDONE_BY_PAYMENT.test(type) ? '' : of('modification_psp_reference', 'modification_reference')}`;
  if (step === 'undo') {
    state.holding.undo(key);
    return [];
  }
  if (step === undefined) {
    countUp(state.others, type);
    return [];
  }
  const zone = zoneOf(of('timezone', 'booking_date_timezone', 'creation_date_timezone'), context);
  if (zone === undefined) return `TimeZone "${of('timezone')}" means no zone or two; --tz says which`;
  const movement: Movement = { ...step, orderNo: of('merchant_reference'), zone, status: step.status ?? 'success' };
  return movement.kind === 'refund' || movement.kind === 'dispute' ? state.holding.hold(key, movement) : [movement];
}

/** A chargeback and its reversal name the payment; the numbers of their modifications differ. */
const UNDONE_BY_PAYMENT = /chargeback/i;

function zoneOf(name: string, { zone }: ReadContext): string | undefined {
  return name === '' ? (zone ?? 'UTC') : (namedZone(name) ?? zone);
}

// ---------------------------------------------------------------------------------------------- settlement details

/** Of a batch in one currency: what its rows come to, and what was paid out. */
interface Batch {
  net: number;
  payout: number | undefined;
}

const FINEST = 6;
/** Costs may be finer; what is paid out never is. */
const CENT = 10 ** FINEST / 100;

function settlement(): Report {
  const batches = new Map<string, Batch>();
  const seen = new Map<string, string>();
  return {
    type: 'type',
    step(of) {
      const type = of('type');
      const net = signed(of('net_credit_nc'), of('net_debit_nc'));
      const gross = signed(of('gross_credit_gc'), of('gross_debit_gc'));
      if (net === undefined || gross === undefined) return 'a debit or a credit is no amount';
      addToBatch(batches, `${of('batch_number')} in ${of('net_currency')}`, { net, isPayout: /payout/i.test(type) });
      const kind = meaningOf(SETTLEMENT, type.toLowerCase());
      if (kind === undefined || kind === 'undo') return kind;
      const isOne = of('gross_currency') === of('net_currency');
      const amount = gross === 0 ? net : gross;
      return {
        reference: captureReference(seen, of, kind),
        kind,
        amount: show(Math.abs(amount)),
        currency: gross === 0 ? of('net_currency', 'gross_currency') : of('gross_currency'),
        time: of('creation_date', 'booking_date'),
        // What was kept lies between gross and net; in two currencies the two cannot be told apart from the rate.
        fee: kind === 'payment' && isOne ? showMinor(Math.abs(gross - net), FINEST) : '',
      };
    },
    end() {
      for (const [name, { net, payout }] of batches)
        if (payout !== undefined && Math.abs(net + payout) >= CENT)
          return `control total: batch ${name} pays out ${show(-payout)}, and its rows come to ${show(net)}`;
      const paid = [...batches.values()].filter(({ payout }) => payout !== undefined).length;
      return [
        paid > 0
          ? `what is paid out is the sum of the rows, in ${paid} ${paid === 1 ? 'batch' : 'batches'}`
          : 'the file has no totals of its own: it has no row of a payout',
      ];
    },
  };
}

function addToBatch(
  batches: Map<string, Batch>,
  name: string,
  { net, isPayout }: { readonly net: number; readonly isPayout: boolean },
): void {
  const batch = batches.get(name) ?? { net: 0, payout: undefined };
  if (isPayout) batch.payout = (batch.payout ?? 0) + net;
  else batch.net += net;
  batches.set(name, batch);
}

function show(minor: number): string {
  return showMinor(minor, FINEST).replace(/0+$/, '').replace(/\.$/, '');
}

/** undefined: no amount. */
function signed(credit: string, debit: string): number | undefined {
  const [plus, minus] = [credit, debit].map((text) => (text === '' ? 0 : parseAmount(text, FINEST)?.minor));
  return plus === undefined || minus === undefined ? undefined : plus - minus;
}

const SETTLEMENT: Readonly<Record<string, Movement['kind'] | 'undo'>> = {
  settled: 'payment',
  settledbulk: 'payment',
  settledinstallment: 'payment',
  settledexternally: 'payment',
  settledexternallywithinfo: 'payment',
  settledreversed: 'reversal',
  refunded: 'refund',
  refundedbulk: 'refund',
  refundedexternally: 'refund',
  refundedexternallywithinfo: 'refund',
  refundedreversed: 'undo',
  chargeback: 'dispute',
  chargebackexternally: 'dispute',
  chargebackexternallywithinfo: 'dispute',
  secondchargeback: 'dispute',
  chargebackreversed: 'undo',
  chargebackreversedexternallywithinfo: 'undo',
  fee: 'fee',
  paymentcost: 'fee',
  misccosts: 'fee',
};

/** A payment that is captured in parts is several: the first bears the number of the payment, the others their own. */
function captureReference(seen: Map<string, string>, of: Cell, kind: Movement['kind']): string {
  const payment = of('psp_reference');
  const own = of('modification_psp_reference', 'modification_reference');
  if (kind !== 'payment') return own || payment || of('batch_number');
  const first = seen.get(payment);
  if (first === undefined) seen.set(payment, own);
  return first === undefined || first === own ? payment : own;
}

// ---------------------------------------------------------------------------------------------- payment accounting

function accounting(): Report {
  const seen = new Map<string, string>();
  return {
    type: 'record_type',
    step(of) {
      const meaning = meaningOf(ACCOUNTING, of('record_type').toLowerCase());
      if (meaning === undefined || meaning === 'undo') return meaning;
      const { kind, status } = meaning;
      const captured = status === 'success' && kind === 'payment' ? of('captured_pc') : '';
      const text = captured || of('main_amount', 'original_amount', 'authorised_pc', 'authorized_pc', 'received_pc', 'captured_pc');
      const amount = text.replace('-', '');
      const currency = captured === '' ? of('main_currency', 'payment_currency') : of('payment_currency', 'main_currency');
      const reference = status === 'success' ? captureReference(seen, of, kind) : of('psp_reference');
      return {
        reference,
        kind,
        status,
        amount,
        currency,
        time: bookedAt(of),
        fee: kind === 'payment' && status === 'success' ? feeOf(of, currency) : '',
      };
    },
    end: () => [
      'the file has no totals of its own',
      'a payment counts when it is sent for settlement: rows Settled and Refunded book the same money later and are left out',
    ],
  };
}

/** Older reports have the time in a column of its own. */
function bookedAt(of: Cell): string {
  const date = of('booking_date');
  const time = of('booking_time');
  return time !== '' && !date.includes(':') ? `${date} ${time}` : date;
}

function feeOf(of: Cell, currency: string): string {
  if (of('settlement_currency') !== currency) return '';
  const parts = ['commission_sc', 'markup_sc', 'scheme_fees_sc', 'interchange_sc'].map((name) => parseAmount(of(name), FINEST)?.minor ?? 0);
  const sum = parts.reduce((total, part) => total + part, 0);
  return sum === 0 || !findCurrency(currency) ? '' : showMinor(Math.abs(sum), FINEST);
}

interface Meaning {
  readonly kind: Movement['kind'];
  readonly status: Movement['status'];
}

const ACCOUNTING: Readonly<Record<string, Meaning | 'undo'>> = {
  authorised: { kind: 'payment', status: 'pending' },
  sentforsettle: { kind: 'payment', status: 'success' },
  refused: { kind: 'payment', status: 'failed' },
  error: { kind: 'payment', status: 'failed' },
  cancelled: { kind: 'payment', status: 'failed' },
  expired: { kind: 'payment', status: 'failed' },
  capturefailed: { kind: 'reversal', status: 'success' },
  settledreversed: { kind: 'reversal', status: 'success' },
  sentforrefund: { kind: 'refund', status: 'success' },
  refundfailed: 'undo',
  refundedreversed: 'undo',
  chargeback: { kind: 'dispute', status: 'success' },
  secondchargeback: { kind: 'dispute', status: 'success' },
  chargebackreversed: 'undo',
};
