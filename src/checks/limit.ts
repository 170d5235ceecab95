import type { Judgement, Thresholds } from './check.ts';

/** A value beside the bound it is held against: the one that was crossed, or else the first. */
export function showLimit(
  value: number,
  limit: Thresholds,
  status: Judgement['status'],
): Required<Pick<Judgement, 'value' | 'unit' | 'threshold' | 'thresholdSource'>> {
  return { value, unit: limit.unit, threshold: status === 'fail' ? limit.crit : limit.warn, thresholdSource: limit.source };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
