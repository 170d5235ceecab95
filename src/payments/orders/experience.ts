/** What customers went through: whose payments failed, how often they tried, who got through in the end. Pure. */
import type { Outcome } from '../codes/code-entry.ts';
import { isFault } from '../codes/faults.ts';

export interface Attempt {
  /** The customer, or the order where a log names no customer. */
  readonly who: string;
  readonly at: number;
  /** undefined: the log names none. */
  readonly order?: string | undefined;
  readonly outcome: Outcome;
}

export interface Experience {
  readonly all: number;
  readonly affected: number;
  /** Paid after a failure. */
  readonly recovered: number;
  /** Not paid at the end of the window. */
  readonly lost: number;
  /** Paid another order after one whose outcome nobody knew: these may have paid twice. An order that a query resolved is one payment. */
  readonly twice: number;
  /** Of those affected; 0 where there are none. */
  readonly triesEach: number;
  readonly triesMost: number;
  /** From the first failure to the payment, of those who got through. */
  readonly waitMedianMs: number;
}

export function sumUpExperience(attempts: readonly Attempt[]): Experience {
  const byWho = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const known = byWho.get(attempt.who);
    if (known) known.push(attempt);
    else byWho.set(attempt.who, [attempt]);
  }
  const stories = [...byWho.values()].map((own) => own.toSorted((one, other) => one.at - other.at)).flatMap((own) => storyOf(own) ?? []);
  const waits = stories.flatMap(({ waitedMs }) => waitedMs ?? []).toSorted((one, other) => one - other);
  const tries = stories.map((story) => story.tries);
  return {
    all: byWho.size,
    affected: stories.length,
    recovered: waits.length,
    lost: stories.length - waits.length,
    twice: stories.filter(({ twice }) => twice).length,
    triesEach: stories.length === 0 ? 0 : Math.round((10 * tries.reduce((sum, each) => sum + each, 0)) / stories.length) / 10,
    triesMost: tries.reduce((most, each) => Math.max(most, each), 0),
    waitMedianMs: waits[Math.floor(waits.length / 2)] ?? 0,
  };
}

/** undefined: nothing of ours failed for them. */
function storyOf(own: readonly Attempt[]): { readonly tries: number; readonly waitedMs?: number; readonly twice: boolean } | undefined {
  const first = own.findIndex(({ outcome }) => isFault(outcome));
  const failed = own[first];
  if (failed === undefined) return undefined;
  const after = own.slice(first);
  const paid = after.findIndex(({ outcome }) => outcome === 'PAID');
  const tried = paid < 0 ? after : after.slice(0, paid + 1);
  const settled = after[paid];
  const twice =
    settled?.order !== undefined &&
    tried.some(({ outcome, order }) => outcome === 'UNKNOWN' && order !== undefined && order !== settled.order);
  const paidAt = settled?.at;
  return { tries: tried.length, twice, ...(paidAt !== undefined && { waitedMs: paidAt - failed.at }) };
}
