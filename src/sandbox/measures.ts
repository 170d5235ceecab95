/** What the site can do while it cannot repair: where new orders go, which functions wait, which orders are kept, what customers are told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createHeldOrders, isExpired, readHold } from './held-orders.ts';
import type { Channel } from './settings.ts';
import type { SitePaths } from './site.ts';
import type { Stack } from './stack.ts';
import { parseShare, placeOf, readRoutes, readShare, showShare } from './traffic.ts';

type Words = readonly string[];
type Site = Pick<Stack, 'paths'>;

/** Functions that the shop can do without for a day. */
const FUNCTIONS: readonly string[] = ['auto-renew', 'top-up'];

/** `backup 25`, or what `show-channel` said: a quarter of the new orders; an order that was sent stays where it went. */
export function switchChannel({ paths }: Site, words: Words): string {
  const share = parseShare(words.join(' '));
  writeFileSync(paths.channel, `${showShare(share)}\n`);
  return `new payments go to ${showShare(share)} from now on`;
}

export function planChannel({ paths }: Site, words: Words): string {
  return `new payments would go to ${showShare(parseShare(words.join(' ')))}; now they go to ${showShare(readShare(paths.channel))}`;
}

export function showChannel({ paths }: Site): string {
  return showShare(readShare(paths.channel));
}

export function rerouteBin({ paths }: Site, [bin = '', channel = '']: Words): string {
  if (!/^\d{6,8}$/.test(bin)) throw new Error(`expected the first six to eight digits of a card, got "${bin}"`);
  if (channel !== 'primary' && channel !== 'backup') throw new Error(`expected primary or backup, got "${channel}"`);
  writeFileSync(paths.routes, `${JSON.stringify({ ...readRoutes(paths.routes), [bin.slice(0, 6)]: channel satisfies Channel })}\n`);
  return `cards that begin with ${bin.slice(0, 6)} go to ${channel}`;
}

export function showRoutes({ paths }: Site): string {
  return readFileSync(paths.routes, 'utf8').trim();
}

export function restoreRoutes({ paths }: Site, words: Words): string {
  const routes = JSON.parse(words.join(' ')) as Record<string, Channel>;
  writeFileSync(paths.routes, `${JSON.stringify(routes)}\n`);
  return `routes of single banks: ${Object.keys(routes).length}`;
}

/** What was on is written down, so that a restore does not switch on what had been off before. */
export function closeFunctions({ paths }: Site, words: Words): string {
  const unknown = words.filter((name) => !FUNCTIONS.includes(name));
  if (words.length === 0 || unknown.length > 0) throw new Error(`expected some of ${FUNCTIONS.join(', ')}, got "${words.join(' ')}"`);
  const closed = readList(paths.closedFunctions);
  const open = words.filter((name) => !closed.includes(name));
  writeList(paths.closedFunctions, [...closed, ...open]);
  writeList(paths.restoreList, [...readList(paths.restoreList), ...open]);
  const refused = words.filter((name) => readList(paths.closedFunctions).includes(name));
  return `switched off: ${refused.join(', ')}; to be restored: ${readList(paths.restoreList).join(', ')}`;
}

export function restoreFunctions({ paths }: Site): string {
  const list = readList(paths.restoreList);
  const left = readList(paths.closedFunctions).filter((name) => !list.includes(name));
  writeList(paths.closedFunctions, left);
  writeList(paths.restoreList, []);
  return `switched on again: ${list.join(', ') || 'none'}${left.length > 0 ? `; were off before and stay so: ${left.join(', ')}` : ''}`;
}

export function showFunctions({ paths }: Site): string {
  const closed = readList(paths.closedFunctions);
  return FUNCTIONS.map((name) => `${name} ${closed.includes(name) ? 'off' : 'on'}`).join('\n');
}

/** Orders that cannot be paid are kept so long instead of being lost. */
export function holdOrders({ paths }: Site, [duration = '']: Words): string {
  const forMs = parseDuration(duration);
  writeFileSync(paths.hold, `${forMs}\n`);
  return `an order that cannot be paid is held for ${duration}`;
}

/** Those that are held already stay until they are paid, expired or settled. */
export function endHold({ paths }: Site): string {
  writeFileSync(paths.hold, 'null\n');
  return `no further order is held; ${heldOf(paths).list().length} are`;
}

