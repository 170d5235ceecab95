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
  sqlParams,
  textOf,
} from './sql-session.ts';

/** Transaction ids are compared modulo 2^32: half of them lie in the past. */
const IDS = 2 ** 31;

const params = strictObject(sqlParams);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  databases: v.array(v.object({ name: v.string(), age: v.number(), percent: v.number() })),
  /** Worst of `databases`; null where there are no such ids. */
  percent: v.nullable(v.number()),
  /** What keeps old rows, and with them old ids, from being frozen; oldest first. */
  holders: v.array(v.object({ kind: v.picklist(['session', 'prepared', 'slot']), name: v.string(), age: v.number() })),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 90, crit: 98, unit: '%', source: 'Netdata postgres.conf (90); PostgreSQL warns itself from 98' };

export const dbWraparound = defineCheck<Params, Facts>({
  id: 'db.wraparound',
  phase: 'software',
  title: { en: 'Transaction ids left', 'zh-CN': '事务 ID 余量' },
  params,
  facts,
  messages: {
    ...blindMessages,
    left: { en: '{database} of {at} has used {percent} % of its transaction ids', 'zh-CN': '{at} 的 {database} 已用事务 ID {percent}%' },
    wraparound: {
      en: '{database} of {at} has used {percent} % of its transaction ids and will refuse writes at 100 %; vacuum is held back by {holder}',
      'zh-CN': '{at} 的 {database} 已用事务 ID {percent}%，用尽后拒绝写入；阻碍 vacuum 的是 {holder}',
    },
    none: { en: '{at} does not count transactions like that', 'zh-CN': '{at} 不存在事务 ID 回卷' },
  },
  thresholds: LIMITS,
  timeoutMs: 8_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres' },
  probe,
  judge,
});

const POSTGRES = [
  {
    id: 'databases',
    text: `SELECT current_user::text AS role, datname::text AS name, age(datfrozenxid)::float8 AS age FROM pg_database ORDER BY 3 DESC LIMIT 20`,
  },
  {
    id: 'holders',
    text: `SELECT * FROM (
 SELECT 'session' AS kind, concat_ws(' / ', pid::text, usename, nullif(application_name, '')) AS name, greatest(age(backend_xmin), age(backend_xid))::float8 AS age
  FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
 UNION ALL SELECT 'prepared', gid, age(transaction)::float8 FROM pg_prepared_xacts
 UNION ALL SELECT 'slot', slot_name::text, greatest(age(xmin), age(catalog_xmin))::float8 FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
) found ORDER BY age DESC NULLS LAST LIMIT 5`,
  },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: [] });
  const rows = rowsOf(session, 'databases');
  const databases = rows.map((row) => {
    const age = numberOf(row, 'age') ?? 0;
    return { name: textOf(row, 'name'), age, percent: round((100 * age) / IDS) };
  });
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: session.kind === 'mysql' ? { errorCode: '', error: '' } : findMissing(session.answers['databases']),
    role: textOf(rows[0], 'role'),
    databases,
    percent: databases.length === 0 ? null : Math.max(...databases.map(({ percent }) => percent)),
    holders: rowsOf(session, 'holders').map((row) => ({
      kind: textOf(row, 'kind') as Facts['holders'][number]['kind'],
      name: textOf(row, 'name'),
      age: numberOf(row, 'age') ?? 0,
    })),
  };
}

function judge({ session, missing, role, databases, percent, holders }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const at = session.address;
  if (session.kind === 'mysql') return { status: 'not-applicable', code: 'none', data: { at } };
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  if (percent === null) return { status: 'not-applicable', code: 'none', data: { at } };
  const status = gradeAbove(percent, limits);
  const [worst] = databases;
  const [holder] = holders;
  const data = { at, database: worst?.name ?? '?', percent, holder: holder ? `${holder.kind} ${holder.name}` : '-' };
  return { status, code: status === 'ok' ? 'left' : 'wraparound', data, ...showLimit(percent, limits, status) };
}
