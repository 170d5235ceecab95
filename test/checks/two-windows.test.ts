import { expect, test } from 'vitest';
import { chanceOfDrop, chanceOfGrowth, chanceOfHigherShare } from '../../src/checks/two-windows.ts';

test.each([
  // 0.5^12
  [12, 0, 1, 0.000244140625],
  [0, 0, 1, 1],
  [5, 5, 1, 0.623046875],
  // 0.8^14
  [14, 0, 4, 0.04398046511],
])('growth from %i to %i, ratio %f', (now, before, ratio, chance) => {
  expect(chanceOfGrowth(now, before, ratio)).toBeCloseTo(chance, 9);
});

test.each([
  [0, 12, 1, 0.000244140625],
  // 0.8^14
  [0, 14, 0.25, 0.04398046511],
  [5, 5, 1, 0.623046875],
])('fall to %i from %i, ratio %f', (now, before, ratio, chance) => {
  expect(chanceOfDrop(now, before, ratio)).toBeCloseTo(chance, 9);
});

test.each([
  // R: fisher.test(matrix(c(12, 0, 1, 99), 2), alternative = "greater")
  [12, 12, 1, 100, 13 / 1_000_000_000],
  // Fisher's tea: 1/70
  [4, 4, 0, 4, 1 / 70],
  [3, 4, 1, 4, 17 / 70],
  [0, 10, 5, 10, 1],
])('%i of %i after %i of %i', (hits, of, hitsBefore, ofBefore, chance) => {
  const found = chanceOfHigherShare({ hits, of }, { hits: hitsBefore, of: ofBefore });
  if (chance < 1e-6) expect(found).toBeLessThan(1e-12);
  else expect(found).toBeCloseTo(chance, 9);
});

test('agrees with counting every way to deal the hits out', () => {
  for (let hits = 0; hits <= 5; hits++) {
    let as = 0;
    let all = 0;
    for (let deal = 0; deal < 2 ** 12; deal++) {
      const bits = [...deal.toString(2).padStart(12, '0')];
      if (bits.filter((bit) => bit === '1').length !== 5) continue;
      all += 1;
      if (bits.slice(0, 6).filter((bit) => bit === '1').length >= hits) as += 1;
    }
    expect(chanceOfHigherShare({ hits, of: 6 }, { hits: 5 - hits, of: 6 })).toBeCloseTo(as / all, 9);
  }
});
