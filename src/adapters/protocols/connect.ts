import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { HostError } from '../../errors.ts';
import type { Address, ConnectResult, DialOptions } from '../../ports.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { DialError, type DialFailure } from '../dial-error.ts';
import { resolveName, type Vantage } from './resolve.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

export interface Target extends Address {
  /** Used instead of what the name resolves to. */
  readonly address?: string;
}

/** How far a connection came, with the time each phase took; `null` for a phase that was not needed or not reached. */
export interface Route {
  readonly address?: string;
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
}

export type Connection = Route & ({ readonly stream: Duplex } | ({ readonly stream: null } & Failure));

interface Failure {
  readonly failure: DialFailure;
  readonly errorCode: string;
  readonly error: string;
}

export async function connectTo(vantage: Vantage, { host: name, port }: Address, options: DialOptions = {}): Promise<ConnectResult> {
  const deadline = startDeadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const connection = await openConnection(vantage, { host: name, port }, deadline, options.signal);
  const address = connection.address ?? name;
  const durationMs = deadline.elapsedMs();
  if (connection.stream === null) return { outcome: connection.failure, address, durationMs, errorCode: connection.errorCode };
  connection.stream.destroy();
  return { outcome: 'connected', address, durationMs };
}

/** Resolves, then tries the addresses in order, each with an equal share of what is left. Throws only where it cannot tell. */
export async function openConnection(vantage: Vantage, target: Target, deadline: Deadline, signal?: AbortSignal): Promise<Connection> {
  const { addresses, dnsMs, failure } = await findAddresses(vantage, target, deadline, signal);
  if (failure) return { stream: null, dnsMs, connectMs: null, ...failure };
  const started = deadline.elapsedMs();
  let last: Connection | undefined;
  for (const [tried, address] of addresses.entries()) {
    const timeoutMs = deadline.remainingMs() / (addresses.length - tried);
    const outcome = await dial(vantage, { host: address, port: target.port }, { timeoutMs, ...(signal ? { signal } : {}) });
    last = { ...outcome, address, dnsMs, connectMs: deadline.elapsedMs() - started };
    if (last.stream) return last;
  }
  if (!last) throw new HostError('io', `${target.host}: resolved to no address`, 'a resolver of this machine that answers with addresses');
  return last;
}

interface Found {
  readonly addresses: readonly string[];
  readonly dnsMs: number | null;
  readonly failure?: Failure;
}

async function findAddresses(vantage: Vantage, { host: name, address }: Target, deadline: Deadline, signal?: AbortSignal): Promise<Found> {
  const literal = address ?? name;
  if (isIP(literal)) return { addresses: [literal], dnsMs: null };
  const { outcome, addresses } = await resolveName(vantage, literal, deadline.remainingMs(), signal);
  const dnsMs = deadline.elapsedMs();
  if (outcome === 'answered') return { addresses, dnsMs };
  const errorCode = outcome === 'no-such-name' ? 'ENOTFOUND' : 'EAI_AGAIN';
  return { addresses: [], dnsMs, failure: { failure: 'name-not-resolved', errorCode, error: `${literal}: ${outcome}` } };
}

async function dial({ host }: Vantage, address: Address, options: DialOptions): Promise<{ stream: Duplex } | ({ stream: null } & Failure)> {
  try {
    return { stream: (await host.dial(address, options)) as Duplex };
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    return { stream: null, failure: error.outcome, errorCode: error.code, error: error.message };
  }
}
