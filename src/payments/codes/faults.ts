/** Whose failure an outcome is. */
import type { Outcome } from './code-entry.ts';

/** No customer makes them: the gravest first. */
export const FAULT_OUTCOMES = [
  'PROVIDER_DOWN',
  'UNKNOWN',
  'SIGN/KEY/CERT',
  'PERMISSION/CONTRACT',
  'RATE',
  'PARAM',
] as const satisfies readonly Outcome[];

/** A few of them are every day's business of customers and shops. */
export const SOFT_OUTCOMES = ['DUPLICATE', 'LIMIT', 'RISK', 'PLANNED'] as const satisfies readonly Outcome[];

const FAULTS: ReadonlySet<Outcome> = new Set(FAULT_OUTCOMES);
const SOFT: ReadonlySet<Outcome> = new Set(SOFT_OUTCOMES);

/** Something failed that is not the customer's own, and more of it than none is news. */
export function isFault(outcome: Outcome): boolean {
  return FAULTS.has(outcome);
}

export function isSoft(outcome: Outcome): boolean {
  return SOFT.has(outcome);
}
