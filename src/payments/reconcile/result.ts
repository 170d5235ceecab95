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

/** Of RESULT_SQL. */
export type DifferenceRow = readonly [
  of: DifferenceClass,
  reason: string,
  order_no: string,
  provider_ref: string,
  currency: string | null,
  minor: string | null,
  moved_at: string | null,
  near_end: 'true' | 'false',
];

export interface Window {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export function readDifferences(rows: readonly DifferenceRow[], window: Window): Omit<Reconciliation, 'files' | 'notes'> {
  const atRisk: { currency: string; minor: number; exponent: number }[] = [];
  const found = Object.fromEntries(CLASSES.map((name) => [name, []])) as unknown as Record<DifferenceClass, Difference[]>;
  for (const [of, reason, order_no, provider_ref, told, sum, at, nearEnd] of rows) {
    if (!isWithin(at, window)) continue;
    const currency = told ?? '';
    const minor = Number(sum ?? 0);
    const exponent = findCurrency(currency)?.exponent ?? 2;
    if (!HARMLESS.has(of)) atRisk.push({ currency, minor, exponent });
    const action = actionFor({ class: of, nearEnd: nearEnd === 'true' });
    found[of].push({ class: of, reason, order_no, provider_ref, at, action, value: showMinor(minor, exponent), currency });
  }
  // The worst first; within a class as the engine has ordered them.
  const differences = CLASSES.flatMap((name) => found[name]);
  const counts = Object.fromEntries(CLASSES.map((name) => [name, found[name].length])) as Record<DifferenceClass, number>;
  return { counts, differences, value_at_risk: sumByCurrency(atRisk) };
}

/** Rounding goes both ways: a sum beyond three times the root of its count goes one way (fewer than three in a thousand would by chance). */
export function describeFeeDrift(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
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
