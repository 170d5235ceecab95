/** A small database server: one line a command, one line an answer, a bounded number of sessions. */
import { createServer, type Server, type Socket } from 'node:net';
import { type Listener, listen, readLines, type Service } from './listening.ts';
import type { Logger } from './log-file.ts';

export interface StoreOptions {
  readonly host: string;
  readonly port: number;
  readonly maxSessions: number;
  readonly log: Logger;
}

export interface Store extends Service {
  /** Ends every session that gave this application name; says how many. */
  endSessions(application: string): number;
  /** A statement that takes the lock every command needs, and never ends. */
  runAway(): void;
}

interface Session {
  readonly socket: Socket;
  application: string;
}

/** Rows kept; the oldest go first. */
const MAX_ROWS = 2000;
/** A client that tries again and again must not fill the log. */
const REPORT_EVERY_MS = 500;

export function createStore({ host, port, maxSessions, log }: StoreOptions): Store {
  const rows = new Map<string, string>();
  const sessions = new Set<Session>();
  let listener: Listener | undefined;
  let locked = false;
  const reportRefusal = createThrottle(REPORT_EVERY_MS);

  function accept(socket: Socket): void {
    if (sessions.size >= maxSessions) {
      reportRefusal(() =>
        log('WARN', `connection refused: ${maxSessions} of ${maxSessions} sessions in use (${countByApplication(sessions)})`),
      );
      socket.end(`ERR too many connections (limit ${maxSessions})\n`);
      return;
    }
    const session: Session = { socket, application: 'unknown' };
    sessions.add(session);
    socket.once('close', () => sessions.delete(session));
    readLines(socket, (line) => {
      // A command behind the lock waits for it; the runaway statement never gives it back.
      if (!locked) socket.write(`${execute(line, session)}\n`);
    });
  }

  function execute(line: string, session: Session): string {
    const [command = '', key = '', ...rest] = line.split(' ');
    if (command === 'HELLO') {
      session.application = key;
      return 'OK';
    }
    if (command === 'PING') return 'OK';
    if (command === 'GET') return rows.has(key) ? `OK ${rows.get(key)}` : 'ERR no such row';
    if (command !== 'PUT') return `ERR unknown command ${command}`;
    rows.delete(key);
    rows.set(key, rest.join(' '));
    if (rows.size > MAX_ROWS) rows.delete(rows.keys().next().value as string);
    return 'OK';
  }

  const store: Store = {
    name: 'store',
    get running() {
      return listener !== undefined;
    },
    async start() {
      if (listener) return;
      const server: Server = createServer(accept);
      listener = await listen(server, host, port);
      log('INFO', `ready for connections on ${host}:${port}, at most ${maxSessions} sessions`);
    },
    async stop() {
      const closing = listener;
      listener = undefined;
      if (!closing) return;
      log('INFO', 'received shutdown request, closing all sessions');
      await closing.close();
      locked = false;
    },
    async reload() {},
    endSessions(application) {
      const ended = [...sessions].filter((session) => session.application === application);
      for (const { socket } of ended) socket.destroy();
      if (ended.length > 0) log('INFO', `${ended.length} sessions of ${application} ended by administrator command`);
      return ended.length;
    },
    runAway() {
      locked = true;
      log('INFO', 'maintenance: rewriting table payments, exclusive lock taken');
    },
  };
  return store;
}

function countByApplication(sessions: Iterable<Session>): string {
  const counts = new Map<string, number>();
  for (const { application } of sessions) counts.set(application, (counts.get(application) ?? 0) + 1);
  return [...counts].map(([application, count]) => `${application} ${count}`).join(', ');
}

function createThrottle(everyMs: number): (action: () => void) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (action) => {
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    action();
  };
}
