import { isIPv6 } from 'node:net';
import { Duplex } from 'node:stream';
import { HostError } from '../errors.ts';
import type { Address, DialOptions } from '../ports.ts';
import { DialError, type DialFailure } from './dial-error.ts';
import type { SshConnection } from './ssh-connection.ts';
import { type SshProcess, startSsh } from './ssh-process.ts';

const DEFAULT_TIMEOUT_MS = 5_000;
/** What `ssh -v` says when the far end has connected. */
const CONNECTED = /master session id/;

/** A stream that the other machine opens, through the login that is there. */
export async function dialOverSsh(connection: SshConnection, { host, port }: Address, options: DialOptions = {}): Promise<Duplex> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  signal?.throwIfAborted();
  const address = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const target = `${host} port ${port} from ${connection.target.name}`;
  await connection.ready();
  const ssh = await startSsh(connection.arguments({ flags: ['-v', '-W', address] }));
  try {
    const opened = await waitForOpening(ssh, timeoutMs, signal);
    if (opened === 'late') throw new DialError('timed-out', 'ETIMEDOUT', `${target}: no answer within ${Math.round(timeoutMs)} ms`);
    if (opened === 'connected') return new SshStream(ssh);
    await connection.ready();
    throw explainRefusal(connection, target, connection.refusalOf(address) ?? opened.words);
  } catch (error) {
    ssh.kill();
    throw error;
  }
}

type Opening = 'connected' | 'late' | { readonly words: string };

function waitForOpening(ssh: SshProcess, timeoutMs: number, signal: AbortSignal | undefined): Promise<Opening> {
  let words = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish('late'), timeoutMs);
    const onAbort = () => {
      release();
      reject(signal?.reason);
    };
    const onWords = (chunk: Buffer) => {
      words += chunk.toString('latin1');
      if (CONNECTED.test(words)) finish('connected');
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    ssh.stderr.on('data', onWords);
    void ssh.exited.then(() => finish({ words }));

    function finish(opening: Opening): void {
      release();
      resolve(opening);
    }
    function release(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      ssh.stderr.off('data', onWords);
      ssh.stderr.resume();
    }
  });
}

/** Why sshd did not connect, in the words of its C library. */
const REFUSALS: readonly (readonly [RegExp, DialFailure, string])[] = [
  [/connection refused/i, 'refused', 'ECONNREFUSED'],
  [/timed out/i, 'timed-out', 'ETIMEDOUT'],
  [/no route to host/i, 'unreachable', 'EHOSTUNREACH'],
  [/network is unreachable/i, 'unreachable', 'ENETUNREACH'],
  [/cannot assign requested address/i, 'unreachable', 'EADDRNOTAVAIL'],
  [/name or service not known|no address associated|unknown host/i, 'name-not-resolved', 'ENOTFOUND'],
  [/temporary failure in name resolution/i, 'name-not-resolved', 'EAI_AGAIN'],
  [/connection reset/i, 'reset', 'ECONNRESET'],
];

function explainRefusal({ target: { name } }: SshConnection, target: string, words: string): HostError {
  const known = REFUSALS.find(([pattern]) => pattern.test(words));
  if (known) return new DialError(known[1], known[2], `${target}: ${words.trim()}`);
  if (/prohibited|not permitted|forwarding.*(disabled|denied)/i.test(words))
    return new HostError(
      'no-permission',
      `${target}: its sshd does not open connections for us`,
      `AllowTcpForwarding local in the sshd_config of ${name}`,
    );
  return new HostError('io', `${target}: ${words.trim().split('\n').at(-1) ?? 'no reason given'}`);
}

/** Standard input and output of ssh as one stream; to destroy it is to end ssh. */
class SshStream extends Duplex {
  readonly #ssh: SshProcess;

  constructor(ssh: SshProcess) {
    super({ allowHalfOpen: true });
    this.#ssh = ssh;
    ssh.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) ssh.stdout.pause();
    });
    ssh.stdout.once('end', () => this.push(null));
    ssh.stdout.once('close', () => this.push(null));
    ssh.stdout.pause();
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#ssh.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }
}
