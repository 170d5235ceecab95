import type { SqlRow, SqlSession } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { countKept, KEPT_SECONDS, keptSessions, MOVES_SECONDS, NONE_KEPT } from './db-kept-sessions.ts';
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
  sqlParams,
  textOf,
} from './sql-session.ts';

const params = strictObject(sqlParams);
type Params = Infer<typeof params>;

const HOLDERS_KEPT = 10;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  used: v.nullable(v.number()),
  /** What ordinary logins may use: the reserved slots are left out. */
  max: v.nullable(v.number()),
  percent: v.nullable(v.number()),
  /** Most connections first; the session of this check is not among them. */
  holders: v.array(
    v.object({
      application: v.string(),
      user: v.string(),
      state: v.string(),
      client: v.string(),
      count: v.number(),
      oldestSeconds: v.number(),
      /** Of its oldest session; what names the others to end. */
      pid: v.optional(v.number(), 0),
    }),
  ),
  kept: v.optional(keptSessions, NONE_KEPT),
  /** Sessions whose state this login may not see. */
  hidden: v.number(),
  /** Limits below the server's own: of a role or user, of a database; fullest first. */
  narrower: v.optional(
    v.array(v.object({ kind: v.picklist(['user', 'database']), name: v.string(), used: v.number(), max: v.number() })),
    [],
  ),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 80, crit: 90, unit: '%', source: 'Netdata postgres.conf', clear: { warn: 70, crit: 80 } };
const MYSQL_LIMITS: Thresholds = { warn: 70, crit: 90, unit: '%', source: 'Netdata mysql.conf', clear: { warn: 60, crit: 80 } };

export const dbConnections = defineCheck<Params, Facts>({
  id: 'db.connections',
  phase: 'software',
  title: { en: 'Database connections', 'zh-CN': '数据库连接数' },
  params,
  facts,
  messages: {
    ...blindMessages,
    used: { en: '{used} of {max} connections of {at} are in use', 'zh-CN': '{at} 已用连接 {used}/{max}' },
    high: {
      en: '{used} of {max} connections of {at} are in use, most by {holder}',
      'zh-CN': '{at} 已用连接 {used}/{max}，占用最多的是 {holder}',
    },
    exhausted: {
      en: '{at} has no connection left for ordinary logins ({why}); held by {holder}',
      'zh-CN': '{at} 已无普通连接可用（{why}）；占用者：{holder}',
    },
    'limit-of-one': {
      en: '{kind} {name} of {at} has {used} of the {max} connections it may have, the server has room',
      'zh-CN': '{at} 的 {kind} {name} 已用 {used}/{max} 个允许的连接，服务器本身仍有余量',
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
    id: 'limits',
    text: `SELECT current_user::text AS role, current_setting('max_connections')::int AS max,
 current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
 (SELECT count(*)::int FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend') AS used`,
  },
  {
    id: 'holders',
    text: `SELECT coalesce(application_name, '') AS application, coalesce(usename, '')::text AS usr, coalesce(state, '') AS state,
 coalesce(host(client_addr), '') AS client, count(*)::int AS count,
 coalesce(extract(epoch FROM max(clock_timestamp() - backend_start)), 0)::float8 AS oldest, (array_agg(pid ORDER BY backend_start))[1] AS pid,
 (count(*) FILTER (WHERE state LIKE 'idle%' AND clock_timestamp() - state_change > interval '${KEPT_SECONDS} s'))::int AS lying,
 (count(*) FILTER (WHERE state = 'active' OR clock_timestamp() - state_change < interval '${MOVES_SECONDS} s'))::int AS moving
 FROM pg_stat_activity
 WHERE usesysid IS NOT NULL AND datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend' AND pid <> pg_backend_pid()
 GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC`,
  },
  {
    id: 'narrower',
    text: `SELECT * FROM (
 SELECT 'user' AS kind, rolname::text AS name, rolconnlimit AS max, (SELECT count(*)::int FROM pg_stat_activity WHERE usesysid = r.oid AND coalesce(backend_type, 'client backend') = 'client backend') AS used
  FROM pg_roles r WHERE rolconnlimit >= 0 AND NOT rolsuper AND rolcanlogin
 UNION ALL SELECT 'database', datname::text, datconnlimit, (SELECT count(*)::int FROM pg_stat_activity WHERE datid = d.oid AND coalesce(backend_type, 'client backend') = 'client backend')
  FROM pg_database d WHERE datconnlimit >= 0) found ORDER BY used::float8 / greatest(1, max) DESC LIMIT 5`,
  },
];
const MYSQL = [
  {
    id: 'narrower',
    text: `SELECT 'user' AS kind, user AS name, count(*) AS used, @@global.max_user_connections AS max FROM information_schema.processlist
 WHERE @@global.max_user_connections > 0 AND user NOT IN ('system user', 'event_scheduler') GROUP BY user ORDER BY 3 DESC LIMIT 5`,
  },
  // The account's own limit, where the login may read it.
  {
    id: 'accounts',
    text: `SELECT 'user' AS kind, u.user AS name, count(p.id) AS used, max(u.max_user_connections) AS max FROM mysql.user u JOIN information_schema.processlist p ON p.user = u.user
 WHERE u.max_user_connections > 0 GROUP BY u.user, u.host ORDER BY 3 DESC LIMIT 5`,
  },
  {
    id: 'limits',
    text: `SELECT current_user() AS role, @@global.max_connections AS max, 0 AS reserved,
 (SELECT count(*) FROM information_schema.processlist WHERE user <> 'system user' AND user <> 'event_scheduler') AS seen`,
  },
  { id: 'used', text: `SHOW GLOBAL STATUS LIKE 'Threads_connected'` },
  {
    id: 'holders',
    text: `SELECT '' AS application, user AS usr, command AS state, substring_index(host, ':', 1) AS client, count(*) AS count, max(time) AS oldest, min(id) AS pid,
 sum(command = 'Sleep' AND time > ${KEPT_SECONDS}) AS lying, sum(command IN ('Query', 'Execute') OR time < ${MOVES_SECONDS}) AS moving
 FROM information_schema.processlist WHERE user <> 'system user' AND user <> 'event_scheduler' AND id <> connection_id()
 GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC`,
  },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL });
  const [limits] = rowsOf(session, 'limits');
  const used = session.kind === 'mysql' ? numberOf(rowsOf(session, 'used')[0], 'Value') : numberOf(limits, 'used');
  const total = numberOf(limits, 'max');
  const max = total === null ? null : Math.max(1, total - (numberOf(limits, 'reserved') ?? 0));
  const rows = rowsOf(session, 'holders');
  const holders = rows.map(readHolder);
  const seen = numberOf(limits, 'seen');
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['limits']),
    role: textOf(limits, 'role'),
    used,
    max,
    percent: used === null || max === null ? null : round((100 * used) / max),
    holders: holders.slice(0, HOLDERS_KEPT),
    kept: countKept(rows.map((row) => ({ ...readHolder(row), lying: numberOf(row, 'lying') ?? 0, moving: numberOf(row, 'moving') ?? 0 }))),
    narrower: readNarrower(session),
    hidden:
      seen === null ? holders.reduce((sum, { state, count }) => sum + (state === '' ? count : 0), 0) : Math.max(0, (used ?? 0) - seen),
  };
}

