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

const params = strictObject(sqlParams);
type Params = Infer<typeof params>;

const KEPT = 10;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  count: v.number(),
  /** Sequences whose value this login may not see. */
  hidden: v.number(),
  /** Fullest first. `max` is of the sequence or of the column it fills, whichever ends first. */
  fullest: v.array(v.object({ name: v.string(), last: v.number(), max: v.number(), percent: v.number() })),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 75, crit: 90, unit: '%', source: 'own (weeks to change the type of a column)' };

export const dbSequences = defineCheck<Params, Facts>({
  id: 'db.sequences',
  phase: 'software',
  title: { en: 'Sequences near their end', 'zh-CN': '序列/自增主键余量' },
  params,
  facts,
  messages: {
    ...blindMessages,
    room: {
      en: '{count|sequence|sequences} of {at}: the fullest ({name}) is at {percent} %',
      'zh-CN': '{at} 共 {count} 个序列，最满的 {name} 已用 {percent}%',
    },
    none: { en: '{at} has no sequences that this login sees', 'zh-CN': '{at} 没有当前账号可见的序列' },
    filling: {
      en: '{name} of {at} has used {percent} % of its numbers ({last} of {max})',
      'zh-CN': '{at} 的 {name} 已用 {percent}%（{last}/{max}）',
    },
    exhausted: {
      en: '{name} of {at} is at its end ({last}): every insert fails',
      'zh-CN': '{at} 的 {name} 已用尽（{last}）：插入将全部失败',
    },
    hidden: { en: '{count|sequence|sequences} of {at} cannot be seen', 'zh-CN': '{at} 有 {count} 个序列不可见' },
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres' },
  probe,
  judge,
});

const SEQUENCES = `SELECT s.seqrelid::regclass::text AS name, pg_sequence_last_value(s.seqrelid)::float8 AS last, CASE a.atttypid WHEN 'int2'::regtype THEN least(s.seqmax, 32767) WHEN 'int4'::regtype THEN least(s.seqmax, 2147483647)
  ELSE s.seqmax END::float8 AS max
 FROM pg_sequence s
 LEFT JOIN pg_depend d ON d.objid = s.seqrelid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
 LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE NOT s.seqcycle AND s.seqincrement > 0`;
const POSTGRES = [
  {
    id: 'rights',
    text: `SELECT current_user::text AS role, count(*)::int AS count,
 count(*) FILTER (WHERE NOT has_sequence_privilege(seqrelid, 'SELECT, USAGE'))::int AS hidden FROM pg_sequence`,
  },
  {
    id: 'sequences',
    text: `SELECT * FROM (${SEQUENCES} AND has_sequence_privilege(s.seqrelid, 'SELECT, USAGE')) q WHERE last IS NOT NULL ORDER BY last / max DESC LIMIT 20`,
  },
];
const MYSQL = [
  {
    id: 'sequences',
    text: `SELECT concat(c.table_schema, '.', c.table_name, '.', c.column_name) AS name, t.auto_increment - 1 AS last,
 (CASE c.data_type WHEN 'tinyint' THEN 127 WHEN 'smallint' THEN 32767 WHEN 'mediumint' THEN 8388607 WHEN 'int' THEN 2147483647 ELSE 9223372036854775807 END)
  * (CASE WHEN c.column_type LIKE '%unsigned%' THEN 2 ELSE 1 END) AS max
 FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
 WHERE c.extra LIKE '%auto_increment%' AND t.auto_increment IS NOT NULL AND c.table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')
 ORDER BY last / max DESC LIMIT 20`,
  },
  {
    id: 'rights',
    text: `SELECT current_user() AS role, count(*) AS count, 0 AS hidden FROM information_schema.columns
 WHERE extra LIKE '%auto_increment%' AND table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')`,
  },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL });
  const [rights] = rowsOf(session, 'rights');
  const fullest = rowsOf(session, 'sequences').map((row) => {
    const last = numberOf(row, 'last') ?? 0;
    const max = numberOf(row, 'max') ?? 1;
    return { name: textOf(row, 'name'), last, max, percent: round((100 * last) / max, 2) };
  });
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['sequences']),
    role: textOf(rights, 'role'),
    count: numberOf(rights, 'count') ?? fullest.length,
    hidden: numberOf(rights, 'hidden') ?? 0,
    fullest: fullest.slice(0, KEPT),
  };
}

function judge({ session, missing, role, count, hidden, fullest }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  const at = session.address;
  const [first] = fullest;
  const status = gradeAbove(first?.percent ?? 0, limits);
  if (first && status !== 'ok') {
    const code = first.last >= first.max ? 'exhausted' : 'filling';
    return { status, code, data: { at, ...first }, ...showLimit(first.percent, limits, status) };
  }
  if (hidden > 0) {
    const unlock = `GRANT pg_read_all_data TO ${role || 'the role of the profile'} (PostgreSQL 14), or GRANT SELECT ON ALL SEQUENCES IN SCHEMA ... TO it`;
    return { status: 'unknown', code: 'hidden', data: { at, count: hidden }, unlock };
  }
  if (!first) return { status: 'ok', code: 'none', data: { at } };
  return {
    status: 'ok',
    code: 'room',
    data: { at, count, name: first.name, percent: first.percent },
    ...showLimit(first.percent, limits, 'ok'),
  };
}
