/** Proofs that need a part which no test machine has or can make: facts in the format of the tool or the kernel stand in for it. */
import type { Judgement } from '../../src/checks/check.ts';

interface Limit {
  readonly statuses: readonly Judgement['status'][];
  readonly why: string;
}

export const ON_PAPER: Readonly<Record<string, Limit>> = {};
