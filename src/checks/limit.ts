import type { Judgement, Thresholds } from './check.ts';

/** A value beside the bound it is held against: the one that was crossed, or else the first. */
export function showLimit(
  value: number,
  limit: Thresholds,
  status: Judgement['status'],
): {
  readonly value: number;
  readonly unit: string;
  readonly threshold: number;
  readonly thresholdSource: string;
  readonly clear?: number;
} {
  const shown = { value, unit: limit.unit, threshold: status === 'fail' ? limit.crit : limit.warn, thresholdSource: limit.source };
  const clear = status === 'fail' ? limit.clear?.crit : status === 'warn' ? limit.clear?.warn : undefined;
  return clear === undefined ? shown : { ...shown, clear };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const RANK = { ok: 0, warn: 1, fail: 2 } as const;

/** The item with the worst grade; of several with the same, the one with the highest value. */
export function worstOf<T>(
  items: readonly T[],
  measure: (item: T) => { readonly value: number; readonly grade: keyof typeof RANK },
): T | undefined {
  const measured = items.map((item) => ({ item, ...measure(item) }));
  return measured.toSorted((a, b) => RANK[b.grade] - RANK[a.grade] || b.value - a.value)[0]?.item;
}
