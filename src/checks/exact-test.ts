/** Is a share more than chance? Exact (binomial), so that a small sample needs no minimum: twelve failures of twelve against 1 % decide. */
import type { Thresholds } from './check.ts';

/** A share counts when chance alone would give as many hits in fewer than one case in twenty. */
const SIGNIFICANCE = 0.05;

/** Bounds of a share in percent, each of which counts only when it is passed by more than chance. */
export function gradeShare(hits: number, n: number, { warn, crit }: Pick<Thresholds, 'warn' | 'crit'>): 'ok' | 'warn' | 'fail' {
  if (exceedsShare(hits, n, crit)) return 'fail';
  return exceedsShare(hits, n, warn) ? 'warn' : 'ok';
}

/** Whether `hits` of `n` are above `percent`, and not by chance. */
export function exceedsShare(hits: number, n: number, percent: number): boolean {
  return n > 0 && (100 * hits) / n > percent && chanceOf(hits, n, percent / 100) < SIGNIFICANCE;
}

/** P(X >= hits) for X ~ Binomial(n, p): the shorter tail is summed, in logarithms first, so that no sample is too large. */
export function chanceOf(hits: number, n: number, p: number): number {
  if (hits <= 0) return 1;
  if (hits > n || p <= 0) return 0;
  if (p >= 1) return 1;
  return hits > n * p ? sumFrom(hits, n, p) : Math.max(0, 1 - sumFrom(n - hits + 1, n, 1 - p));
}

/** P(X >= k) where k is above the mean: the terms only shrink, so the sum may stop when they add nothing. */
function sumFrom(k: number, n: number, p: number): number {
  let term = Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let sum = 0;
  for (let hits = k; hits <= n && sum + term > sum; hits++) {
    sum += term;
    term *= ((n - hits) / (hits + 1)) * (p / (1 - p));
  }
  return Math.min(1, sum);
}

export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Exact for small n; Stirling's series beyond, whose error there is below 1e-12. */
function logFactorial(n: number): number {
  if (n < 100) {
    let sum = 0;
    for (let factor = 2; factor <= n; factor++) sum += Math.log(factor);
    return sum;
  }
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}
