import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout } from './connect.ts';
import { explainUse, group, inUse, POOL_STATEMENTS, REASONS, readGroups } from './db-pool-groups.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { askPool, poolCounts } from './pool-metric.ts';
import { type Infer, strictObject, v } from './schema.ts';
import {
  askSql,
  blindMessages,
  findMissing,
  judgeBlind,
  judgeMissing,
  keepSession,
  missingFacts,
  rightsFor,
  rowsOf,
  sessionFacts,
  sqlParams,
  textOf,
} from './sql-session.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const params = strictObject({
  ...sqlParams,
  /** Connections one process of the application may open. */
  max: v.nullish(size),
  /** Processes on one host that each have such a pool. */
  processes: v.nullish(size, 1),
  /** `URL#NAME` of the application's own figures. */
  metric: v.nullish(v.string()),
  /** Narrow down whose connections count; default the largest group. */
  user: v.nullish(v.string()),
  application: v.nullish(v.string()),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  /** The pool's own size, from the profile or else from the metric. */
  max: v.nullable(v.number()),
  /** By application, user and client, fullest first. */
  groups: v.array(group),
  /** Sessions whose state this login may not see. */
  hidden: v.number(),
  /** As the application says; null where it was not asked. */
  reported: v.nullable(poolCounts),
  reportedError: v.string(),
  /** In use: what the application says, else active and idle in transaction of the fullest group. */
  busy: v.nullable(v.number()),
  percent: v.nullable(v.number()),
  /** What those in use do. */
  reason: v.nullable(v.picklist(REASONS)),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 80, crit: 90, unit: '%', source: 'own' };

const TAIL = { en: '{busy} of {max} connections of {who} are in use', 'zh-CN': '{who} 的连接池已用 {busy}/{max}' };
export const dbPool = defineCheck<Params, Facts>({
  id: 'db.pool',
  phase: 'software',
  title: { en: 'Connection pool of the application', 'zh-CN': '应用连接池' },
  params,
  facts,
  messages: {
    ...blindMessages,
    free: TAIL,
    high: TAIL,
    exhausted: {
      en: `the pool is exhausted: ${TAIL.en}, {waiting|caller waits|callers wait}`,
      'zh-CN': `连接池耗尽：${TAIL['zh-CN']}，{waiting} 个请求在等待`,
    },
    leak: {
      en: `the pool is exhausted: ${TAIL.en}, {idle} of them idle in a transaction for up to {pause} s: they are not given back`,
      'zh-CN': `连接池耗尽：${TAIL['zh-CN']}，其中 {idle} 个事务内空闲最长 {pause} 秒：连接未归还`,
    },
    'waiting-outside': {
      en: `the pool is exhausted: ${TAIL.en}, {idle} of them idle in a transaction for up to {pause} s: they wait for somebody else meanwhile`,
      'zh-CN': `连接池耗尽：${TAIL['zh-CN']}，其中 {idle} 个事务内空闲最长 {pause} 秒：持有连接等待外部调用`,
    },
    lock: {
      en: `the pool is exhausted: ${TAIL.en}, {locked} of them wait for a lock`,
      'zh-CN': `连接池耗尽：${TAIL['zh-CN']}，其中 {locked} 个在等待锁`,
    },
    'slow-statements': {
      en: `the pool is exhausted: ${TAIL.en}, {active} of them run statements of up to {statement} s`,
      'zh-CN': `连接池耗尽：${TAIL['zh-CN']}，其中 {active} 个在执行语句，最长 {statement} 秒`,
    },
    beyond: {
      en: '{who} has {count|connection|connections} open, more than its pool of {max}: pool.max or pool.processes of the profile is wrong, or some are opened past the pool',
      'zh-CN': '{who} 打开了 {count} 个连接，超过连接池上限 {max}：配置的 pool.max 或 pool.processes 有误，或有绕过连接池的连接',
    },
    nobody: { en: 'no connection of the application to {at} is open', 'zh-CN': '应用没有打开到 {at} 的连接' },
    unsized: { en: 'the size of the pool towards {at} is not known ({error})', 'zh-CN': '到 {at} 的连接池大小未知（{error}）' },
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres', max: 40 },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const [session, told] = await Promise.all([askSql(params, context, POOL_STATEMENTS), askApplication(params, context)]);
  const seen = readGroups(session);
  const groups = seen.groups
    .filter(({ user, application }) => (params.user ?? user) === user && (params.application ?? application) === application)
    .toSorted((one, other) => inUse(other) - inUse(one) || other.count - one.count);
  const [fullest] = groups;
  const max = params.max != null ? params.max * params.processes : (told.reported?.max ?? null);
  const busy = told.reported?.active ?? (fullest ? inUse(fullest) : null);
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['groups']),
    role: textOf(rowsOf(session, 'groups')[0], 'role'),
    max,
    groups: groups.slice(0, 10),
    hidden: seen.hidden,
    ...told,
    busy,
    percent: busy === null || max === null ? null : round((100 * busy) / max),
    reason: busy === null || max === null || busy < max * 0.8 ? null : explainUse(fullest),
  };
}

async function askApplication(
  { metric, timeout }: Params,
  { net, timeoutMs }: ProbeContext,
): Promise<Pick<Facts, 'reported' | 'reportedError'>> {
  if (metric == null) return { reported: null, reportedError: '' };
  try {
    return { reported: await askPool(net, metric, boundTimeout(timeout, timeoutMs)), reportedError: '' };
  } catch (error) {
    if (error instanceof HostError) return { reported: null, reportedError: error.message };
    if (error instanceof TypeError) return { reported: null, reportedError: 'pool.metric is no URL' };
    throw error;
  }
}

function judge(
  { session, missing, role, max, groups, hidden, reported, reportedError, busy, percent, reason }: Facts,
  params: Params,
  limits: Thresholds = LIMITS,
): Judgement {
  const at = session.address;
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen && reported === null) return unseen;
  const [fullest] = groups;
  if (reported === null && hidden > 0)
    return { status: 'unknown', code: 'no-rights', data: { at, error: `${hidden} sessions` }, unlock: rightsFor(session.kind, role) };
  if (busy === null) return { status: 'not-applicable', code: 'nobody', data: { at } };
  if (max === null || percent === null)
    return {
      status: 'unknown',
      code: 'unsized',
      data: { at, error: reportedError || '-' },
      unlock: 'pool.max of the database in the profile',
    };
  const data = describe(fullest, at, busy, max, reported?.waiting ?? null);
  const waited = (reported?.waiting ?? 0) > 0 && busy >= max;
  const status = waited ? 'fail' : gradeAbove(percent, limits);
  const shown = showLimit(percent, limits, status);
  if (status === 'fail') return { status, code: reason ?? 'exhausted', data, ...shown };
  if (params.max != null && fullest && fullest.count > max) return { status: 'warn', code: 'beyond', data };
  return { status, code: status === 'ok' ? 'free' : 'high', data, ...shown };
}

function describe(
  fullest: Facts['groups'][number] | undefined,
  at: string,
  busy: number,
  max: number,
  waiting: number | null,
): Record<string, string | number> {
  const who = fullest ? [fullest.user, fullest.application, fullest.client].filter((part) => part !== '').join(' / ') : at;
  return {
    at,
    who: who || '?',
    busy,
    max,
    count: fullest?.count ?? busy,
    waiting: waiting ?? '?',
    active: fullest?.active ?? '?',
    locked: fullest?.waitingForLock ?? '?',
    idle: fullest?.idleInTransaction ?? '?',
    pause: fullest?.longestPause ?? '?',
    statement: fullest?.longestActive ?? '?',
  };
}
