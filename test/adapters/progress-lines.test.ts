import { expect, it } from 'vitest';
import { formatSeconds } from '../../src/adapters/progress-lines.ts';

it.each([
  [0, '0s'],
  [-40, '0s'],
  [40, '0.0s'],
  [1_250, '1.3s'],
  [2_000, '2s'],
  [123_456, '123s'],
])('%i ms are written %s', (ms, text) => {
  expect(formatSeconds(ms)).toBe(text);
});
