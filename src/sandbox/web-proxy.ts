/** Passes one request to the upstream and writes one line about it. */
import { readFileSync } from 'node:fs';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LogFile } from './log-file.ts';
import type { Node, Rotation } from './rotation.ts';
import type { WebConfig } from './web-config.ts';

export interface ProxyContext {
  config: WebConfig;
  readonly access: LogFile;
  readonly rotation: Rotation;
  /** What the shop shows its customers, as JSON. */
  readonly bannerFile: string;
  logError(level: 'error' | 'warn' | 'info', text: string): void;
}

const ROUTES = ['/health', '/pay'];
const BANNER = '/banner.json';
const REASONS: Readonly<Record<number, string>> = {
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

let connections = 0;

export function proxy(request: IncomingMessage, response: ServerResponse, context: ProxyContext): void {
  const { config, access } = context;
  const startedAt = performance.now();
  const path = (request.url ?? '/').split('?')[0] as string;
  let upstreamStatus = '-';
  let bytes = 0;
  connections += 1;
  const connection = connections;
  let outgoing: ClientRequest | undefined;
  let leave: (() => void) | undefined;
  let node: Node = { name: '-', ...config.upstream };

  response.once('close', () => {
    const finished = response.writableFinished;
    if (!finished) outgoing?.destroy();
    leave?.();
    access.write(accessLine({ request, status: finished ? response.statusCode : 499, startedAt, upstreamStatus, bytes }));
  });
  request.on('error', () => {});
  if (path === BANNER) {
    const text = readFileSync(context.bannerFile, 'utf8');
    bytes = text.length;
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    return;
  }
  if (!ROUTES.includes(path)) {
    bytes = respond(response, 404);
    return;
  }

  const fail = (status: number, text: string) => {
    if (response.headersSent || response.destroyed) return;
    const { method, url, headers, socket } = request;
    const upstream = `http://${node.host}:${node.port}${url}`;
    context.logError(
      'error',
      `*${connection} ${text}, client: ${socket.remoteAddress}, server: ${config.serverName}, request: "${method} ${url} HTTP/1.1", upstream: "${upstream}", host: "${headers.host}"`,
    );
    upstreamStatus = String(status);
    bytes = respond(response, status);
  };
  const pass = () => {
    const { host, port } = node;
    outgoing = httpRequest(
      { host, port, path: request.url, method: request.method, headers: request.headers, agent: false },
      (incoming) => {
        clearTimeout(deadline);
        upstreamStatus = String(incoming.statusCode);
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        incoming.pipe(response);
        incoming.once('error', () => response.destroy());
      },
    );
    const limit = path === '/health' ? config.healthReadTimeoutMs : config.readTimeoutMs;
    const deadline = setTimeout(() => {
      fail(504, 'upstream timed out (110: Connection timed out) while reading response header from upstream');
      outgoing?.destroy();
    }, limit);
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(deadline);
      fail(502, describeFailure(error));
    });
    request.pipe(outgoing);
  };
  void context.rotation.next(config.upstream).then((next) => {
    if (response.destroyed) return;
    if (!next) return fail(503, 'no live upstreams while connecting to upstream');
    node = next;
    leave = context.rotation.enter(next);
    pass();
  });
}

function describeFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'connect() failed (111: Connection refused) while connecting to upstream';
  if (error.code === 'ECONNRESET') return 'upstream prematurely closed connection while reading response header from upstream';
  return `${error.message} while reading response header from upstream`;
}

/** nginx's own error page; returns its size. */
function respond(response: ServerResponse, status: number): number {
  const title = `${status} ${REASONS[status]}`;
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center></body>\r\n</html>\r\n`;
  response.writeHead(status, { 'content-type': 'text/html' }).end(page);
  return page.length;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly status: number;
  readonly startedAt: number;
  readonly upstreamStatus: string;
  /** Of the body. */
  readonly bytes: number;
}

/** nginx's `combined` format with request time and upstream status after it. */
function accessLine({ request, status, startedAt, upstreamStatus, bytes }: Exchange): string {
  const agent = request.headers['user-agent'] ?? '-';
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(3);
  return `${request.socket.remoteAddress ?? '127.0.0.1'} - - [${localTime(new Date())}] "${request.method} ${request.url} HTTP/1.1" ${status} ${bytes} "-" "${agent}" rt=${seconds} us=${upstreamStatus}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `31/Jan/2026:12:00:00 +0000` */
function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  return `${two(date.getDate())}/${MONTHS[date.getMonth()]}/${date.getFullYear()}:${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}
