import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/payments/codes/code-entry.ts';
import { sumUpExperience } from '../../../src/payments/orders/experience.ts';

/** A new order each time. */
const of = (who: string, ...outcomes: Outcome[]) =>
  outcomes.map((outcome, minute) => ({ who, at: minute * 60_000, order: `${who}-${minute}`, outcome }));

describe('what customers went through', () => {
  it('counts who failed, who got through, and after how many tries and how long', () => {
    const attempts = [
      ...of('fine', 'PAID'),
      ...of('own', 'NOT_PAID_FINAL', 'PAID'),
      ...of('through', 'PROVIDER_DOWN', 'PROVIDER_DOWN', 'PAID', 'PAID'),
      ...of('gone', 'PROVIDER_DOWN', 'RATE'),
      ...of('late', 'PAID', 'SIGN/KEY/CERT'),
    ];
    expect(sumUpExperience(attempts)).toEqual({
      ...{ all: 5, affected: 3, recovered: 1, lost: 2, twice: 0 },
      ...{ triesEach: 2, triesMost: 3, waitMedianMs: 120_000 },
    });
  });

  it('counts whom an unknown outcome may have cost twice', () => {
    expect(sumUpExperience([...of('a', 'UNKNOWN', 'PAID'), ...of('b', 'UNKNOWN'), ...of('c', 'PROVIDER_DOWN', 'PAID')])).toMatchObject({
      affected: 3,
      twice: 1,
      lost: 1,
    });
  });

  it('sees one payment in an order that a query resolved, and cannot tell where a log names no order', () => {
    const same = of('a', 'UNKNOWN', 'PAID').map((each) => ({ ...each, order: 'a-0' }));
    expect(sumUpExperience(same)).toMatchObject({ affected: 1, recovered: 1, twice: 0 });
    const nameless = of('a', 'UNKNOWN', 'PAID').map(({ order: _, ...each }) => each);
    expect(sumUpExperience(nameless)).toMatchObject({ affected: 1, recovered: 1, twice: 0 });
    // The order of unknown outcome is resolved later, and is the second payment.
    const both = [...of('a', 'UNKNOWN', 'PAID'), { who: 'a', at: 600_000, order: 'a-0', outcome: 'PAID' as const }];
    expect(sumUpExperience(both)).toMatchObject({ twice: 1 });
  });

  it.each(['LIMIT', 'RISK', 'PLANNED', 'DUPLICATE', 'NOT_PAID_FINAL', 'USER_ACTION'] as const)('is no failure of ours: %s', (outcome) => {
    expect(sumUpExperience(of('a', outcome, 'PAID'))).toMatchObject({ all: 1, affected: 0 });
  });

  it('orders what a log does not', () => {
    const mixed = [...of('a', 'PROVIDER_DOWN', 'UNKNOWN', 'PAID')].reverse();
    expect(sumUpExperience(mixed)).toMatchObject({ recovered: 1, triesEach: 3, twice: 1, waitMedianMs: 120_000 });
  });

  it('is nothing of nothing', () => {
    expect(sumUpExperience([])).toMatchObject({ all: 0, affected: 0, triesEach: 0, triesMost: 0 });
  });
});
