import { describe, expect, it } from 'vitest';
import { type PaymentAttempt, valueAtRisk } from '../../../src/payments/orders/value-at-risk.ts';

const attempt = (at: number, end: PaymentAttempt['end'], more: Partial<PaymentAttempt> = {}): PaymentAttempt => ({
  at,
  end,
  amount: '10.50',
  currency: 'EUR',
  ...more,
});

describe('what failed payments are worth', () => {
  it('is a sum per currency, exact, of faults and of what nobody knows', () => {
    const attempts = [
      attempt(1, 'paid'),
      attempt(2, 'fault', { amount: '0.10' }),
      attempt(3, 'unknown', { amount: '0.20' }),
      attempt(4, 'fault', { amount: '1,000', currency: '392' }),
      attempt(5, 'fault', { amount: '000000001050', currency: '978' }),
      attempt(6, 'other', { amount: '999' }),
    ];
    expect(valueAtRisk(attempts)).toEqual({ value: { EUR: '10.80', JPY: '1000' }, unpriced: 0, firstBadAt: 2, lastGoodAt: 1 });
  });

  it('an order counts once, and not at all when it was paid in the end', () => {
    const attempts = [
      attempt(1, 'fault', { order: 'A' }),
      attempt(2, 'fault', { order: 'A' }),
      attempt(3, 'fault', { order: 'B' }),
      attempt(4, 'paid', { order: 'B' }),
    ];
    expect(valueAtRisk(attempts).value).toEqual({ EUR: '10.50' });
  });

  it('says how many do not tell their amount, and nothing where none failed', () => {
    expect(valueAtRisk([attempt(1, 'fault', { amount: undefined }), attempt(2, 'fault', { amount: 'free' })])).toMatchObject({
      value: {},
      unpriced: 2,
    });
    expect(valueAtRisk([attempt(1, 'paid')])).toEqual({ value: {}, unpriced: 0, firstBadAt: null, lastGoodAt: 1 });
    expect(valueAtRisk([attempt(1, 'fault', { currency: undefined })]).value).toEqual({ '?': '10.50' });
  });
});
