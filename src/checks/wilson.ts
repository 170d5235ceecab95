/** Wilson's score interval of a share (1927), in percent: where it lies with 95 % confidence, honest for small samples and for shares near 0 and 100. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const Z = 1.959964;

export function wilsonInterval(hits: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 100 };
  const share = hits / of;
  const spread = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / spread;
  const half = (Z / spread) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  // Rounding must not let a share of none seem to be some.
  return { low: hits === 0 ? 0 : 100 * Math.max(0, middle - half), high: hits === of ? 100 : 100 * Math.min(1, middle + half) };
}
