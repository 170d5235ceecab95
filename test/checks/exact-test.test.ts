import { describe, expect, it } from 'vitest';
import { chanceOf, gradeShare } from '../../src/checks/exact-test.ts';

describe('chanceOf', () => {
  it.each([
    [1, 1, 0.05, 0.05],
    [1, 2, 0.05, 0.0975],
    [3, 3, 0.05, 0.000125],
    [0, 10, 0.05, 1],
    [11, 10, 0.05, 0],
    // R: pbinom(3, 20, 0.05, lower.tail = FALSE)
    [4, 20, 0.05, 0.01590153],
    // Exact, in whole numbers.
    [100, 10_000, 0.01, 0.51349927],
    // Every term with the logarithm of the gamma function, added with one rounding.
    [600_000, 1_000_000, 0.6, 0.50043431],
  ])('of %i in %i at %f', (hits, n, p, expected) => {
    expect(chanceOf(hits, n, p)).toBeCloseTo(expected, 6);
  });

  it('keeps its precision in the tail, where one minus the rest would be 0', () => {
    expect(chanceOf(12, 12, 0.01)).toBeCloseTo(1e-24, 30);
    expect(chanceOf(12, 12, 0.01)).toBeGreaterThan(0);
  });

  it('agrees with counting every outcome', () => {
    for (const [n, p] of [
      [7, 0.3],
      [12, 0.02],
    ] as const) {
      for (let hits = 0; hits <= n; hits++) {
        let sum = 0;
        for (let outcome = 0; outcome < 2 ** n; outcome++) {
          const ones = outcome.toString(2).replaceAll('0', '').length;
          if (ones >= hits) sum += p ** ones * (1 - p) ** (n - ones);
        }
        expect(chanceOf(hits, n, p)).toBeCloseTo(sum, 12);
      }
    }
  });
});

describe('gradeShare', () => {
  const bounds = { warn: 1, crit: 5 };
  it.each([
    [12, 12, 'fail'],
    [1, 12, 'ok'],
    [2, 12, 'warn'],
    [0, 0, 'ok'],
    [0, 5, 'ok'],
    [200, 10_000, 'warn'],
    [100, 10_000, 'ok'],
  ])('%i of %i is %s', (hits, n, grade) => {
    expect(gradeShare(hits, n, bounds)).toBe(grade);
  });
});
