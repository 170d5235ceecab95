/** Sockets of the stack: free ports, and listeners that close at once, whoever is connected. */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Random } from '../ports.ts';

export interface Service {
  readonly name: string;
  readonly running: boolean;
  /** Rejects with what an operator would read on the terminal. */
  start(): Promise<void>;
  stop(): Promise<void>;
  reload(): Promise<void>;
}

export interface Listener {
  close(): Promise<void>;
}

/** Calls back for each line a peer sends. Its errors are the socket's, and heard there. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  const lines = createInterface({ input: socket });
  lines.on('error', () => {});
  lines.on('line', onLine);
}

export function listen(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A peer that resets is no concern of the process; who needs the error listens too.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve({ close: () => closeServer(server, sockets) });
    });
  });
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

/**
 * Ports below the range the kernel hands out to clients. Inside it, somebody's outgoing connection could take the port of a
 * service that is down, or a client could even connect to itself.
 */
export async function findFreePorts(count: number, hosts: readonly string[], random: Random): Promise<number[]> {
  const top = Math.max(lowestClientPort(), 12_000);
  const found = new Set<number>();
  for (let attempt = 0; found.size < count && attempt < 2000; attempt += 1) {
    const port = 10_000 + random.integer(top - 10_000);
    if (!found.has(port) && (await isFree(port, hosts))) found.add(port);
  }
  if (found.size < count) throw new Error(`only ${found.size} of ${count} free ports found between 10000 and ${top}`);
  return [...found];
}

function lowestClientPort(): number {
  try {
    return Number(/^\d+/.exec(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))?.[0] ?? 32_768);
  } catch {
    return 32_768;
  }
}

async function isFree(port: number, hosts: readonly string[]): Promise<boolean> {
  for (const host of hosts) if (!(await canListen(host, port)) || !(await canReceive(host, port))) return false;
  return true;
}

/** Can this address be listened on at all (any port when 0)? */
export function canListen(host: string, port = 0): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, ipv6Only: true }, () => server.close(() => resolve(true)));
  });
}

function canReceive(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, host, () => socket.close(() => resolve(true)));
  });
}
