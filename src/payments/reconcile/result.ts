/** From rows of the engine to what is reported. Pure. */
import { showMinor, sumByCurrency } from '../money/amount.ts';
import { findCurrency } from '../money/currencies.ts';
import { type Action, actionFor, CLASSES, type DifferenceClass, HARMLESS } from './classes.ts';

export interface Difference {
  readonly class: DifferenceClass;
  readonly reason: string;
  readonly order_no: string;
  readonly provider_ref: string;
  /** Of the movement of money; ISO 8601 in UTC. */
  readonly at: string | null;
  readonly action: Action;
  /** In major units: what is wrongly moved, missing or apart. */
  readonly value: string;
  readonly currency: string;
}

export interface FileReading {
  readonly file: string;
  readonly side: 'orders' | 'statements';
  readonly format: string;
  readonly encoding: string;
  readonly delimiter: string | null;
  readonly zone: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly assumed: readonly string[];
}

export interface Reconciliation {
  readonly files: readonly FileReading[];
  readonly counts: Readonly<Record<DifferenceClass, number>>;
  readonly differences: readonly Difference[];
  /** By currency, in major units; what harms nobody does not count. */
  readonly value_at_risk: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** A row of RESULT_SQL. */
export type DifferenceRow = Readonly<Record<string, string | number | boolean | null>>;

export interface Window {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export function readDifferences(rows: readonly DifferenceRow[], window: Window): Omit<Reconciliation, 'files' | 'notes'> {
  const atRisk: { currency: string; minor: number; exponent: number }[] = [];
  const differences: Difference[] = [];
  for (const row of rows) {
    const of = row['class'] as DifferenceClass;
    const at = row['moved_at'] === null ? null : String(row['moved_at']);
    if (!isWithin(at, window)) continue;
    const currency = String(row['currency'] ?? '');
    const minor = Number(row['minor'] ?? 0);
    const exponent = findCurrency(currency)?.exponent ?? 2;
    if (!HARMLESS.has(of)) atRisk.push({ currency, minor, exponent });
    differences.push({
      class: of,
      reason: String(row['reason']),
      order_no: String(row['order_no']),
      provider_ref: String(row['provider_ref']),
      at,
      action: actionFor({ class: of, nearEnd: row['near_end'] === true }),
      value: showMinor(minor, exponent),
      currency,
    });
  }
  // The worst first; within a class as the engine has ordered them.
  differences.sort((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class));
  const counts = Object.fromEntries(CLASSES.map((name) => [name, 0])) as Record<DifferenceClass, number>;
  for (const difference of differences) counts[difference.class] += 1;
  return { counts, differences, value_at_risk: sumByCurrency(atRisk) };
}

/** Rounding goes both ways: a sum beyond three times the root of its count goes one way (fewer than three in a thousand would by chance). */
export function describeFeeDrift(rows: readonly DifferenceRow[]): readonly string[] {
  return rows.flatMap(({ currency, orders, minor }) => {
    const [count, sum] = [Number(orders), Number(minor)];
    if (count < LEAST_ROUNDED || Math.abs(sum) <= 3 * Math.sqrt(count)) return [];
    const shown = `${showMinor(Math.abs(sum), findCurrency(String(currency))?.exponent ?? 2)} ${currency}`;
    const side = sum > 0 ? 'more than is booked here' : 'less than is booked here';
    return [
      `fees of ${count} orders differ by no more than rounding, yet together the provider takes ${shown} ${side}: its rate or its rounding is another`,
    ];
  });
}

/** Of fewer nothing can be said. */
const LEAST_ROUNDED = 30;

function isWithin(at: string | null, { fromMs, toMs }: Window): boolean {
  if (at === null) return true;
  const ms = Date.parse(at);
  return (fromMs === undefined || ms >= fromMs) && (toMs === undefined || ms <= toMs);
}
