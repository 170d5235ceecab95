/** Real servers on loopback for tests; all are closed by `closeServers`. */
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

/** A port on which nothing listens. */
export async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
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
