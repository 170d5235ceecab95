import { describe, expect, it } from 'vitest';
import { readTable } from '../../../src/payments/money/table.ts';
import { makeQueue, type QueueRules } from '../../../src/payments/orders/queue.ts';
import { readRecords } from '../../../src/payments/orders/record.ts';

const NOW = Date.UTC(2026, 2, 11, 3, 0);
const MINUTE = 60_000;
const HEAD = 'order_no,customer,tier,amount,currency,status,time,pay_until';

function queue(rows: readonly string[], rules: Partial<QueueRules> = {}, head = HEAD) {
  const table = readTable([head, ...rows].join('\n'));
  const options = { columns: {}, unit: 'major', currency: '', words: {}, timeOf: (text: string) => Date.parse(text) } as const;
  return makeQueue(readRecords(table, options).records, { now: NOW, tiers: [], callers: ['Li', 'Ann'], eachMs: 5 * MINUTE, ...rules });
}
const row = (order: string, { tier = '', amount = '10.00', status = 'unpaid', created = 0, until = '', currency = 'CNY' } = {}): string =>
  `${order},C-88120041,${tier},${amount},${currency},${status},${new Date(NOW - created * MINUTE).toISOString()},${until}`;
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

  it('asks nobody to pay an order again that was ever paid or given back, whatever its other rows say', () => {
    const rows = [
      row('A', { status: 'unpaid', created: 9 }),
      row('A', { status: 'paid', created: 5 }),
      row('A', { status: 'failed', created: 1 }),
      row('B', { status: 'refunded', created: 9 }),
      row('B', { status: 'unpaid', created: 1 }),
      row('C', { status: 'unpaid', amount: '30.00' }),
    ];
    const { orders, value } = queue(rows);
    expect(orders.map(({ order }) => order)).toEqual(['C']);
    expect(value).toEqual({ CNY: '30.00' });
  });

  it('has one line an order, as its last row says', () => {
    const rows = [
      row('A', { status: 'unpaid', amount: '10.00', created: 1 }),
      row('A', { status: 'processing', amount: '12.00', created: 9 }),
      row('B', { status: 'unpaid', created: 9 }),
      row('B', { status: 'cancelled', created: 1 }),
    ];
    const { orders, value } = queue(rows);
    expect(orders).toMatchObject([{ order: 'A', first: 'call', amount: '10.00' }]);
    expect(value).toEqual({ CNY: '10.00' });
  });

  it.each([
    'cancelled',
    'Canceled',
    'TRADE_CLOSED',
    'orderClosed',
    'expired',
    'voided',
    'REVOKED',
    '订单关闭',
    '已取消',
    '用户取消',
    '过期',
    '已撤销',
  ])('calls nobody for an order that is over: %s', (status) => {
    const { orders, unexplained } = queue([row('over', { status }), row('open')]);
    expect(orders.map(({ order }) => order)).toEqual(['open']);
    expect(unexplained).toEqual([]);
  });

  it.each(['待付款', '未付款', '等待付款', '待支付', 'awaiting_payment', 'NOTPAY', 'failed'])('knows that an order waits: %s', (status) => {
    expect(queue([row('A', { status })]).orders).toHaveLength(1);
  });

  it('keeps what is not over though a word looks like it, and tells words that nobody knows', () => {
    const words = { 'cancel requested': 'unpaid', not_expired: 'unpaid', 未过期: 'unpaid' } as const;
    const table = readTable([HEAD, ...[...Object.keys(words), 'zzz'].map((status) => row(status, { status }))].join('\n'));
    const { records } = readRecords(table, { columns: {}, unit: 'major', currency: '', words, timeOf: (text) => Date.parse(text) });
    const { orders, unexplained } = makeQueue(records, { now: NOW, tiers: [], callers: [], eachMs: MINUTE });
    expect(orders.map(({ order }) => order).toSorted()).toEqual(Object.keys(words).toSorted());
    expect(unexplained.map(({ statusText }) => statusText)).toEqual(['zzz']);
  });

  it('asks the channel for an order in processing whose time is over, and lets it delay nobody', () => {
    const { orders, needed, lost } = queue([row('A', { status: 'processing', until: inMinutes(-30) })]);
    expect(orders).toMatchObject([{ order: 'A', first: 'ask', late: false }]);
    expect({ needed, lost }).toEqual({ needed: 0, lost: 0 });
  });

  it('invents no number of callers where none is enough', () => {
    const rows = [row('soon', { until: inMinutes(2) }), row('later', { until: inMinutes(60) })];
    expect(queue(rows)).toMatchObject({ needed: null, lost: 1 });
    const many = Array.from({ length: 300 }, (_, index) => row(`o${index}`, { until: inMinutes(11) }));
    expect(queue(many)).toMatchObject({ needed: 150, lost: 0 });
  });

  it('goes by levels that are all numbers, the higher first', () => {
    const { orders, tiered } = queue(['2', '10', '', '9'].map((tier) => row(`level${tier}`, { tier })));
    expect(orders.map(({ order }) => order)).toEqual(['level10', 'level9', 'level2', 'level']);
    expect(tiered).toBe(true);
    const words = queue(['VIP2', 'vip5', 'VIP1'].map((tier) => row(tier, { tier })));
    expect(words.orders.map(({ order }) => order)).toEqual(['vip5', 'VIP2', 'VIP1']);
  });

  it.each(['y', 'Yes', 'true', '是', '1'])('takes %s of a column vip for a VIP', (yes) => {
    const rows = [row('no', { tier: '否', amount: '99.00' }), row('yes', { tier: yes })];
    const { orders, tiered } = queue(rows, { tierColumn: 'VIP' }, HEAD.replace('tier', 'VIP'));
    expect(orders.map(({ order }) => order)).toEqual(['yes', 'no']);
    expect(tiered).toBe(true);
  });

  it('does not say that it sorted by tiers that nobody knows', () => {
    expect(queue([row('A', { tier: 'zebra' }), row('B', { tier: '' })]).tiered).toBe(false);
    expect(queue([row('paid', { tier: 'gold', status: 'paid' }), row('B')]).tiered).toBe(false);
    expect(queue([row('A', { tier: 'true' })]).tiered).toBe(false);
    expect(queue([row('A', { tier: '0' })]).tiered).toBe(false);
  });

  it('compares amounts of one currency only', () => {
    const { orders, value } = queue([
      row('yen', { currency: 'JPY', amount: '90000' }),
      row('small', { amount: '5.00' }),
      row('large', { amount: '700.00' }),
    ]);
    expect(orders.map(({ order }) => order)).toEqual(['large', 'small', 'yen']);
    expect(value).toEqual({ CNY: '705.00', JPY: '90000' });
  });
});
