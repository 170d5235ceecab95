/** One payment from request to booking. Each step that fails says in the log which part of the house it met. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Running } from './app-parts.ts';
import { isExpired } from './held-orders.ts';
import { ProviderError } from './provider-client.ts';
import type { Channel } from './settings.ts';

export interface PaymentRequest {
  readonly order: string;
  /** Minor units. */
  readonly amount: number;
  /** First six digits of the card. */
  readonly bin?: string;
  /** Which function of the shop wants it; absent: a customer at the till. */
  readonly purpose?: string;
}

export type PaymentAnswer =
  | { readonly order: string; readonly status: 'approved' | 'declined'; readonly fee: number }
  /** Kept: to be paid until then, here or by a transfer with this reference. */
  | { readonly order: string; readonly status: 'held'; readonly pay_until: string; readonly reference: string };

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

export async function pay(request: PaymentRequest, running: Running): Promise<PaymentAnswer> {
  const { order, amount } = request;
  const { log } = running;
  refuseImpossible(request, running);
  const startedAt = performance.now();
  const elapsed = () => `${Math.round(performance.now() - startedAt)} ms`;
  try {
    const fee = await attempt(500, 'files_error', 'release files', () => running.release.fee(amount));
    if (await wasCharged(running, order)) return await settle(running, order, fee);
    await attempt(500, 'store_error', 'store', () => book(running, order, 'pending'));
    const spooled = await attempt(500, 'spool_error', 'spool', () => spool(running.settings.spoolDir, order, amount));
    const channel = running.traffic.channelOf(request);
    const result = await charge(running, channel, request).finally(() => rmSync(spooled, { force: true }));
    const status = result === '00' ? 'approved' : 'declined';
    await attempt(500, 'store_error', 'store', () => book(running, order, status));
    running.held.release(order);
    log('INFO', `payment ${order} ${status} amount=${amount} fee=${fee} channel=${channel} in ${elapsed()}`);
    return { order, status, fee };
  } catch (error) {
    const outcome = error instanceof PaymentFailure && error.status === 504 ? 'outcome unknown' : 'failed';
    log('ERROR', `payment ${order} ${outcome}: ${(error as Error).message} after ${elapsed()}`);
    const held = keep(running, request, error);
    if (held) return held;
    throw error;
  }
}

function refuseImpossible({ order, amount, purpose }: PaymentRequest, running: Running): void {
  if (!/^[\w-]{1,40}$/.test(order) || !Number.isInteger(amount) || amount <= 0)
    throw new PaymentFailure(422, 'invalid_order', 'invalid order');
  if (purpose !== undefined && running.closedFunctions().includes(purpose))
    throw new PaymentFailure(409, 'function_closed', `${purpose} is switched off`);
  const held = running.held.find(order);
  if (held && isExpired(held)) throw new PaymentFailure(410, 'order_expired', `it could be paid until ${held.pay_until}`);
}

/** The provider is asked before an order of unknown outcome is sent again. */
async function wasCharged({ held, providers, traffic }: Running, order: string): Promise<boolean> {
  const before = held.find(order);
  if (before?.charged !== 'unknown') return false;
  const charged = await attempt(502, 'provider_error', 'the outcome of the first attempt is not known yet', () =>
    providers[before.channel].query(order),
  );
  if (!charged) {
    held.clear(order);
    traffic.forget(order);
  }
  return charged;
}

/** The money moved with the first attempt. */
async function settle(running: Running, order: string, fee: number): Promise<PaymentAnswer> {
  await attempt(500, 'store_error', 'store', () => book(running, order, 'approved'));
  running.held.release(order);
  running.log('INFO', `payment ${order} approved: the provider took it with the first attempt`);
  return { order, status: 'approved', fee };
}

/** Where orders are held, one that the provider could not take is kept instead of lost. */
function keep(running: Running, request: PaymentRequest, error: unknown): PaymentAnswer | undefined {
  if (!(error instanceof PaymentFailure) || !error.code.startsWith('provider_')) return undefined;
  const { order, amount } = request;
  const charged = error.status === 504 ? 'unknown' : 'no';
  const held = running.held.hold({ order, amount, channel: running.traffic.channelOf(request), charged });
  if (charged === 'unknown') running.traffic.doubt(order);
  else running.traffic.free(order);
  return held && { order, status: 'held', pay_until: held.pay_until, reference: held.reference };
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

async function charge(running: Running, channel: Channel, { order, amount, bin }: PaymentRequest): Promise<string> {
  const provider = running.providers[channel];
  const startedAt = performance.now();
  const note = (code: string) => running.payments({ order, provider: provider.name, bin, amount, code, ms: performance.now() - startedAt });
  try {
    const result = await provider.charge({ order, amount, ...(bin !== undefined && { bin }) });
    note(result);
    return result;
  } catch (error) {
    note(error instanceof ProviderError && error.timedOut ? 'timeout' : 'error');
    const message = `provider ${provider.name}: ${(error as Error).message}`;
    if (error instanceof ProviderError && error.timedOut) throw new PaymentFailure(504, 'provider_timeout', message);
    throw new PaymentFailure(502, 'provider_error', message);
  }
}
