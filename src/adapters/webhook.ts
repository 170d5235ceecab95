/** A POST to a service that tells people: bounded in time and bytes, proved by its certificate, never redirected. */
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { rootCertificates, connect as tlsConnect } from 'node:tls';
import type { Webhook, WebhookAnswer, WebhookRequest } from '../ports.ts';
import { bareHost } from './protocols/resolve.ts';
import { SYSTEM_FILES } from './protocols/trust.ts';
import { untilAborted } from './until-aborted.ts';

const MAX_ANSWER_BYTES = 8 * 1024;
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

export function createWebhook(): Webhook {
  return {
    async post(request) {
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(), request.timeoutMs);
      const signal = request.signal ? AbortSignal.any([limit.signal, request.signal]) : limit.signal;
      try {
        // A name that is being resolved cannot be called off.
        return await untilAborted(exchange(request, signal), signal);
      } catch (error) {
        return limit.signal.aborted
          ? { failed: 'timed-out', why: `no answer within ${request.timeoutMs / 1_000} s` }
          : describeFailure(error as NodeJS.ErrnoException);
      } finally {
        clearTimeout(timer);
        limit.abort();
      }
    },
  };
}

async function exchange({ url: text, headers, body, caFile, proxy }: WebhookRequest, signal: AbortSignal): Promise<WebhookAnswer> {
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  const host = bareHost(url.hostname);
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const tls = secure ? { ca: await readAnchors(caFile), servername: host, host } : {};
  const tunnel = proxy === undefined ? undefined : await openTunnel(new URL(proxy), `${url.hostname}:${port}`, signal);
  const options: RequestOptions = {
    method: 'POST',
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'oor',
      ...headers,
      'content-length': Buffer.byteLength(body),
    },
    agent: false,
    signal,
    ...(tunnel && { createConnection: () => (secure ? tlsConnect({ ...tls, socket: tunnel }) : tunnel) }),
  };
  return await new Promise((resolve, reject) => {
    const request = secure ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
    request.once('error', reject);
    request.once('response', (response) => readAnswer(response).then(resolve, reject));
    request.end(body);
  });
}

/** Those shipped with Node, those of the system, and those of the file. */
async function readAnchors(caFile: string | undefined): Promise<readonly string[] & string[]> {
  const system = await Promise.all(SYSTEM_FILES.map((file) => readFile(file, 'utf8').catch(() => '')));
  const own = caFile === undefined ? [] : [await readFile(caFile, 'utf8')];
  return [...rootCertificates, ...system.filter((text) => text !== '').slice(0, 1), ...own];
}

async function openTunnel(proxy: URL, target: string, signal: AbortSignal): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = proxy;
    const request = httpRequest({
      method: 'CONNECT',
      host: hostname,
      port: port === '' ? 80 : Number(port),
      path: target,
      headers: { host: target },
      agent: false,
      signal,
    });
    request.once('error', reject);
    request.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(Object.assign(new Error(`the proxy answers ${statusCode} to CONNECT ${target}`), { code: 'EPROXY' }));
    });
    request.once('response', ({ statusCode }) => reject(Object.assign(new Error(`the proxy answers ${statusCode}`), { code: 'EPROXY' })));
    request.end();
  });
}

async function readAnswer(response: IncomingMessage): Promise<WebhookAnswer> {
  const { statusCode = 0, headers } = response;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_ANSWER_BYTES) break;
  }
  const retryAfterMs = readRetryAfter(headers['retry-after']);
  return {
    status: statusCode,
    body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8'),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(headers.location !== undefined && { location: headers.location }),
  };
}

/** Seconds, or a date. */
function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function describeFailure(error: NodeJS.ErrnoException): WebhookAnswer {
  const { code = '', message } = error;
  if (CERTIFICATE.test(code)) return { failed: 'certificate', why: `${message} (${code})` };
  if (code === 'ENOENT' || code === 'EACCES' || code.startsWith('ERR_INVALID') || code === 'ERR_UNESCAPED_CHARACTERS')
    return { failed: 'request', why: message };
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return { failed: 'network', why: describeHandshake(message) };
  return { failed: 'network', why: code === '' || message.includes(code) ? message : `${message} (${code})` };
}

/** What OpenSSL says, and what that tends to be. */
const HANDSHAKES: readonly (readonly [RegExp, string])[] = [
  [
    /wrong version number|packet length too long|http request|unknown protocol|bad record type/,
    'no TLS answers on that port: is it http:// ?',
  ],
  [
    /certificate required|alert (?:bad|unknown|no|unsupported) certificate|alert certificate|unknown ca/,
    'it asks for a client certificate',
  ],
  [/unrecognized name/, 'it does not serve that name'],
  [/protocol version|unsupported protocol|no protocols available/, 'no TLS version in common'],
  [/handshake failure|no shared cipher/, 'no cipher in common, or it asks for a client certificate'],
];

/** Of a failure that says nothing about the certificate: `...:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:350:` */
function describeHandshake(message: string): string {
  const said = /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message;
  const means = HANDSHAKES.find(([pattern]) => pattern.test(said))?.[1];
  return means === undefined ? `TLS failed: ${said}` : `${means} (TLS: ${said})`;
}
