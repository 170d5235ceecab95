/** Sessions with databases and caches over a host. */
import type { ConnectOutcome, SecretRef, Secrets } from './protocols.ts';
import type { Json } from './values.ts';

export type SqlKind = 'postgres' | 'mysql';

/** How far a client of a database or a cache came; all but `connected` are facts about the server or the way to it. */
export type SessionOutcome =
  | ConnectOutcome
  /** The port accepts, and then nothing is said in time. */
  | 'no-answer'
  | 'closed'
  | 'tls-failed'
  | 'auth-failed'
  | 'no-such-database'
  | 'too-many-connections'
  | 'starting-up'
  | 'shutting-down'
  | 'rejected'
  | 'protocol-error';

interface SessionRequest {
  /** A URL, a libpq keyword string or `host:port`, or the secret that holds one: revealed where it is used, so that a recording has the reference only. */
  readonly to: string | SecretRef;
  readonly secrets: Secrets;
  /** PEM file with extra trust anchors; with it the server's certificate is verified. */
  readonly caFile?: string;
  /** For everything: connection, login, statements. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface SessionResult {
  readonly outcome: SessionOutcome;
  /** `host:port` */
  readonly address: string;
  readonly serverVersion: string;
  /** Connection and login. */
  readonly durationMs: number;
  /** SQLSTATE, MySQL error number, Redis error word or the operating system's code. */
  readonly errorCode?: string;
  readonly error?: string;
}

export interface SqlStatement {
  readonly id: string;
  readonly text: string;
}

export interface SqlRequest extends SessionRequest {
  /** Where `to` does not tell. */
  readonly kind?: SqlKind;
  /** Run one after the other inside one read-only transaction; one that fails does not hinder the next. */
  readonly statements: { readonly [kind in SqlKind]?: readonly SqlStatement[] };
}

export type SqlRow = { readonly [column: string]: null | boolean | number | string };

export interface SqlAnswer {
  readonly rows: readonly SqlRow[];
  readonly errorCode?: string;
  readonly error?: string;
}

export interface SqlSession extends SessionResult {
  readonly kind: SqlKind;
  /** By statement; one that was not run any more is missing. */
  readonly answers: Readonly<Record<string, SqlAnswer>>;
}

/** Only commands that read. */
export type RedisCommand =
  | readonly ['PING']
  | readonly ['INFO', string?]
  | readonly ['CONFIG', 'GET', string]
  | readonly ['SLOWLOG', 'GET', string];

export interface RedisRequest extends SessionRequest {
  readonly commands: readonly RedisCommand[];
}

export interface RedisAnswer {
  readonly reply: Json;
  readonly errorCode?: string;
  readonly error?: string;
}

export interface RedisSession extends SessionResult {
  /** In the order of the commands; shorter when the server stopped answering. */
  readonly answers: readonly RedisAnswer[];
}
