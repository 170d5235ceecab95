import type { SqlSession } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import {
  askSql,
  blindMessages,
  findMissing,
  judgeBlind,
  judgeMissing,
  keepSession,
  missingFacts,
  numberOf,
  rowsOf,
  sessionFacts,
  shapeOfQuery,
  sqlParams,
  textOf,
} from './sql-session.ts';

const params = strictObject(sqlParams);
type Params = Infer<typeof params>;

const SAMPLE_MS = 1_000;
const KEPT = 20;

const locked = v.object({
  pid: v.number(),
  /** Those that hold, or wait ahead. */
  blockedBy: v.array(v.number()),
  user: v.string(),
  application: v.string(),
  state: v.string(),
  /** Waiting; for one that does not wait, how long its transaction has been open. */
  seconds: v.number(),
  relation: v.string(),
  query: v.string(),
});
const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  /** Longest first. */
  waiting: v.array(locked),
  waitingCount: v.number(),
  longestSeconds: v.number(),
  /** Where the chains end: they hold and wait for nobody. */
  roots: v.array(locked),
  deadlocks: v.nullable(v.number()),
  /** In the second between two looks. */
  newDeadlocks: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 1, crit: 10, unit: 's', source: 'PostgreSQL deadlock_timeout (1 s); own (10 s)' };

export const dbLocks = defineCheck<Params, Facts>({
  id: 'db.locks',
  phase: 'software',
  title: { en: 'Waiting for locks', 'zh-CN': '数据库锁等待' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    ...blindMessages,
    none: { en: 'nobody waits for a lock on {at}', 'zh-CN': '{at} 上没有锁等待' },
    waiting: { en: '{count} wait for locks on {at}, {seconds} s at most', 'zh-CN': '{at} 上有 {count} 个会话等待锁，最长 {seconds} 秒' },
    blocked: {
      en: '{count} wait for locks on {at}, up to {seconds} s, behind session {holder} ({who}; open for {age} s)',
      'zh-CN': '{at} 上有 {count} 个会话等待锁，最长 {seconds} 秒，被会话 {holder} 阻塞（{who}，已持续 {age} 秒）',
    },
    deadlocks: { en: '{count|deadlock|deadlocks} within a second on {at}', 'zh-CN': '{at} 在一秒内发生 {count} 次死锁' },
  },
  thresholds: LIMITS,
  timeoutMs: 12_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres' },
  probe,
  judge,
});

const DEADLOCKS_POSTGRES = {
  id: 'deadlocks',
  text: 'SELECT current_user::text AS role, sum(deadlocks)::float8 AS total FROM pg_stat_database',
};
const POSTGRES = [
  {
    id: 'locks',
    text: `WITH edges AS (
  SELECT pid, min((to_jsonb(l) ->> 'waitstart')::timestamptz) AS since, pg_blocking_pids(pid) AS holders,
   coalesce(max(nullif(relation, 0)::regclass::text), '') AS relation
  FROM pg_locks l WHERE NOT granted GROUP BY pid),
 involved AS (SELECT pid FROM edges UNION SELECT unnest(holders) FROM edges)
 SELECT i.pid, coalesce(array_to_string(e.holders, ','), '') AS holders, coalesce(a.usename, '')::text AS usr, coalesce(a.application_name, '') AS application,
  coalesce(a.state, '') AS state, coalesce(e.relation, '') AS relation, coalesce(a.query, '') AS query,
  greatest(0, extract(epoch FROM clock_timestamp() - CASE WHEN e.pid IS NULL THEN coalesce(a.xact_start, a.backend_start) ELSE coalesce(e.since, a.query_start) END))::float8 AS seconds
 FROM involved i LEFT JOIN edges e USING (pid) LEFT JOIN pg_stat_activity a ON a.pid = i.pid
 ORDER BY seconds DESC NULLS LAST LIMIT 100`,
  },
  // They hold their locks without any session: pg_blocking_pids calls them 0.
  {
    id: 'prepared',
    text: `SELECT p.gid AS name, p.owner::text AS usr, extract(epoch FROM clock_timestamp() - p.prepared)::float8 AS seconds
 FROM pg_prepared_xacts p JOIN pg_locks own ON own.locktype = 'transactionid' AND own.transactionid = p.transaction AND own.granted AND own.pid IS NULL
 WHERE EXISTS (SELECT FROM pg_locks w JOIN pg_locks h ON h.pid IS NULL AND h.granted AND h.virtualtransaction = own.virtualtransaction AND h.locktype = w.locktype
   AND h.database IS NOT DISTINCT FROM w.database AND h.relation IS NOT DISTINCT FROM w.relation AND h.transactionid IS NOT DISTINCT FROM w.transactionid WHERE NOT w.granted)
 ORDER BY p.prepared LIMIT 1`,
  },
  DEADLOCKS_POSTGRES,
];

const THREAD = `SELECT t.trx_mysql_thread_id AS pid, p.user AS usr, '' AS application, p.command AS state, '' AS relation,
 coalesce(t.trx_query, p.info, '') AS query,
 timestampdiff(SECOND, coalesce(t.trx_wait_started, t.trx_started), now()) AS seconds`;
