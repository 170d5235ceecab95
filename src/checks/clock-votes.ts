/** Which of several clocks is right: the largest group that agrees. Pure. */
export interface Reading {
  readonly name: string;
  readonly kind: 'server' | 'witness';
  /** That clock minus ours. */
  readonly offsetMs: number;
  /** How far the true value may be from it. */
  readonly toleranceMs: number;
}

export interface Consensus {
  /** The most exact reading of the group that won. */
  readonly best: Reading;
  /** Readings outside the group. */
  readonly others: readonly Reading[];
}

/** Between equal groups the one that agrees with our own clock wins: two against one. */
export function findConsensus(readings: readonly Reading[]): Consensus | undefined {
  const groups = readings.map((reading) => readings.filter((other) => agree(reading, other)));
  const rank = (group: readonly Reading[]): number =>
    group.length + (group.some(({ offsetMs, toleranceMs }) => Math.abs(offsetMs) <= toleranceMs + OWN_TOLERANCE_MS) ? 0.5 : 0);
  const winner = groups.reduce<readonly Reading[]>((best, group) => (rank(group) > rank(best) ? group : best), []);
  const best = winner.reduce<Reading | undefined>(
    (exact, each) => (exact === undefined || each.toleranceMs < exact.toleranceMs ? each : exact),
    undefined,
  );
  return best && { best, others: readings.filter((reading) => !winner.includes(reading)) };
}

/** A clock of ours that is off by more is wrong by any standard (the fail threshold of time.offset). */
const OWN_TOLERANCE_MS = 500;

function agree(a: Reading, b: Reading): boolean {
  return Math.abs(a.offsetMs - b.offsetMs) <= a.toleranceMs + b.toleranceMs;
}
