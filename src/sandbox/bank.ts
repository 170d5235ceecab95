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
  /** Every charge is answered so, while the health page says that all is well. */
  readonly chargeRefusal?: { readonly status: number; readonly error: string };
  /** Requests a second; what is above gets 429. */
  readonly requestsPerSecond?: number;
  /** Cards that begin so get this result: the bank that issued them is away. */
  readonly issuers?: Readonly<Record<string, string>>;
}

export interface Bank {
  start(): Promise<void>;
  stop(): Promise<void>;
  behave(conduct: Conduct): void;
  present(certificate: KeyPair): void;
}

const USUAL_LIMIT = 200;
const MAX_BODY_BYTES = 16_384;
/** Charges remembered; the oldest go first. */
const MAX_CHARGES = 5000;

export function createBank({ host, port, certificate, apiKey }: BankOptions): Bank {
  let conduct: Conduct = {};
  let presented = certificate;
  let allow = createLimiter(USUAL_LIMIT);
  let listener: Listener | undefined;
  let server: ReturnType<typeof createServer> | undefined;
  const charged = new Map<string, string>();

  /** An order that was charged once is answered from memory. */
  function charge({ order, bin = '' }: Charged): object {
    const refused = conduct.issuers?.[bin];
    if (refused !== undefined) return { result: refused };
    const reference = charged.get(order) ?? `R${Date.now().toString(36)}`;
    charged.set(order, reference);
    if (charged.size > MAX_CHARGES) charged.delete(charged.keys().next().value as string);
    return { result: '00', reference };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const today = conduct;
    const url = new URL(request.url ?? '/', 'https://provider');
    const isCharge = url.pathname === '/charge' && request.method === 'POST';
    const key = request.headers['x-api-key'];
    if (today.silent) {
      // The money moves; nobody hears of it.
      if (isCharge && key === apiKey) charge(body);
      return;
    }
    if (today.delayMs) await new Promise((resolve) => setTimeout(resolve, today.delayMs));
    if (!allow()) return send(response, 429, { error: 'rate_limited' }, { 'retry-after': '30' });
    if (today.refusal) {
      const { status, retryAfterS, ...body } = today.refusal;
      return send(response, status, body, retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) });
    }
    const isHealth = url.pathname === '/health';
    if (key !== apiKey && !(isHealth && key === undefined)) return send(response, 401, { error: 'invalid_api_key' });
    if (isHealth) return send(response, 200, { status: 'ok', time: new Date().toISOString() });
    if (url.pathname === '/query') return send(response, 200, { charged: charged.has(url.searchParams.get('order') ?? '') });
    if (isCharge && today.chargeRefusal) return send(response, today.chargeRefusal.status, { error: today.chargeRefusal.error });
    return isCharge ? send(response, 200, charge(body)) : send(response, 404, { error: 'not_found' });
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

interface Charged {
  readonly order: string;
  readonly bin?: string;
}

async function readBody(request: IncomingMessage): Promise<Charged> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.length > MAX_BODY_BYTES) return { order: '' };
    }
    return JSON.parse(text) as Charged;
  } catch {
    return { order: '' };
  }
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
