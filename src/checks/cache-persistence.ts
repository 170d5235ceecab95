import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { askInfo, judgeUnseen, numberIn } from './redis-session.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { blindMessages, missingFacts, sessionFacts, sessionParams } from './sql-session.ts';

const params = strictObject(sessionParams);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  /** `ok` or `err`, '' when this version does not tell. */
  lastSave: v.string(),
  aof: v.boolean(),
  lastAofWrite: v.string(),
  lastAofRewrite: v.string(),
  changesSinceSave: v.nullable(v.number()),
  /** Of a replica: `up` or `down`; '' of a master. */
  masterLink: v.string(),
  masterLinkDownSeconds: v.nullable(v.number()),
  replicas: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

export const cachePersistence = defineCheck<Params, Facts>({
  id: 'cache.persistence',
  phase: 'software',
  title: { en: 'Redis persistence and replication', 'zh-CN': 'Redis 持久化与复制' },
  params,
  facts,
  messages: {
    ...blindMessages,
    saved: { en: 'snapshots, append-only file and replication of {at} are in order', 'zh-CN': '{at} 的快照、AOF 与复制均正常' },
    'bgsave-failed': {
      en: 'the last snapshot of {at} failed: it refuses writes until one succeeds',
      'zh-CN': '{at} 最近一次快照失败：在成功之前将拒绝写入',
    },
    'aof-failed': { en: 'the append-only file of {at} cannot be written', 'zh-CN': '{at} 的 AOF 写入失败' },
    'aof-rewrite-failed': {
      en: 'the last rewrite of the append-only file of {at} failed: it grows on',
      'zh-CN': '{at} 最近一次 AOF 重写失败：文件会持续增长',
    },
    'master-link-down': {
      en: '{at} is a replica and has lost its master for {seconds} s',
      'zh-CN': '{at} 为从节点，与主节点断开已 {seconds} 秒',
    },
  },
  timeoutMs: 8_000,
  example: { to: 'redis://cache.example.test:6379' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const { session, missing, fields } = await askInfo(params, context);
  return {
    observedAt: context.host.now().wallMs,
    session,
    missing,
    role: fields.get('role') ?? '',
    lastSave: fields.get('rdb_last_bgsave_status') ?? '',
    aof: fields.get('aof_enabled') === '1',
    lastAofWrite: fields.get('aof_last_write_status') ?? '',
    lastAofRewrite: fields.get('aof_last_bgrewrite_status') ?? '',
    changesSinceSave: numberIn(fields, 'rdb_changes_since_last_save'),
    masterLink: fields.get('master_link_status') ?? '',
    masterLinkDownSeconds: numberIn(fields, 'master_link_down_since_seconds'),
    replicas: numberIn(fields, 'connected_slaves'),
  };
}

function judge(seen: Facts): Judgement {
  const unseen = judgeUnseen(seen.session, seen.missing);
  if (unseen) return unseen;
  const at = seen.session.address;
  if (seen.lastSave === 'err') return { status: 'fail', code: 'bgsave-failed', data: { at } };
  if (seen.aof && seen.lastAofWrite === 'err') return { status: 'fail', code: 'aof-failed', data: { at } };
  if (seen.masterLink === 'down') {
    return { status: 'fail', code: 'master-link-down', data: { at, seconds: Math.max(0, seen.masterLinkDownSeconds ?? 0) } };
  }
  if (seen.aof && seen.lastAofRewrite === 'err') return { status: 'warn', code: 'aof-rewrite-failed', data: { at } };
  return { status: 'ok', code: 'saved', data: { at } };
}
