/** A provider's HTTPS API. It belongs to somebody else: no verb of an operator reaches it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { KeyPair } from './authorities.ts';
import { type Listener, listen } from './listening.ts';

export interface BankOptions {
  readonly host: string;
  readonly port: number;
  readonly certificate: KeyPair;
  readonly apiKey: string;
}

/** How the provider works today. */
export interface Conduct {
  /** Milliseconds before an answer begins. */
  readonly delayMs?: number;
  /** Requests are taken in and never answered. */
  readonly silent?: boolean;
  /** Every request is answered so. */
  readonly refusal?: { readonly status: number; readonly error: string; readonly until?: string; readonly retryAfterS?: number };
  /** Requests a second; what is above gets 429. */
  readonly requestsPerSecond?: number;
}

export interface Bank {
  start(): Promise<void>;
  stop(): Promise<void>;
  behave(conduct: Conduct): void;
  present(certificate: KeyPair): void;
}

const USUAL_LIMIT = 200;

export function createBank({ host, port, certificate, apiKey }: BankOptions): Bank {
  let conduct: Conduct = {};
  let presented = certificate;
  let allow = createLimiter(USUAL_LIMIT);
  let listener: Listener | undefined;
  let server: ReturnType<typeof createServer> | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    request.on('error', () => {});
    const today = conduct;
    if (today.silent) return;
    if (today.delayMs) await new Promise((resolve) => setTimeout(resolve, today.delayMs));
    if (!allow()) return send(response, 429, { error: 'rate_limited' }, { 'retry-after': '30' });
    if (today.refusal) {
      const { status, retryAfterS, ...body } = today.refusal;
      return send(response, status, body, retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) });
    }
    const key = request.headers['x-api-key'];
    const isHealth = request.url === '/health';
    if (key !== apiKey && !(isHealth && key === undefined)) return send(response, 401, { error: 'invalid_api_key' });
    if (isHealth) return send(response, 200, { status: 'ok', time: new Date().toISOString() });
    if (request.url !== '/charge' || request.method !== 'POST') return send(response, 404, { error: 'not_found' });
    return send(response, 200, { result: '00', reference: `R${Date.now().toString(36)}` });
  }

  return {
    async start() {
      if (listener) return;
      server = createServer(pemOf(presented), (request, response) => void answer(request, response));
      server.on('tlsClientError', () => {});
      listener = await listen(server, host, port);
    },
    async stop() {
      const closing = listener;
      listener = undefined;
      await closing?.close();
    },
    behave(next) {
      conduct = next;
      allow = createLimiter(next.requestsPerSecond ?? USUAL_LIMIT);
    },
    present(next) {
      presented = next;
      server?.setSecureContext(pemOf(next));
    },
  };
}

function pemOf({ chainPem, keyPem }: KeyPair): { cert: string; key: string } {
  return { cert: chainPem, key: keyPem };
}

/** A token bucket that holds one second's worth. */
function createLimiter(perSecond: number): () => boolean {
  let tokens = perSecond;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
