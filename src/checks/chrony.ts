/** `chronyc -c tracking`: one line of comma-separated figures. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { tryRead } from './linux.ts';

export interface ChronyTracking {
  /** False: chronyc is here and its daemon does not answer. */
  readonly daemon: boolean;
  readonly synchronised: boolean;
  /** How far the system clock is from what chrony holds for true; the sign is left out. */
  readonly offsetMs: number;
  readonly stratum: number;
  readonly reference: string;
}

const SOCKET = '/run/chrony/chronyd.sock';
/** Port 323, as /proc/net/udp writes it. */
const COMMAND_PORT = /^ *\d+: [\dA-F]+:0143 /m;

/** Is there nothing that chronyc could talk to, neither the socket nor the port? False where that cannot be told. */
export async function hasNoChrony(host: Host): Promise<boolean> {
  const [udp, udp6, socket] = await Promise.all([
    tryRead(host, '/proc/net/udp'),
    tryRead(host, '/proc/net/udp6'),
    host.stat(SOCKET).catch((error: unknown) => (error instanceof HostError ? error.reason : 'other')),
  ]);
  // Whoever may not look at the socket may not use it either.
  return udp !== null && !COMMAND_PORT.test(`${udp}\n${udp6 ?? ''}`) && (socket === 'not-found' || socket === 'no-permission');
}

/** null: there is no chronyc. */
export async function askChrony(host: Host): Promise<ChronyTracking | null> {
  try {
    const { exitCode, stdout } = await host.run(['chronyc', '-n', '-c', 'tracking'], { timeoutMs: 3_000 });
    return exitCode === 0 ? parseTracking(stdout) : { daemon: false, synchronised: false, offsetMs: 0, stratum: 0, reference: '' };
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

/** Reference id, its name or address, stratum, reference time, system time, ..., leap status. */
function parseTracking(line: string): ChronyTracking {
  const fields = line.trim().split(',');
  const stratum = Number(fields[2] ?? 0);
  return {
    daemon: true,
    synchronised: fields.at(-1) !== 'Not synchronised' && stratum > 0,
    offsetMs: Math.abs(Number(fields[4] ?? 0)) * 1_000,
    stratum,
    reference: fields[1] ?? '',
  };
}
