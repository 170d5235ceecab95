import type { Duplex } from 'node:stream';
import { HostError } from '../../errors.ts';
import type { Json, RedisAnswer, RedisCommand, RedisRequest, RedisSession, SessionOutcome } from '../../ports.ts';
import { asSocket, type ClientAccess, type Link, openSession, revealLogin, SessionFailure, secure } from './session.ts';

export async function openRedis(access: ClientAccess, request: RedisRequest): Promise<RedisSession> {
  const login = await revealLogin(request, 'redis');
  if (login.kind !== 'redis') throw new HostError('unsupported', `a ${login.kind} server is not what is asked here`);
  return openSession<RedisAnswer[]>(
    access,
    request,
    login,
    () => [],
    (link) => talk(link, request),
  );
}

async function talk(link: Link<RedisAnswer[]>, { commands, caFile }: RedisRequest): Promise<void> {
  const { login, met, deadline } = link;
  // A Redis port speaks TLS or it does not: nothing is negotiated.
  const stream = login.tls !== undefined || caFile !== undefined ? await startTls(link) : link.stream;
  const faults: unknown[] = [];
  const client = await createClient(stream, (error) => faults.push(error));
  try {
    await logIn(client, link);
    met.loginMs = deadline.elapsedMs();
    for (const command of commands) met.answers.push(await ask(client, command));
    met.serverVersion = findVersion(met.answers);
  } catch (error) {
    // What broke the connection is told apart from the commands that fell with it.
    throw explain(wordOf(error) === '' && !(error instanceof HostError) ? (faults[0] ?? error) : error);
  } finally {
    client.disconnect();
    stream.destroy();
  }
}

async function startTls(link: Link<unknown>): Promise<Duplex> {
  const trust = await link.trust();
  return trust.mode === 'off' ? link.stream : secure(link, link.stream, trust);
}

type Client = InstanceType<typeof import('./redis-client.ts')['Redis']>;

/** Only the protocol is asked of the client: no retries, no look at the server before us, no words of its own on the console. */
async function createClient(stream: Duplex, onError: (error: unknown) => void): Promise<Client> {
  const { AbstractConnector, Redis } = await import('./redis-client.ts');
  class Connected extends AbstractConnector {
    async connect(): Promise<never> {
      this.stream = asSocket(stream) as never;
      return this.stream as never;
    }
  }
  const client = new Redis({
    Connector: Connected as never,
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    noDelay: false,
    disconnectTimeout: 50,
  });
  client.on('error', onError);
  return client;
}

async function logIn(client: Client, { login, host, port }: Link<unknown>): Promise<void> {
  await client.connect();
  if (login.password !== undefined) await client.call('AUTH', ...(login.user === undefined ? [] : [login.user]), login.password);
  try {
    await client.call('PING');
  } catch (error) {
    const word = wordOf(error);
    if (word === 'NOAUTH' && login.password === undefined) {
      throw new HostError(
        'no-permission',
        `${host}:${port} asks for a password and none is known`,
        'a url with the password: {env: NAME} or {file: PATH}',
      );
    }
    // A server that refuses writes refuses PING too (MISCONF); it has a session all the same, as one that names no rule for it (NOPERM).
    if (word !== 'MISCONF' && word !== 'NOPERM') throw error;
  }
}

async function ask(client: Client, [name, ...args]: RedisCommand): Promise<RedisAnswer> {
  try {
    return { reply: JSON.parse(JSON.stringify(await client.call(name, ...(args as string[])))) as Json };
  } catch (error) {
    const word = wordOf(error);
    if (word === '') throw error;
    return { reply: null, errorCode: word, error: (error as Error).message };
  }
}

/** `NOAUTH Authentication required.`; '' when it is no answer of the server. */
function wordOf(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'ReplyError' ? (/^[A-Z]+/.exec(message)?.[0] ?? 'ERR') : '';
}

const OUTCOMES: Readonly<Record<string, SessionOutcome>> = {
  NOAUTH: 'auth-failed',
  WRONGPASS: 'auth-failed',
  LOADING: 'starting-up',
};

function explain(error: unknown): unknown {
  if (error instanceof SessionFailure || error instanceof HostError) return error;
  const { message, code = '' } = error as NodeJS.ErrnoException;
  const word = wordOf(error);
  if (/max number of clients/i.test(message)) return new SessionFailure('too-many-connections', word, message);
  if (/invalid password|AUTH .*without any password/i.test(message)) return new SessionFailure('auth-failed', word, message);
  if (word !== '') return new SessionFailure(OUTCOMES[word] ?? 'rejected', word, message);
  if (/RESP|protocol error/i.test(message))
    return new SessionFailure('protocol-error', 'PROTOCOL', message.replace(/\. Please report this\./, ''));
  return new SessionFailure('closed', code || 'ECONNRESET', message);
}

function findVersion(answers: readonly RedisAnswer[]): string {
  const texts = answers.map(({ reply }) => (typeof reply === 'string' ? /^redis_version:(\S+)/m.exec(reply)?.[1] : undefined));
  return texts.find((version) => version !== undefined) ?? '';
}
