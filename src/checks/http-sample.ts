/** One HTTP exchange put into a word that tells root causes apart. */
import type { HttpExchange, Text } from '../ports.ts';
import { nameConnectFailure } from './connect.ts';

export const HTTP_CODES = [
  'ok',
  'refused',
  'timed-out',
  'unreachable',
  'no-local-port',
  'name-not-resolved',
  'reset',
  'no-response',
  'incomplete',
  'not-http',
  'tls-failed',
  'bad-gateway',
  'unavailable',
  'gateway-timeout',
  'server-error',
  'unauthorized',
  'rate-limited',
  'client-error',
  'unexpected-status',
  'body-mismatch',
] as const;
export type HttpCode = (typeof HTTP_CODES)[number];

export interface HttpExpectation {
  /** Empty: any 2xx or 3xx. */
  readonly statuses: readonly number[];
  readonly bodyContains: string | undefined;
}

/** Filled from `url`, `address`, `status`, `error` and `ms`. */
export const httpMessages = {
  'name-not-resolved': { en: 'the name in {url} does not resolve', 'zh-CN': '{url} 的域名无法解析' },
  refused: { en: '{url}: connection refused by {address}', 'zh-CN': '{url}：连接被 {address} 拒绝' },
  'timed-out': { en: '{url}: {address} does not answer the connection attempt', 'zh-CN': '{url}：{address} 对连接请求无应答' },
  unreachable: { en: '{url}: no route to {address}', 'zh-CN': '{url}：到 {address} 没有可用路由' },
  'no-local-port': {
    en: '{url}: this machine has no free local port left for {address}',
    'zh-CN': '{url}：本机已无可用本地端口连接 {address}',
  },
  reset: { en: '{url}: {address} cut the connection ({error})', 'zh-CN': '{url}：{address} 中断了连接（{error}）' },
  'no-response': {
    en: '{url}: {address} accepts the connection and then says nothing for {ms} ms: the service hangs',
    'zh-CN': '{url}：{address} 接受连接后 {ms} 毫秒内无任何响应：服务疑似挂起',
  },
  incomplete: { en: '{url}: the answer ({status}) stopped half-way', 'zh-CN': '{url}：响应（{status}）中途中断' },
  'not-http': {
    en: '{url}: {address} answers with something that is not HTTP ({error})',
    'zh-CN': '{url}：{address} 返回的不是 HTTP 协议（{error}）',
  },
  'tls-failed': { en: '{url}: TLS handshake with {address} failed ({error})', 'zh-CN': '{url}：与 {address} 的 TLS 握手失败（{error}）' },
  'bad-gateway': {
    en: '{url} answers 502: the web server reaches no working application behind it',
    'zh-CN': '{url} 返回 502：网关后端应用不可用',
  },
  unavailable: {
    en: '{url} answers 503: overloaded, in maintenance, or a dependency is down',
    'zh-CN': '{url} 返回 503：过载、维护中或依赖不可用',
  },
  'gateway-timeout': {
    en: '{url} answers 504: the application behind the web server does not answer in time',
    'zh-CN': '{url} 返回 504：后端应用响应超时',
  },
  'server-error': { en: '{url} answers {status}: the application fails', 'zh-CN': '{url} 返回 {status}：应用内部错误' },
  unauthorized: {
    en: '{url} answers {status}: credentials are missing, wrong or not allowed',
    'zh-CN': '{url} 返回 {status}：凭据缺失、错误或无权限',
  },
  'rate-limited': { en: '{url} answers 429: too many requests', 'zh-CN': '{url} 返回 429：请求过多被限流' },
  'client-error': { en: '{url} answers {status}: it rejects the request as asked', 'zh-CN': '{url} 返回 {status}：请求被拒绝' },
  'unexpected-status': { en: '{url} answers {status}, which is not the expected status', 'zh-CN': '{url} 返回 {status}，与期望状态码不符' },
  'body-mismatch': {
    en: '{url} answers {status}, but the body lacks the expected text',
    'zh-CN': '{url} 返回 {status}，但响应内容缺少期望文本',
  },
} satisfies Readonly<Record<Exclude<HttpCode, 'ok'>, Text>>;

export function classifyExchange(exchange: HttpExchange, { statuses, bodyContains }: HttpExpectation): HttpCode {
  const { reached, status } = exchange;
  if (reached !== 'done' || status === undefined) return classifyFailure(exchange);
  const expected = statuses.length > 0 ? statuses.includes(status) : status >= 200 && status < 400;
  if (!expected) return classifyStatus(status);
  return bodyContains === undefined || exchange.body.includes(bodyContains) ? 'ok' : 'body-mismatch';
}

function classifyStatus(status: number): HttpCode {
  const known: Readonly<Record<number, HttpCode>> = {
    401: 'unauthorized',
    403: 'unauthorized',
    429: 'rate-limited',
    502: 'bad-gateway',
    503: 'unavailable',
    504: 'gateway-timeout',
  };
  const code = known[status];
  if (code) return code;
  if (status >= 500) return 'server-error';
  return status >= 400 ? 'client-error' : 'unexpected-status';
}

function classifyFailure({ reached, status, errorCode = '' }: HttpExchange): HttpCode {
  if (reached === 'dns') return 'name-not-resolved';
  const silent = /TIMEDOUT|TIMEOUT|ABORT/.test(errorCode);
  if (reached === 'connect') return classifyConnect(errorCode, silent);
  if (silent) return status === undefined ? 'no-response' : 'incomplete';
  if (errorCode.startsWith('HPE_')) return 'not-http';
  if (reached === 'tls' && !/^(ECONNRESET|EPIPE)$/.test(errorCode)) return 'tls-failed';
  return status === undefined ? 'reset' : 'incomplete';
}

function classifyConnect(errorCode: string, silent: boolean): HttpCode {
  if (silent) return 'timed-out';
  if (errorCode === 'ECONNREFUSED') return 'refused';
  return nameConnectFailure(errorCode === 'ECONNRESET' ? 'reset' : 'unreachable', errorCode);
}
