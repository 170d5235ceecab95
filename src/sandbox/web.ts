/** The HTTPS entry: a reverse proxy with the log formats of nginx, so that what reads those can read these. */
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Listener, listen, type Service } from './listening.ts';
import { type LogFile, openLog } from './log-file.ts';
import type { Rotation } from './rotation.ts';
import { readKeyPair, readWebConfig, type WebConfig } from './web-config.ts';
import { type ProxyContext, proxy } from './web-proxy.ts';

export interface Web extends Service {
  /** What `-t` prints; rejects with the same when the configuration is broken. */
  testConfig(): Promise<string>;
  /** After this it writes no more. */
  closeLogs(): void;
}

export interface WebOptions {
  readonly configFile: string;
  readonly accessLog: string;
  readonly errorLog: string;
  readonly bannerFile: string;
  readonly rotation: Rotation;
}

interface Running extends ProxyContext {
  readonly servers: readonly Server[];
  readonly listeners: readonly Listener[];
}

export function createWeb({ configFile, accessLog, errorLog, bannerFile, rotation }: WebOptions): Web {
  const access = openLog(accessLog);
  const errors = openLog(errorLog);
  let current: Running | undefined;

  function readConfig(): WebConfig {
    try {
      return readWebConfig(configFile);
    } catch (error) {
      logError(errors, 'emerg', (error as Error).message);
      throw new Error(`web: [emerg] ${(error as Error).message}`);
    }
  }

  const web: Web = {
    name: 'web',
    get running() {
      return current !== undefined;
    },
    async start() {
      if (current) return;
      const config = readConfig();
      const context: ProxyContext = { config, access, bannerFile, rotation, logError: (level, text) => logError(errors, level, text) };
      const servers = config.listen.map(() => createEntry(context));
      const listeners = await bindAll(servers, config).catch((error: Error) => {
        logError(errors, 'emerg', error.message);
        throw new Error(`web: [emerg] ${error.message}`);
      });
      current = Object.assign(context, { servers, listeners });
      logError(errors, 'notice', 'start worker process');
    },
    async stop() {
      const closing = current;
      current = undefined;
      if (!closing) return;
      logError(errors, 'notice', 'signal 15 (SIGTERM) received, exiting');
      await Promise.all(closing.listeners.map((listener) => listener.close()));
    },
    async reload() {
      if (!current) throw new Error('web is not running');
      logError(errors, 'notice', 'signal 1 (SIGHUP) received, reconfiguring');
      const config = readConfig();
      current.config = config;
      for (const server of current.servers) server.setSecureContext(readKeyPair(config));
    },
    async testConfig() {
      try {
        readWebConfig(configFile);
        return `web: the configuration file ${configFile} syntax is ok\nweb: configuration file ${configFile} test is successful`;
      } catch (error) {
        throw new Error(`web: [emerg] ${(error as Error).message}\nweb: configuration file ${configFile} test failed`);
      }
    },
    closeLogs() {
      access.close();
      errors.close();
    },
  };
  return web;
}

/** All addresses or none. */
async function bindAll(servers: readonly Server[], { listen: addresses }: WebConfig): Promise<Listener[]> {
  const attempts = await Promise.allSettled(addresses.map(({ host, port }, index) => listen(servers[index] as Server, host, port)));
  const bound = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  const refused = attempts.find((attempt) => attempt.status === 'rejected');
  if (!refused) return bound;
  await Promise.all(bound.map((listener) => listener.close()));
  throw refused.reason;
}

function createEntry(context: ProxyContext): Server {
  const server = createServer(readKeyPair(context.config), (request, response) => proxy(request, response, context));
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const what =
      error.code === 'ECONNRESET'
        ? 'peer closed connection in SSL handshake'
        : `SSL_do_handshake() failed (SSL: ${error.message.split('\n')[0]})`;
    context.logError('info', `${what} while SSL handshaking, ${describePeer(socket, context)}`);
  });
  // Where a client refuses our certificate this is all the server ever sees of it.
  server.on('secureConnection', (socket) => {
    socket.once('close', () => {
      if (socket.bytesRead === 0)
        context.logError('info', `client closed connection while waiting for request, ${describePeer(socket, context)}`);
    });
  });
  return server;
}

function describePeer(socket: TLSSocket, { config }: ProxyContext): string {
  return `client: ${socket.remoteAddress ?? '127.0.0.1'}, server: 0.0.0.0:${config.listen[0]?.port}`;
}

type ErrorLevel = 'emerg' | 'error' | 'warn' | 'notice' | 'info';

/** `2026/01/31 12:00:00 [error] 4711#0: text`, in local time as nginx writes it. */
function logError(log: LogFile, level: ErrorLevel, text: string): void {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const stamp = `${now.getFullYear()}/${two(now.getMonth() + 1)}/${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  log.write(`${stamp} [${level}] ${process.pid}#0: ${text}`);
}
