import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';
import {
  askSql,
  blindMessages,
  findMissing,
  judgeBlind,
  judgeMissing,
  keepSession,
  missingFacts,
  rowsOf,
  sessionFacts,
  sqlParams,
  textOf,
} from './sql-session.ts';

const params = strictObject({
  ...sqlParams,
  /** What this server should be. */
  role: v.nullish(v.picklist(['primary', 'standby']), 'primary'),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  /** In recovery (PostgreSQL): it follows another server. */
  standby: v.boolean(),
  /** The setting that forbids writes, '' when none does. */
  setting: v.string(),
});
type Facts = Infer<typeof facts>;

export const dbReadonly = defineCheck<Params, Facts>({
  id: 'db.readonly',
  phase: 'software',
  title: { en: 'Database takes writes', 'zh-CN': '数据库可写性' },
  params,
  facts,
  messages: {
    ...blindMessages,
    writable: { en: '{at} takes writes', 'zh-CN': '{at} 可写' },
    'standby-as-agreed': { en: '{at} is a standby, as agreed', 'zh-CN': '{at} 为备库，符合预期' },
    standby: { en: '{at} is a standby: every write fails', 'zh-CN': '{at} 当前为备库：所有写入都会失败' },
    'read-only': { en: '{at} takes no writes: {setting} is on', 'zh-CN': '{at} 不接受写入：{setting} 已开启' },
    'second-primary': { en: '{at} should be a standby and takes writes', 'zh-CN': '{at} 应为备库，却可写（可能出现双主）' },
  },
  timeoutMs: 8_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres' },
  probe,
  judge,
});

const POSTGRES = [
  {
    id: 'state',
    text: `SELECT current_user::text AS role, CASE WHEN pg_is_in_recovery() THEN 'yes' ELSE 'no' END AS standby,
 CASE WHEN current_setting('default_transaction_read_only') = 'on' THEN 'default_transaction_read_only' ELSE '' END AS setting`,
  },
];
const MYSQL = [
  {
    id: 'state',
    text: `SELECT current_user() AS role, 'no' AS standby,
 CASE WHEN @@global.innodb_read_only THEN 'innodb_read_only' WHEN @@global.read_only THEN 'read_only' ELSE '' END AS setting`,
  },
  // MariaDB has no such variable.
  { id: 'super', text: `SELECT CASE WHEN @@global.super_read_only THEN 'super_read_only' ELSE '' END AS setting` },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL });
  const [state] = rowsOf(session, 'state');
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['state']),
    role: textOf(state, 'role'),
    standby: textOf(state, 'standby') === 'yes',
    setting: textOf(rowsOf(session, 'super')[0], 'setting') || textOf(state, 'setting'),
  };
}

function judge({ session, missing, role, standby, setting }: Facts, params: Params): Judgement {
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  const data = { at: session.address, setting };
  const closed = standby || setting !== '';
  if (params.role === 'standby')
    return closed ? { status: 'ok', code: 'standby-as-agreed', data } : { status: 'fail', code: 'second-primary', data };
  if (standby) return { status: 'fail', code: 'standby', data };
  return closed ? { status: 'fail', code: 'read-only', data } : { status: 'ok', code: 'writable', data };
}
