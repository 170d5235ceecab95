/** Two looks, a second apart unless told otherwise (or unless the first look tells), for counters that only grow. */
import type { ProbeContext } from './check.ts';

export const SAMPLE_MS = 1_000;

export interface TwoSamples<T> {
  readonly before: T;
  readonly after: T;
  /** By the monotonic clock; never 0. */
  readonly seconds: number;
}

export async function sampleTwice<T>(
  { host, sleep }: Pick<ProbeContext, 'host' | 'sleep'>,
  look: () => Promise<T>,
  apartMs: number | ((before: T) => number) = SAMPLE_MS,
): Promise<TwoSamples<T>> {
  const before = await look();
  const started = host.now().monoMs;
  await sleep(typeof apartMs === 'number' ? apartMs : apartMs(before));
  const seconds = Math.max(0.001, (host.now().monoMs - started) / 1_000);
  return { before, after: await look(), seconds };
}

/** Growth of a counter; one that was reset in between says nothing. */
export function grownBy(before: number | undefined, after: number | undefined): number {
  return Math.max(0, (after ?? 0) - (before ?? after ?? 0));
}
