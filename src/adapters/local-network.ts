import { createSocket } from 'node:dgram';
import { connect, isIP, type Socket } from 'node:net';
import { HostError } from '../errors.ts';
import type { Address, DatagramOptions, DialOptions, Host } from '../ports.ts';
import { startDeadline } from './deadline.ts';
import { DialError, toDialError } from './dial-error.ts';
import { resolveName } from './protocols/resolve.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

/** Tries the addresses behind a name in the resolver's order, each with an equal share of the time that is left. */
export async function dialLocally(
  host: Pick<Host, 'run' | 'dial'>,
  { host: name, port }: Address,
  options: DialOptions = {},
): Promise<Socket> {
  options.signal?.throwIfAborted();
  const deadline = startDeadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const addresses = await addressesOf(host, name, deadline.remainingMs(), options.signal);
  let failure: unknown;
  for (const [tried, address] of addresses.entries()) {
    try {
      return await dialAddress(address, port, deadline.remainingMs() / (addresses.length - tried), options.signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

async function addressesOf(
  host: Pick<Host, 'run' | 'dial'>,
  name: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (isIP(name)) return [name];
  const { outcome, addresses } = await resolveName({ host, isLocal: true }, name, timeoutMs, signal);
  if (outcome === 'answered') return addresses;
  throw new DialError('name-not-resolved', outcome === 'timed-out' ? 'EAI_AGAIN' : 'ENOTFOUND', `${name}: ${outcome}`);
}

function dialAddress(address: string, port: number, timeoutMs: number, signal: AbortSignal | undefined): Promise<Socket> {
  const target = `${address} port ${port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const timer = setTimeout(
      () => fail(new DialError('timed-out', 'ETIMEDOUT', `${target}: no answer within ${Math.round(timeoutMs)} ms`)),
      timeoutMs,
    );
    const onAbort = () => fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      release();
      resolve(socket);
    });
    const onError = (error: Error) => fail(toDialError(error, target));
    socket.once('error', onError);

    function release(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', onError);
    }
    function fail(error: unknown): void {
      release();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    }
  });
}

/** One datagram out, the first one back from the same peer. */
export async function askLocally(
  host: Pick<Host, 'run' | 'dial'>,
  { host: name, port }: Address,
  options: DatagramOptions,
): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  const deadline = startDeadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const [address] = await addressesOf(host, name, deadline.remainingMs(), options.signal);
  if (address === undefined) throw new HostError('not-found', `${name}: no address`);
  return exchange(address, port, deadline.remainingMs(), options);
}

function exchange(address: string, port: number, timeoutMs: number, { payload, signal }: DatagramOptions): Promise<Uint8Array> {
  const target = `${address} port ${port}/udp`;
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    const timer = setTimeout(
      () => finish(() => reject(new DialError('timed-out', 'ETIMEDOUT', `${target}: no answer within ${Math.round(timeoutMs)} ms`))),
      timeoutMs,
    );
    const onAbort = () => finish(() => reject(signal?.reason));
    signal?.addEventListener('abort', onAbort, { once: true });
    const onError = (error: Error) => finish(() => reject(toDialError(error, target)));
    socket.once('error', onError);
    socket.once('message', (answer) => finish(() => resolve(answer)));
    // Connected, so that answers of others are dropped and a closed port is reported.
    socket.connect(port, address, () => socket.send(payload, (error) => error && onError(error)));

    function finish(settle: () => void): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      socket.on('error', () => {});
      closeQuietly();
      settle();
    }
    function closeQuietly(): void {
      try {
        socket.close();
      } catch {
        // Closed already.
      }
    }
  });
}
