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
  /** Other sessions whose transactions this login may not see. */
  hidden: v.number(),
  /** Oldest first. */
  transactions: v.array(
    v.object({
      pid: v.number(),
      user: v.string(),
      application: v.string(),
      /** It holds its locks and does nothing. */
      idle: v.boolean(),
      ageSeconds: v.number(),
      /** Since it last did something. */
      quietSeconds: v.number(),
      query: v.string(),
    }),
  ),
  /** Prepared for a two-phase commit that nobody finished; oldest first. */
  prepared: v.optional(v.array(v.object({ name: v.string(), user: v.string(), ageSeconds: v.number() })), []),
  longestIdleSeconds: v.number(),
  oldestSeconds: v.number(),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 60, crit: 300, unit: 's', source: 'own (a payment ends within 60 s)' };
/** A backup or a report may run that long; it still keeps old rows alive. */
const LONG_SECONDS = 3_600;

export const dbLongTransactions = defineCheck<Params, Facts>({
  id: 'db.long_transactions',
  phase: 'software',
  title: { en: 'Transactions left open', 'zh-CN': '未结束的事务' },
  params,
  facts,
  messages: {
    ...blindMessages,
    none: { en: 'no transaction of {at} is left open', 'zh-CN': '{at} 没有长时间未结束的事务' },
    idle: {
      en: 'session {pid} ({who}) of {at} has an open transaction and has done nothing for {seconds} s',
      'zh-CN': '{at} 的会话 {pid}（{who}）有未结束事务，已空闲 {seconds} 秒',
    },
    long: {
      en: 'session {pid} ({who}) of {at} is in a transaction of {seconds} s',
      'zh-CN': '{at} 的会话 {pid}（{who}）事务已持续 {seconds} 秒',
    },
    prepared: {
      en: 'transaction {name} ({who}) of {at} was prepared {seconds} s ago and neither committed nor rolled back: it keeps its locks for ever',
      'zh-CN': '{at} 的两阶段事务 {name}（{who}）已准备 {seconds} 秒，未提交也未回滚：将一直持有锁',
    },
    hidden: {
      en: 'the transactions of {count|other session|other sessions} of {at} are hidden',
      'zh-CN': '{at} 上其他 {count} 个会话的事务不可见',
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
    id: 'transactions',
    text: `SELECT pid, usename::text AS usr, application_name AS application, CASE WHEN state LIKE 'idle in transaction%' THEN 'yes' ELSE 'no' END AS idle,
 extract(epoch FROM clock_timestamp() - xact_start)::float8 AS age, extract(epoch FROM clock_timestamp() - state_change)::float8 AS quiet, query
 FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY xact_start LIMIT 50`,
  },
  {
    id: 'prepared',
    text: `SELECT gid AS name, owner::text AS usr, extract(epoch FROM clock_timestamp() - prepared)::float8 AS age FROM pg_prepared_xacts ORDER BY prepared LIMIT 20`,
  },
];
const MYSQL = [
  { id: 'hidden', text: 'SELECT current_user() AS role, 0 AS hidden' },
  {
    id: 'transactions',
    text: `SELECT t.trx_mysql_thread_id AS pid, p.user AS usr, '' AS application, CASE WHEN p.command = 'Sleep' THEN 'yes' ELSE 'no' END AS idle,
 timestampdiff(SECOND, t.trx_started, now()) AS age, p.time AS quiet, coalesce(p.info, '') AS query
 FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
 WHERE p.id <> connection_id() ORDER BY t.trx_started LIMIT 50`,
  },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL });
  const transactions = rowsOf(session, 'transactions').map((row) => ({
    pid: numberOf(row, 'pid') ?? 0,
    user: textOf(row, 'usr'),
    application: textOf(row, 'application'),
    idle: textOf(row, 'idle') === 'yes',
    ageSeconds: round(numberOf(row, 'age') ?? 0),
    quietSeconds: round(numberOf(row, 'quiet') ?? 0),
    query: shapeOfQuery(textOf(row, 'query'), session.kind),
  }));
  const [rights] = rowsOf(session, 'hidden');
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['transactions']),
    role: textOf(rights, 'role'),
    hidden: numberOf(rights, 'hidden') ?? 0,
    transactions: transactions.slice(0, 20),
    prepared: rowsOf(session, 'prepared').map((row) => ({
      name: textOf(row, 'name'),
      user: textOf(row, 'usr'),
      ageSeconds: round(numberOf(row, 'age') ?? 0),
    })),
    longestIdleSeconds: Math.max(0, ...transactions.filter(({ idle }) => idle).map(({ quietSeconds }) => quietSeconds)),
    oldestSeconds: Math.max(0, ...transactions.map(({ ageSeconds }) => ageSeconds)),
  };
}

function judge(
  { session, missing, role, hidden, transactions, prepared, longestIdleSeconds }: Facts,
  _params: Params,
  limits: Thresholds = LIMITS,
): Judgement {
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  const at = session.address;
  const idle = transactions.filter((each) => each.idle).sort((a, b) => b.quietSeconds - a.quietSeconds)[0];
  const status = gradeAbove(longestIdleSeconds, limits);
  const shown = showLimit(longestIdleSeconds, limits, status);
  if (status !== 'ok' && idle)
    return { status, code: 'idle', data: { at, pid: idle.pid, who: nameOf(idle), seconds: idle.quietSeconds }, ...shown };
  const [forgotten] = prepared;
  const age = gradeAbove(forgotten?.ageSeconds ?? 0, limits);
  if (forgotten && age !== 'ok') {
    const { name, user, ageSeconds } = forgotten;
    return { status: age, code: 'prepared', data: { at, name, who: user, seconds: ageSeconds }, ...showLimit(ageSeconds, limits, age) };
  }
  const long = transactions.find((each) => !each.idle && each.ageSeconds > LONG_SECONDS);
  if (long) return { status: 'warn', code: 'long', data: { at, pid: long.pid, who: nameOf(long), seconds: long.ageSeconds } };
  if (hidden > 0) return { status: 'unknown', code: 'hidden', data: { at, count: hidden }, unlock: rightsFor(session.kind, role) };
  return { status: 'ok', code: 'none', data: { at }, ...shown };
}

function nameOf({ user, application }: Facts['transactions'][number]): string {
  return [user, application].filter((part) => part !== '').join(' / ') || '?';
}
