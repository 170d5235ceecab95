/** The payment application: HTTP in front, database pool, spool on disk and payment providers behind. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { inspectHealth } from './app-health.ts';
import type { Running } from './app-parts.ts';
import { createHeldOrders, type HeldOrder, type HoldFiles } from './held-orders.ts';
import { type Jobs, runJobs } from './jobs.ts';
import { createLedger } from './ledger.ts';
import { type Listener, listen, type Service } from './listening.ts';
import type { Logger } from './log-file.ts';
import { PaymentFailure, type PaymentRequest, pay } from './payment.ts';
import type { PaymentLog } from './payment-log.ts';
import { createPool, type Pool } from './pool.ts';
import { createProviderClient, type ProviderClient } from './provider-client.ts';
import { openRelease } from './release.ts';
import { type Channel, type ProviderSettings, readSettings } from './settings.ts';
import { readShare, showShare, type Traffic } from './traffic.ts';

export interface AppOptions {
  readonly name: string;
  /** Instead of the one in the environment file, for a further node. */
  readonly port?: number;
  readonly envFile: string;
  readonly releaseDir: string;
  readonly jobsDir: string;
  readonly dataDir: string;
  /** One for all nodes, for as long as the site stands: a restart forgets no order that was sent. */
  readonly traffic: Traffic;
  /** Where new orders go. */
  readonly channelFile: string;
  /** Names of functions, as a JSON list. */
  readonly closedFile: string;
  readonly hold: HoldFiles;
  readonly log: Logger;
  readonly payments: PaymentLog;
}

export interface App extends Service {
  /** Dies of a defect, as a process does: at once, with a last line in the log. */
  crash(): Promise<void>;
  /** Looks for new and removed jobs at once. */
  scanJobs(): void;
  /** Asks the provider of each held order what became of the money. Rejects while it is not running. */
  askHeld(): Promise<readonly AskedOrder[]>;
}

export interface AskedOrder extends HeldOrder {
  /** null: its provider gave no answer. */
  readonly taken: boolean | null;
}

const HOST = '127.0.0.1';
/** Short, so that a shortage of sessions in the database is felt at once. */
const CONNECTION_MAX_AGE_MS = 1000;
const WAIT_MS = 800;
const MAX_BODY_BYTES = 16_384;

export function createApp(options: AppOptions): App {
  const { log } = options;
  let current: { listener: Listener; pool: Pool; jobs: Jobs; running: Running } | undefined;

  async function start(): Promise<void> {
    if (current) return;
    let running: Running;
    try {
      running = prepare(options);
    } catch (error) {
      log('FATAL', (error as Error).message);
      throw error;
    }
    const { settings, release, pool, ledger } = running;
    const port = options.port ?? settings.port;
    const server = createServer((request, response) => void answer(request, response, running));
    const listener = await listen(server, HOST, port);
    const jobs = runJobs({ dir: options.jobsDir, dataDir: options.dataDir, pool, ledger, log });
    log('INFO', `paygw ${release.version} listening on ${HOST}:${port}, pool ${settings.poolSize}, channel ${running.channel()}`);
    current = { listener, pool, jobs, running };
  }

  async function halt(): Promise<void> {
    const ending = current;
    current = undefined;
    if (!ending) return;
    ending.jobs.end();
    ending.pool.close();
    await ending.listener.close();
  }

  async function stop(): Promise<void> {
    if (current) log('INFO', 'stopping on request');
    await halt();
  }

  return {
    name: options.name,
    get running() {
      return current !== undefined;
    },
    start,
    stop,
    async reload() {
      readSettings(options.envFile);
      await stop();
      await start();
    },
    async crash() {
      log('FATAL', "uncaught exception: TypeError: Cannot read properties of undefined (reading 'scheme') at selectRoute (route.js:118)");
      await halt();
    },
    scanJobs: () => current?.jobs.scan(),
    askHeld: () => (current ? askProviders(current.running) : Promise.reject(new Error(`${options.name} is not running`))),
  };
}

function askProviders({ held, providers }: Running): Promise<readonly AskedOrder[]> {
  return Promise.all(
    held.list().map(async (each) => {
      const taken = each.charged === 'no' ? false : await providers[each.channel].query(each.order).catch(() => null);
      return { ...each, taken };
    }),
  );
}

function prepare({ envFile, releaseDir, traffic, channelFile, closedFile, hold, log, payments }: AppOptions): Running {
  const settings = readSettings(envFile);
  const { resolver, providers, providerTimeoutMs, store, poolSize } = settings;
  const release = openRelease(releaseDir);
  const client = (provider: ProviderSettings) =>
    createProviderClient({ settings: provider, resolver, timeoutMs: providerTimeoutMs, readResult: release.readResult, log });
  const clients: Record<Channel, ProviderClient> = { primary: client(providers.primary), backup: client(providers.backup) };
  return {
    settings,
    release,
    pool: createPool({
      size: poolSize,
      waitMs: WAIT_MS,
      maxAgeMs: CONNECTION_MAX_AGE_MS,
      store: { ...store, application: 'paygw', timeoutMs: WAIT_MS },
    }),
    ledger: createLedger(),
    log,
    payments,
    held: createHeldOrders(hold),
    providers: clients,
    traffic,
    closedFunctions: () => JSON.parse(readFileSync(closedFile, 'utf8')) as string[],
    channel: () => showShare(readShare(channelFile)),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, running: Running): Promise<void> {
  const [status, body] = await route(request, running);
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

async function route(request: IncomingMessage, running: Running): Promise<[number, object]> {
  try {
    // Every request reads the state of the ledger before anything else.
    if (request.url === '/health') {
      await running.ledger.use(() => {});
      const report = await inspectHealth(running);
      return [report.status === 'ok' ? 200 : 503, report];
    }
    if (request.url !== '/pay' || request.method !== 'POST') return [404, { error: 'not_found' }];
    const body = JSON.parse(await readBody(request)) as PaymentRequest;
    await running.ledger.use(() => {});
    const paid = await pay(body, running);
    return [paid.status === 'held' ? 202 : 200, paid];
  } catch (error) {
    if (error instanceof PaymentFailure) return [error.status, { error: error.code }];
    return [400, { error: 'bad_request' }];
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
