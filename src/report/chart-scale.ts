/** Values -> places on the paper, and the round numbers that the axes are marked with. */
import type { Chart } from './chart.ts';

export interface Ticks {
  readonly min: number;
  readonly max: number;
  readonly at: readonly number[];
}

/** The axis of values: from zero, or from the lowest where something is negative; round at both ends. */
export function ticksOf(chart: Chart): Ticks {
  const values = stackedValues(chart);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const step = roundStep((high - low || 1) / 4);
  const min = Math.floor(low / step) * step;
  const max = Math.max(min + step, Math.ceil(high / step) * step);
  const count = Math.round((max - min) / step);
  return { min, max, at: Array.from({ length: count + 1 }, (_, index) => clean(min + index * step)) };
}

/** Bars of several series stand on one another. */
function stackedValues({ series }: Chart): number[] {
  const stacks = new Map<number, number>();
  for (const { kind, points } of series) if (kind === 'bars') for (const { x, y } of points) stacks.set(x, (stacks.get(x) ?? 0) + y);
  const single = series.filter(({ kind }) => kind !== 'bars').flatMap(({ points }) => points.map(({ y }) => y));
  return [...stacks.values(), ...single];
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power;
}

function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** Instants to mark: round in UTC, at most seven. */
export function timeTicks(from: number, to: number): readonly number[] {
  const every = STEPS_MS.find((step) => (to - from) / step <= 7) ?? Math.ceil((to - from) / 7);
  const first = Math.ceil(from / every) * every;
  const count = Math.max(0, Math.floor((to - first) / every) + 1);
  return Array.from({ length: Math.min(count, 8) }, (_, index) => first + index * every);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 4, 6, 12, 24, 48].map((each) => each * HOUR),
];
