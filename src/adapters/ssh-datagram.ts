import { HostError } from '../errors.ts';
import type { Address, DatagramOptions } from '../ports.ts';
import { DialError } from './dial-error.ts';
import type { SshPool } from './ssh-pool.ts';
import { asking, bounded } from './ssh-script.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

/** $1 host, $2 port, $3 payload as escapes of printf, which itself writes line by line. One write of dd is one datagram, one read the answer. */
const EXCHANGE = `exec 3<>"/dev/udp/$1/$2" || exit 5
printf "$3" | dd bs=65536 iflag=fullblock status=none >&3 && dd bs=65536 count=1 status=none <&3`;

/** ssh carries streams only; bash there can send a datagram. */
export async function askOverSsh(pool: SshPool, name: string, { host, port }: Address, options: DatagramOptions): Promise<Uint8Array> {
  const { payload, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  const target = `${host} port ${port}/udp from ${name}`;
  const escapes = [...payload].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const argv = ['bash', '-c', EXCHANGE, 'bash', host, String(port), escapes];
  try {
    const { exitCode, stdout, stderr } = await pool.command(asking(bounded(argv, timeoutMs)), { timeoutMs, signal, what: target });
    const words = stderr.toString('utf8');
    if (/connection refused/i.test(words)) throw new DialError('refused', 'ECONNREFUSED', `${target}: connection refused`);
    if (/unreachable|no route/i.test(words)) throw new DialError('unreachable', 'EHOSTUNREACH', `${target}: ${words.trim()}`);
    if (/name or service not known|name resolution/i.test(words))
      throw new DialError('name-not-resolved', 'ENOTFOUND', `${target}: ${words.trim()}`);
    if (exitCode === 127 || exitCode === 5 || /\/dev\/udp/.test(words))
      throw new HostError('missing-tool', `${target}: no bash there that can send a datagram`, `install bash on ${name}`);
    if (stdout.length === 0) throw new HostError('io', `${target}: ${words.trim() || `exit ${exitCode}`}`);
    return stdout;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'timed-out' && !(error instanceof DialError))
      throw new DialError('timed-out', 'ETIMEDOUT', `${target}: no answer within ${Math.round(timeoutMs)} ms`);
    throw error;
  }
}