export function showHold({ paths }: Site): string {
  const forMs = readHold(paths.hold);
  return forMs === null ? 'orders are not held' : `orders are held for ${forMs / 1000} s`;
}

export function listHeld({ paths }: Site): string {
  return heldOf(paths)
    .list()
    .map((each) => JSON.stringify({ ...each, expired: isExpired(each) }))
    .join('\n');
}

/** The same as an export for those who serve customers by hand: whose order it is, and whether its money may have moved. */
export function listVip({ paths }: Site): string {
  const rows = heldOf(paths)
    .list()
    .map(({ order, amount, charged, pay_until }) =>
      [order, tierOf(order), (amount / 100).toFixed(2), 'CNY', charged === 'unknown' ? 'pending' : 'unpaid', pay_until].join(','),
    );
  return ['order_no,tier,amount,currency,status,pay_until', ...rows].join('\n');
}

/** Some customers of this shop are better ones, always the same for an order. */
function tierOf(order: string): string {
  const place = placeOf(order);
  return place < 5 ? 'platinum' : place < 25 ? 'gold' : '';
}

interface Settlement {
  /** The money had moved in time: booked, fulfil them. */
  readonly paid: string[];
  /** Can still be paid. */
  readonly open: string[];
  /** Not charged and too late. */
  readonly expired: string[];
  /** Charged after their time: money to be given back, by a person. */
  readonly refund: string[];
  /** Their provider did not say. */
  readonly unknown: string[];
}

/** Asks the providers what became of each held order. Gives nothing back by itself. */
export async function settleHeld({ paths, app }: Stack): Promise<string> {
  const sums: Settlement = { paid: [], open: [], expired: [], refund: [], unknown: [] };
  const held = heldOf(paths);
  for (const each of await app.askHeld()) {
    const late = isExpired(each);
    if (each.taken === null) sums.unknown.push(each.order);
    else if (each.taken) (late ? sums.refund : sums.paid).push(each.order);
    else (late ? sums.expired : sums.open).push(each.order);
    if (each.taken !== null && (late || each.taken)) held.release(each.order);
  }
  return JSON.stringify(sums);
}

export function putBanner({ paths }: Site, words: Words): string {
  const banner = JSON.parse(words.join(' ')) as Record<string, unknown>;
  if (typeof banner !== 'object' || banner === null || typeof banner['method'] !== 'string') throw new Error('a banner names its "method"');
  writeFileSync(paths.banner, `${JSON.stringify(banner)}\n`);
  return `customers are told about ${banner['method']}`;
}

export function clearBanner({ paths }: Site): string {
  writeFileSync(paths.banner, 'null\n');
  return 'no banner is shown';
}

export function showBanner({ paths }: Site): string {
  return readFileSync(paths.banner, 'utf8').trim();
}

export function restoreBanner(site: Site, words: Words): string {
  return words.join(' ').trim() === 'null' ? clearBanner(site) : putBanner(site, words);
}

/** `none`, or every measure that is on, by name. */
export function listMeasures({ paths, rotation }: Stack): string {
  const share = readShare(paths.channel);
  const routes = Object.keys(readRoutes(paths.routes));
  const list = readList(paths.restoreList);
  const measures = [
    ...(share > 0 ? [`channel ${showShare(share)}`] : []),
    ...(routes.length > 0 ? [`routes ${routes.join(',')}`] : []),
    ...(list.length > 0 ? [`functions ${list.join(',')}`] : []),
    ...(readHold(paths.hold) !== null ? ['hold'] : []),
    ...(showBanner({ paths }) !== 'null' ? ['banner'] : []),
    ...(rotation.names().includes('app') ? [] : ['drained app']),
  ];
  return measures.join('; ') || 'none';
}

function heldOf(paths: SitePaths): ReturnType<typeof createHeldOrders> {
  return createHeldOrders({ setting: paths.hold, folder: paths.held });
}

function readList(file: string): readonly string[] {
  return JSON.parse(readFileSync(file, 'utf8')) as string[];
}

function writeList(file: string, list: readonly string[]): void {
  writeFileSync(file, `${JSON.stringify([...new Set(list)])}\n`);
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new Error(`expected a duration such as 24h, got "${text}"`);
  return Number(count) * unitMs;
}
