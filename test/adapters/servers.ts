/** Real servers on loopback for tests; all are closed by `closeServers`. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

const closers: (() => void)[] = [];

export function closeServers(): void {
  for (const close of closers.splice(0)) close();
}

export async function startTcp(onConnection: (socket: Socket) => void): Promise<number> {
  return listen(createServer((socket) => guard(socket, onConnection)));
}

export async function startTls(options: TlsOptions, onConnection: (socket: Socket) => void = () => {}): Promise<number> {
  const server = createTlsServer(options, (socket) => guard(socket, onConnection));
  server.on('tlsClientError', () => {});
  return listen(server);
}

/** Answers each datagram with what `answer` returns, or not at all. */
export async function startUdp(answer: (question: Buffer) => Buffer | undefined): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (question, { address, port }) => {
    const reply = answer(question);
    if (reply) socket.send(reply, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closers.push(() => socket.close());
  return socket.address().port;
}

/** Below those that Linux gives to clients and to servers that ask for any port (ip_local_port_range). */
const CHOSEN_PORTS = { from: 10_240, to: 32_000 } as const;

/** A port on which nothing listens, and that the kernel gives to nobody meanwhile. */
export async function findClosedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(CHOSEN_PORTS.from, CHOSEN_PORTS.to);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

function guard(socket: Socket, use: (socket: Socket) => void): void {
  socket.on('error', () => {});
  use(socket);
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as { port: number }).port;
}
