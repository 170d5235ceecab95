import type { SqlRow, SqlSession } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { formatBytes, round } from './linux.ts';
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

const params = strictObject({
  ...sqlParams,
  /** Standbys that should follow: the name they give (application_name, server id) or their address. */
  standbys: v.nullish(v.array(v.union([v.string(), v.object({ name: v.string(), host: v.nullish(v.string()) })]))),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  session: sessionFacts,
  missing: missingFacts,
  role: v.string(),
  /** This server follows another one. */
  standby: v.boolean(),
  followers: v.array(
    v.object({
      name: v.string(),
      client: v.string(),
      /** '': hidden from this login. */
      state: v.string(),
      sync: v.string(),
      lagBytes: v.nullable(v.number()),
      lagSeconds: v.nullable(v.number()),
    }),
  ),
  /** Slots keep the log for a follower that may never come back. */
  slots: v.optional(
    v.array(v.object({ name: v.string(), active: v.boolean(), retainedBytes: v.nullable(v.number()), walStatus: v.string() })),
    [],
  ),
  /** Commits wait for one of these (synchronous_standby_names); '' when they wait for nobody. */
  waitsFor: v.string(),
  /** As a standby: null where it is none. */
  receiving: v.nullable(v.boolean()),
  lagSeconds: v.nullable(v.number()),
  error: v.string(),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 10, crit: 30, unit: 's', source: 'Netdata mysql.conf', clear: { warn: 5, crit: 10 } };

export const dbReplication = defineCheck<Params, Facts>({
  id: 'db.replication',
  phase: 'software',
  title: { en: 'Database replication', 'zh-CN': '数据库复制' },
  params,
  facts,
  messages: {
    ...blindMessages,
    streaming: {
      en: '{count|standby follows|standbys follow} {at}, {seconds} s behind at most',
      'zh-CN': '{at} 有 {count} 个备库正常复制，最大延迟 {seconds} 秒',
    },
    receiving: { en: '{at} follows its primary, {seconds} s behind', 'zh-CN': '{at} 正在跟随主库，延迟 {seconds} 秒' },
    lagging: { en: '{name} of {at} is {seconds} s behind', 'zh-CN': '{at} 的 {name} 复制延迟 {seconds} 秒' },
    missing: { en: '{name} should follow {at} and does not', 'zh-CN': '{name} 应跟随 {at}，但未连接' },
    'catching-up': { en: '{name} follows {at} and is in state {state}', 'zh-CN': '{name} 正跟随 {at}，状态为 {state}' },
    'sync-missing': {
      en: 'commits on {at} wait for a synchronous standby ({name}) and none is connected: every write hangs',
      'zh-CN': '{at} 的提交在等待同步备库（{name}），但无一在线：所有写入都会挂起',
    },
    'receiver-down': { en: '{at} is a standby and receives nothing: {error}', 'zh-CN': '{at} 为备库，但未接收复制数据：{error}' },
    'slot-lost': {
      en: 'replication slot {name} of {at} has lost log that its follower needs: the follower must be made anew',
      'zh-CN': '{at} 的复制槽 {name} 已丢失备库所需 WAL：须重建该备库',
    },
    'slot-retains': {
      en: 'nobody reads replication slot {name} of {at}, which keeps {size} of log: the disk fills up',
      'zh-CN': '{at} 的复制槽 {name} 无消费者，已保留 {size} WAL：磁盘将被占满',
    },
    alone: { en: 'nothing follows {at}, and nothing is named that should', 'zh-CN': '{at} 没有备库，配置中也未声明' },
    hidden: { en: 'states of the standbys of {at} are hidden', 'zh-CN': '{at} 的备库状态不可见' },
  },
  thresholds: LIMITS,
  timeoutMs: 8_000,
  example: { to: { env: 'OOR_DB_URL' }, kind: 'postgres', standbys: ['standby1'] },
  probe,
  judge,
});

const POSTGRES = [
  {
    id: 'state',
    text: `SELECT current_user::text AS role, CASE WHEN pg_is_in_recovery() THEN 'yes' ELSE 'no' END AS standby,
 CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN '' ELSE current_setting('synchronous_standby_names') END AS waits_for`,
  },
  {
    id: 'followers',
    text: `SELECT coalesce(application_name, '') AS name, coalesce(host(client_addr), '') AS client, coalesce(state, '') AS state, coalesce(sync_state, '') AS sync,
 CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 END AS bytes,
 extract(epoch FROM replay_lag)::float8 AS seconds FROM pg_stat_replication ORDER BY 1`,
  },
  {
    id: 'slots',
    text: `SELECT slot_name::text AS name, CASE WHEN active THEN 'yes' ELSE 'no' END AS active, coalesce(to_jsonb(s) ->> 'wal_status', '') AS wal,
 CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 END AS bytes FROM pg_replication_slots s ORDER BY 4 DESC NULLS LAST LIMIT 50`,
  },
  // A standby that has replayed all it got is up to date, however old the last commit is.
  {
    id: 'receiver',
    text: `SELECT (SELECT coalesce(status, 'hidden') FROM pg_stat_wal_receiver) AS status,
 CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END AS seconds`,
  },
];
const MYSQL = [
  { id: 'state', text: `SELECT current_user() AS role, 'no' AS standby, '' AS waits_for` },
  {
    id: 'followers',
    text: `SELECT user AS name, substring_index(host, ':', 1) AS client, 'streaming' AS state, '' AS sync FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'`,
  },
  // MariaDB from 10.5 and MySQL from 8.0.22 have the first, older ones the second only.
  { id: 'replica', text: 'SHOW REPLICA STATUS' },
  { id: 'slave', text: 'SHOW SLAVE STATUS' },
];

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const session = await askSql(params, context, { postgres: POSTGRES, mysql: MYSQL });
  const [state] = rowsOf(session, 'state');
  const followers = rowsOf(session, 'followers').map((row) => ({
    name: textOf(row, 'name'),
    client: textOf(row, 'client'),
    state: textOf(row, 'state'),
    sync: textOf(row, 'sync'),
    lagBytes: numberOf(row, 'bytes'),
    lagSeconds: roundOrNull(numberOf(row, 'seconds')),
  }));
  const own = session.kind === 'mysql' ? readReplica(session) : readReceiver(session, textOf(state, 'standby') === 'yes');
  return {
    observedAt: context.host.now().wallMs,
    session: keepSession(session, session.kind),
    missing: findMissing(session.answers['followers']),
    role: textOf(state, 'role'),
    standby: own.receiving !== null,
    followers: followers.slice(0, 50),
    slots: rowsOf(session, 'slots').map((row) => ({
      name: textOf(row, 'name'),
      active: textOf(row, 'active') === 'yes',
      retainedBytes: numberOf(row, 'bytes'),
      walStatus: textOf(row, 'wal'),
    })),
    waitsFor: textOf(state, 'waits_for'),
    ...own,
  };
}

