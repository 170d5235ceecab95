/** A few customers and one monitor: steady, bounded traffic, so that the logs hold what logs hold. */
import { setMaxListeners } from 'node:events';
import { request } from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Random } from '../ports.ts';

export interface LoadOptions {
  /** `https://host:port` of the entry. */
  readonly entry: URL;
  readonly caPem: string;
  readonly random: Random;
}

export interface Load {
  /** Payments since the start, as the customers saw them. */
  counts(): { readonly approved: number; readonly failed: number };
  stop(): void;
}

const PAYMENT_EVERY_MS = 250;
const MONITOR_EVERY_MS = 1000;
const PATIENCE_MS = 5500;
/** First digits of the cards of those who pay. */
const ISSUERS = ['622848', '621700', '622202', '622588', '400000', '510000'] as const;
/** Customers who wait; more do not come. */
const MAX_WAITING = 24;

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly agent: string;
  readonly body?: string;
}

export function startLoad({ entry, caPem, random }: LoadOptions): Load {
  const trust = createSecureContext({ ca: caPem });
  const abort = new AbortController();
  // Every customer who waits listens.
  setMaxListeners(MAX_WAITING * 2, abort.signal);
  let approved = 0;
  let failed = 0;
  let waiting = 0;
  let orders = 0;

  function payOnce(): void {
    if (waiting >= MAX_WAITING) return;
    waiting += 1;
    orders += 1;
    const order = `${new Date().toISOString().slice(0, 10).replaceAll('-', '')}-${random.hex(3)}-${orders}`;
    const bin = ISSUERS[random.integer(ISSUERS.length)];
    const body = JSON.stringify({ order, amount: 100 + random.integer(50_000), bin });
    void call({ method: 'POST', path: '/pay', agent: 'pos-terminal/3.2', body }).then((status) => {
      waiting -= 1;
      if (status === 200) approved += 1;
      else failed += 1;
    });
  }

  /** The status, or 0 where there was none. */
  function call({ method, path, agent, body }: Call): Promise<number> {
    return send({ entry, trust, signal: abort.signal, method, path, agent, ...(body === undefined ? {} : { body }) }).catch(() => 0);
  }

  const timers = [
    setInterval(payOnce, PAYMENT_EVERY_MS),
    setInterval(() => void call({ method: 'GET', path: '/health', agent: 'uptime-monitor/1.4' }), MONITOR_EVERY_MS),
  ];
  payOnce();
  return {
    counts: () => ({ approved, failed }),
    stop() {
      for (const timer of timers) clearInterval(timer);
      abort.abort();
    },
  };
}

function send({
  entry,
  trust,
  signal,
  method,
  path,
  agent,
  body,
}: Call & { entry: URL; trust: SecureContext; signal: AbortSignal }): Promise<number> {
  const security = { secureContext: trust };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...security,
        host: entry.hostname,
        port: entry.port,
        path,
        method,
        agent: false,
        signal,
        timeout: PATIENCE_MS,
        headers: {
          'user-agent': agent,
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error('gave up')));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
