/** The mix of outcomes of two windows, and where a bad one gathers. Pure. */
import type { Outcome } from '../codes/code-entry.ts';

export interface Attempt {
  readonly code: string;
  /** undefined: no table knows the code. */
  readonly outcome: Outcome | undefined;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

export interface OutcomeCount {
  /** '' for codes that no table knows. */
  readonly outcome: Outcome | '';
  readonly count: number;
  readonly before: number;
  /** Most frequent first. */
  readonly codes: readonly string[];
}

/** A group (a provider, a BIN ...) that has a bad outcome far more often than all others together. */
export interface Gathering {
  readonly by: string;
  readonly key: string;
  readonly outcome: Outcome;
  readonly count: number;
  readonly of: number;
  readonly others: number;
  readonly othersOf: number;
}

const KEPT_CODES = 5;
const KEPT_GROUPS = 5;

export function countOutcomes(now: readonly Attempt[], before: readonly Attempt[]): readonly OutcomeCount[] {
  const outcomes = new Set<Outcome | ''>([...now, ...before].map(({ outcome }) => outcome ?? ''));
  return [...outcomes]
    .map((outcome) => {
      const own = now.filter((attempt) => (attempt.outcome ?? '') === outcome);
      return {
        outcome,
        count: own.length,
        before: before.filter((attempt) => (attempt.outcome ?? '') === outcome).length,
        codes: tally(own.map(({ code }) => code)).slice(0, KEPT_CODES),
      };
    })
    .sort((one, other) => other.count - one.count || one.outcome.localeCompare(other.outcome));
}

/** At least three, at least a third of the group's attempts, and four times the share of all others. */
export function findGatherings(
  attempts: readonly Attempt[],
  by: readonly string[],
  bad: (outcome: Outcome) => boolean,
): readonly Gathering[] {
  return by
    .flatMap((name) => {
      const keyed = attempts.filter(({ groups }) => groups[name] !== undefined);
      const keys = new Set(keyed.map(({ groups }) => groups[name] as string));
      if (keys.size < 2) return [];
      return [...keys].flatMap((key) => gather(keyed, name, key, bad));
    })
    .sort((one, other) => other.count - one.count)
    .slice(0, KEPT_GROUPS);
}

function gather(keyed: readonly Attempt[], by: string, key: string, bad: (outcome: Outcome) => boolean): Gathering[] {
  const own = keyed.filter(({ groups }) => groups[by] === key);
  const rest = keyed.filter(({ groups }) => groups[by] !== key);
  const main = tally(own.flatMap(({ outcome }) => (outcome && bad(outcome) ? [outcome] : [])))[0];
  if (main === undefined) return [];
  const count = own.filter(({ outcome }) => outcome === main).length;
  const others = rest.filter(({ outcome }) => outcome === main).length;
  const share = count / own.length;
  const stands = count >= 3 && share >= 1 / 3 && share >= (4 * others) / rest.length;
  return stands ? [{ by, key, outcome: main, count, of: own.length, others, othersOf: rest.length }] : [];
}

function tally<T extends string>(values: readonly T[]): readonly T[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([one, a], [other, b]) => b - a || one.localeCompare(other)).map(([value]) => value);
}
