import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/payments/codes/code-entry.ts';
import { sumUpExperience } from '../../../src/payments/orders/experience.ts';

const of = (who: string, ...outcomes: Outcome[]) => outcomes.map((outcome, minute) => ({ who, at: minute * 60_000, outcome }));

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
      ...{ triesEach: 2, triesMost: 3, waitMedianMs: 120_000, waitMostMs: 120_000 },
    });
  });

  it('counts whom an unknown outcome may have cost twice', () => {
    expect(sumUpExperience([...of('a', 'UNKNOWN', 'PAID'), ...of('b', 'UNKNOWN'), ...of('c', 'PROVIDER_DOWN', 'PAID')])).toMatchObject({
      affected: 3,
      twice: 1,
      lost: 1,
    });
  });

  it('orders what a log does not', () => {
    const mixed = [...of('a', 'PROVIDER_DOWN', 'UNKNOWN', 'PAID')].reverse();
    expect(sumUpExperience(mixed)).toMatchObject({ recovered: 1, triesEach: 3, twice: 1, waitMedianMs: 120_000 });
  });

  it('is nothing of nothing', () => {
    expect(sumUpExperience([])).toMatchObject({ all: 0, affected: 0, triesEach: 0, triesMost: 0, waitMostMs: 0 });
  });
});
