import { describe, expect, it } from 'vitest';
import { compareStates } from '../../../src/payments/orders/compare-states.ts';
import type { MoneyRecord } from '../../../src/payments/orders/record.ts';
import { readState } from '../../../src/payments/orders/state.ts';
import { zoneOffsetMs } from '../../../src/payments/orders/zone.ts';

const MINUTE = 60_000;
const record = (orderNo: string, state: MoneyRecord['state'], minute: number, more: Partial<MoneyRecord> = {}): MoneyRecord => ({
  line: 1,
  orderNo,
  reference: `${orderNo}-${minute}`,
  kind: 'payment',
  amountText: '10.00',
  amount: { minor: 1000, finer: 'no' },
  currency: 'CNY',
  exponent: 2,
  state,
  statusText: '',
  at: minute * MINUTE,
  expiresAt: undefined,
  cells: {},
  ...more,
});
const OPTIONS = { asOf: 100 * MINUTE, graceMs: 5 * MINUTE, stuckMs: 15 * MINUTE, expiryMs: undefined, listsPaid: false };
const faults = (orders: readonly MoneyRecord[], charges?: readonly MoneyRecord[], more = {}) =>
  compareStates(orders, charges, { ...OPTIONS, ...more }).map(({ fault, order }) => `${order}: ${fault}`);

describe('orders here and there', () => {
  it('the last row of an order tells its state', () => {
    expect(faults([record('A', 'pending', 1), record('A', 'paid', 2)], [record('A', 'paid', 2)])).toEqual([]);
    expect(faults([record('A', 'paid', 2), record('A', 'pending', 1)])).toEqual([]);
    expect(faults([record('A', 'paid', 1), record('A', 'pending', 2)])).toEqual(['A: stuck']);
  });

  it('the bounds: grace, stuck, expiry', () => {
    expect(faults([record('A', 'unpaid', 90)], [record('A', 'paid', 95)])).toEqual([]);
    expect(faults([record('A', 'unpaid', 90)], [record('A', 'paid', 94)])).toEqual(['A: paid-not-recorded']);
    expect(faults([record('A', 'pending', 85)])).toEqual([]);
    expect(faults([record('A', 'pending', 84)])).toEqual(['A: stuck']);
    expect(faults([record('A', 'unpaid', 10)], [record('A', 'paid', 40)], { expiryMs: 30 * MINUTE })).toEqual(['A: paid-not-recorded']);
    expect(faults([record('A', 'unpaid', 10)], [record('A', 'paid', 41)], { expiryMs: 30 * MINUTE })).toEqual(['A: paid-after-expiry']);
    expect(faults([record('A', 'unpaid', 10, { expiresAt: 60 * MINUTE })], [record('A', 'paid', 41)], { expiryMs: 30 * MINUTE })).toEqual([
      'A: paid-not-recorded',
    ]);
  });

  it('orders without a number and rows that are no payments are left out', () => {
    expect(
      faults([record('', 'pending', 1), record('B', 'pending', 1, { kind: 'refund' })], [record('', 'paid', 1), record('', 'paid', 2)]),
    ).toEqual([]);
  });

  it('a refunded order owes nothing', () => {
    const refund = record('A', 'refunded', 50, { kind: 'refund' });
    expect(faults([record('A', 'unpaid', 10)], [record('A', 'paid', 20), refund])).toEqual([]);
    expect(faults([record('A', 'refunded', 10)], [record('A', 'paid', 20)])).toEqual([]);
  });
});

describe('words of states', () => {
  it.each([
    ['PAID', 'paid'],
    ['Trade Success', 'paid'],
    ['支付成功', 'paid'],
    ['closed', 'unpaid'],
    ['USERPAYING', 'pending'],
    ['转入退款', 'refunded'],
    ['', undefined],
    ['erledigt', undefined],
  ] as const)('%s is %s', (word, state) => {
    expect(readState(word)).toBe(state);
  });

  it('words of one’s own go first', () => {
    expect(readState('Closed', { closed: 'paid' })).toBe('paid');
  });
});

describe('zones', () => {
  it.each([
    ['UTC', 0],
    ['+08:00', 8],
    ['-0530', -5.5],
    ['UTC+8', 8],
    ['Asia/Shanghai', 8],
  ])('%s', (zone, hours) => {
    expect(zoneOffsetMs(zone, Date.UTC(2026, 0, 15))).toBe(hours * 3_600_000);
  });

  it('summer time is that of the day, and what is none is told', () => {
    expect(zoneOffsetMs('Europe/Berlin', Date.UTC(2026, 6, 1))).toBe(7_200_000);
    expect(zoneOffsetMs('Europe/Berlin', Date.UTC(2026, 0, 1))).toBe(3_600_000);
    // Half an hour before the clocks go forward, by the clock there.
    expect(zoneOffsetMs('Europe/Berlin', Date.UTC(2026, 2, 29, 1, 30))).toBe(3_600_000);
    expect(zoneOffsetMs('Nowhere/Land', 0)).toBeUndefined();
  });
});
