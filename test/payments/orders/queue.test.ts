import { describe, expect, it } from 'vitest';
import { readTable } from '../../../src/payments/money/table.ts';
import { makeQueue, type QueueRules } from '../../../src/payments/orders/queue.ts';
import { readRecords } from '../../../src/payments/orders/record.ts';

const NOW = Date.UTC(2026, 2, 11, 3, 0);
const MINUTE = 60_000;
const HEAD = 'order_no,customer,tier,amount,currency,status,time,pay_until';

function queue(rows: readonly string[], rules: Partial<QueueRules> = {}) {
  const table = readTable([HEAD, ...rows].join('\n'));
  const options = { columns: {}, unit: 'major', currency: '', words: {}, timeOf: (text: string) => Date.parse(text) } as const;
  return makeQueue(readRecords(table, options).records, { now: NOW, tiers: [], callers: ['Li', 'Ann'], eachMs: 5 * MINUTE, ...rules });
}
const row = (order: string, { tier = '', amount = '10.00', status = 'unpaid', created = 0, until = '' } = {}): string =>
  `${order},C-88120041,${tier},${amount},CNY,${status},${new Date(NOW - created * MINUTE).toISOString()},${until}`;
const inMinutes = (minutes: number): string => new Date(NOW + minutes * MINUTE).toISOString();

describe('the queue of those who are served by hand', () => {
  it('goes by tier, then amount, then age', () => {
    const { orders } = queue([
      row('plain', { amount: '9000.00' }),
      row('gold-small', { tier: 'Gold', amount: '50.00', created: 60 }),
      row('gold-large', { tier: 'VIP', amount: '900.00' }),
      row('gold-small-older', { tier: '贵宾', amount: '50.00', created: 90 }),
      row('black', { tier: '黑金', amount: '1.00' }),
      row('other', { tier: 'bronze', amount: '1.00' }),
    ]);
    expect(orders.map(({ order }) => order)).toEqual(['black', 'gold-large', 'gold-small-older', 'gold-small', 'other', 'plain']);
  });

  it("goes by the site's own words of tiers where it has them", () => {
    const { orders } = queue([row('a', { tier: 'gold' }), row('b', { tier: 'A+' }), row('c', { tier: 'a' })], { tiers: ['A+', 'A'] });
    expect(orders.map(({ order }) => order)).toEqual(['b', 'c', 'a']);
  });

  it('leaves out what is paid, given back or over, and asks first where money may have moved', () => {
    const { orders } = queue([
      row('paid', { status: 'paid' }),
      row('back', { status: 'refunded' }),
      row('over', { until: inMinutes(-1) }),
      row('maybe', { status: 'processing' }),
      row('open', { until: inMinutes(60) }),
    ]);
    expect(orders.map(({ order, first }) => [order, first])).toEqual([
      ['maybe', 'ask'],
      ['open', 'call'],
    ]);
  });

  it('says who calls, who releases, and by when; never the same person twice', () => {
    const { orders } = queue([row('a', { amount: '3' }), row('b', { amount: '2' }), row('c', { amount: '1' })]);
    expect(orders.map(({ caller, second, callBy }) => [caller, second, (callBy - NOW) / MINUTE])).toEqual([
      ['Li', 'Ann', 5],
      ['Ann', 'Li', 5],
      ['Li', 'Ann', 10],
    ]);
    expect(queue([row('a')], { callers: ['Li'] }).orders).toMatchObject([{ caller: 'Li', second: '' }]);
    expect(queue([row('a')], { callers: [] }).orders).toMatchObject([{ caller: '', second: '' }]);
  });

  it('counts the callers that reach all before they end', () => {
    const rows = [1, 2, 3, 4, 5, 6].map((index) => row(`o${index}`, { amount: `${10 - index}`, until: inMinutes(9) }));
    const { orders, needed } = queue(rows);
    expect(orders.map(({ late }) => late)).toEqual([false, false, true, true, true, true]);
    expect(needed).toBe(6);
    expect(queue(rows.slice(0, 2)).needed).toBe(0);
  });

  it('keeps of a customer the end of the number only', () => {
    expect(queue([row('a')]).orders).toMatchObject([{ customer: '***041', amount: '10.00', currency: 'CNY' }]);
    expect(queue(['a,12345,,1,CNY,unpaid,,']).orders).toMatchObject([{ customer: '***', since: null, until: null }]);
  });
});
