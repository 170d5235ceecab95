import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { formatBytes, round } from './linux.ts';
import { askInfo, type Info, judgeUnseen, numberIn } from './redis-session.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { blindMessages, missingFacts, sessionFacts, sessionParams } from './sql-session.ts';

const SAMPLE_MS = 1_000;

const params = strictObject(sessionParams);
type Params = Infer<typeof params>;

const count = v.nullable(v.number());
const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  usedBytes: count,
  /** 0: no limit but the machine's memory. */
  maxBytes: count,
  systemBytes: count,
  percent: count,
  policy: v.string(),
  clients: count,
  maxClients: count,
  /** In the second between two looks; null: this version does not tell. */
  evicted: count,
  /** Writes refused for want of memory. */
  refusedWrites: count,
  /** Connections refused since the server started, and in the second between two looks. */
  rejectedTotal: count,
  rejected: count,
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 80, crit: 95, unit: '%', source: 'own' };

export const cacheMemory = defineCheck<Params, Facts>({
  id: 'cache.memory',
  phase: 'software',
  title: { en: 'Redis memory and clients', 'zh-CN': 'Redis 内存与连接' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    ...blindMessages,
    ok: { en: '{at} uses {used} of {max} ({policy})', 'zh-CN': '{at} 已用内存 {used}/{max}（{policy}）' },
    high: {
      en: '{at} uses {used} of {max} and evicts nothing ({policy}): writes will fail',
      'zh-CN': '{at} 已用内存 {used}/{max} 且不淘汰（{policy}）：写入即将失败',
    },
    maxmemory: {
      en: '{at} has reached maxmemory ({used} of {max}, {policy}) and refuses writes',
      'zh-CN': '{at} 已达 maxmemory（{used}/{max}，{policy}），拒绝写入',
    },
    evicting: {
      en: '{at} is full ({used} of {max}) and evicts {evicted|key|keys} a second ({policy})',
      'zh-CN': '{at} 内存已满（{used}/{max}），每秒淘汰 {evicted} 个键（{policy}）',
    },
    rejecting: {
      en: '{at} rejects connections: {clients} of {maxclients} in use, {rejected} refused in a second',
      'zh-CN': '{at} 拒绝新连接：已用 {clients}/{maxclients}，一秒内拒绝 {rejected} 个',
    },
  },
  thresholds: LIMITS,
  timeoutMs: 12_000,
  example: { to: 'redis://cache.example.test:6379' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const first = await askInfo(params, context, 2.5);
  const seen = first.session.outcome === 'connected';
  if (seen) await context.sleep(SAMPLE_MS);
  const second = seen ? await askInfo(params, context, 2.5) : first;
  const { session, missing, fields } = second.session.outcome === 'connected' || !seen ? second : first;
  const usedBytes = numberIn(fields, 'used_memory');
  const maxBytes = numberIn(fields, 'maxmemory');
  return {
    observedAt: context.host.now().wallMs,
    session: second.session.outcome === 'too-many-connections' ? second.session : session,
    missing,
    usedBytes,
    maxBytes,
    systemBytes: numberIn(fields, 'total_system_memory'),
    percent: usedBytes !== null && maxBytes ? round((100 * usedBytes) / maxBytes) : null,
    policy: fields.get('maxmemory_policy') ?? '',
    clients: numberIn(fields, 'connected_clients'),
    maxClients: numberIn(fields, 'maxclients'),
    evicted: grown(first, second, (info) => numberIn(info, 'evicted_keys')),
    refusedWrites: grown(first, second, (info) => countErrors(info, 'OOM')),
    rejectedTotal: numberIn(fields, 'rejected_connections'),
    rejected: grown(first, second, (info) => numberIn(info, 'rejected_connections')),
  };
}

function grown({ fields: before }: Info, { fields: after }: Info, read: (fields: Info['fields']) => number | null): number | null {
  const [from, to] = [read(before), read(after)];
  return from === null || to === null ? null : Math.max(0, to - from);
}

/** `errorstat_OOM:count=3`, from version 6.2. */
function countErrors(fields: Info['fields'], word: string): number | null {
  if (!fields.has('total_error_replies')) return null;
  return Number(/count=(\d+)/.exec(fields.get(`errorstat_${word}`) ?? '')?.[1] ?? 0);
}

function judge(seen: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const { session, missing, usedBytes, maxBytes, percent, policy, clients, maxClients, evicted, refusedWrites, rejected } = seen;
  if (session.outcome === 'too-many-connections') {
    return {
      status: 'fail',
      code: 'rejecting',
      data: { at: session.address, clients: clients ?? '?', maxclients: maxClients ?? '?', rejected: rejected ?? 1 },
    };
  }
  const unseen = judgeUnseen(session, missing);
  if (unseen) return unseen;
  const data = {
    at: session.address,
    used: formatBytes(usedBytes ?? 0),
    max: maxBytes ? formatBytes(maxBytes) : '-',
    policy: policy || '-',
    evicted: evicted ?? '?',
    clients: clients ?? '?',
    maxclients: maxClients ?? '?',
    rejected: rejected ?? '?',
  };
  const keepsAll = policy === 'noeviction';
  const shown = (status: Judgement['status']) => (percent === null ? {} : showLimit(percent, limits, status));
  if ((refusedWrites ?? 0) > 0 || (keepsAll && percent !== null && percent >= 100))
    return { status: 'fail', code: 'maxmemory', data, ...shown('fail') };
  if ((rejected ?? 0) > 0 || (maxClients !== null && clients !== null && clients >= maxClients))
    return { status: 'fail', code: 'rejecting', data };
  const status = keepsAll && percent !== null ? gradeAbove(percent, limits) : 'ok';
  if (status !== 'ok') return { status, code: 'high', data, ...shown(status) };
  if ((evicted ?? 0) > 0) return { status: 'warn', code: 'evicting', data };
  return { status: 'ok', code: 'ok', data, ...shown('ok') };
}
