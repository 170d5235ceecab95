import { describe, expect, it } from 'vitest';
import type { Listed } from '../../../src/payments/reconcile/reader.ts';
import { compareTwins, type Listing } from '../../../src/payments/reconcile/twins.ts';

const list = (kinds: Readonly<Partial<Record<Listed, readonly number[]>>>): Listing => ({
  format: 'wechat',
  kinds: new Map(Object.entries(kinds) as [Listed, readonly number[]][]),
});
const paid = (...days: readonly number[]): Listing => list({ paid: days });

describe('lists of the account beside those of the trades', () => {
  it.each([
    ['a day on which nothing moved, between the bills', paid(26, 28), [paid(26), paid(28)], 'same'],
    ['a day within a bill of several', paid(27), [paid(26, 28)], 'same'],
    ['a day that no bill has', paid(26, 27, 28), [paid(26), paid(28)], 'other-days'],
    ['a day behind the bills', paid(26, 30), [paid(26), paid(28)], 'other-days'],
    ['days around the bill', paid(26, 28), [paid(27)], 'apart'],
    ['kinds that no bill has', list({ paid: [26], returned: [26] }), [paid(26)], 'other-kinds'],
    ['a bill that does not tell its days', paid(26), [paid()], 'other-days'],
    ['a list that does not tell its days', paid(), [paid(26)], 'apart'],
    ['a bill of nothing', paid(26), [list({})], 'apart'],
  ] as const)('%s', (_what, one, others, state) => {
    expect(compareTwins(one, others)).toBe(state);
  });
});
