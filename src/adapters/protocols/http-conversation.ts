import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { HostError } from '../../errors.ts';
import type { HttpPhase, HttpRequest } from '../../ports.ts';
import type { Deadline } from '../deadline.ts';

const DEFAULT_BODY_BYTES = 4096;

export interface Answer {
  readonly reached: HttpPhase;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly error?: string;
  readonly errorCode?: string;
  /** From the sending of the request. */
  readonly firstByteMs?: number;
}

/** One request over a stream that is connected, and secured where it must be. */
export function converse(stream: Duplex, url: URL, request: HttpRequest, deadline: Deadline): Promise<Answer> {
  const started = deadline.elapsedMs();
  const outgoing = send(stream, url, request);
  return new Promise((resolve) => {
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
    const timer = setTimeout(
      () => fail(Object.assign(new Error('no complete answer in time'), { code: 'ETIMEDOUT' })),
      deadline.remainingMs(),
    );
    outgoing.once('response', (incoming) => {
      answer = { status: incoming.statusCode ?? 0, headers: flatten(incoming), firstByteMs: deadline.elapsedMs() - started };
      body = keepBody(incoming, request.maxBodyBytes ?? DEFAULT_BODY_BYTES, () => settle('done'));
      incoming.once('end', () => settle('done'));
      incoming.on('error', fail);
    });
    outgoing.once('upgrade', (incoming) => settle('done', { status: incoming.statusCode ?? 0, headers: flatten(incoming) }));
    outgoing.on('error', fail);
    outgoing.once('close', () => fail(Object.assign(new Error('closed by the peer'), { code: 'ECONNRESET' })));
    outgoing.end(request.question?.body);
  });
}

function send(stream: Duplex, url: URL, { method = 'GET', headers, question }: HttpRequest): ClientRequest {
  try {
    const credentials = url.username === '' ? {} : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` };
    return openRequest({
      createConnection: () => stream,
      method: question ? 'POST' : method,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, 'user-agent': 'oor', accept: '*/*', ...describeQuestion(question), ...headers },
      ...credentials,
    });
  } catch (error) {
    throw new HostError('unsupported', `a request that cannot be sent: ${(error as NodeJS.ErrnoException).code ?? (error as Error).name}`);
  }
}

function describeQuestion(question: HttpRequest['question']): Record<string, string> {
  return question ? { 'content-type': question.contentType, 'content-length': String(Buffer.byteLength(question.body)) } : {};
}

/** A refused client certificate shows only once TLS 1.3 is up; bytes that are no HTTP are an answer all the same. */
function phaseOfFailure(errorCode: string, answered: boolean): HttpPhase {
  if (errorCode.startsWith('ERR_SSL_')) return 'tls';
  return answered || errorCode.startsWith('HPE_') ? 'response' : 'request';
}

function flatten({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
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
