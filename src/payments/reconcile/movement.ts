/** One movement of money as a file of a provider tells it, and the line of the plain table that is made of it. Pure. */
import { parseAmount, showMinor, type Unit } from '../money/amount.ts';
import { findCurrency } from '../money/currencies.ts';
import { isFormula } from './formula.ts';
import type { Kind } from './layout.ts';
import { toUtc } from './times.ts';

export const MOVEMENT_STATUSES = ['success', 'failed', 'pending', 'refunded'] as const;

export interface Movement {
  readonly orderNo: string;
  /** The provider's number of this movement, or of the payment that it belongs to. */
  readonly reference: string;
  readonly kind: Kind;
  /** As it stands in the file. Its sign tells nothing but for payments. */
  readonly amount: string;
  readonly unit?: Unit;
  readonly currency: string;
  readonly status: (typeof MOVEMENT_STATUSES)[number];
  readonly time: string;
  /** Of what goes back to the customer: it is the time of the payment, and that of the movement is not told. */
  readonly isTimeOfPayment?: boolean;
  /** Of times that name none. */
  readonly zone: string;
  /** '' for none. Finer than the currency is usual: it is rounded. */
  readonly fee: string;
}

export const MOVEMENT_HEADER = 'order_no,provider_ref,kind,amount,currency,status,time,fee\n';

/** What is wrong with a movement. */
export interface Wrong {
  readonly wrong: string;
}

export interface MovementLine {
  readonly text: string;
  /** ISO 8601 in UTC; '' for none. */
  readonly at: string;
}

export function movementLine({
  orderNo,
  reference,
  kind,
  amount,
  unit,
  currency,
  status,
  time,
  zone,
  fee,
}: Movement): MovementLine | Wrong {
  const known = findCurrency(currency);
  if (!known) return { wrong: `currency "${currency}" is a word that oor does not know` };
  const money = parseAmount(amount, known.exponent, unit);
  if (money === undefined || money.finer !== 'no') return { wrong: `amount "${amount}" is no amount of ${known.code}` };
  if (kind === 'payment' && money.minor < 0) return { wrong: `a payment of "${amount}": is it a refund?` };
  if (orderNo === '' && reference === '' && kind !== 'fee') return { wrong: 'there is neither an order number nor a provider reference' };
  if (isFormula(orderNo) || isFormula(reference)) return { wrong: 'a cell begins like a formula of a spreadsheet' };
  const at = toUtc(time, zone);
  if (at === undefined) return { wrong: `time "${time}" is no time` };
  const charged = fee === '' ? undefined : parseAmount(fee, known.exponent, unit);
  if (fee !== '' && charged === undefined) return { wrong: `fee "${fee}" is no amount of ${known.code}` };
  const show = (minor: number): string => showMinor(Math.abs(minor), known.exponent);
  const cells = [orderNo, reference, kind, show(money.minor), known.code, status, at, charged === undefined ? '' : show(charged.minor)];
  return { text: `${cells.map(csvCell).join(',')}\n`, at };
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
