/** Files of one provider that list the same movements in two ways, so that only one of them may count. Pure. */
import { coverageOf, type Period } from './coverage.ts';
import type { Listed } from './reader.ts';

/** What a file lists, in whole days; without one its rows do not say when they moved. */
export interface Listing {
  readonly format: string;
  readonly kinds: ReadonlyMap<Listed, Period | undefined>;
}

/** The list of what moved on the account, and that of the trades, which says more. */
const TWINS: Readonly<Record<string, string>> = {
  'wechat-fund-flow': 'wechat',
  'alipay-account-log': 'alipay',
  'adyen-settlement': 'adyen-accounting',
};

export function twinOf(format: string): string | undefined {
  return TWINS[format];
}

/** `apart`: nothing stands in both. `same`: all of it stands in the others too. Of the rest one part would count twice or another not at all. */
export type TwinState = 'apart' | 'same' | 'other-kinds' | 'other-days';

export function compareTwins({ kinds }: Listing, others: readonly Listing[]): TwinState {
  const timed = [...kinds].flatMap(([kind, days]) => (days ? [{ days, listing: others.filter((other) => other.kinds.has(kind)) }] : []));
  if (!timed.some(({ days, listing }) => listing.some((other) => mayTouch(daysOf(other), days)))) return 'apart';
  if (timed.every(({ days, listing }) => cover(listing, days))) return 'same';
  return timed.every(({ days }) => cover(others, days)) ? 'other-kinds' : 'other-days';
}

function mayTouch(one: Period | undefined, other: Period): boolean {
  return one === undefined || (one.fromMs < other.toMs && other.fromMs < one.toMs);
}

function cover(listings: readonly Listing[], days: Period): boolean {
  const files = listings.map((listing) => ({ side: 'statements', list: '', rows: 0, isOfDays: true, span: daysOf(listing) }) as const);
  return files.length > 0 && coverageOf(files).gaps(days).length === 0;
}

/** From the first to the last movement of any kind. */
function daysOf({ kinds }: Listing): Period | undefined {
  const periods = [...kinds.values()].filter((days) => days !== undefined);
  if (periods.length === 0) return undefined;
  return { fromMs: Math.min(...periods.map(({ fromMs }) => fromMs)), toMs: Math.max(...periods.map(({ toMs }) => toMs)) };
}
