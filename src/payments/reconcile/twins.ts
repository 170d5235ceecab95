/** Files of one provider that list the same movements in two ways, so that only one of them may count. Pure. */
import type { Listed } from './reader.ts';

/** What a file lists, and the days on which it moved, by their beginning; without one its rows do not say when they moved. */
export interface Listing {
  readonly format: string;
  readonly kinds: ReadonlyMap<Listed, readonly number[]>;
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
  const reaches = others.map((other) => ({ kinds: other.kinds, reach: reachOf(other) }));
  const timed = [...kinds].flatMap(([kind, days]) =>
    days.length > 0 ? [{ days, listing: reaches.filter((other) => other.kinds.has(kind)) }] : [],
  );
  if (!timed.some(({ days, listing }) => listing.some(({ reach }) => mayTouch(reach, days)))) return 'apart';
  if (timed.every(({ days, listing }) => coverAll(listing, days))) return 'same';
  return timed.every(({ days }) => coverAll(reaches, days)) ? 'other-kinds' : 'other-days';
}

/** From the first day to the last. */
interface Reach {
  readonly first: number;
  readonly last: number;
}

/** A bill is whole within its days: on those of them that it does not name nothing moved. */
function reachOf({ kinds }: Listing): Reach | undefined {
  let reach: Reach | undefined;
  for (const day of [...kinds.values()].flat())
    reach = { first: Math.min(day, reach?.first ?? day), last: Math.max(day, reach?.last ?? day) };
  return reach;
}

function mayTouch(reach: Reach | undefined, days: readonly number[]): boolean {
  return reach === undefined || days.some((day) => covers(reach, day));
}

function coverAll(listings: readonly { readonly reach: Reach | undefined }[], days: readonly number[]): boolean {
  return days.every((day) => listings.some(({ reach }) => covers(reach, day)));
}

function covers(reach: Reach | undefined, day: number): boolean {
  return reach !== undefined && reach.first <= day && day <= reach.last;
}
