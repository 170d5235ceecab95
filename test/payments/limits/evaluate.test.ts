import { describe, expect, it } from 'vitest';
import { evaluateLimits, type LimitedPayment, type LimitRule } from '../../../src/payments/limits/evaluate.ts';

const HOUR = 3_600_000;
const rule = (more: Partial<LimitRule>): LimitRule => ({
  name: 'r',
  owner: 'ours',
  per: 'day',
  of: 'card',
  min: undefined,
  max: undefined,
  count: undefined,
  currency: '',
  codes: [],
  only: {},
  ...more,
});
const pay = (at: number, minor: number, approved: boolean, more: Partial<LimitedPayment> = {}): LimitedPayment => ({
  at: at * HOUR,
  minor,
  currency: 'CNY',
  code: approved ? '00' : '61',
  approved,
  limited: !approved,
  keys: { card: 'a', merchant: 'm' },
  fields: {},
  ...more,
});
const one = (payments: readonly LimitedPayment[], more: Partial<LimitRule>, zoneMs = 0) =>
  evaluateLimits(payments, [rule(more)], { from: 0, zoneMs }).rules[0];

describe('limits', () => {
  it.each([
    ['one payment above', [pay(1, 501, false)], { per: 'transaction', max: 500 }, 1, 'max'],
    ['one at the bound', [pay(1, 500, false)], { per: 'transaction', max: 500 }, 0, ''],
    ['one below the least', [pay(1, 9, false)], { per: 'transaction', min: 10 }, 1, 'min'],
    ['the sum of a day', [pay(1, 300, true), pay(2, 201, false)], { max: 500 }, 1, 'max'],
    ['refused ones do not add up', [pay(1, 300, false), pay(2, 201, false)], { max: 500 }, 0, ''],
    ['another day', [pay(1, 300, true), pay(25, 201, false)], { max: 500 }, 0, ''],
    ['another card', [pay(1, 300, true), pay(2, 201, false, { keys: { card: 'b' } })], { max: 500 }, 0, ''],
    [
      'the same merchant',
      [pay(1, 300, true), pay(2, 201, false, { keys: { card: 'b', merchant: 'm' } })],
      { of: 'merchant', max: 500 },
      1,
      'max',
    ],
    ['too many', [pay(1, 1, true), pay(2, 1, true), pay(3, 1, false)], { count: 2 }, 1, 'count'],
    ['a month', [pay(1, 300, true), pay(49, 201, false)], { per: 'month', max: 500 }, 1, 'max'],
    ['an hour', [pay(1, 300, true), pay(2, 201, false)], { per: 'hour', max: 500 }, 0, ''],
    ['another currency', [pay(1, 600, false)], { per: 'transaction', max: 500, currency: 'USD' }, 0, ''],
    [
      'another method',
      [pay(1, 600, false, { fields: { method: 'card' } })],
      { per: 'transaction', max: 500, only: { method: 'wallet' } },
      0,
      '',
    ],
    ['by its code alone', [pay(1, 6, false)], { per: 'transaction', max: 500, codes: ['61'] }, 1, 'code'],
    ['beyond it, but another code', [pay(1, 600, false, { code: '65' })], { per: 'transaction', max: 500, codes: ['61'] }, 0, ''],
  ] as const)('%s', (_name, payments, more, refused, why) => {
    expect(one(payments, more as Partial<LimitRule>)).toMatchObject({ refused, why });
  });

  it('a day begins at midnight of its zone', () => {
    const payments = [pay(15, 300, true), pay(17, 201, false)];
    expect(one(payments, { max: 500 })).toMatchObject({ refused: 1 });
    expect(one(payments, { max: 500 }, 8 * HOUR)).toMatchObject({ refused: 0 });
  });

  it('the rule that answers so is the one, of several that are passed', () => {
    const rules = [
      rule({ name: 'a', per: 'transaction', max: 100, codes: ['13'] }),
      rule({ name: 'b', per: 'transaction', max: 200, codes: ['61'] }),
    ];
    const { rules: counted } = evaluateLimits([pay(1, 300, false)], rules, { from: 0, zoneMs: 0 });
    expect(counted.map(({ refused }) => refused)).toEqual([0, 1]);
  });

  it('of two that answer alike the one that the payment is beyond', () => {
    const rules = [
      rule({ name: 'a', per: 'transaction', max: 100, codes: ['61'] }),
      rule({ name: 'b', per: 'transaction', max: 1000, codes: ['61'] }),
    ];
    expect(evaluateLimits([pay(1, 300, false)], rules, { from: 0, zoneMs: 0 }).rules.map(({ refused }) => refused)).toEqual([1, 0]);
  });

  it('what passes beyond a rule is counted, what no rule explains by its code', () => {
    expect(one([pay(1, 600, true)], { per: 'transaction', max: 500 })).toMatchObject({ passed: 1, refused: 0 });
    expect(evaluateLimits([pay(1, 6, false)], [rule({ max: 500 })], { from: 0, zoneMs: 0 }).unexplained).toEqual({ 61: 1 });
  });
});
