/** Whose connections a database server has, by application, user and client, and what they do. */
import type { SqlRow, SqlSession } from '../ports.ts';
import { round } from './linux.ts';
import { type Infer, v } from './schema.ts';
import { numberOf, rowsOf, textOf } from './sql-session.ts';

export const group = v.object({
  application: v.string(),
  user: v.string(),
  client: v.string(),
  count: v.number(),
  /** Running a statement, waiting for a lock among them. */
  active: v.number(),
  waitingForLock: v.number(),
  /** In a transaction, doing nothing. */
  idleInTransaction: v.number(),
  /** Seconds: of the longest statement, of the longest pause inside a transaction, and the shortest such pause. */
  longestActive: v.number(),
  longestPause: v.number(),
  shortestPause: v.number(),
});
type Group = Infer<typeof group>;

export const REASONS = ['leak', 'waiting-outside', 'lock', 'slow-statements', 'exhausted'] as const;
/** No call to a provider takes that long: the connection was never given back. */
const LEAKED_SECONDS = 60;

const POSTGRES = [
  {
    id: 'groups',
    text: `SELECT current_user::text AS role, coalesce(application_name, '') AS application, coalesce(usename, '')::text AS usr, coalesce(host(client_addr), '') AS client,
 count(*)::int AS count, (count(*) FILTER (WHERE state IN ('active', 'fastpath function call')))::int AS active,
 (count(*) FILTER (WHERE state = 'active' AND wait_event_type = 'Lock'))::int AS locked,
 (count(*) FILTER (WHERE state LIKE 'idle in transaction%'))::int AS open, (count(*) FILTER (WHERE coalesce(state, '') = ''))::int AS hidden,
 coalesce(extract(epoch FROM max(clock_timestamp() - query_start) FILTER (WHERE state = 'active')), 0)::float8 AS longest,
 coalesce(extract(epoch FROM max(clock_timestamp() - state_change) FILTER (WHERE state LIKE 'idle in transaction%')), 0)::float8 AS pause,
 coalesce(extract(epoch FROM min(clock_timestamp() - state_change) FILTER (WHERE state LIKE 'idle in transaction%')), 0)::float8 AS pause_min
 FROM pg_stat_activity
 WHERE usesysid IS NOT NULL AND datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend' AND pid <> pg_backend_pid()
 GROUP BY 2, 3, 4 ORDER BY count(*) DESC LIMIT 50`,
  },
];
const MYSQL = [
  { id: 'threads', text: `SHOW GLOBAL STATUS LIKE 'Threads_connected'` },
  {
    id: 'groups',
    text: `SELECT current_user() AS role, '' AS application, p.user AS usr, substring_index(p.host, ':', 1) AS client, count(*) AS count,
 sum(p.command NOT IN ('Sleep', 'Binlog Dump', 'Daemon')) AS active, sum(coalesce(t.trx_state, '') = 'LOCK WAIT' OR coalesce(p.state, '') LIKE 'Waiting for %lock%') AS locked,
 sum(p.command = 'Sleep' AND t.trx_id IS NOT NULL) AS open,
 coalesce(max(CASE WHEN p.command <> 'Sleep' THEN p.time END), 0) AS longest,
 coalesce(max(CASE WHEN p.command = 'Sleep' AND t.trx_id IS NOT NULL THEN p.time END), 0) AS pause,
 coalesce(min(CASE WHEN p.command = 'Sleep' AND t.trx_id IS NOT NULL THEN p.time END), 0) AS pause_min
 FROM information_schema.processlist p LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id
 WHERE p.user NOT IN ('system user', 'event_scheduler') AND p.id <> connection_id() GROUP BY p.user, substring_index(p.host, ':', 1) ORDER BY count(*) DESC LIMIT 50`,
  },
];

export const POOL_STATEMENTS = { postgres: POSTGRES, mysql: MYSQL };

/** `hidden`: sessions of which this login sees nothing, or no state. */
export function readGroups(session: SqlSession): { readonly groups: readonly Group[]; readonly hidden: number } {
  const rows = rowsOf(session, 'groups');
  const groups = rows.map(readGroup);
  const threads = numberOf(rowsOf(session, 'threads')[0], 'Value');
  // One thread is ours.
  const unlisted = threads === null ? 0 : threads - 1 - groups.reduce((sum, { count }) => sum + count, 0);
  return { groups, hidden: Math.max(0, unlisted) + rows.reduce((sum, row) => sum + (numberOf(row, 'hidden') ?? 0), 0) };
}

function readGroup(row: SqlRow): Group {
  const count = (column: string): number => round(numberOf(row, column) ?? 0);
  return {
    application: textOf(row, 'application'),
    user: textOf(row, 'usr'),
    client: textOf(row, 'client'),
    count: count('count'),
    active: count('active'),
    waitingForLock: count('locked'),
    idleInTransaction: count('open'),
    longestActive: count('longest'),
    longestPause: count('pause'),
    shortestPause: count('pause_min'),
  };
}

export function inUse({ active, idleInTransaction }: Group): number {
  return active + idleInTransaction;
}

/** What most of them do. */
export function explainUse(fullest: Group | undefined): (typeof REASONS)[number] {
  if (!fullest || 2 * inUse(fullest) < fullest.count) return 'exhausted';
  const { active, waitingForLock, idleInTransaction, longestPause } = fullest;
  if (waitingForLock > 0 && waitingForLock >= idleInTransaction && 2 * waitingForLock >= active) return 'lock';
  if (idleInTransaction >= active) return longestPause > LEAKED_SECONDS ? 'leak' : 'waiting-outside';
  return 'slow-statements';
}
