/** One payment from request to booking. Each step that fails says in the log which part of the house it met. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Running } from './app-parts.ts';
import { ProviderError } from './provider-client.ts';

export interface PaymentRequest {
  readonly order: string;
  /** Minor units. */
  readonly amount: number;
}

export interface PaymentAnswer {
  readonly order: string;
  readonly status: 'approved' | 'declined';
  readonly fee: number;
}

export class PaymentFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'PaymentFailure';
    this.status = status;
    this.code = code;
  }
}

export async function pay({ order, amount }: PaymentRequest, running: Running): Promise<PaymentAnswer> {
  const { log } = running;
  if (!/^[\w-]{1,40}$/.test(order) || !Number.isInteger(amount) || amount <= 0)
    throw new PaymentFailure(422, 'invalid_order', 'invalid order');
  const startedAt = performance.now();
  const elapsed = () => `${Math.round(performance.now() - startedAt)} ms`;
  try {
    const fee = await attempt(500, 'files_error', 'release files', () => running.release.fee(amount));
    await attempt(500, 'store_error', 'store', () => book(running, order, 'pending'));
    const spooled = await attempt(500, 'spool_error', 'spool', () => spool(running.settings.spoolDir, order, amount));
    const result = await charge(running, order, amount).finally(() => rmSync(spooled, { force: true }));
    const status = result === '00' ? 'approved' : 'declined';
    await attempt(500, 'store_error', 'store', () => book(running, order, status));
    log('INFO', `payment ${order} ${status} amount=${amount} fee=${fee} channel=${running.channel()} in ${elapsed()}`);
    return { order, status, fee };
  } catch (error) {
    const outcome = error instanceof PaymentFailure && error.status === 504 ? 'outcome unknown' : 'failed';
    log('ERROR', `payment ${order} ${outcome}: ${(error as Error).message} after ${elapsed()}`);
    throw error;
  }
}

async function attempt<T>(status: number, code: string, part: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new PaymentFailure(status, code, `${part}: ${(error as Error).message}`);
  }
}

async function book({ pool }: Running, order: string, status: string): Promise<void> {
  await pool.use((connection) => connection.command(`PUT ${order} ${status}`));
}

/** A payment is on disk before money may move, so that a crash cannot lose it. */
function spool(dir: string, order: string, amount: number): string {
  const path = join(dir, `${order}.json`);
  const file = openSync(path, 'w');
  try {
    writeSync(file, JSON.stringify({ order, amount }));
    fsyncSync(file);
    return path;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

async function charge(running: Running, order: string, amount: number): Promise<string> {
  const provider = running.provider();
  try {
    return await provider.charge({ order, amount });
  } catch (error) {
    const message = `provider ${provider.name}: ${(error as Error).message}`;
    if (error instanceof ProviderError && error.timedOut) throw new PaymentFailure(504, 'provider_timeout', message);
    throw new PaymentFailure(502, 'provider_error', message);
  }
}
