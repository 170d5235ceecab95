/** Plain clients: what a customer, an operator or another program would see, with nothing of ours in between. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

export interface Seen {
  /** The HTTP status, or the error's code. */
  readonly result: number | string;
  readonly body: string;
  readonly ms: number;
}

export interface GetOptions {
  readonly caFile?: string;
  readonly timeoutMs?: number;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export function get(url: string, { caFile, timeoutMs = 60_000, method = 'GET', body, headers = {} }: GetOptions = {}): Promise<Seen> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const see = (result: number | string, text = '') => resolve({ result, body: text, ms: performance.now() - startedAt });
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const outgoing = send(
      url,
      { agent: false, method, headers, ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }) },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => see(response.statusCode ?? 0, text));
        response.on('error', (error: NodeJS.ErrnoException) => see(error.code ?? error.message));
      },
    );
    const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })), timeoutMs);
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', (error: NodeJS.ErrnoException) => see(error.code ?? error.message));
    outgoing.end(body);
  });
}

/** `open` or the error's code. */
export function knock(port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 60_000 });
    socket.once('connect', () => {
      socket.destroy();
      resolve('open');
    });
    socket.once('timeout', () => {
      socket.destroy();
      resolve('TIMEOUT');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** Asks until the answer is right; the last answer when it never is. */
export async function until<T>(ask: () => Promise<T> | T, right: (answer: T) => boolean, withinMs = 120_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (right(answer) || performance.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