type Own = Pick<Facts, 'receiving' | 'lagSeconds' | 'error'>;

function readReceiver(session: SqlSession, standby: boolean): Own {
  if (!standby) return { receiving: null, lagSeconds: null, error: '' };
  const [row] = rowsOf(session, 'receiver');
  const status = textOf(row, 'status');
  const receiving = status === 'streaming' || status === 'hidden';
  return { receiving, lagSeconds: roundOrNull(numberOf(row, 'seconds')), error: receiving ? '' : status || 'no WAL receiver' };
}

function readReplica(session: SqlSession): Own {
  const [row] = [...rowsOf(session, 'replica'), ...rowsOf(session, 'slave')];
  if (!row) return { receiving: null, lagSeconds: null, error: '' };
  const pick = (...names: string[]) => names.map((name) => textOf(row as SqlRow, name)).find((text) => text !== '') ?? '';
  const receiving = pick('Replica_IO_Running', 'Slave_IO_Running') === 'Yes' && pick('Replica_SQL_Running', 'Slave_SQL_Running') === 'Yes';
  const behind = pick('Seconds_Behind_Source', 'Seconds_Behind_Master');
  const error = pick('Last_IO_Error', 'Last_SQL_Error', 'Last_Error');
  return { receiving, lagSeconds: behind === '' ? null : Number(behind), error: receiving ? '' : error.slice(0, 300) || 'not running' };
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}

