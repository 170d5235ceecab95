import { describe, expect, test } from 'vitest';
import { findConcentrations } from '../../../src/payments/iso8583/concentration.ts';

/** `failed` of `transactions` in each group. */
const answersOf = (
  by: 'bin' | 'terminal' | 'merchant',
  groups: Readonly<Record<string, readonly [failed: number, transactions: number]>>,
) =>
  Object.entries(groups).flatMap(([key, [failed, transactions]]) =>
    Array.from({ length: transactions }, (_, index) => ({ [by]: key, isFailure: index < failed })),
  );

describe('where failures gather', () => {
  test.each([
    ['four of four, beside twenty that are well', { A: [4, 4], B: [0, 20] }, ['A']],
    ['three of three among seven: could be chance', { A: [3, 3], B: [1, 4] }, []],
    ['two of two prove nothing', { A: [2, 2], B: [0, 50] }, []],
    ['all fail alike', { A: [20, 20], B: [20, 20], C: [20, 20] }, []],
    ['certain, but hardly more than the others', { A: [600, 1000], B: [400, 1000] }, []],
    ['a quarter of many, where the others have one in fifty', { A: [25, 100], B: [10, 500], C: [10, 500] }, ['A']],
    ['two groups at once', { A: [10, 10], B: [10, 10], C: [0, 100], D: [1, 100] }, ['A', 'B']],
    ['a group of one', { A: [9, 9] }, []],
  ] as const)('%s', (_name, groups, keys) => {
    for (const by of ['bin', 'terminal', 'merchant'] as const)
      expect(findConcentrations(answersOf(by, groups)).map((each) => [each.by, each.key])).toEqual(keys.map((key) => [by, key]));
  });

  test('of a hundred groups without a difference hardly one is named', () => {
    const groups = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`T${index}`, [index % 7 === 0 ? 3 : 1, 10] as const]));
    expect(findConcentrations(answersOf('terminal', groups))).toEqual([]);
  });
});
