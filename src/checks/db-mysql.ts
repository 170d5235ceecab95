import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { askSql, judgeSession, keepSession, rowsOf, sessionFacts, sessionMessages, sessionParams } from './sql-session.ts';

const params = strictObject(sessionParams);
type Params = Infer<typeof params>;

const facts = v.object({ observedAt: v.number(), session: sessionFacts, ready: v.boolean() });
type Facts = Infer<typeof facts>;

export const dbMysql = defineCheck<Params, Facts>({
  id: 'db.mysql',
  phase: 'software',
  title: { en: 'MySQL or MariaDB answers', 'zh-CN': 'MySQL/MariaDB 可用性' },
  params,
  facts,
  messages: {
    ...sessionMessages,
    ready: { en: '{at} answers as {version} after {ms} ms', 'zh-CN': '{at} 正常应答（{version}），耗时 {ms} 毫秒' },
    'no-answer-to-query': { en: '{at} lets us in and does not answer a query: {error}', 'zh-CN': '{at} 允许登录，但查询无应答：{error}' },
  },
  timeoutMs: 8_000,
  example: { to: { env: 'OOR_DB_URL' } },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql({ ...params, kind: 'mysql' }, context, { mysql: [{ id: 'ready', text: 'SELECT 1 AS ready' }] });
  return { observedAt: context.host.now().wallMs, session: keepSession(session, session.kind), ready: rowsOf(session, 'ready').length > 0 };
}

function judge({ session, ready }: Facts): Judgement {
  const failed = judgeSession(session);
  if (failed) return failed;
  if (!ready) return { status: 'fail', code: 'no-answer-to-query', data: { at: session.address, error: session.error || '-' } };
  return { status: 'ok', code: 'ready', data: { at: session.address, ms: session.durationMs, version: session.serverVersion } };
}
