/** Which literals are searched for, and at which distance positions are looked at: what is cheapest in the log at hand. */
import { hashOf, type Stride, TABLE_SIZE } from './byte-scanner.ts';
import type { Literal, Need } from './literal-sets.ts';

export interface LiteralPlan {
  readonly stride: Stride;
  readonly literals: readonly PlannedLiteral[];
  /** Patterns that need no literal, or none long enough: every line is put to them. */
  readonly everyLine: readonly number[];
}

export interface PlannedLiteral {
  readonly literal: Literal;
  /** Where in it the bytes begin whose hashes are wanted: `stride` positions in a row, the rarest. */
  readonly window: number;
  readonly patterns: ReadonlySet<number>;
}

/** How often each hash occurs in a part of the log. */
export interface Frequencies {
  readonly counts: Uint32Array;
  readonly total: number;
}

export function countHashes(bytes: Buffer, start: number, end: number): Frequencies {
  const counts = new Uint32Array(TABLE_SIZE);
  let three = 0;
  for (let at = start; at < end; at += 1) {
    three = (three >>> 8) | ((bytes[at] as number) << 16);
    const hash = hashOf(three);
    counts[hash] = (counts[hash] as number) + 1;
  }
  return { counts, total: Math.max(1, end - start) };
}

/** Nanoseconds, as measured; only their proportions matter. */
const COST_OF_POSITION = 1.6;
const COST_OF_CANDIDATE = 40;
const COST_OF_LINE = 2;
const COST_OF_TEST_PER_BYTE = 1.5;
const STRIDES: readonly Stride[] = [8, 6, 4, 3, 2, 1];

export function planLiterals(patterns: readonly { readonly need: Need | undefined }[], frequencies: Frequencies | undefined): LiteralPlan {
  const plans = STRIDES.map((stride) => planFor(patterns, stride, frequencies));
  return plans.reduce((best, plan) => (plan.cost < best.cost ? plan : best));
}

function planFor(
  patterns: readonly { readonly need: Need | undefined }[],
  stride: Stride,
  frequencies: Frequencies | undefined,
): LiteralPlan & { cost: number } {
  const everyLine: number[] = [];
  const chosen = new Map<string, { literal: Literal; window: number; patterns: Set<number> }>();
  let cost = COST_OF_POSITION / stride;
  patterns.forEach(({ need }, pattern) => {
    const choice = need && choose(need, stride, frequencies);
    if (!choice) {
      everyLine.push(pattern);
      return;
    }
    cost += choice.share * COST_OF_CANDIDATE;
    for (const { literal, window } of choice.literals) {
      const key = literal.join();
      const entry = chosen.get(key) ?? { literal, window, patterns: new Set<number>() };
      entry.patterns.add(pattern);
      chosen.set(key, entry);
    }
  });
  if (everyLine.length > 0) cost += COST_OF_LINE + everyLine.length * COST_OF_TEST_PER_BYTE;
  return { stride, literals: [...chosen.values()], everyLine, cost };
}

interface Choice {
  readonly literals: readonly { readonly literal: Literal; readonly window: number }[];
  /** Of the positions, that have a hash of these. */
  readonly share: number;
}

function choose(need: Need, stride: Stride, frequencies: Frequencies | undefined): Choice | undefined {
  if (need.kind === 'literal') return placeWindow(need.literal, stride, frequencies);
  const choices = need.of.map((part) => choose(part, stride, frequencies));
  const found = choices.filter((choice) => choice !== undefined);
  if (need.kind === 'all')
    return found.reduce<Choice | undefined>((best, one) => (best && best.share <= one.share ? best : one), undefined);
  if (found.length < choices.length) return undefined;
  return { literals: found.flatMap(({ literals }) => literals), share: found.reduce((sum, { share }) => sum + share, 0) };
}

function placeWindow(literal: Literal, stride: Stride, frequencies: Frequencies | undefined): Choice | undefined {
  const last = literal.length - stride - 2;
  if (last < 0) return undefined;
  // Nothing known of the log: longer ones are rarer.
  if (!frequencies) return { literals: [{ literal, window: 0 }], share: 1 / (1000 * literal.length) };
  const counts = hashesOf(literal).map((hash) => frequencies.counts[hash] as number);
  let best = { window: 0, count: Number.POSITIVE_INFINITY };
  for (let window = 0; window <= last; window += 1) {
    const count = counts.slice(window, window + stride).reduce((sum, one) => sum + one, 0);
    if (count < best.count) best = { window, count };
  }
  return { literals: [{ literal, window: best.window }], share: (best.count + 1 / literal.length) / frequencies.total / stride };
}

/** Of each three bytes in a row. */
export function hashesOf(literal: Literal): number[] {
  return literal
    .slice(2)
    .map((third, at) => hashOf(((literal[at] as number) & 0xff) | (((literal[at + 1] as number) & 0xff) << 8) | ((third & 0xff) << 16)));
}
