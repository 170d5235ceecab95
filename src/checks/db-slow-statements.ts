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
  rightsFor,
  rowsOf,
  sessionFacts,
  shapeOfQuery,
  sqlParams,
  textOf,
} from './sql-session.ts';

const params = strictObject(sqlParams);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  /** Other sessions whose statements this login may not see. */
  hidden: v.number(),
  /** Running now, longest first; those of the server itself and its followers left out. */
  active: v.array(
    v.object({ pid: v.number(), user: v.string(), application: v.string(), seconds: v.number(), waitsFor: v.string(), query: v.string() }),
  ),
  longestSeconds: v.number(),
  /** Where the time went since the statistics were reset; empty without pg_stat_statements or performance_schema. */
  top: v.array(v.object({ query: v.string(), calls: v.number(), totalMs: v.number(), meanMs: v.number() })),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 5, crit: 30, unit: 's', source: 'own (a payment ends within 30 s)' };

export const dbSlowStatements = defineCheck<Params, Facts>({
  id: 'db.slow_statements',
  phase: 'software',
  title: { en: 'Statements running long', 'zh-CN': '慢 SQL' },
  params,
  facts,
  messages: {
    ...blindMessages,
    none: { en: 'no statement on {at} runs longer than {seconds} s', 'zh-CN': '{at} 上没有运行超过 {seconds} 秒的语句' },
    slow: {
      en: '{count|long statement|long statements} on {at}, one runs for {seconds} s: {query}',
      'zh-CN': '{at} 上有 {count} 条语句运行过久，最长 {seconds} 秒：{query}',
    },
    maintenance: { en: 'maintenance on {at} runs for {seconds} s: {query}', 'zh-CN': '{at} 上的维护操作已运行 {seconds} 秒：{query}' },
    hidden: {
      en: 'the statements of {count|other session|other sessions} of {at} are hidden',
      'zh-CN': '{at} 上其他 {count} 个会话的语句不可见',
    },
  },
  thresholds: LIMITS,
  timeoutMs: 8_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres' },
  probe,
  judge,
});

const POSTGRES = [
  {
    id: 'hidden',
    text: `SELECT current_user::text AS role, count(*)::int AS hidden FROM pg_stat_activity WHERE usesysid IS NOT NULL AND query = '<insufficient privilege>'`,
  },
  {
    id: 'active',
    text: `SELECT pid, usename::text AS usr, application_name AS application, extract(epoch FROM clock_timestamp() - query_start)::float8 AS seconds,
 coalesce(wait_event_type || ': ' || wait_event, '') AS waits, query FROM pg_stat_activity
 WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY query_start LIMIT 50`,
  },
  {
    id: 'top',
    text: 'SELECT query, calls::float8 AS calls, total_exec_time::float8 AS total, mean_exec_time::float8 AS mean FROM public.pg_stat_statements ORDER BY total_exec_time DESC LIMIT 5',
  },
];
const MYSQL = [
  { id: 'hidden', text: `SELECT current_user() AS role, 0 AS hidden` },
  // Without PROCESS the list silently holds only our own sessions; this view refuses instead.
  { id: 'rights', text: 'SELECT count(*) AS seen FROM information_schema.innodb_metrics' },
  {
    id: 'active',
    text: `SELECT id AS pid, user AS usr, '' AS application, time AS seconds, coalesce(state, '') AS waits, coalesce(info, '') AS query
 FROM information_schema.processlist WHERE command IN ('Query', 'Execute') AND id <> connection_id() AND user <> 'system user' ORDER BY time DESC LIMIT 50`,
  },
  {
    id: 'top',
    text: `SELECT digest_text AS query, count_star AS calls, sum_timer_wait / 1000000000 AS total, avg_timer_wait / 1000000000 AS mean
 FROM performance_schema.events_statements_summary_by_digest WHERE digest_text IS NOT NULL ORDER BY sum_timer_wait DESC LIMIT 5`,
  },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL });
  const active = readActive(session);
  const [rights] = rowsOf(session, 'hidden');
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers[session.kind === 'mysql' ? 'rights' : 'active']),
    role: textOf(rights, 'role'),
    hidden: numberOf(rights, 'hidden') ?? 0,
    active: active.slice(0, 20),
    longestSeconds: active[0]?.seconds ?? 0,
    top: rowsOf(session, 'top').map((row) => ({
      query: shapeOfQuery(textOf(row, 'query'), session.kind),
      calls: numberOf(row, 'calls') ?? 0,
      totalMs: round(numberOf(row, 'total') ?? 0),
      meanMs: round(numberOf(row, 'mean') ?? 0, 2),
    })),
  };
}

function readActive(session: SqlSession): Facts['active'] {
  return rowsOf(session, 'active').map((row) => ({
    pid: numberOf(row, 'pid') ?? 0,
    user: textOf(row, 'usr'),
    application: textOf(row, 'application'),
    seconds: round(numberOf(row, 'seconds') ?? 0),
    waitsFor: textOf(row, 'waits'),
    query: shapeOfQuery(textOf(row, 'query'), session.kind),
  }));
}

/** Long by nature; a lock they take shows in `db.locks`. */
const MAINTENANCE =
  /^(autovacuum|vacuum|analyze|create (unique )?index|reindex|cluster|refresh|copy|alter table|optimize|checksum|load data)\b/i;
const BACKUP = /pg_dump|mysqldump|mariadb-dump|pg_basebackup|xtrabackup/i;

function judge({ session, missing, role, hidden, active }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  const at = session.address;
  const [upkeep, work] = [active.filter(isMaintenance), active.filter((each) => !isMaintenance(each))];
  const longest = work[0]?.seconds ?? 0;
  const status = gradeAbove(longest, limits);
  const shown = showLimit(longest, limits, status);
  if (status !== 'ok') {
    const count = work.filter(({ seconds }) => seconds > limits.warn).length;
    return { status, code: 'slow', data: { at, count, seconds: longest, query: work[0]?.query || '-' }, ...shown };
  }
  const [long] = upkeep.filter(({ seconds }) => seconds > limits.crit);
  if (long) return { status: 'warn', code: 'maintenance', data: { at, seconds: long.seconds, query: long.query || '-' } };
  if (hidden > 0) return { status: 'unknown', code: 'hidden', data: { at, count: hidden }, unlock: rightsFor(session.kind, role) };
  return { status: 'ok', code: 'none', data: { at, seconds: limits.warn }, ...shown };
}

function isMaintenance({ query, application }: Facts['active'][number]): boolean {
  return MAINTENANCE.test(query) || BACKUP.test(application);
}
