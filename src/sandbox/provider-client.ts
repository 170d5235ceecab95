/** Talks to a payment provider: name by our own resolver, HTTPS with the provider's authority, deadline, and what is known of its health. */
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Logger } from './log-file.ts';
import type { ProviderSettings } from './settings.ts';

export interface Charge {
  readonly order: string;
  readonly amount: number;
  readonly bin?: string;
}

export interface ProviderHealth {
  readonly name: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly ms?: number;
}

export interface ProviderClient {
  readonly name: string;
  /** The result code of the answer. Rejects with `ProviderError`. */
  charge(charge: Charge): Promise<string>;
  /** Whether it took the money for this order. Rejects with `ProviderError`. */
  query(order: string): Promise<boolean>;
  /** By the latest call; a call that waits too long counts before it ends. */
  health(): ProviderHealth;
}

export class ProviderError extends Error {
  readonly timedOut: boolean;

  constructor(message: string, timedOut = false) {
    super(message);
    this.name = 'ProviderError';
    this.timedOut = timedOut;
  }
}

export interface ProviderClientOptions {
  readonly settings: ProviderSettings;
  /** `address:port` of the DNS server. */
  readonly resolver: string;
  readonly timeoutMs: number;
  /** Finds the result code in an answer; throws when it cannot. */
  readonly readResult: (answer: unknown) => string;
  readonly log: Logger;
}

interface Outcome {
  readonly startedAt: number;
  readonly ms: number;
  readonly error?: string;
}

/** An answer that takes longer than this is logged, and is a reason to call the provider unwell. */
const WAIT_WARNING_MS = 1000;
const SLOW_MS = 1500;

export function createProviderClient({ settings, resolver, timeoutMs, readResult, log }: ProviderClientOptions): ProviderClient {
  const resolve = createNameResolver(resolver);
  const trust = createSecureContext({ ca: readFileSync(settings.caFile) });
  const pending = new Set<number>();
  let latest: Outcome | undefined;

  async function charge(order: Charge): Promise<string> {
    const startedAt = performance.now();
    pending.add(startedAt);
    const warning = setTimeout(
      () => log('WARN', `provider ${settings.name}: no answer after ${WAIT_WARNING_MS} ms, still waiting (order ${order.order})`),
      WAIT_WARNING_MS,
    );
    let error: string | undefined;
    try {
      const address = await resolve(settings.url.hostname);
      return readResult(await send({ settings, trust, address, timeoutMs, path: settings.url.pathname, body: JSON.stringify(order) }));
    } catch (thrown) {
      error = (thrown as Error).message;
      throw thrown;
    } finally {
      clearTimeout(warning);
      pending.delete(startedAt);
      if (!latest || latest.startedAt < startedAt)
        latest = { startedAt, ms: performance.now() - startedAt, ...(error === undefined ? {} : { error }) };
    }
  }

  function health(): ProviderHealth {
    const { name } = settings;
    const since = latest?.startedAt ?? 0;
    const oldest = Math.min(...[...pending].filter((startedAt) => startedAt > since));
    const waited = performance.now() - oldest;
    if (latest?.error !== undefined) return { name, ok: false, error: latest.error, ms: Math.round(latest.ms) };
    if (waited > SLOW_MS)
      return { name, ok: false, error: `no answer for ${Math.round(waited)} ms, still waiting`, ms: Math.round(waited) };
    if (latest && latest.ms > SLOW_MS)
      return { name, ok: false, error: `slow: last answer took ${Math.round(latest.ms)} ms`, ms: Math.round(latest.ms) };
    return latest ? { name, ok: true, ms: Math.round(latest.ms) } : { name, ok: true };
  }

  async function query(order: string): Promise<boolean> {
    const address = await resolve(settings.url.hostname);
    const answer = await send({ settings, trust, address, timeoutMs, path: `/query?order=${encodeURIComponent(order)}` });
    return (answer as { readonly charged?: boolean }).charged === true;
  }

  return { name: settings.name, charge, query, health };
}

/** Asks our resolver and keeps the answer for its TTL. */
function createNameResolver(resolverAddress: string): (name: string) => Promise<string> {
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([resolverAddress]);
  const known = new Map<string, { address: string; until: number }>();
  return async (name) => {
    const cached = known.get(name);
    if (cached && cached.until > Date.now()) return cached.address;
    try {
      const [record] = await resolver.resolve4(name, { ttl: true });
      if (!record) throw new Error('no address');
      known.set(name, { address: record.address, until: Date.now() + record.ttl * 1000 });
      return record.address;
    } catch (error) {
      throw new ProviderError(`cannot resolve ${name} with resolver ${resolverAddress}: ${(error as Error).message}`);
    }
  };
}

interface Call {
  readonly settings: ProviderSettings;
  readonly trust: SecureContext;
  readonly address: string;
  readonly timeoutMs: number;
  readonly path: string;
  /** What is posted; nothing is asked for with it. */
  readonly body?: string;
}

function send({ settings, trust, address, timeoutMs, path, body }: Call): Promise<unknown> {
  const { url, apiKey } = settings;
  const security = { secureContext: trust, servername: url.hostname };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...security,
        host: address,
        port: url.port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        agent: false,
        headers: {
          ...{ host: url.host, 'x-api-key': apiKey },
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          clearTimeout(deadline);
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(parseJson(text));
          else reject(new ProviderError(describeRefusal(response.statusCode, text, response.headers['retry-after'])));
        });
      },
    );
    const deadline = setTimeout(() => outgoing.destroy(new ProviderError(`no answer within ${timeoutMs} ms`, true)), timeoutMs);
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(deadline);
      reject(error instanceof ProviderError ? error : new ProviderError(describeFailure(error)));
    });
    outgoing.end(body);
  });
}

function describeFailure(error: NodeJS.ErrnoException): string {
  return error.code !== undefined && !error.message.includes(error.code) ? `${error.code}: ${error.message}` : error.message;
}

function describeRefusal(status: number | undefined, text: string, retryAfter: string | undefined): string {
  const body = parseJson(text) as { error?: string; until?: string };
  const details = [body.error, body.until && `until ${body.until}`, retryAfter && `retry-after ${retryAfter} s`].filter(Boolean);
  return `HTTP ${status} ${details.join(', ')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
