import { expect, it } from 'vitest';
import { readMonoMs } from '../../src/adapters/clock.ts';

it('counts milliseconds to the microsecond: digits of noise could be taken for a number of a card', () => {
  const shown = Array.from({ length: 10_000 }, () => String(readMonoMs()));
  expect(shown.filter((text) => !/^\d+(?:\.\d{1,3})?$/.test(text))).toEqual([]);
});
