/** What the checks that log in to a database share: where to, how a session failed, what rights it lacks, query texts without values. */
import type { SessionOutcome, SqlAnswer, SqlRow, SqlSession, SqlStatement, Text } from '../ports.ts';
import type { Judgement, ProbeContext } from './check.ts';
import { boundTimeout } from './connect.ts';
import { round } from './linux.ts';
import { duration, type Infer, secretRef, v } from './schema.ts';
import { askPostgresOnHost } from './sql-on-host.ts';

export const sessionParams = {
  /** A URL, a libpq keyword string, a Go DSN, or a secret that holds one. */
  to: v.union([v.string(), secretRef]),
  ca_file: v.nullish(v.string()),
  timeout: v.nullish(duration, '5s'),
};
export const sqlParams = {
  ...sessionParams,
  kind: v.nullish(v.picklist(['postgres', 'mysql'])),
  /** Ask on the machine of the database (`on:`), as its administrator, instead of logging in from here. PostgreSQL only. */
  as_owner: v.nullish(v.boolean(), false),
};

const SESSION_OUTCOMES = [
  'connected',
  'refused',
  'timed-out',
  'unreachable',
  'name-not-resolved',
  'reset',
  'no-answer',
  'closed',
  'tls-failed',
  'auth-failed',
  'no-such-database',
  'too-many-connections',
  'starting-up',
  'shutting-down',
  'rejected',
  'protocol-error',
] as const satisfies readonly SessionOutcome[];

export const sessionFacts = v.object({
  kind: v.picklist(['postgres', 'mysql', 'redis']),
  outcome: v.picklist(SESSION_OUTCOMES),
  address: v.string(),
  serverVersion: v.string(),
  /** Connection and login, ms. */
  durationMs: v.number(),
  errorCode: v.string(),
  error: v.string(),
});
export type SessionFacts = Infer<typeof sessionFacts>;

interface SessionParams {
  readonly to: string | { readonly env: string } | { readonly file: string; readonly key?: string };
  readonly kind?: 'postgres' | 'mysql' | null | undefined;
  readonly ca_file?: string | null | undefined;
  readonly as_owner?: boolean | null | undefined;
  readonly timeout: number;
}

/** One login, the statements, and out. `rounds`: sessions one after the other that have to fit into the budget. */
export async function askSql(
  params: SessionParams,
  context: ProbeContext,
  statements: { readonly postgres?: readonly SqlStatement[]; readonly mysql?: readonly SqlStatement[] },
  rounds = 1,
): Promise<SqlSession> {
  const { net, secrets, signal, timeoutMs } = context;
  if (params.as_owner === true)
    return await askPostgresOnHost({ to: params.to, statements: statements.postgres ?? [], timeout: params.timeout, rounds }, context);
  return net.sql({
    to: params.to,
    secrets,
    signal,
    statements,
    timeoutMs: boundTimeout(params.timeout, timeoutMs, rounds),
    ...(params.kind != null && { kind: params.kind }),
    ...(params.ca_file != null && { caFile: params.ca_file }),
  });
}

export function keepSession(session: Omit<SqlSession, 'kind' | 'answers'>, kind: SessionFacts['kind']): SessionFacts {
  const { outcome, address, serverVersion, durationMs, errorCode = '', error = '' } = session;
  return { kind, outcome, address, serverVersion, durationMs: round(durationMs), errorCode, error: error.slice(0, 300) };
}

export const sessionMessages = {
  refused: {
    en: '{at} refuses connections: nothing listens there (or a firewall rejects)',
    'zh-CN': '{at} 拒绝连接：该端口无服务监听（或被防火墙拒绝）',
  },
  'timed-out': { en: 'no answer from {at}: packets are dropped or the machine is down', 'zh-CN': '{at} 无应答：数据包被丢弃或主机宕机' },
  unreachable: { en: 'no route to {at}', 'zh-CN': '到 {at} 没有可用路由' },
  'name-not-resolved': { en: 'the name in {at} does not resolve', 'zh-CN': '{at} 中的域名无法解析' },
  reset: { en: '{at} accepted and reset the connection', 'zh-CN': '{at} 接受连接后立即重置' },
  hung: {
    en: '{at} accepts connections and says nothing within {ms} ms: it hangs',
    'zh-CN': '{at} 接受连接，但 {ms} 毫秒内无任何响应：服务已挂起',
  },
  closed: { en: '{at} closed the connection: {error}', 'zh-CN': '{at} 关闭了连接：{error}' },
  'tls-failed': { en: 'no TLS with {at}: {error}', 'zh-CN': '与 {at} 的 TLS 握手失败：{error}' },
  'auth-failed': { en: '{at} refuses the login: {error}', 'zh-CN': '{at} 拒绝登录：{error}' },
  'no-such-database': { en: '{at} has no such database: {error}', 'zh-CN': '{at} 上不存在该数据库：{error}' },
  'too-many-connections': { en: '{at} has no connection left: {error}', 'zh-CN': '{at} 连接数已耗尽：{error}' },
  'starting-up': { en: '{at} is starting up and takes no logins yet: {error}', 'zh-CN': '{at} 正在启动，尚不接受登录：{error}' },
  'shutting-down': { en: '{at} is shutting down: {error}', 'zh-CN': '{at} 正在关闭：{error}' },
  rejected: { en: '{at} rejects the session: {error}', 'zh-CN': '{at} 拒绝会话：{error}' },
  'protocol-error': {
    en: '{at} does not answer as expected of this kind of server: {error}',
    'zh-CN': '{at} 的应答不符合该类服务的协议：{error}',
  },
} satisfies Readonly<Record<string, Text>>;

