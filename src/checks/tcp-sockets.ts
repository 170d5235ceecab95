/** The TCP (or UDP) sockets of a host, and who owns a listening one. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { parseTcpTable, type TcpSocket } from './proc-net.ts';

/** Some 400 000 sockets; what lies beyond is not counted, and said so. */
const TABLE_BYTES = 64 * 1024 * 1024;

export interface SocketTable {
  readonly sockets: readonly TcpSocket[];
  readonly truncated: boolean;
}

export type Protocol = 'tcp' | 'udp';

export async function readSockets(host: Host, protocol: Protocol = 'tcp'): Promise<SocketTable> {
  const tables = await Promise.all([readTable(host, `/proc/net/${protocol}`), readTable(host, `/proc/net/${protocol}6`)]);
  if (tables.every((table) => table === null))
    throw new HostError('not-found', `/proc/net/${protocol} is not there`, 'run where /proc is mounted');
  return { sockets: tables.flatMap((table) => table?.sockets ?? []), truncated: tables.some((table) => table?.truncated === true) };
}

/** Process ids by socket inode, as far as they may be seen; null when nothing here can tell. Other users' need root. */
export async function findOwners(host: Host, protocol: Protocol = 'tcp'): Promise<ReadonlyMap<number, number> | null> {
  return (await askSs(host, protocol)) ?? (await askFind(host));
}

/** A machine without IPv6 has no tcp6. */
async function readTable(host: Host, path: string): Promise<SocketTable | null> {
  try {
    const { text, bytesRead } = await host.readFile(path, { maxBytes: TABLE_BYTES });
    return { sockets: parseTcpTable(text), truncated: bytesRead >= TABLE_BYTES };
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return null;
    throw error;
  }
}

/** `-e` adds `ino:123`, `-p` adds `users:(("nginx",pid=7,fd=6))`. */
async function askSs(host: Host, protocol: Protocol): Promise<ReadonlyMap<number, number> | null> {
  const output = await tryRun(host, ['ss', '-H', '-l', protocol === 'tcp' ? '-t' : '-u', '-n', '-p', '-e']);
  if (output === null) return null;
  const pairs = output.split('\n').flatMap((line): (readonly [number, number])[] => {
    const inode = /\bino:(\d+)/.exec(line)?.[1];
    const pid = /\bpid=(\d+)/.exec(line)?.[1];
    return inode !== undefined && pid !== undefined ? [[Number(inode), Number(pid)]] : [];
  });
  return new Map(pairs);
}

async function askFind(host: Host): Promise<ReadonlyMap<number, number> | null> {
  const output = await tryRun(host, [
    'find',
    '/proc',
    '-maxdepth',
    '3',
    '-path',
    '/proc/[0-9]*/fd/*',
    '-lname',
    'socket:*',
    '-printf',
    '%p %l\\n',
  ]);
  if (output === null) return null;
  return new Map([...output.matchAll(/^\/proc\/(\d+)\/fd\/\d+ socket:\[(\d+)\]$/gm)].map(([, pid, inode]) => [Number(inode), Number(pid)]));
}

/** null: the tool is missing or fails; who owns a socket is only ever an extra. */
async function tryRun(host: Host, argv: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await host.run(argv, { timeoutMs: 3_000, maxOutputBytes: 4 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}
