/** A provider on loopback over real TLS: verifies who asks as the real ones do, with real keys, and answers as they document. */
import { createHash, createPublicKey, createSign, createVerify, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Lab } from './openssl-lab.ts';

export type Mood =
  | 'well'
  | 'busy'
  | 'limited'
  | 'maintenance'
  | 'suspended'
  | 'no-permission'
  | 'strange'
  | 'forged'
  | 'other-certificate'
  | 'known'
  | 'silent';

export interface ProviderServer {
  readonly url: string;
  /** What was asked, `METHOD PATH`. */
  readonly asked: string[];
  mood: Mood;
  /** Its clock against ours, in ms. */
  clockMs: number;
  stop(): void;
}

/** `lab` holds the certificates `server` and `client` (whose key asks) and `platform` (which signs answers). */
export async function startProvider(lab: Lab): Promise<ProviderServer> {
  const own = {
    mood: 'well' as Mood,
    clockMs: 0,
    asked: [] as string[],
  };
  const keys: Keys = {
    client: createPublicKey(readFileSync(lab.path('client.pem'))),
    platform: readFileSync(lab.path('platform.key'), 'utf8'),
    platformSerial: new X509Certificate(readFileSync(lab.path('platform.pem'))).serialNumber,
  };
  const server = createServer(
    { key: readFileSync(lab.path('server.key')), cert: readFileSync(lab.path('server.pem')) },
    async (request, response) => {
      own.asked.push(`${request.method} ${request.url?.split('?')[0]}`);
      if (own.mood === 'silent') return;
      const body = await readBody(request);
      const answer = answerTo(request, body, { ...own, keys });
      const headers = {
        date: new Date(Date.now() + own.clockMs).toUTCString(),
        'content-type': 'application/json',
        'request-id': 'R-1',
        ...answer.headers,
      };
      response.writeHead(answer.status, headers).end(answer.body);
    },
  );
  const port = await listen(server);
  return Object.assign(own, {
    url: `https://localhost:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

interface Keys {
  readonly client: KeyObject;
  readonly platform: string;
  readonly platformSerial: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface State {
  readonly mood: Mood;
  readonly clockMs: number;
  readonly keys: Keys;
}

function answerTo(request: IncomingMessage, body: string, state: State): Answer {
  const url = new URL(request.url ?? '/', 'https://localhost');
  if (state.mood === 'strange') return { status: 404, body: '<html>404 page not found</html>' };
  if (url.pathname.startsWith('/v3/pay/')) return wechat(request, url, state);
  if (url.pathname === '/gateway.do') return alipay(url, state);
  if (url.pathname === '/gateway/api/queryTrans.do') return unionpay(body, state);
  if (url.pathname.startsWith('/v1/payment_intents/')) return stripe(request, state);
  if (url.pathname === '/v71/paymentMethods') return adyen(request, body, state);
  if (url.pathname === '/v1/oauth2/token' || url.pathname.startsWith('/v2/checkout/orders/')) return paypal(request, url, body, state);
  return own(request, state);
}

const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: JSON.stringify(value),
  ...(headers && { headers }),
});
const verify = (key: KeyObject, text: string, signature: string): boolean =>
  createVerify('RSA-SHA256').update(text, 'utf8').verify(key, signature, 'base64');

function wechat({ headers, url: path, method }: IncomingMessage, _url: URL, { mood, clockMs, keys }: State): Answer {
  const signed = (status: number, value: unknown): Answer => {
    const text = JSON.stringify(value);
    const timestamp = String(Math.floor((Date.now() + clockMs) / 1000));
    const signature = createSign('RSA-SHA256')
      .update(`${timestamp}\nnonce\n${mood === 'forged' ? 'x' : text}\n`)
      .sign(keys.platform, 'base64');
    const serial = mood === 'other-certificate' ? '7B00FFEE' : keys.platformSerial;
    const named = {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': 'nonce',
      'wechatpay-signature': signature,
      'wechatpay-serial': serial,
    };
    return { status, body: text, headers: named };
  };
  const fields = Object.fromEntries(
    [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const text = `${method}\n${path}\n${fields['timestamp']}\n${fields['nonce_str']}\n\n`;
  if (Math.abs(Date.now() + clockMs - Number(fields['timestamp']) * 1000) > 300_000)
    return signed(401, { code: 'SIGN_ERROR', message: 'Http头Authorization值中的timestamp与发起请求的时间不得超过5分钟' });
  if (!headers.authorization?.startsWith('WECHATPAY2-SHA256-RSA2048 ') || !verify(keys.client, text, fields['signature'] ?? ''))
    return signed(401, { code: 'SIGN_ERROR', message: '签名错误' });
  if (mood === 'busy') return signed(500, { code: 'SYSTEM_ERROR', message: '系统错误' });
  if (mood === 'limited') return signed(429, { code: 'FREQUENCY_LIMITED', message: '频率超限' });
  if (mood === 'no-permission') return signed(403, { code: 'NO_AUTH', message: '商户号无此接口权限' });
  if (mood === 'suspended') return signed(403, { code: 'ACCOUNT_ERROR', message: '账号异常' });
  if (mood === 'maintenance') return signed(503, { message: '系统维护中' });
  if (mood === 'known') return signed(200, { trade_state: 'NOTPAY' });
  return signed(404, { code: 'ORDER_NOT_EXIST', message: '订单不存在' });
}

function alipay(url: URL, { mood, clockMs, keys }: State): Answer {
  const fields = Object.fromEntries(url.searchParams);
  const reply = (code: string, sub_code?: string, sub_msg?: string): Answer =>
    json(200, { alipay_trade_query_response: { code, msg: 'm', sub_code, sub_msg }, sign: 's' });
  const { sign = '', ...rest } = fields;
  const text = Object.keys(rest)
    .sort()
    .map((name) => `${name}=${rest[name]}`)
    .join('&');
  const sent = Date.parse(`${fields['timestamp']?.replace(' ', 'T')}+08:00`);
  if (fields['method'] !== 'alipay.trade.query') return reply('40002', 'isv.invalid-method');
  if (Math.abs(Date.now() + clockMs - sent) > 600_000) return reply('40002', 'isv.invalid-timestamp', '非法的时间戳参数');
  if (!verify(keys.client, text, sign)) return reply('40002', 'isv.invalid-signature', '验签出错');
  if (mood === 'busy') return reply('20000', 'aop.unknow-error', '系统繁忙');
  if (mood === 'no-permission') return reply('40006', 'isv.insufficient-isv-permissions', 'ISV权限不足');
  if (mood === 'suspended') return reply('40004', 'ACQ.SELLER_BEEN_BLOCKED', '商家账号被冻结');
  if (mood === 'limited') return reply('40005', '', 'call limited');
  return reply('40004', 'ACQ.TRADE_NOT_EXIST', '交易不存在');
}

function unionpay(body: string, { mood, keys }: State): Answer {
  const { signature = '', ...fields } = Object.fromEntries(new URLSearchParams(body));
  const reply = (respCode: string): Answer => ({ status: 200, body: String(new URLSearchParams({ respCode, respMsg: 'm' })) });
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  if (fields['txnType'] !== '00' || fields['txnSubType'] !== '00') return reply('10');
  if (!verify(keys.client, createHash('sha256').update(text).digest('hex'), signature)) return reply('11');
  return reply({ busy: '06', limited: '37', suspended: '31', 'no-permission': '32', maintenance: '39' }[mood as string] ?? '34');
}

function stripe({ headers }: IncomingMessage, { mood }: State): Answer {
  const fail = (status: number, error: unknown): Answer => json(status, { error });
  if (headers.authorization !== 'Bearer rk_live_loopback')
    return fail(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' });
  if (mood === 'no-permission') return fail(403, { type: 'invalid_request_error', message: 'does not have the required permissions' });
  if (mood === 'limited') return fail(429, { code: 'rate_limit', type: 'invalid_request_error' });
  if (mood === 'busy') return fail(500, { type: 'api_error' });
  return fail(404, { code: 'resource_missing', type: 'invalid_request_error', message: 'No such payment_intent' });
}

function adyen({ headers }: IncomingMessage, body: string, { mood }: State): Answer {
  if (headers['x-api-key'] !== 'AQE-loopback')
    return json(401, { status: 401, errorCode: '000', message: 'HTTP Status Response - Unauthorized' });
  if (mood === 'no-permission' || (JSON.parse(body) as { merchantAccount: string }).merchantAccount !== 'ShopECOM')
    return json(403, { status: 403, errorCode: '901', message: 'Invalid Merchant Account' });
  return json(200, { paymentMethods: [{ type: 'scheme' }] });
}

function paypal({ headers }: IncomingMessage, url: URL, body: string, { mood }: State): Answer {
  if (url.pathname === '/v1/oauth2/token') {
    const known = headers.authorization === `Basic ${btoa('shop:s3cret')}` && body === 'grant_type=client_credentials';
    return known
      ? json(200, { access_token: 'A21-loopback' })
      : json(401, { error: 'invalid_client', error_description: 'Client Authentication failed' });
  }
  if (headers.authorization !== 'Bearer A21-loopback') return json(401, { name: 'AUTHENTICATION_FAILURE' });
  if (mood === 'no-permission') return json(403, { name: 'NOT_AUTHORIZED', message: 'm' });
  if (mood === 'busy') return json(500, { name: 'INTERNAL_SERVER_ERROR', message: 'm' });
  if (mood === 'limited') return json(429, { name: 'RATE_LIMIT_REACHED', message: 'm' });
  return json(404, { name: 'RESOURCE_NOT_FOUND', message: 'The specified resource does not exist.' });
}

function own({ headers, method }: IncomingMessage, { mood }: State): Answer {
  if (method !== 'GET' || headers['x-bank-key'] !== 'key shop-key') return json(401, { result: { code: 'E401' }, message: 'm' });
  if (mood === 'limited') return json(429, { result: { code: 'E429' }, message: 'm' });
  return json(200, { result: { code: 'NO_SUCH_PAYMENT' }, message: 'm' });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
