import { rootCertificates } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { SessionOutcome, SqlAnswer, SqlStatement } from '../../ports.ts';
import { withDeadline } from '../deadline.ts';
import { asSocket, type Link, SessionFailure, toCell } from './session.ts';

const MAX_ROWS = 500;

/** One read-only transaction, as with PostgreSQL. TLS only where it is asked for: to try costs this server a broken-off login, and it counts those. */
export async function talkMysql(link: Link<Record<string, SqlAnswer>>, statements: readonly SqlStatement[]): Promise<void> {
  const { met, deadline, stream } = link;
  const connection = await logIn(link);
  try {
    met.loginMs = deadline.elapsedMs();
    const [{ version } = {}] = await query(connection, 'SELECT version() AS version');
    met.serverVersion = String(version ?? '');
    await query(connection, 'START TRANSACTION READ ONLY');
    for (const { id, text } of statements) met.answers[id] = await ask(connection, text);
    await query(connection, 'ROLLBACK');
    await withDeadline(leave(connection), Math.min(200, deadline.remainingMs()), 'end').catch(() => {});
  } catch (error) {
    throw explain(error, link);
  } finally {
    connection.destroy();
    stream.destroy();
  }
}

type Connection = ReturnType<typeof import('./mysql-client.ts')['createConnection']>;

async function logIn(link: Link<unknown>): Promise<Connection> {
  const { createConnection } = await import('./mysql-client.ts');
  const { login, host, port, stream, deadline } = link;
  const tls = await chooseTls(link);
  const connection = createConnection({
    stream: asSocket(stream),
    host,
    port,
    user: login.user as string,
    password: login.password ?? '',
    ...(login.database !== undefined && { database: login.database }),
    ...(tls && { ssl: tls }),
    connectTimeout: deadline.remainingMs() + 1_000,
    connectAttributes: { program_name: 'oor' },
    dateStrings: true,
    decimalNumbers: true,
  });
  try {
    await new Promise((resolve, reject) => connection.once('connect', resolve).once('error', reject));
  } catch (error) {
    connection.destroy();
    throw explain(error, link);
  } finally {
    connection.on('error', () => {});
  }
  return connection;
}

async function chooseTls({
  trust,
  caText,
}: Link<unknown>): Promise<{ ca: string[]; rejectUnauthorized: boolean; verifyIdentity: boolean } | undefined> {
  const { mode } = await trust();
  if (mode === 'off' || mode === 'prefer') return undefined;
  const anchors = await caText();
  return {
    ca: [...rootCertificates, ...(anchors === undefined ? [] : [anchors])],
    rejectUnauthorized: mode !== 'require',
    verifyIdentity: mode === 'verify-full',
  };
}

type Row = Readonly<Record<string, unknown>>;

function query(connection: Connection, text: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    connection.query(text, (error, rows) => (error ? reject(error) : resolve(Array.isArray(rows) ? (rows as Row[]) : [])));
  });
}

function leave(connection: Connection): Promise<void> {
  return new Promise((resolve) => connection.end(() => resolve()));
}

async function ask(connection: Connection, text: string): Promise<SqlAnswer> {
  try {
    const rows = await query(connection, text);
    return {
      rows: rows.slice(0, MAX_ROWS).map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, toCell(value)]))),
    };
  } catch (error) {
    const { errno, message, fatal } = error as { errno?: number; message: string; fatal?: boolean };
    if (fatal || errno === undefined || errno < 1_000) throw error;
    return { rows: [], errorCode: String(errno), error: message };
  }
}

/** MySQL 8.0 error reference; MariaDB has the same numbers. */
const OUTCOMES: Readonly<Record<number, SessionOutcome>> = {
  1040: 'too-many-connections',
  1044: 'auth-failed',
  1045: 'auth-failed',
  1049: 'no-such-database',
  1053: 'shutting-down',
  1130: 'auth-failed',
  1135: 'too-many-connections',
  1203: 'too-many-connections',
  1226: 'too-many-connections',
  1251: 'auth-failed',
  1698: 'auth-failed',
};
const SECURE_TRANSPORT_REQUIRED = 3159;

function explain(error: unknown, { login, host, port }: Link<unknown>): unknown {
  if (error instanceof SessionFailure || error instanceof HostError) return error;
  const { errno = 0, code = '', message = String(error) } = error as { errno?: number; code?: string; message?: string };
  if (errno === SECURE_TRANSPORT_REQUIRED) {
    return new HostError('no-permission', `${host}:${port} lets in over TLS only`, 'ssl-mode=REQUIRED in the url, or ca_file');
  }
  const outcome = OUTCOMES[errno];
  if (outcome === 'auth-failed' && login.password === undefined) {
    return new HostError(
      'no-permission',
      `${host}:${port} refuses a login without a password`,
      'a url with the password: {env: NAME} or {file: PATH}',
    );
  }
  if (outcome) return new SessionFailure(outcome, String(errno), message);
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT' || code === 'HANDSHAKE_SSL_ERROR') return new SessionFailure('tls-failed', code, message);
  if (errno >= 1_000) return new SessionFailure('rejected', String(errno), message);
  const lost = /LOST|ECONNRESET|EPIPE/.test(code);
  return new SessionFailure(lost ? 'closed' : 'protocol-error', code || 'PROTOCOL', message);
}
