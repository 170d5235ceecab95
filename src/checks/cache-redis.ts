import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { askInfo } from './redis-session.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { judgeSession, sessionFacts, sessionMessages, sessionParams } from './sql-session.ts';

const params = strictObject({
  ...sessionParams,
  /** What this server should be. */
  role: v.nullish(v.picklist(['master', 'replica', 'any']), 'master'),
});
type Params = Infer<typeof params>;

const facts = v.object({ observedAt: v.number(), session: sessionFacts, /** `master`, `slave`, '' when hidden. */ role: v.string() });
type Facts = Infer<typeof facts>;

export const cacheRedis = defineCheck<Params, Facts>({
  id: 'cache.redis',
  phase: 'software',
  title: { en: 'Redis answers', 'zh-CN': 'Redis 可用性' },
  params,
  facts,
  messages: {
    ...sessionMessages,
    ready: { en: '{at} answers as Redis {version} after {ms} ms', 'zh-CN': '{at} 正常应答（Redis {version}），耗时 {ms} 毫秒' },
    replica: { en: '{at} answers and is a replica: it takes no writes', 'zh-CN': '{at} 可应答，但为从节点，不接受写入' },
  },
  timeoutMs: 8_000,
  example: { to: 'redis://cache.example.test:6379' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const { session, fields } = await askInfo(params, context);
  return { observedAt: context.host.now().wallMs, session, role: fields.get('role') ?? '' };
}

function judge({ session, role }: Facts, params: Params): Judgement {
  const failed = judgeSession(session);
  if (failed) return failed;
  const data = { at: session.address, ms: session.durationMs, version: session.serverVersion || '?' };
  if (role === 'slave' && params.role === 'master') return { status: 'warn', code: 'replica', data };
  return { status: 'ok', code: 'ready', data };
}
