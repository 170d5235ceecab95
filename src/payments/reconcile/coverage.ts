/** Which time the files of each side cover: what lies outside of it agrees with nothing and misses nothing. Pure. */
import type { Side } from './layout.ts';
import { type Source, timesSql } from './load-sql.ts';

export interface CoveredFile {
  readonly side: Side;
  /** Files of one list: together they cover what each of them does. */
  readonly list: string;
  /** Of its payments; undefined: none has a time. */
  readonly span: Period | undefined;
  readonly rows: number;
  /** It lists all of the days that it begins and ends in, as bills do. */
  readonly isOfDays: boolean;
}

export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Uncovered extends Period {
  readonly side: Side;
  readonly list: string;
}

export interface Coverage {
  /** The parts of a time that a list does not cover; a table covers so much more than its rows as it is usually silent. */
  gaps(asked: Period): readonly Uncovered[];
  /** A list of the side whose rows do not reach the instant: what is missing there may be missing for that. */
  beyond(side: Side, at: number): string | undefined;
}

/** Of rows that come by chance, fewer than one in a hundred silences is five times as long as the usual one. */
const USUAL_SILENCES = 5;

export function coverageOf(files: readonly CoveredFile[]): Coverage {
  const lists = new Map<string, { readonly side: Side; readonly list: string; readonly rows: Period[]; readonly periods: Period[] }>();
  for (const { side, list, span, rows: count, isOfDays } of files) {
    const key = `${side} ${list}`;
    const known = lists.get(key) ?? { side, list, rows: [], periods: [] };
    lists.set(key, known);
    if (!span) continue;
    const slack = isOfDays || count < 2 ? 0 : (USUAL_SILENCES * (span.toMs - span.fromMs)) / (count - 1);
    known.rows.push(span);
    known.periods.push({ fromMs: span.fromMs - slack, toMs: span.toMs + slack });
  }
  return {
    gaps: (asked) =>
      [...lists.values()].flatMap(({ side, list, periods }) => without(asked, periods).map((gap) => ({ side, list, ...gap }))),
    beyond: (wanted, at) =>
      [...lists.values()].find(({ side, rows }) => side === wanted && !rows.some(({ fromMs, toMs }) => fromMs <= at && at <= toMs))?.list,
  };
}

/** Times are written in seconds. */
const LEAST_GAP_MS = 1000;

function without(asked: Period, periods: readonly Period[]): readonly Period[] {
  const gaps: Period[] = [];
  let from = asked.fromMs;
  for (const { fromMs, toMs } of periods.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (fromMs > from) gaps.push({ fromMs: from, toMs: Math.min(fromMs, asked.toMs) });
    from = Math.max(from, toMs);
  }
  gaps.push({ fromMs: from, toMs: asked.toMs });
  return gaps.filter(({ fromMs, toMs }) => toMs - fromMs >= LEAST_GAP_MS);
}

/** Of each file, from its first to its last payment; what agrees may be left out of the tables, its ends never are. */
export const SPANS_SQL = `SELECT file, epoch_ms(min(moved_at)) AS from_ms, epoch_ms(max(moved_at)) AS to_ms
FROM (SELECT file, moved_at, kind FROM orders UNION ALL SELECT file, moved_at, kind FROM statements)
WHERE kind = 'payment' AND moved_at IS NOT NULL GROUP BY file`;

/** How many rows of a file moved within a time, in the whole of it. */
export function insideSql(source: Source, { fromMs, toMs }: Period): string {
  return `SELECT count_if(epoch_ms(moved_at) BETWEEN ${Math.floor(fromMs)} AND ${Math.ceil(toMs)}) AS inside FROM (${timesSql(source)})`;
}
