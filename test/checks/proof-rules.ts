/** Which proofs a check owes, and which of them no machine of ours can give on a real part. Pure. */
import type { Judgement } from '../../src/checks/check.ts';
import { NEVER_UNKNOWN, ON_PAPER } from './proof-limits.ts';

/** real: a part of the machine, or a server on it, gave the facts. recorded: a test wrote them down. */
export type Means = 'real' | 'recorded';

export interface Proof {
  readonly check: string;
  readonly status: Judgement['status'];
  readonly means: Means;
}

/** One test of a run, with what its checks said. */
export interface Seen {
  readonly file: string;
  readonly state: string;
  readonly proofs: readonly Proof[];
}

export function writeProof({ check, status, means }: Proof): string {
  return `${check} ${status} ${means}`;
}

export function readProof(text: string): Proof {
  const [check, status, means] = text.split(' ');
  return { check, status, means } as Proof;
}

/** One line for every proof that is owed and was not given. */
export function findGaps(ids: readonly string[], seen: readonly Seen[], onPaper = ON_PAPER): readonly string[] {
  const given = collect(seen);
  const excused = findExcused(seen);
  return ids.flatMap((id) => {
    const proved = given.get(id) ?? new Map<Judgement['status'], Means>();
    return owed(id, proved).flatMap((status) => {
      const means = proved.get(status);
      if (means === 'real' || excused(id)) return [];
      if (means === undefined) return [`${id} ${status}`];
      return onPaper[id]?.statuses.includes(status) ? [] : [`${id} ${status}: only on facts that were written down`];
    });
  });
}

/** The best proof of each status of each check, as a table. */
export function summarise(ids: readonly string[], seen: readonly Seen[]): string {
  const given = collect(seen);
  const statuses = ['ok', 'warn', 'fail', 'unknown', 'not-applicable'] as const;
  const rows = ids.map((id) => [id, ...statuses.map((status) => given.get(id)?.get(status) ?? '-')]);
  return [['check', ...statuses], ...rows]
    .map((row) =>
      row
        .map((word) => word.padEnd(21))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** `fail` where the check has one, else `warn`; a check that only reports has neither. */
function owed(id: string, proved: ReadonlyMap<Judgement['status'], Means>): readonly Judgement['status'][] {
  const worst = (['fail', 'warn'] as const).find((status) => proved.has(status));
  return ['ok', ...(worst ? [worst] : []), ...(NEVER_UNKNOWN.has(id) ? [] : (['unknown'] as const))];
}

function collect(seen: readonly Seen[]): ReadonlyMap<string, ReadonlyMap<Judgement['status'], Means>> {
  const given = new Map<string, Map<Judgement['status'], Means>>();
  for (const { check, status, means } of seen.flatMap(({ state, proofs }) => (state === 'passed' ? proofs : []))) {
    const proved = given.get(check) ?? new Map<Judgement['status'], Means>();
    given.set(check, proved);
    if (proved.get(status) !== 'real') proved.set(status, means);
  }
  return given;
}

/** Where the machine lacks a part, tests skip and say so; what they would have proved is not asked for. */
function findExcused(seen: readonly Seen[]): (id: string) => boolean {
  const files = new Set(seen.filter(({ state }) => state === 'skipped').map(({ file }) => file.replace(/^.*\/|\.test\.ts$/g, '')));
  const shared = LABS.some((lab) => files.has(lab));
  return (id) => shared || files.has(id.replaceAll(/[._]/g, '-'));
}

/** Test files that prove many checks at once. */
const LABS = ['blind', 'real-host', 'real-mounts', 'real-network'];