const FROM_TRX = 'FROM information_schema.innodb_trx t LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id';
const DEADLOCKS_MYSQL = {
  id: 'deadlocks',
  text: `SELECT sum(count) AS total FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'`,
};
const MYSQL = [
  { id: 'role', text: 'SELECT current_user() AS role' },
  {
    id: 'locks',
    text: `${THREAD}, CASE WHEN t.trx_state = 'LOCK WAIT' THEN 'wait' ELSE '' END AS holders ${FROM_TRX} ORDER BY seconds DESC LIMIT 200`,
  },
  // The pairs: MariaDB and MySQL 5.7 have the first, MySQL 8 the second.
  {
    id: 'pairs',
    text: `SELECT r.trx_mysql_thread_id AS waiter, b.trx_mysql_thread_id AS holder FROM information_schema.innodb_lock_waits w
 JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id`,
  },
  {
    id: 'pairs8',
    text: `SELECT r.trx_mysql_thread_id AS waiter, b.trx_mysql_thread_id AS holder FROM performance_schema.data_lock_waits w
 JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_engine_transaction_id
 JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_engine_transaction_id`,
  },
  {
    id: 'metadata',
    text: `SELECT id AS pid, user AS usr, '' AS application, command AS state, state AS relation, coalesce(info, '') AS query, time AS seconds, 'wait' AS holders
 FROM information_schema.processlist WHERE state LIKE 'Waiting for %lock%' ORDER BY time DESC LIMIT 100`,
  },
  DEADLOCKS_MYSQL,
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const first = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL }, 2.5);
  const before = numberOf(rowsOf(first, 'deadlocks')[0], 'total');
  const again = first.outcome === 'connected' ? await lookAgain(params, context) : null;
  const after = again && numberOf(rowsOf(again, 'deadlocks')[0], 'total');
  // A statement timeout cuts waits short: one look may come just after it. The look with the longer wait tells more.
  const session = again && longestWait(again) > longestWait(first) ? again : first;
  const prepared = readPrepared(session);
  const involved = [...readLocks(session).filter(({ pid }) => pid !== 0 || prepared.length === 0), ...prepared];
  const waiting = involved.filter(({ blockedBy }) => blockedBy.length > 0);
  const holding = new Set(waiting.flatMap(({ blockedBy }) => blockedBy));
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['locks']),
    role: textOf([...rowsOf(session, 'role'), ...rowsOf(session, 'deadlocks')][0], 'role'),
    waiting: waiting.slice(0, KEPT),
    waitingCount: waiting.length,
    longestSeconds: Math.max(0, ...waiting.map(({ seconds }) => seconds)),
    roots: involved.filter(({ pid, blockedBy }) => blockedBy.length === 0 && holding.has(pid)).slice(0, KEPT),
    deadlocks: after ?? before,
    newDeadlocks: before === null || after === null ? null : Math.max(0, after - before),
  };
}

async function lookAgain(params: Params, context: ProbeContext): Promise<SqlSession | null> {
  await context.sleep(SAMPLE_MS);
  const again = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL }, 2.5);
  return again.outcome === 'connected' ? again : null;
}

function longestWait(session: SqlSession): number {
  return Math.max(0, ...readLocks(session).map(({ blockedBy, seconds }) => (blockedBy.length > 0 ? seconds : 0)));
}

type Locked = Infer<typeof locked>;

function readLocks(session: SqlSession): Locked[] {
  const pairs = [...rowsOf(session, 'pairs'), ...rowsOf(session, 'pairs8')];
  const seen = new Map<number, Locked>();
  for (const row of [...rowsOf(session, 'locks'), ...rowsOf(session, 'metadata')]) {
    const pid = numberOf(row, 'pid') ?? 0;
    const waits = textOf(row, 'holders');
    const holders = pairs.filter((pair) => numberOf(pair, 'waiter') === pid).map((pair) => numberOf(pair, 'holder') ?? 0);
    seen.set(pid, {
      pid,
      // 0: it waits, and for whom is not to be seen.
      blockedBy: waits === '' ? [] : waits === 'wait' ? [...new Set(holders.length > 0 ? holders : [0])] : waits.split(',').map(Number),
      user: textOf(row, 'usr'),
      application: textOf(row, 'application'),
      state: textOf(row, 'state'),
      seconds: round(numberOf(row, 'seconds') ?? 0),
      relation: textOf(row, 'relation'),
      query: shapeOfQuery(textOf(row, 'query'), session.kind),
    });
  }
  return [...seen.values()].sort((a, b) => b.seconds - a.seconds);
}

function readPrepared(session: SqlSession): Locked[] {
  return rowsOf(session, 'prepared').map((row) => ({
    pid: 0,
    blockedBy: [],
    user: textOf(row, 'usr'),
    application: `prepared transaction ${textOf(row, 'name')}`,
    state: 'prepared',
    seconds: round(numberOf(row, 'seconds') ?? 0),
    relation: '',
    query: '',
  }));
}

function judge(
  { session, missing, role, waitingCount, longestSeconds, roots, newDeadlocks }: Facts,
  _params: Params,
  limits: Thresholds = LIMITS,
): Judgement {
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  const at = session.address;
  const shown = (status: Judgement['status']) => showLimit(longestSeconds, limits, status);
  const status = gradeAbove(longestSeconds, limits);
  if (status !== 'ok') {
    const [root] = roots;
    const who = root ? [root.user, root.application, root.state].filter((part) => part !== '').join(' / ') : '';
    const data = { at, count: waitingCount, seconds: longestSeconds, holder: root?.pid ?? '?', who: who || '?', age: root?.seconds ?? '?' };
    return { status, code: 'blocked', data, ...shown(status) };
  }
  if (newDeadlocks !== null && newDeadlocks > 0) return { status: 'warn', code: 'deadlocks', data: { at, count: newDeadlocks } };
  if (waitingCount > 0)
    return { status: 'ok', code: 'waiting', data: { at, count: waitingCount, seconds: longestSeconds }, ...shown('ok') };
  return { status: 'ok', code: 'none', data: { at }, ...shown('ok') };
}
