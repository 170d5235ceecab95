/** What `ss -i` tells of established connections to a peer: one line of addresses, one indented line of `key:value`. */
import { HostError } from '../errors.ts';
import type { ProbeContext } from './check.ts';

export interface SocketInfo {
  /** Address and port of this side. */
  readonly local: string;
  /** Times are ms; a time of 0 is left out by ss. */
  read(key: string): number | undefined;
}

export async function readSocketInfo(
  port: number,
  addresses: readonly string[],
  { host, signal }: ProbeContext,
): Promise<readonly SocketInfo[]> {
  const argv = ['ss', '-H', '-t', '-n', '-i', 'state', 'established', 'dport', '=', `:${port}`];
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 3_000, signal });
  if (exitCode !== 0) throw new HostError('io', `ss: ${stderr.trim().slice(0, 200)}`, 'install iproute2');
  return parseSocketInfo(stdout, addresses);
}

export function parseSocketInfo(stdout: string, addresses: readonly string[]): readonly SocketInfo[] {
  const found: SocketInfo[] = [];
  let local: string | undefined;
  for (const line of stdout.split('\n')) {
    if (!/^\s/.test(line)) {
      const [, , from = '', to = ''] = line.trim().split(/\s+/);
      const address = to.replace(/:\d+$/, '').replace(/^\[(?:::ffff:)?(.*)\]$/, '$1');
      local = addresses.includes(address) ? from : undefined;
    } else if (local !== undefined) {
      found.push({ local, read: (key) => readNumber(line, key) });
      local = undefined;
    }
  }
  return found;
}

function readNumber(line: string, key: string): number | undefined {
  const match = new RegExp(`\\b${key}:([\\d.]+)`).exec(line);
  return match ? Number(match[1]) : undefined;
}
