import { describe, expect, it } from 'vitest';
import { type CoveredFile, coverageOf } from '../../../src/payments/reconcile/coverage.ts';

const HOUR = 3_600_000;
const file = (more: Partial<CoveredFile> & { readonly from?: number; readonly to?: number } = {}): CoveredFile => {
  const { from = 10, to = 20, ...rest } = more;
  return { side: 'orders', list: '', rows: 1001, isOfDays: false, span: { fromMs: from * HOUR, toMs: to * HOUR }, ...rest };
};
const hours = (files: readonly CoveredFile[], from: number, to: number): readonly string[] =>
  coverageOf(files)
    .gaps({ fromMs: from * HOUR, toMs: to * HOUR })
    .map(({ side, list, fromMs, toMs }) => `${side}${list} ${(fromMs / HOUR).toFixed(2)}-${(toMs / HOUR).toFixed(2)}`);

describe('the time that files cover', () => {
  it('reaches from the first to the last payment, and as far as it is usually silent', () => {
    // A row every 36 s: five times that is three minutes.
    expect(hours([file()], 10, 20)).toEqual([]);
    expect(hours([file()], 9.95, 20.05)).toEqual([]);
    expect(hours([file()], 9, 21)).toEqual(['orders 9.00-9.95', 'orders 20.05-21.00']);
    expect(hours([file()], 21, 22)).toEqual(['orders 21.00-22.00']);
    expect(hours([file({ rows: 3 })], 9, 21)).toEqual([]);
    expect(hours([file({ rows: 1, to: 10 })], 9, 10)).toEqual(['orders 9.00-10.00']);
    expect(hours([file({ span: undefined })], 9, 10)).toEqual(['orders 9.00-10.00']);
  });

  it('of days ends with them', () => {
    expect(hours([file({ rows: 3, isOfDays: true, from: 0, to: 24 })], 23, 25)).toEqual(['orders 24.00-25.00']);
  });

  it('of several files is what they cover together, each provider by itself', () => {
    const days = [0, 24, 72].map((from) => file({ isOfDays: true, from, to: from + 24 }));
    expect(hours(days, 0, 96)).toEqual(['orders 48.00-72.00']);
    expect(hours(days.toReversed(), 12, 48)).toEqual([]);
    const two = [file({ side: 'statements', list: ' wechat', from: 0 }), file({ side: 'statements', list: ' alipay', rows: 10_001 })];
    expect(hours(two, 5, 20)).toEqual(['statements alipay 5.00-9.99']);
    const { beyond } = coverageOf(two);
    expect([5, 9.999, 10, 15].map((hour) => beyond('statements', hour * HOUR))).toEqual([' alipay', ' alipay', undefined, undefined]);
    expect(beyond('orders', 5 * HOUR)).toBeUndefined();
  });
});
