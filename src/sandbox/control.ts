/** The way from a control command to the running stack: one JSON line there, one back, over a socket in its folder. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import { type Listener, readLines } from './listening.ts';
import { layOut } from './site.ts';
import type { Order } from './verbs.ts';

export interface ControlResult {
  readonly ok: boolean;
  /** What the command prints. */
  readonly output: string;
}

const ANSWER_MS = 20_000;
/** `sun_path` holds 108 bytes on Linux, 104 elsewhere, the final zero included. */
const MAX_SOCKET_PATH = 100;

/** Sends one order to the sandbox of `dir`. Throws when none runs there. */
export async function controlSandbox({ dir, ...order }: Order & { readonly dir: string }): Promise<ControlResult> {
  return withShortPath(layOut(dir).controlSocket, (path) => ask(path, dir, order));
}

function ask(path: string, dir: string, order: Order): Promise<ControlResult> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    socket.once('error', (error) => reject(notRunning(dir, error)));
    socket.once('close', () => reject(notRunning(dir, new Error('connection closed without an answer'))));
    readLines(socket, (line) => {
      resolve(JSON.parse(line) as ControlResult);
      socket.destroy();
    });
    socket.write(`${JSON.stringify(order)}\n`);
  });
}

function notRunning(dir: string, cause: Error): OorError {
  return new OorError({
    code: 'sandbox-not-running',
    message: `no sandbox answers in ${dir}: ${cause.message}`,
    hint: 'oor sandbox serve starts one',
    exitCode: ExitCode.usage,
    cause,
  });
}

/** Answers orders until closed, one after the other. */
export async function listenForOrders(path: string, obey: (order: Order) => Promise<string>): Promise<Listener> {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    readLines(socket, (line) => {
      const turn = last.then(() => execute(line, obey));
      last = turn;
      void turn.then((result) => socket.end(`${JSON.stringify(result)}\n`));
    });
  });
  await withShortPath(path, (short) => {
    rmSync(path, { force: true });
    return new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(short, resolve);
    });
  });
  return {
    async close() {
      await last;
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(path, { force: true });
    },
  };
}

async function execute(line: string, obey: (order: Order) => Promise<string>): Promise<ControlResult> {
  try {
    return { ok: true, output: await obey(JSON.parse(line) as Order) };
  } catch (error) {
    return { ok: false, output: (error as Error).message };
  }
}

/** A folder may be deeper than a socket's path may be long; through a descriptor of the folder any path is short. */
async function withShortPath<T>(path: string, use: (short: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH || process.platform !== 'linux') return use(path);
  const folder = openSync(dirname(path), 'r');
  try {
    return await use(join('/proc/self/fd', String(folder), basename(path)));
  } finally {
    closeSync(folder);
  }
}
