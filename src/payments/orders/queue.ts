/** Orders that people serve by hand, in the order in which they do, with who calls and by when. Pure. */
import { showMinor } from '../money/amount.ts';
import type { MoneyRecord } from './record.ts';

export interface QueueRules {
  readonly now: number;
  /** Words of the tier column, the first is served first; empty: the usual words. */
  readonly tiers: readonly string[];
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
  /** So many callers (at most 100) reach all before they end; 0 where none ends before its turn. */
  readonly needed: number;
}

/** By tier, then amount, then age; what is paid or given back waits for nobody. */
export function makeQueue(records: readonly MoneyRecord[], rules: QueueRules): Queue {
  const { now, callers, eachMs } = rules;
  const waiting = records.filter(
    ({ kind, state, orderNo, expiresAt }) =>
      kind === 'payment' && orderNo !== '' && (state === 'unpaid' || state === 'pending') && (expiresAt === undefined || expiresAt > now),
  );
  const rank = rankOf(rules.tiers);
  const sorted = waiting
    .map((record) => ({ record, rank: rank(record.cells.tier ?? '') }))
    .toSorted((one, other) => one.rank - other.rank || weigh(other.record) - weigh(one.record) || ageOf(one.record) - ageOf(other.record));
  const turn = (place: number, people: number): number => now + eachMs * (Math.floor(place / people) + 1);
  const orders = sorted.map(({ record }, place) => {
    const callBy = turn(place, Math.max(1, callers.length));
    return {
      order: record.orderNo,
      tier: record.cells.tier ?? '',
      customer: maskCustomer(record.cells.customer ?? ''),
      amount: record.amount ? showMinor(record.amount.minor, record.exponent) : record.amountText,
      currency: record.currency,
      since: record.at ?? null,
      until: record.expiresAt ?? null,
      first: record.state === 'pending' ? ('ask' as const) : ('call' as const),
      caller: callers[place % callers.length] ?? '',
      second: callers.length > 1 ? (callers[(place + 1) % callers.length] ?? '') : '',
      callBy,
      late: record.expiresAt !== undefined && record.expiresAt < callBy,
    };
  });
  const fits = (people: number): boolean => orders.every(({ until }, place) => until === null || until >= turn(place, people));
  const crews = Array.from({ length: MOST_CALLERS }, (_, index) => index + 1);
  const needed = orders.some(({ late }) => late) ? (crews.find(fits) ?? MOST_CALLERS) : 0;
  return { orders, needed };
}

/** More is a call centre, and another plan. */
const MOST_CALLERS = 100;

/** What shops call their best customers, from the top; a word that is in none of the groups comes behind them. */
const USUAL: readonly (readonly string[])[] = [
  ['svip', 'black', 'diamond', 'vip3', '黑卡', '黑金', '至尊', '钻石'],
  ['platinum', 'vip2', '白金', '铂金'],
  ['vip', 'gold', 'vip1', 'premium', '黄金', '金卡', '贵宾'],
  ['silver', 'plus', '银卡', '白银'],
];

function rankOf(own: readonly string[]): (tier: string) => number {
  const groups = own.length > 0 ? own.map((word) => [word]) : USUAL;
  const plain = (word: string): string =>
    word
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, '');
  const ranks = new Map(groups.flatMap((words, rank) => words.map((word) => [plain(word), rank] as const)));
  return (tier) => ranks.get(plain(tier)) ?? groups.length + (tier.trim() === '' ? 1 : 0);
}

/** Of one currency with another nothing is compared: the figure as it is written. */
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
