/** What the clients of databases and caches share: the login behind a reference, the stream, TLS on it, one deadline for all. */
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { Host, RedisRequest, SessionOutcome, SessionResult, SqlRequest } from '../../ports.ts';
import { type Deadline, startDeadline, withDeadline } from '../deadline.ts';
import { openConnection } from './connect.ts';
import { type Login, parseConnectionString } from './connection-string.ts';
import type { Vantage } from './resolve.ts';
import { startTls } from './tls-client.ts';
import type { TrustStores } from './trust.ts';
import type { Turns } from './turns.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

export interface ClientAccess {
  readonly host: Pick<Host, 'readFile'>;
  readonly vantage: Vantage;
  readonly trustStores: TrustStores;
  readonly turns: Turns;
}

export interface Session<A> extends SessionResult {
  readonly answers: A;
}

/** A connected stream and who to be on it; `met` is filled on the way, so that a client cut off in the middle still tells what it saw. */
export interface Link<A> {
  readonly stream: Duplex;
  readonly host: string;
  readonly port: number;
  readonly login: Login;
  readonly deadline: Deadline;
  /** TLS is a client's own affair when its protocol mixes both. */
  readonly trust: () => Promise<Trust>;
  /** The PEM text of the extra trust anchors. */
  readonly caText: () => Promise<string | undefined>;
  readonly met: { serverVersion: string; loginMs: number | undefined; readonly answers: A };
}

/** Why there is no session, in one word. */
export class SessionFailure extends Error {
  readonly outcome: SessionOutcome;
  readonly code: string;

  constructor(outcome: SessionOutcome, code: string, message: string) {
    super(message);
    this.outcome = outcome;
    this.code = code;
  }
}

export async function revealLogin(request: SqlRequest | RedisRequest, kind?: NonNullable<Login['kind']>): Promise<Login> {
  return parseConnectionString(typeof request.to === 'string' ? request.to : await request.secrets.reveal(request.to), kind);
}

export async function openSession<A extends object>(
  access: ClientAccess,
  request: SqlRequest | RedisRequest,
  login: Login,
  answers: () => A,
  talk: (link: Link<A>) => Promise<void>,
): Promise<Session<A>> {
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const [{ host, port }] = login.addresses;
  const key = `${host}:${port} ${login.user ?? ''} ${login.password ?? ''} ${login.database ?? ''} ${request.caFile ?? ''}`;
  return access.turns.take(key, timeoutMs, async () => {
    const deadline = startDeadline(timeoutMs);
    const met: Link<A>['met'] = { serverVersion: '', loginMs: undefined, answers: answers() };
    const { where, failure } = await connectAndTalk(access, request, login, deadline, met, talk);
    return {
      outcome: failure?.outcome ?? 'connected',
      address: where,
      serverVersion: met.serverVersion,
      durationMs: met.loginMs ?? deadline.elapsedMs(),
      ...(failure && { errorCode: failure.code, error: failure.message }),
      answers: met.answers,
    };
  });
}

interface Talked {
  readonly where: string;
  readonly failure?: SessionFailure;
}

/** The first address that lets a connection in, as libpq does with several hosts. */
async function connectAndTalk<A>(
  { host: files, vantage, trustStores }: ClientAccess,
  request: SqlRequest | RedisRequest,
  login: Login,
  deadline: Deadline,
  met: Link<A>['met'],
  talk: (link: Link<A>) => Promise<void>,
): Promise<Talked> {
  let last: Talked | undefined;
  for (const { host, port } of login.addresses) {
    const where = `${host}:${port}`;
    const connection = await openConnection(vantage, { host, port }, deadline, request.signal);
    if (connection.stream === null) {
      last = { where, failure: new SessionFailure(connection.failure, connection.errorCode, connection.error) };
      continue;
    }
    const trust = () => chooseTrust(login, request.caFile, trustStores);
    const caText = async () => (request.caFile === undefined ? undefined : (await files.readFile(request.caFile)).text);
    const link = { stream: connection.stream, host, port, login, deadline, trust, caText, met };
    return { where, ...(await within(link, request.signal, talk)) };
  }
  return last as Talked;
}

async function within<A>(
  link: Link<A>,
  signal: AbortSignal | undefined,
  talk: (link: Link<A>) => Promise<void>,
): Promise<Pick<Talked, 'failure'>> {
  const { stream, deadline } = link;
  const stop = () => stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  stream.on('error', () => {});
  const timer = setTimeout(stop, deadline.remainingMs() + LAST_WORD_MS);
  try {
    await withDeadline(talk(link), deadline.remainingMs(), 'session').catch((error: unknown) => {
      if (error instanceof HostError && error.reason === 'timed-out') throw new SessionFailure('no-answer', 'ETIMEDOUT', error.message);
      throw error;
    });
    return {};
  } catch (error) {
    if (error instanceof SessionFailure) return { failure: error };
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** A client that was told to end may still be waiting. */
const LAST_WORD_MS = 100;

export type Trust =
  | { readonly mode: 'off' }
  | { readonly mode: 'prefer' | 'require' | 'verify-ca' | 'verify-full'; readonly context: ReturnType<typeof createSecureContext> };

/** As libpq: TLS where the server offers it, verified where the text or an own trust anchor asks for it. */
async function chooseTrust({ tls }: Login, caFile: string | undefined, trustStores: TrustStores): Promise<Trust> {
  const mode = tls ?? (caFile === undefined ? 'prefer' : 'verify-full');
  if (mode === 'disable') return { mode: 'off' };
  const verified = mode === 'verify-ca' || mode === 'verify-full';
  return { mode, context: verified ? (await trustStores(caFile)).context : createSecureContext({ ca: [] }) };
}

export async function secure(
  { host, deadline }: Pick<Link<unknown>, 'host' | 'deadline'>,
  stream: Duplex,
  { mode, context }: Exclude<Trust, { readonly mode: 'off' }>,
): Promise<Duplex> {
  const started = await startTls(stream, { serverName: host, context, verify: mode === 'verify-full', deadline });
  if ('failure' in started) throw new SessionFailure('tls-failed', started.failure.errorCode, started.failure.error);
  const { socket } = started;
  const fault = socket.authorized ? '' : String(socket.authorizationError);
  if (mode === 'verify-ca' && fault !== '' && !fault.includes('ALTNAME')) throw new SessionFailure('tls-failed', fault, fault);
  return socket;
}

/** What drivers expect of a socket beyond a duplex stream; this one is connected already. */
export function asSocket(stream: Duplex): Duplex {
  const same = () => stream;
  const missing = Object.fromEntries(
    ['setNoDelay', 'setKeepAlive', 'setTimeout', 'ref', 'unref'].filter((name) => !(name in stream)).map((name) => [name, same]),
  );
  const connect = () => {
    process.nextTick(() => {
      stream.emit('connect');
      stream.resume();
    });
    return stream;
  };
  return Object.assign(stream, missing, { connect });
}

const MAX_TEXT = 4_000;

/** A value of a driver as plain data. */
export function toCell(value: unknown): null | boolean | number | string {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  const text = Buffer.isBuffer(value) || typeof value === 'string' ? value.toString() : JSON.stringify(value);
  return text.slice(0, MAX_TEXT);
}
