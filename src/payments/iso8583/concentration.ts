/** Where answers other than approvals gather, tested exactly: a handful of payments may prove it, or prove nothing. */

type By = 'bin' | 'terminal' | 'merchant';

export interface Concentration {
  readonly by: By;
  readonly key: string;
  readonly transactions: number;
  readonly failed: number;
}

/** One answer, its groups as far as the log has them. */
type Answer = Readonly<Partial<Record<By, string>>> & { readonly isFailure: boolean };

const DIMENSIONS: readonly By[] = ['bin', 'terminal', 'merchant'];
const KEPT_GROUPS = 5;
/** Chance of seeing as many failures in some group when none is special. */
const CHANCE = 0.01;
/** A group that fails a little more often than the others is no news, however certain. */
const TIMES_THE_OTHERS = 2;
const MIN_FAILED = 3;

/** Groups that have failures far more often than all the others together, the most failures of a kind of group first. */
export function findConcentrations(answers: readonly Answer[]): readonly Concentration[] {
  return DIMENSIONS.flatMap((by) => concentrate(answers, by)).slice(0, KEPT_GROUPS);
}

function concentrate(answers: readonly Answer[], by: By): readonly Concentration[] {
  const groups = new Map<string, { transactions: number; failed: number }>();
  const all = { transactions: 0, failed: 0 };
  for (const { [by]: key, isFailure } of answers) {
    if (key === undefined) continue;
    const group = groups.get(key) ?? { transactions: 0, failed: 0 };
    groups.set(key, group);
    for (const tally of [group, all]) {
      tally.transactions++;
      if (isFailure) tally.failed++;
    }
  }
  if (groups.size < 2) return [];
  return [...groups]
    .filter(([, { transactions, failed }]) => {
      const others = { transactions: all.transactions - transactions, failed: all.failed - failed };
      const isMore = failed * others.transactions >= TIMES_THE_OTHERS * others.failed * transactions;
      return failed >= MIN_FAILED && isMore && tailOf(failed, transactions, all) <= CHANCE / groups.size;
    })
    .map(([key, group]) => ({ by, key, ...group }))
    .sort((one, other) => other.failed - one.failed);
}

/** Fisher: the chance that so many or more of all failures fall into a group of this size. */
function tailOf(failed: number, size: number, all: { readonly transactions: number; readonly failed: number }): number {
  const most = Math.min(size, all.failed);
  let tail = 0;
  for (let count = failed; count <= most; count++)
    tail += Math.exp(
      logChoose(all.failed, count) + logChoose(all.transactions - all.failed, size - count) - logChoose(all.transactions, size),
    );
  return tail;
}

function logChoose(from: number, count: number): number {
  return count < 0 || count > from ? Number.NEGATIVE_INFINITY : logFactorial(from) - logFactorial(count) - logFactorial(from - count);
}

const LOG_FACTORIALS = [0];

function logFactorial(n: number): number {
  for (let next = LOG_FACTORIALS.length; next <= n; next++) LOG_FACTORIALS.push((LOG_FACTORIALS[next - 1] as number) + Math.log(next));
  return LOG_FACTORIALS[n] as number;
}
