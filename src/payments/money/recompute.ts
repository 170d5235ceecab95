/** Is the amount of an order what it should be, and the amount that was charged? Each difference by the fault that makes such ones. */
import type { MoneyRecord } from '../orders/record.ts';
import { cutByFloat, parseAmount, showMinor, type Unit } from './amount.ts';
import { findCurrency } from './currencies.ts';

/** Worst first: what moves most money. */
export const AMOUNT_FAULTS = ['scaled', 'exponent', 'currency', 'arithmetic', 'float', 'different', 'fraction', 'rounding'] as const;
export type AmountFault = (typeof AMOUNT_FAULTS)[number];

export interface Difference {
  readonly fault: AmountFault;
  readonly order: string;
  /** What is there, and what should be. */
  readonly is: string;
  readonly should: string;
  /** Of `scaled` and `exponent`: is / should. */
  readonly factor?: number;
}

/** What an order says of itself: its digits, and its parts against its total. */
export function examineOrder(order: MoneyRecord, unit: Unit): Difference | undefined {
  const { amount, exponent, currency } = order;
  if (!amount) return undefined;
  const is = order.amountText;
  const should = show(amount.minor, order);
  if (amount.finer !== 'no')
    return { fault: amount.finer === 'noise' ? 'float' : 'fraction', order: order.orderNo, is: mark(is, currency), should };
  const sum = sumOfParts(order, unit);
  if (sum === undefined || sum.minor === amount.minor) return undefined;
  const off = Math.abs(sum.minor - amount.minor);
  // Every line may be rounded by itself.
  const fault = off <= Math.max(1, sum.lines) ? 'rounding' : 'arithmetic';
  return { fault, order: order.orderNo, is: show(amount.minor, { exponent, currency }), should: show(sum.minor, { exponent, currency }) };
}

export function compareCharge(order: MoneyRecord, charge: MoneyRecord): Difference | undefined {
  if (!order.amount || !charge.amount) return undefined;
  const is = show(charge.amount.minor, charge);
  const should = show(order.amount.minor, order);
  const differ = (fault: AmountFault, factor?: number): Difference => ({
    fault,
    order: order.orderNo,
    is,
    should,
    ...(factor !== undefined && { factor }),
  });
  const ordered = Math.abs(order.amount.minor);
  const charged = Math.abs(charge.amount.minor);
  if (order.currency !== '' && charge.currency !== '' && order.currency !== charge.currency) return differ('currency');
  if (charge.amount.finer === 'noise') return { ...differ('float'), is: mark(charge.amountText, charge.currency) };
  if (ordered === charged) return undefined;
  const factor = powerOfTen(charged, ordered);
  if (factor !== undefined) return differ(order.exponent !== 2 && isExponentFactor(factor, order.currency) ? 'exponent' : 'scaled', factor);
  if (charged === Math.abs(cutByFloat(ordered, order.exponent))) return differ('float');
  return differ(Math.abs(charged - ordered) === 1 ? 'rounding' : 'different');
}

/** 100, 0.01, 1000 ... where one is the other with its point moved; small amounts prove nothing (0 is 0 at any scale). */
function powerOfTen(is: number, should: number): number | undefined {
  if (is === 0 || should === 0) return undefined;
  for (const factor of [10, 100, 1000]) {
    if (is === should * factor) return factor;
    if (is * factor === should) return 1 / factor;
  }
  return undefined;
}

/** A currency without (or with three) decimals that was handled as one with two. */
function isExponentFactor(factor: number, currency: string): boolean {
  const exponent = findCurrency(currency)?.exponent ?? 2;
  return factor === 10 ** Math.abs(2 - exponent) || factor === 1 / 10 ** Math.abs(2 - exponent);
}

interface Sum {
  readonly minor: number;
  readonly lines: number;
}

/** undefined: the order does not tell its parts. */
function sumOfParts({ cells, exponent }: MoneyRecord, unit: Unit): Sum | undefined {
  const part = (text: string | undefined): number | undefined => (text ? parseAmount(text, exponent, unit)?.minor : undefined);
  const items = readItems(cells.items, exponent, unit);
  const goods = part(cells.subtotal) ?? items?.minor;
  if (goods === undefined) return undefined;
  const added = [cells.tax, cells.shipping, cells.surcharge].reduce((sum, text) => sum + (part(text) ?? 0), 0);
  return { minor: goods - Math.abs(part(cells.discount) ?? 0) + added, lines: items?.lines ?? 1 };
}

/** `[{"price": "19.99", "quantity": 2}]`, as JSON lines of orders have it. */
function readItems(text: string | undefined, exponent: number, unit: Unit): Sum | undefined {
  if (!text?.startsWith('[')) return undefined;
  try {
    const items = JSON.parse(text) as readonly Readonly<Record<string, unknown>>[];
    const sums = items.map((item) => {
      const line = item['amount'] ?? item['total'];
      if (line !== undefined) return parseAmount(String(line), exponent, unit)?.minor;
      const price = parseAmount(String(item['price'] ?? item['unit_price'] ?? ''), exponent, unit);
      const quantity = Number(item['quantity'] ?? item['qty'] ?? 1);
      return price && Number.isFinite(quantity) ? Math.round(price.minor * quantity) : undefined;
    });
    if (sums.length === 0 || sums.some((sum) => sum === undefined)) return undefined;
    return { minor: sums.reduce<number>((sum, each) => sum + (each ?? 0), 0), lines: sums.length };
  } catch {
    return undefined;
  }
}

function show(minor: number, { exponent, currency }: { readonly exponent: number; readonly currency: string }): string {
  return mark(showMinor(minor, exponent), currency);
}

function mark(amount: string, currency: string): string {
  return currency === '' ? amount : `${amount} ${currency}`;
}