function judge(seen: Facts, params: Params, limits: Thresholds = LIMITS): Judgement {
  const { session, missing, role, followers, waitsFor } = seen;
  const unseen = judgeBlind(session) ?? judgeMissing(session, missing, role);
  if (unseen) return unseen;
  const at = session.address;
  if (seen.receiving === false) return { status: 'fail', code: 'receiver-down', data: { at, error: seen.error } };
  const absent = (params.standbys ?? []).find((each) => !followers.some((follower) => matches(follower, each)));
  if (absent !== undefined)
    return { status: 'fail', code: 'missing', data: { at, name: typeof absent === 'string' ? absent : absent.name } };
  if (followers.some(({ state }) => state === ''))
    return { status: 'unknown', code: 'hidden', data: { at }, unlock: rightsFor(session.kind, role) };
  if (waitsFor !== '' && !followers.some(({ sync }) => sync === 'sync' || sync === 'quorum')) {
    return { status: 'fail', code: 'sync-missing', data: { at, name: waitsFor } };
  }
  const worst = followers.reduce((most, each) => ((each.lagSeconds ?? 0) > (most?.lagSeconds ?? 0) ? each : most), followers[0]);
  const lag = Math.max(worst?.lagSeconds ?? 0, seen.lagSeconds ?? 0);
  const status = gradeAbove(lag, limits, 'lag');
  const shown = showLimit(lag, limits, status);
  if (status !== 'ok')
    return { status, code: 'lagging', item: 'lag', data: { at, name: seen.receiving ? at : nameOf(worst), seconds: lag }, ...shown };
  const catching = followers.find(({ state }) => state !== 'streaming');
  if (catching) return { status: 'warn', code: 'catching-up', data: { at, name: nameOf(catching), state: catching.state } };
  const slot = judgeSlots(seen.slots, at);
  if (slot) return slot;
  if (seen.receiving) return { status: 'ok', code: 'receiving', data: { at, seconds: lag }, ...shown };
  if (followers.length === 0) return { status: 'not-applicable', code: 'alone', data: { at } };
  return { status: 'ok', code: 'streaming', data: { at, count: followers.length, seconds: lag }, ...shown };
}

/** Own figure: some hours of a busy till; a follower that is away for less catches up by itself. */
const RETAINED_BYTES = 1024 ** 3;

function judgeSlots(slots: Facts['slots'], at: string): Judgement | undefined {
  const lost = slots.find(({ walStatus }) => walStatus === 'lost');
  if (lost) return { status: 'warn', code: 'slot-lost', data: { at, name: lost.name } };
  const unread = slots.find(
    ({ active, retainedBytes, walStatus }) => !active && ((retainedBytes ?? 0) > RETAINED_BYTES || walStatus === 'unreserved'),
  );
  return unread && { status: 'warn', code: 'slot-retains', data: { at, name: unread.name, size: formatBytes(unread.retainedBytes ?? 0) } };
}

function matches(
  { name, client }: Facts['followers'][number],
  wanted: string | { readonly name: string; readonly host?: string | null | undefined },
): boolean {
  const names = typeof wanted === 'string' ? [wanted] : [wanted.name, wanted.host ?? ''];
  return names.some((each) => each !== '' && (each === name || each === client));
}

function nameOf(follower: Facts['followers'][number] | undefined): string {
  return follower?.name || follower?.client || '?';
}
