import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { askSql, judgeSession, keepSession, rowsOf, sessionFacts, sessionMessages, sessionParams, textOf } from './sql-session.ts';

const params = strictObject({
  ...sessionParams,
  /** What this server should be. */
  role: v.nullish(v.picklist(['primary', 'standby']), 'primary'),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  ready: v.boolean(),
  /** null: not seen. */
  inRecovery: v.nullable(v.boolean()),
});
type Facts = Infer<typeof facts>;

export const dbPg = defineCheck<Params, Facts>({
  id: 'db.pg',
  phase: 'software',
  title: { en: 'PostgreSQL answers', 'zh-CN': 'PostgreSQL 可用性' },
  params,
  facts,
  messages: {
    ...sessionMessages,
    ready: { en: '{at} answers as {version} after {ms} ms', 'zh-CN': '{at} 正常应答（{version}），耗时 {ms} 毫秒' },
    recovery: {
      en: '{at} answers and is a standby in recovery: it takes no writes',
      'zh-CN': '{at} 可应答，但处于恢复状态（备库），不接受写入',
    },
    'no-answer-to-query': { en: '{at} lets us in and does not answer a query: {error}', 'zh-CN': '{at} 允许登录，但查询无应答：{error}' },
  },
  timeoutMs: 8_000,
  example: { to: { env: 'OOR_DB_URL' } },
  probe,
  judge,
});

const STATEMENTS = [{ id: 'ready', text: `SELECT CASE WHEN pg_is_in_recovery() THEN 'yes' ELSE 'no' END AS recovery` }];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql({ ...params, kind: 'postgres' }, context, { postgres: STATEMENTS });
  const recovery = textOf(rowsOf(session, 'ready')[0], 'recovery');
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    ready: recovery !== '',
    inRecovery: recovery === '' ? null : recovery === 'yes',
  };
}

function judge({ session, ready, inRecovery }: Facts, { role }: Params): Judgement {
  const failed = judgeSession(session);
  if (failed) return failed;
  const data = { at: session.address, ms: session.durationMs, version: `PostgreSQL ${session.serverVersion}` };
  if (!ready) return { status: 'fail', code: 'no-answer-to-query', data: { at: session.address, error: session.error || '-' } };
  if (inRecovery && role === 'primary') return { status: 'warn', code: 'recovery', data };
  return { status: 'ok', code: 'ready', data };
}
