import type { Duplex } from 'node:stream';
import { HostError } from '../../errors.ts';
import type { SessionOutcome, SqlAnswer, SqlStatement } from '../../ports.ts';
import { withDeadline } from '../deadline.ts';
import { asSocket, type Link, SessionFailure, secure, toCell } from './session.ts';

/** Of what is left: the server gives up a statement before we give up the server, so that "slow" is told from "silent". */
const STATEMENT_SHARE = 0.7;
const MAX_ROWS = 500;
/** PostgreSQL 15 manual, 55.7: SSLRequest. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Everything happens inside one read-only transaction that is rolled back. Settings are local to it: behind a pooler a session's
 * settings would stay with a connection that the application gets next.
 */
export async function talkPostgres(link: Link<Record<string, SqlAnswer>>, statements: readonly SqlStatement[]): Promise<void> {
  const { met, deadline } = link;
  const stream = await negotiateTls(link);
  const client = await logIn(link, stream);
  try {
    met.loginMs = deadline.elapsedMs();
    const bound = Math.max(1, Math.floor(deadline.remainingMs() * STATEMENT_SHARE));
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${bound}; SET LOCAL search_path = pg_catalog`);
    const { rows } = await client.query(`SELECT current_setting('server_version') AS version`);
    met.serverVersion = String(rows[0]?.version ?? '');
    for (const { id, text } of statements) met.answers[id] = await ask(client, text);
    await client.query('ROLLBACK');
  } catch (error) {
    throw explain(error);
  } finally {
    await withDeadline(client.end(), Math.min(200, deadline.remainingMs()), 'end').catch(() => {});
    stream.destroy();
  }
}

type Client = InstanceType<typeof import('./postgres-client.ts')['Client']>;

/** Asked before the client starts, so that "no TLS here" needs no second connection. */
async function negotiateTls(link: Link<unknown>): Promise<Duplex> {
  const { stream } = link;
  const trust = await link.trust();
  if (trust.mode === 'off') return stream;
  const answer = await new Promise<Buffer>((resolve, reject) => {
    const onClose = () => reject(new SessionFailure('closed', 'ECONNRESET', 'closed by the server before it said anything'));
    stream.once('close', onClose);
    stream.once('data', (chunk: Buffer) => {
      stream.pause();
      stream.off('close', onClose);
      resolve(chunk);
    });
    stream.write(SSL_REQUEST);
  });
  const word = answer.toString('latin1');
  if (word === 'S') return secure(link, stream, trust);
  if (word === 'N' && trust.mode === 'prefer') return stream;
  if (word === 'N') throw new SessionFailure('tls-failed', 'NO_TLS', 'the server offers no TLS');
  throw new SessionFailure('protocol-error', 'NOT_POSTGRES', 'the answer is not one of a PostgreSQL server');
}

async function logIn({ login, host, port }: Link<unknown>, stream: Duplex): Promise<Client> {
  const { Client } = await import('./postgres-client.ts');
  let asked = false;
  const client = new Client({
    stream: () => asSocket(stream) as never,
    host,
    port,
    ssl: false,
    user: login.user as string,
    database: login.database ?? (login.user as string),
    application_name: 'oor',
    // A function, or the driver would look for a password file of its own.
    password: () => {
      asked = true;
      return login.password ?? '';
    },
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (asked && login.password === undefined) {
      throw new HostError(
        'no-permission',
        `${host}:${port} asks for a password and the connection string has none`,
        'a url with the password: {env: NAME} or {file: PATH}',
      );
    }
    throw explain(error);
  }
}

async function ask(client: Client, text: string): Promise<SqlAnswer> {
  await client.query('SAVEPOINT oor');
  try {
    const { rows } = await client.query(text);
    return {
      rows: rows
        .slice(0, MAX_ROWS)
        .map((row: object) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, toCell(value)]))),
    };
  } catch (error) {
    const { code, message, severity } = error as { code?: string; message: string; severity?: string };
    if (severity !== 'ERROR' || code === undefined) throw error;
    await client.query('ROLLBACK TO SAVEPOINT oor');
    return { rows: [], errorCode: code, error: message };
  }
}

/** PostgreSQL 15 manual, appendix A; 28000 is also what pg_hba.conf says. */
const OUTCOMES: Readonly<Record<string, SessionOutcome>> = {
  '28P01': 'auth-failed',
  '28000': 'auth-failed',
  '3D000': 'no-such-database',
  '53300': 'too-many-connections',
  '57P01': 'shutting-down',
  '57P02': 'shutting-down',
  '57P03': 'starting-up',
};

function explain(error: unknown): unknown {
  if (error instanceof SessionFailure || error instanceof HostError) return error;
  const { code = '', message = String(error), severity } = error as { code?: string; message?: string; severity?: string };
  if (severity !== undefined) return new SessionFailure(nameOutcome(code, message), code, message);
  if (/terminated|ended/i.test(message) || code !== '') return new SessionFailure('closed', code || 'ECONNRESET', message);
  return new SessionFailure('protocol-error', 'PROTOCOL', message);
}

/** PgBouncer has no codes of its own for these. */
function nameOutcome(code: string, message: string): SessionOutcome {
  if (/no more connections allowed|too many (clients|connections)/i.test(message)) return 'too-many-connections';
  if (code === '57P03' && /shutting down/i.test(message)) return 'shutting-down';
  return OUTCOMES[code] ?? (/authentication failed/i.test(message) ? 'auth-failed' : 'rejected');
}
