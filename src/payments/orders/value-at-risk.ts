/** What the payments are worth that did not end well, and since when they do not. Pure. */
import { parseAmount, sumByCurrency } from '../money/amount.ts';
import { findCurrency } from '../money/currencies.ts';

export interface PaymentAttempt {
  readonly at: number;
  /** paid; fault: a fault of somebody took it, the money did not move; unknown: nobody can tell whether it did. */
  readonly end: 'paid' | 'fault' | 'unknown' | 'other';
  readonly order?: string | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
}

export interface ValueAtRisk {
  /** By currency, as text in major units; `?`: the log names none. Only of those that tell their amount. */
  readonly value: Readonly<Record<string, string>>;
  /** Payments at risk whose amount is not told. */
  readonly unpriced: number;
  readonly firstBadAt: number | null;
  readonly lastGoodAt: number | null;
}

/** Field 4 of ISO 8583: twelve digits of the minor unit. */
const MINOR = /^\d{12}$/;

export function valueAtRisk(attempts: readonly PaymentAttempt[]): ValueAtRisk {
  const bad = attempts.filter(isBad);
  const atRisk = lastOfEach(attempts).filter(isBad);
  const priced = atRisk.flatMap(({ amount, currency }) => {
    const known = currency === undefined ? undefined : findCurrency(currency);
    const exponent = known?.exponent ?? 2;
    const parsed = amount === undefined ? undefined : parseAmount(amount, exponent, MINOR.test(amount) ? 'minor' : 'major');
    return parsed ? [{ currency: known?.code ?? currency ?? '?', minor: Math.abs(parsed.minor), exponent }] : [];
  });
  return {
    value: sumByCurrency(priced),
    unpriced: atRisk.length - priced.length,
    firstBadAt: bad.length === 0 ? null : Math.min(...bad.map(({ at }) => at)),
    lastGoodAt: attempts.findLast(({ end }) => end === 'paid')?.at ?? null,
  };
}

function isBad({ end }: PaymentAttempt): boolean {
  return end === 'fault' || end === 'unknown';
}

/** An order that was paid in the end is at no risk, and one that was tried three times is worth its amount once. */
function lastOfEach(attempts: readonly PaymentAttempt[]): readonly PaymentAttempt[] {
  const paid = new Set(attempts.flatMap(({ end, order }) => (end === 'paid' && order !== undefined ? [order] : [])));
  const last = new Map<string, PaymentAttempt>();
  const single: PaymentAttempt[] = [];
  for (const attempt of attempts) {
    if (attempt.order === undefined) single.push(attempt);
    else if (!paid.has(attempt.order)) last.set(attempt.order, attempt);
  }
  return [...single, ...last.values()];
}
