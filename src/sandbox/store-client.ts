/** One session with the database. */
import { connect, type Socket } from 'node:net';
import { readLines } from './listening.ts';

export interface StoreAddress {
  readonly host: string;
  readonly port: number;
}

export interface StoreConnection {
  readonly openedAt: number;
  readonly closed: boolean;
  /** The answer without its `OK`. Rejects with the server's error or when no answer came in time; the session is then of no use. */
  command(line: string): Promise<string>;
  close(): void;
}

export interface StoreClientOptions extends StoreAddress {
  readonly application: string;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly timer: NodeJS.Timeout;
  resolve(answer: string): void;
  reject(error: Error): void;
}

export async function connectStore({ host, port, application, timeoutMs }: StoreClientOptions): Promise<StoreConnection> {
  const socket = connect({ host, port });
  const waiting: Waiting[] = [];
  let failure: Error | undefined;

  function fail(error: Error): void {
    failure ??= error;
    socket.destroy();
    for (const { timer, reject } of waiting.splice(0)) {
      clearTimeout(timer);
      reject(failure);
    }
  }

  socket.once('error', fail);
  socket.once('close', () => fail(new Error('connection closed by the server')));
  readLines(socket, (line) => {
    const next = waiting.shift();
    if (!next) return;
    clearTimeout(next.timer);
    if (line.startsWith('OK')) next.resolve(line.slice(3));
    else next.reject(new Error(line.replace(/^ERR /, '')));
  });

  const connection: StoreConnection = {
    openedAt: Date.now(),
    get closed() {
      return failure !== undefined;
    },
    command(line) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => fail(new Error(`no answer from ${host}:${port} within ${timeoutMs} ms`)), timeoutMs);
        waiting.push({ timer, resolve, reject });
        socket.write(`${line}\n`);
      });
    },
    close() {
      fail(new Error('connection closed'));
    },
  };
  await greet(connection, socket, application);
  return connection;
}

async function greet(connection: StoreConnection, socket: Socket, application: string): Promise<void> {
  try {
    await connection.command(`HELLO ${application}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
