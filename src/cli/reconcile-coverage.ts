/** Do the files cover the time that was asked for? */
import {
  type Coverage,
  type CoveredFile,
  coverageOf,
  insideSql,
  type Period,
  SPANS_SQL,
  type Uncovered,
} from '../payments/reconcile/coverage.ts';
import type { Reconciliation } from '../payments/reconcile/result.ts';
import type { Database } from '../ports.ts';
import type { Opened } from './reconcile-open.ts';

export interface CoveredTime {
  readonly uncovered: readonly Uncovered[];
  /** Nothing differs, every list covers the time, and neither side has a row in it. */
  readonly isEmpty: boolean;
  /** Payments that only one side lists, at a time that the other does not cover. */
  readonly outside: number;
}

/** Nothing where no time was asked for. */
export function describeCoverage(covered: CoveredTime | undefined): readonly string[] {
  if (!covered) return [];
  return [
    ...covered.uncovered.map(
      ({ side, list, fromMs, toMs }) =>
        `the ${side}${list === '' ? '' : ` (${list})`} do not cover ${showTime(fromMs)} to ${showTime(toMs)}, which lies in the window: what moved then is not known`,
    ),
    ...(covered.isEmpty ? ['no row of either side lies in the window: nothing was compared in it'] : []),
    ...(covered.outside > 0
      ? [`${covered.outside} payments are missing on one side at a time that its files do not cover: name files that do`]
      : []),
  ];
}

export function showTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).concat('Z');
}

export interface AskedTime extends Period {
  /** What moved later may not be booked yet. */
  readonly bookedMs: number;
}

interface Compared {
  readonly sources: readonly Opened[];
  readonly found: Pick<Reconciliation, 'differences' | 'files'>;
  readonly asked: AskedTime;
}

export async function lookAtCoverage(database: Database, { sources, found, asked }: Compared): Promise<CoveredTime> {
  const coverage = coverageOf(withoutIdle(await spansOf(database, sources, found.files)));
  const gaps = coverage.gaps({ fromMs: asked.fromMs, toMs: Math.max(asked.fromMs, Math.min(asked.toMs, asked.bookedMs)) });
  const beyond = found.differences.flatMap((difference) => findBeyond(difference, coverage));
  const uncovered = [...gaps, ...missingIn(beyond, asked).filter(({ side }) => !gaps.some((gap) => gap.side === side))];
  const isEmpty = uncovered.length === 0 && found.differences.length === 0 && !(await hasRows(database, sources, asked));
  return { uncovered, isEmpty, outside: beyond.length };
}

interface Beyond {
  readonly side: Uncovered['side'];
  readonly list: string;
  readonly at: number;
}

/** Missing where rows of a side do not reach. */
function findBeyond({ class: name, action, at }: Reconciliation['differences'][number], coverage: Coverage): readonly Beyond[] {
  const side = ({ missing_here: 'orders', missing_at_provider: 'statements' } as const)[String(name)];
  if (side === undefined || at === null || action === 'wait-next-statement') return [];
  const list = coverage.beyond(side, Date.parse(at));
  return list === undefined ? [] : [{ side, list, at: Date.parse(at) }];
}

/** From the first to the last of each side that moved in the time. */
function missingIn(beyond: readonly Beyond[], { fromMs, toMs }: Period): readonly Uncovered[] {
  const periods = new Map<string, Uncovered>();
  for (const { side, list, at } of beyond) {
    if (at < fromMs || at > toMs) continue;
    const known = periods.get(side);
    periods.set(side, { side, list, fromMs: Math.min(at, known?.fromMs ?? at), toMs: Math.max(at, known?.toMs ?? at) });
  }
  return [...periods.values()];
}

async function spansOf(database: Database, sources: readonly Opened[], files: Reconciliation['files']): Promise<readonly CoveredFile[]> {
  const spans = new Map<number, Period>();
  for (const { file, from_ms, to_ms } of await database.rows(SPANS_SQL))
    spans.set(Number(file), { fromMs: Number(from_ms), toMs: Number(to_ms) });
  return sources.map(({ side, list, number, bill }, at): CoveredFile => {
    const isOfDays = bill?.isOfDays ?? false;
    return { side, list, rows: files[at]?.rows ?? 0, isOfDays, span: isOfDays ? bill : spans.get(number) };
  });
}

/** A list of fees or disputes covers no time of payments; where a side has nothing else, it covers none. */
function withoutIdle(files: readonly CoveredFile[]): readonly CoveredFile[] {
  const hasPayments = ({ side, list }: CoveredFile, sameList: boolean): boolean =>
    files.some((other) => other.side === side && (!sameList || other.list === list) && other.span !== undefined);
  return files.filter((file) => hasPayments(file, true) || !hasPayments(file, false));
}

async function hasRows(database: Database, sources: readonly Opened[], asked: Period): Promise<boolean> {
  for (const source of sources) {
    const [row] = await database.rows(insideSql(source, asked));
    if (Number(row?.['inside']) > 0) return true;
  }
  return false;
}