/** undefined: there is a session. A server that does not let us in is judged as what it is. */
export function judgeSession(session: SessionFacts): Judgement | undefined {
  if (session.outcome === 'connected') return undefined;
  const code = session.outcome === 'no-answer' ? 'hung' : session.outcome;
  return { status: 'fail', code, data: sessionData(session) };
}

function sessionData({ address, durationMs, error, errorCode }: SessionFacts): Record<string, string | number> {
  return { at: address, ms: durationMs, error: error || errorCode || '-' };
}

export const blindMessages = {
  'no-session': { en: 'could not look inside {at}: {outcome}', 'zh-CN': '无法查看 {at} 内部：{outcome}' },
  'no-rights': { en: '{at}: the login may not see this: {error}', 'zh-CN': '{at}：当前账号无权查看：{error}' },
} satisfies Readonly<Record<string, Text>>;

/** For the checks that look inside: without a session they know nothing, and `db.pg`, `db.mysql` or `cache.redis` says why. */
export function judgeBlind(session: SessionFacts): Judgement | undefined {
  if (session.outcome === 'connected') return undefined;
  return {
    status: 'unknown',
    code: 'no-session',
    data: { at: session.address, outcome: session.outcome },
    unlock: session.outcome === 'too-many-connections' ? reservedSlot(session.kind) : 'a server that lets this login in',
  };
}

function reservedSlot(kind: SessionFacts['kind']): string {
  if (kind === 'postgres')
    return 'a slot kept for oor: reserved_connections and GRANT pg_use_reserved_connections TO its role (PostgreSQL 16)';
  return kind === 'mysql' ? 'a slot kept for oor: extra_port (MariaDB) or admin_address (MySQL)' : 'a higher maxclients';
}

/** What the first of these answers lacks; '' when it is there. */
export const missingFacts = v.object({ errorCode: v.string(), error: v.string() });
export type Missing = Infer<typeof missingFacts>;

export function findMissing(answer: SqlAnswer | undefined): Missing {
  if (!answer) return { errorCode: 'not-asked', error: 'the session ended before' };
  return { errorCode: answer.errorCode ?? '', error: answer.error ?? '' };
}

export function judgeMissing(session: SessionFacts, { errorCode, error }: Missing, role: string): Judgement | undefined {
  if (errorCode === '') return undefined;
  return {
    status: 'unknown',
    code: 'no-rights',
    data: { at: session.address, error: error || errorCode },
    unlock: rightsFor(session.kind, role),
  };
}

export function rightsFor(kind: SessionFacts['kind'], role: string): string {
  const who = role || 'the role of the profile';
  return kind === 'postgres' ? `GRANT pg_monitor TO ${who}` : `GRANT PROCESS, REPLICATION CLIENT ON *.* TO ${who}`;
}

export function rowsOf(session: SqlSession, id: string): readonly SqlRow[] {
  return session.answers[id]?.rows ?? [];
}

export function textOf(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  return value == null ? '' : String(value);
}

/** null: not seen. */
export function numberOf(row: SqlRow | undefined, column: string): number | null {
  const value = row?.[column];
  return value == null || value === '' || Number.isNaN(Number(value)) ? null : Number(value);
}

const QUERY_KEPT = 160;

/** The shape of a query. Values are taken out before it is cut: half a card number would pass for no card number. */
export function shapeOfQuery(text: string, kind: SessionFacts['kind']): string {
  const strings = text.replace(/'(?:[^'\\]|''|\\.)*('|$)/gs, '?').replace(/\$(\w*)\$.*?(?:\$\1\$|$)/gs, '?');
  // MySQL writes strings in double quotes too; PostgreSQL writes names.
  const names = kind === 'mysql' ? strings.replace(/"(?:[^"\\]|""|\\.)*("|$)/gs, '?') : strings;
  return names
    .replace(/(?<![\w$])\d[\w.]*/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, QUERY_KEPT);
}
