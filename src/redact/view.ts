import type { Detector, Span } from './span.ts';

/** Another reading of a stretch of text, character by character traced back to where it is written. */
export interface View {
  readonly text: string;
  /** Where the writing of each character begins, and behind it. */
  readonly at: readonly number[];
  readonly ends: readonly number[];
}

/** What a detector finds in the reading, as spans of the writing. */
export function findInView({ text, at, ends }: View, find: Detector): Span[] {
  return find(text).map((span) => ({ ...span, start: at[span.start] ?? 0, end: ends[span.end - 1] ?? 0 }));
}
