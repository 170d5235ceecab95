/** Orders that people serve by hand, in the order in which they do, with who calls and by when. Pure. */
import { showMinor, sumByCurrency } from '../money/amount.ts';
import { latestByNumber } from './compare-states.ts';
import type { MoneyRecord } from './record.ts';
import { isOver } from './state.ts';
import { rankTiers } from './tiers.ts';

export interface QueueRules {
  readonly now: number;
  /** Words of the tier column, the first is served first; empty: the usual words. */
  readonly tiers: readonly string[];
  /** As the export calls it: `vip` holds a yes or no. */
  readonly tierColumn?: string | undefined;
  /** Who calls; two of them release an order: one sees the money, the other books it. */
  readonly callers: readonly string[];
  /** So long a call takes. */
  readonly eachMs: number;
}

export interface QueuedOrder {
  readonly order: string;
  /** As it stands in the export; '' where it names none. */
  readonly tier: string;
  /** Its end only: who calls finds the account by the order. */
  readonly customer: string;
  readonly amount: string;
  readonly currency: string;
  readonly since: number | null;
  readonly until: number | null;
  /** `ask`: money may have moved, so the channel is asked before anybody pays again. */
  readonly first: 'ask' | 'call';
  readonly caller: string;
  readonly second: string;
  readonly callBy: number;
  /** It ends before its turn comes. */
  readonly late: boolean;
}

export interface Queue {
  readonly orders: readonly QueuedOrder[];
  /** So many callers reach all before they end; 0 where none ends before its turn, null where some end before one call is over. */
  readonly needed: number | null;
  /** Of the orders those that nobody reaches, however many call. */
  readonly lost: number;
  /** Does the tier of any of them say who is served first? */
  readonly tiered: boolean;
  /** By currency, as text in major units. */
  readonly value: Readonly<Record<string, string>>;
  /** Payments whose status is a word that nobody explained. */
  readonly unexplained: readonly MoneyRecord[];
}

/** By tier, then currency (the one of most orders first: figures of two currencies cannot be compared), then amount, then age. */
export function makeQueue(records: readonly MoneyRecord[], rules: QueueRules): Queue {
  const { now, callers, eachMs } = rules;
  const waiting = waitingOf(records, now);
  const { rankOf, isKnown } = rankTiers(rules.tiers, waiting.map(tierOf), rules.tierColumn);
  const places = placesOf(waiting.map(({ currency }) => currency));
  const sorted = waiting
    .map((record) => ({ record, rank: rankOf(tierOf(record)), group: places.indexOf(record.currency) }))
    .toSorted(
      (one, other) =>
        one.rank - other.rank ||
        one.group - other.group ||
        weigh(other.record) - weigh(one.record) ||
        ageOf(one.record) - ageOf(other.record),
    )
    .map(({ record }) => record);
  const people = Math.max(1, callers.length);
  const orders = sorted.map((record, place) => {
    const callBy = now + eachMs * (Math.floor(place / people) + 1);
    return {
      order: record.orderNo,
      tier: tierOf(record),
      customer: maskCustomer(record.cells.customer ?? ''),
      amount: record.amount ? showMinor(record.amount.minor, record.exponent) : record.amountText,
      currency: record.currency,
      since: record.at ?? null,
      until: record.expiresAt ?? null,
      first: record.state === 'pending' ? ('ask' as const) : ('call' as const),
      caller: callers[place % callers.length] ?? '',
      second: callers.length > 1 ? (callers[(place + 1) % callers.length] ?? '') : '',
      callBy,
      late: hasEnd(record, now) && record.expiresAt < callBy,
    };
  });
  const crews = sorted.flatMap((record, place) => (hasEnd(record, now) ? [crewFor(place, record.expiresAt - now, eachMs)] : []));
  const lost = crews.filter((crew) => crew === undefined).length;
  const isShort = orders.some(({ late }) => late);
  return {
    orders,
    needed: lost > 0 ? null : isShort ? crews.reduce<number>((most, crew) => Math.max(most, crew ?? 0), 0) : 0,
    lost,
    tiered: waiting.some((record) => isKnown(tierOf(record))),
    value: sumByCurrency(sorted.flatMap(({ currency, exponent, amount }) => (amount ? [{ currency, exponent, minor: amount.minor }] : []))),
    unexplained: records.filter(({ kind, state, statusText }) => kind === 'payment' && state === undefined && !isOver(statusText)),
  };
}

/** One row an order, the last; an order that was ever paid or given back waits for nobody. */
function waitingOf(records: readonly MoneyRecord[], now: number): readonly MoneyRecord[] {
  const settled = new Set(
    records.filter(({ kind, state }) => kind === 'refund' || state === 'paid' || state === 'refunded').map(({ orderNo }) => orderNo),
  );
  return latestByNumber(records).filter(({ orderNo, state, statusText, expiresAt }) => {
    if (settled.has(orderNo)) return false;
    // Its time is over, its money may have moved all the same: the channel is asked.
    if (state === 'pending') return true;
    return state === 'unpaid' && !isOver(statusText) && (expiresAt === undefined || expiresAt > now);
  });
}

/** What has ended already cannot end before its turn. */
function hasEnd(record: MoneyRecord, now: number): record is MoneyRecord & { readonly expiresAt: number } {
  return record.expiresAt !== undefined && record.expiresAt > now;
}

/** So many callers reach this place before its end; undefined: one call takes longer than what is left. */
function crewFor(place: number, leftMs: number, eachMs: number): number | undefined {
  const rounds = Math.floor(leftMs / eachMs);
  return rounds < 1 ? undefined : Math.floor(place / rounds) + 1;
}

/** Most frequent first. */
function placesOf(currencies: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const currency of currencies) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  return [...counts].toSorted(([one, a], [other, b]) => b - a || one.localeCompare(other)).map(([currency]) => currency);
}

function tierOf({ cells }: MoneyRecord): string {
  return cells.tier ?? '';
}

function weigh({ amount, exponent }: MoneyRecord): number {
  return amount === undefined ? 0 : amount.minor / 10 ** exponent;
}

/** What has no time came last. */
function ageOf({ at }: MoneyRecord): number {
  return at ?? Number.MAX_SAFE_INTEGER;
}

function maskCustomer(customer: string): string {
  return customer === '' ? '' : `***${customer.length > 6 ? customer.slice(-3) : ''}`;
}
