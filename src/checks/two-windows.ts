/** Did it become more, or less? Counts of two windows of the same length, compared exactly, so that small ones need no minimum. */
import { chanceOf, logChoose } from './exact-test.ts';

/**
 * Chance of at least `now` events if their rate were at most `ratio` times that of `before`. Given the sum of two Poisson
 * counts each is binomial (Przyborowski and Wilenski 1940).
 */
export function chanceOfGrowth(now: number, before: number, ratio = 1): number {
  return chanceOf(now, now + before, ratio / (1 + ratio));
}

/** Chance of at most `now` events if their rate were at least `ratio` times that of `before`. */
export function chanceOfDrop(now: number, before: number, ratio = 1): number {
  return chanceOf(before, now + before, 1 / (1 + ratio));
}

export interface Part {
  readonly hits: number;
  readonly of: number;
}

/** Fisher's exact test, one-sided: chance of so many hits in `now` if both had the same share. */
export function chanceOfHigherShare(now: Part, before: Part): number {
  const hits = now.hits + before.hits;
  const all = now.of + before.of;
  const whole = logChoose(all, now.of);
  const mean = (hits * now.of) / Math.max(1, all);
  let sum = 0;
  for (let k = now.hits; k <= Math.min(hits, now.of); k++) {
    const term = Math.exp(logChoose(hits, k) + logChoose(all - hits, now.of - k) - whole);
    sum += term;
    // Past the middle the terms only shrink.
    if (k > mean && term < sum * 1e-12) break;
  }
  return Math.min(1, sum);
}