function readHolder(row: SqlRow): Facts['holders'][number] {
  return {
    application: textOf(row, 'application'),
    user: textOf(row, 'usr'),
    state: textOf(row, 'state'),
    client: textOf(row, 'client'),
    count: numberOf(row, 'count') ?? 0,
    oldestSeconds: round(numberOf(row, 'oldest') ?? 0),
    pid: numberOf(row, 'pid') ?? 0,
  };
}

function readNarrower(session: SqlSession): Facts['narrower'] {
  const found = [...rowsOf(session, 'narrower'), ...rowsOf(session, 'accounts')].map((row) => ({
    kind: textOf(row, 'kind') === 'database' ? ('database' as const) : ('user' as const),
    name: textOf(row, 'name'),
    used: numberOf(row, 'used') ?? 0,
    max: numberOf(row, 'max') ?? 0,
  }));
  return found.toSorted((one, other) => other.used / Math.max(1, other.max) - one.used / Math.max(1, one.max)).slice(0, 5);
}

function judge(
  { session, missing, role, used, max, percent, holders, hidden, narrower }: Facts,
  _params: Params,
  given: Thresholds = LIMITS,
): Judgement {
  const limits = session.kind === 'mysql' && given.source === LIMITS.source ? { ...given, ...MYSQL_LIMITS } : given;
  if (session.outcome === 'too-many-connections') {
    const data = { at: session.address, why: session.error, holder: '-' };
    return { status: 'fail', code: 'exhausted', data, ...showLimit(100, limits, 'fail') };
  }
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen || used === null || max === null || percent === null) {
    return (
      unseen ?? { status: 'unknown', code: 'no-rights', data: { at: session.address, error: '-' }, unlock: rightsFor(session.kind, role) }
    );
  }
  const [first] = holders;
  const data = { at: session.address, used, max, hidden, why: `${used}/${max}`, holder: first ? describeHolder(first) : '-' };
  const status = percent >= 100 ? 'fail' : gradeAbove(percent, limits);
  const code = percent >= 100 ? 'exhausted' : status === 'ok' ? 'used' : 'high';
  const [tightest] = narrower;
  const share = tightest ? round((100 * tightest.used) / Math.max(1, tightest.max)) : 0;
  // Full is full; a limit of one user may well be meant to be nearly used.
  if (status === 'ok' && tightest && share >= 100)
    return { status: 'fail', code: 'limit-of-one', data: { ...data, ...tightest }, ...showLimit(share, limits, 'fail') };
  return { status, code, data, ...showLimit(percent, limits, status) };
}

function describeHolder({ application, user, state, client, count }: Facts['holders'][number]): string {
  return `${count} x ${[user, application, client, state].filter((part) => part !== '').join(' / ')}`;
}
