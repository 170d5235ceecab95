import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { HostError } from '../../errors.ts';
import type { Host, HttpExchange, HttpPhase, HttpRequest } from '../../ports.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { openConnection } from './connect.ts';
import { startTls } from './tls.ts';
import type { TrustStores } from './trust.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_BODY_BYTES = 4096;

type Timing = { -readonly [phase in keyof HttpExchange['timing']]: HttpExchange['timing'][phase] };

/** One request, no redirects followed. The timing holds each phase's own duration; `firstByteMs` counts from the sending of the request. */
export async function exchangeHttp(host: Host, request: HttpRequest, trustStores: TrustStores): Promise<HttpExchange> {
  const url = parseUrl(request.url);
  const store = url.protocol === 'https:' ? await trustStores(request.caFile) : undefined;
  const deadline = startDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const timing: Timing = { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 };
  const finish = (reached: HttpPhase, rest: Partial<HttpExchange>): HttpExchange => ({
    ...{ reached, headers: {}, body: '' },
    ...rest,
    timing: { ...timing, totalMs: deadline.elapsedMs() },
  });

  const name = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (store ? 443 : 80);
  const target = { host: name, port, ...(request.address === undefined ? {} : { address: request.address }) };
  const { address, dnsMs, connectMs, ...connection } = await openConnection(host, target, deadline);
  Object.assign(timing, { dnsMs, connectMs });
  const place = address === undefined ? {} : { address };
  if (connection.stream === null) {
    const { failure, errorCode, error } = connection;
    return finish(failure === 'name-not-resolved' ? 'dns' : 'connect', { ...place, errorCode, error });
  }

  let stream = connection.stream;
  if (store) {
    const started = deadline.elapsedMs();
    const secured = await startTls(stream, { serverName: name, context: store.context, verify: true, deadline });
    timing.tlsMs = deadline.elapsedMs() - started;
    if ('failure' in secured) return finish('tls', { ...place, ...secured.failure });
    stream = secured.socket;
  }
  try {
    const { reached, ...answer } = await converse(stream, url, request, deadline, timing);
    return finish(reached, { ...place, ...answer });
  } finally {
    stream.destroy();
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HostError('unsupported', `${text}: not an http or https URL`);
}

interface Answer {
  readonly reached: HttpPhase;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly error?: string;
  readonly errorCode?: string;
}

function converse(stream: Duplex, url: URL, request: HttpRequest, deadline: Deadline, timing: Timing): Promise<Answer> {
  const started = deadline.elapsedMs();
  return new Promise((resolve) => {
    const outgoing = send(stream, url, request);
    let answer: Omit<Answer, 'reached'> = {};
    let body = () => '';
    const settle = (reached: HttpPhase, rest: Partial<Answer> = {}) => {
      clearTimeout(timer);
      resolve({ reached, ...answer, body: body(), ...rest });
      outgoing.destroy();
    };
    const fail = (error: NodeJS.ErrnoException) => {
      const errorCode = error.code ?? 'ERR_HTTP';
      settle(phaseOfFailure(errorCode, answer.status !== undefined), { errorCode, error: error.message });
    };
    const timer = setTimeout(() => fail(Object.assign(new Error('no complete answer in time'), { code: 'ETIMEDOUT' })), deadline.remainingMs());
    outgoing.once('response', (incoming) => {
      timing.firstByteMs = deadline.elapsedMs() - started;
      answer = { status: incoming.statusCode ?? 0, headers: flatten(incoming) };
      body = keepBody(incoming, request.maxBodyBytes ?? DEFAULT_BODY_BYTES, () => settle('done'));
      incoming.once('end', () => settle('done'));
      incoming.on('error', fail);
    });
    outgoing.once('upgrade', (incoming) => settle('done', { status: incoming.statusCode ?? 0, headers: flatten(incoming) }));
    outgoing.on('error', fail);
    outgoing.once('close', () => fail(Object.assign(new Error('closed by the peer'), { code: 'ECONNRESET' })));
    outgoing.end();
  });
}

function send(stream: Duplex, url: URL, { method = 'GET', headers }: HttpRequest): ClientRequest {
  const credentials = url.username === '' ? {} : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` };
  return openRequest({
    // The stream is connected and secured already, whatever the scheme.
    createConnection: () => stream,
    method,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, 'user-agent': 'oor', accept: '*/*', ...headers },
    ...credentials,
  });
}

/** A refused client certificate shows only once TLS 1.3 is up; bytes that are no HTTP are an answer all the same. */
function phaseOfFailure(errorCode: string, answered: boolean): HttpPhase {
  if (errorCode.startsWith('ERR_SSL_')) return 'tls';
  return answered || errorCode.startsWith('HPE_') ? 'response' : 'request';
}

function flatten({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}

/** Returns what was kept so far. A body longer than that is cut off: an endless one must not hold the answer up. */
function keepBody(incoming: IncomingMessage, maxBytes: number, onFull: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    const room = maxBytes - length;
    chunks.push(chunk.subarray(0, room));
    length += Math.min(chunk.length, room);
    if (chunk.length > room) onFull();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
