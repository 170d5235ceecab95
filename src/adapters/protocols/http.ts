import { createSecureContext, type SecureContext } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { HttpExchange, HttpRequest } from '../../ports.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { type Connection, openConnection } from './connect.ts';
import { type Answer, converse } from './http-conversation.ts';
import { bareHost, type Vantage } from './resolve.ts';
import { startTls } from './tls-client.ts';
import type { TrustStores } from './trust.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * One request, no redirects followed, and on through a certificate that does not verify - except with a secret on board, which
 * goes only to a server that proved who it is. Each figure of the timing is the duration of that phase alone.
 */
export async function exchangeHttp(vantage: Vantage, request: HttpRequest, trustStores: TrustStores): Promise<HttpExchange> {
  const url = parseUrl(request.url);
  const security = url.protocol === 'https:' ? await chooseSecurity(url, request, trustStores) : undefined;
  const deadline = startDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const target = {
    host: bareHost(url.hostname),
    port: Number(url.port) || (security ? 443 : 80),
    ...(request.address === undefined ? {} : { address: request.address }),
  };
  const connection = await openConnection(vantage, target, deadline, request.signal);
  const hangUp = (): void => void connection.stream?.destroy();
  request.signal?.addEventListener('abort', hangUp, { once: true });
  if (request.signal?.aborted) hangUp();
  const { firstByteMs = null, tlsMs = null, ...answer } = await answerOver(connection, url, request, security, deadline);
  request.signal?.removeEventListener('abort', hangUp);
  request.signal?.throwIfAborted();
  const { address, dnsMs, connectMs } = connection;
  const place = address === undefined ? {} : { address };
  return { headers: {}, body: '', ...place, ...answer, timing: { dnsMs, connectMs, tlsMs, firstByteMs, totalMs: deadline.elapsedMs() } };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  // Not the text itself: it may hold a password.
  throw new HostError('unsupported', 'not an http or https URL', 'a URL such as https://pay.example.test/health');
}

interface Security {
  readonly verify: boolean;
  readonly context: SecureContext;
}

const SECRET_HEADER = /auth|cookie|key|token|secret|signature/i;

async function chooseSecurity(
  url: URL,
  { headers = {}, caFile, verify: wanted = false }: HttpRequest,
  trustStores: TrustStores,
): Promise<Security> {
  const verify = wanted || url.username !== '' || url.password !== '' || Object.keys(headers).some((name) => SECRET_HEADER.test(name));
  return { verify, context: verify ? (await trustStores(caFile)).context : createSecureContext({ ca: [] }) };
}

async function answerOver(
  connection: Connection,
  url: URL,
  request: HttpRequest,
  security: Security | undefined,
  deadline: Deadline,
): Promise<Answer & { readonly tlsMs?: number }> {
  if (connection.stream === null) {
    const { failure, errorCode, error } = connection;
    return { reached: failure === 'name-not-resolved' ? 'dns' : 'connect', errorCode, error };
  }
  try {
    if (!security) return await converse(connection.stream, url, request, deadline);
    const started = deadline.elapsedMs();
    const secured = await startTls(connection.stream, { serverName: bareHost(url.hostname), ...security, deadline });
    const tlsMs = deadline.elapsedMs() - started;
    if ('failure' in secured) return { reached: 'tls', tlsMs, ...secured.failure };
    return { ...(await converse(secured.socket, url, request, deadline)), tlsMs };
  } finally {
    connection.stream.destroy();
  }
}
