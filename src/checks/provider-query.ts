import { HostError } from '../errors.ts';
import { buildQuery, type SignedQuery, tokenQuestion } from '../payments/providers/build-query.ts';
import { isQueryPath, QUERY_SCHEMES, QUERY_WORDS, SCHEMES } from '../payments/providers/query-schemes.ts';
import { readAnswer } from '../payments/providers/read-answer.ts';
import type { HttpExchange, SecretRef } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout } from './connect.ts';
import { classifyExchange, HTTP_CODES, type HttpCode, httpMessages } from './http-sample.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { duration, type Infer, parseDuration, secretRef, strictObject, v } from './schema.ts';

const LIMITS: Thresholds = { warn: 1_000, crit: 3_000, unit: 'ms', source: 'own' };
const MIN_INTERVAL_MS = parseDuration('60s') as number;

const secureUrl = v.pipe(v.string(), v.regex(/^https:\/\/[^\s/?#@]+/i, 'expected a URL that starts with https://: a key goes along'));
const query = v.pipe(
  strictObject({
    scheme: v.picklist(SCHEMES),
    url: v.nullish(secureUrl),
    merchant: v.nullish(v.string(), ''),
    serial: v.nullish(v.string(), ''),
    platform_certificates: v.nullish(v.array(v.string())),
    path: v.nullish(
      v.pipe(v.string(), v.check(isQueryPath, 'expected the path of a query: nothing that charges, refunds, closes or signs on')),
    ),
    headers: v.nullish(v.record(v.string(), v.string())),
    code_at: v.nullish(v.string()),
    not_found: v.nullish(v.array(v.string()), []),
    min_interval: v.nullish(duration),
  }),
  v.check(({ scheme, path }) => (scheme === 'http') === (path != null), 'the scheme http, and no other, needs a path'),
  v.check(({ scheme, merchant }) => !QUERY_SCHEMES[scheme].needsMerchant || merchant !== '', 'this scheme needs merchant: who asks'),
  v.check(
    ({ scheme, serial }) => !QUERY_SCHEMES[scheme].needsSerial || serial !== '',
    'this scheme needs serial: number of the certificate that signs',
  ),
);
const params = strictObject({
  name: v.nullish(v.string()),
  /** Its health URL will do: only scheme and host are used. Without one the public address of the scheme is asked. */
  url: v.nullish(v.string()),
  query: v.nullish(query),
  credentials: v.nullish(v.union([secretRef, v.record(v.string(), v.union([v.string(), secretRef]))])),
  ca_file: v.nullish(v.string()),
  timeout: v.nullish(duration, '8s'),
});
type Params = Infer<typeof params>;

const SIGNATURES = ['verified', 'wrong', 'unknown-certificate', 'unsigned', 'not-checked'] as const;
const maybe = v.nullable(v.number());
const facts = v.object({
  observedAt: v.number(),
  peer: v.string(),
  /** Scheme and host that were asked. */
  url: v.string(),
  scheme: v.picklist([...SCHEMES, '']),
  /** Was it asked? not-configured: nothing says how. too-soon: the last question is too fresh. */
  asked: v.picklist(['asked', 'not-configured', 'too-soon']),
  lastAt: maybe,
  minIntervalMs: v.number(),
  order: v.string(),
  transport: v.picklist(HTTP_CODES),
  status: maybe,
  address: v.string(),
  error: v.string(),
  /** What the answer says in one word; '' when it is none that is documented. */
  word: v.picklist([...QUERY_WORDS, '']),
  code: v.string(),
  message: v.string(),
  /** What to give the provider when asking about it. */
  requestId: v.string(),
  answerSignature: v.picklist(SIGNATURES),
  /** Number of the certificate that it says it signed with. */
  answerSerial: v.string(),
  /** Clock of the provider minus ours, by its Date header, to 1 s. */
  dateOffsetMs: maybe,
  totalMs: v.number(),
});
type Facts = Infer<typeof facts>;

const answers = (en: string, zh: string): { readonly en: string; readonly 'zh-CN': string } => ({
  en: `{peer} ${en} ({code}, HTTP {status}: {message})`,
  'zh-CN': `{peer} ${zh}（{code}，HTTP {status}：{message}）`,
});

export const providerQuery = defineCheck<Params, Facts>({
  id: 'provider.query',
  phase: 'network',
  title: { en: 'Query of an order that cannot exist', 'zh-CN': '渠道安全探测（查询不存在的订单）' },
  active: true,
  params,
  facts,
  messages: {
    ...httpMessages,
    healthy: {
      en: '{peer} does not know order {order}, as it should, in {ms} ms: name, TLS, key, clock and permission are good',
      'zh-CN': '{peer} 正确返回订单 {order} 不存在，耗时 {ms} 毫秒：域名、TLS、密钥、时钟、权限均正常',
    },
    slow: { en: '{peer} answers well, but only after {ms} ms', 'zh-CN': '{peer} 应答正确，但耗时 {ms} 毫秒' },
    found: answers('knows the order of the probe', '返回了探测订单的信息'),
    signature: answers('refuses our signature or key', '拒绝我方签名或密钥'),
    clock: answers('refuses our time; the clocks differ by {offset} s', '拒绝我方时间戳，时钟相差 {offset} 秒'),
    permission: answers('does not permit this account to ask', '拒绝该账号权限'),
    suspended: answers('has suspended this merchant', '商户状态异常或被冻结'),
    'answered-rate': answers('limits our rate', '对我方限流'),
    maintenance: answers('is in maintenance', '维护中'),
    'provider-error': answers('has an error of its own', '渠道系统错误'),
    parameter: answers('does not accept the request as asked', '拒绝请求参数'),
    'answer-forged': {
      en: 'the answer of {peer} does not verify with its certificate: it is not from there, or was changed on the way',
      'zh-CN': '{peer} 的应答验签失败：来源不符或被篡改',
    },
    'platform-certificate': {
      en: '{peer} signs with a certificate ({serial}) that is not installed here: callbacks signed so are refused',
      'zh-CN': '{peer} 使用本地未安装的平台证书（{serial}）签名：相应回调将验签失败',
    },
    unexpected: answers('answers something that is not documented', '返回未知应答'),
    'too-soon': { en: '{peer} was asked {ago} s ago; at most once in {every} s', 'zh-CN': '{ago} 秒前已探测 {peer}；最短间隔 {every} 秒' },
    none: { en: 'the profile says no way to ask {peer} for an order', 'zh-CN': '档案未配置 {peer} 的查询方式' },
  },
  thresholds: LIMITS,
  timeoutMs: 20_000,
  example: {
    name: 'wechat',
    query: { scheme: 'wechat-v3', merchant: '1900000001', serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' },
    credentials: { private_key: { file: '/etc/paygw/wechat.key' } },
  },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const base = params.query && baseOf(params);
  const peer = params.name ?? base ?? params.url ?? '-';
  const minIntervalMs = params.query?.min_interval ?? MIN_INTERVAL_MS;
  const nothing: Facts = {
    ...{
      observedAt,
      peer,
      url: base ?? '',
      scheme: params.query?.scheme ?? '',
      asked: 'not-configured',
      lastAt: null,
      minIntervalMs,
      order: '',
    },
    ...{ transport: 'ok', status: null, address: '', error: '', word: '', code: '', message: '', requestId: '' },
    ...{ answerSignature: 'not-checked', answerSerial: '', dateOffsetMs: null, totalMs: 0 },
  };
  if (!params.query || !base) return nothing;
  const { taken, lastAt } = await context.pacer.take(`provider.query ${base} ${params.query.merchant}`, minIntervalMs);
  if (!taken) return { ...nothing, asked: 'too-soon', lastAt };
  const { exchange, order } = await ask({ ...params, query: params.query }, base, context);
  return { ...nothing, asked: 'asked', lastAt, order, ...(await describe(exchange, params.query, context)) };
}

type Query = NonNullable<Params['query']>;

/** undefined: a scheme whose merchants have hosts of their own, and none is named. */
function baseOf({ url, query: asked }: Params): string | undefined {
  if (!asked) return undefined;
  // What the profile names goes before the public address: it may be a proxy, or the provider's test system.
  const named = asked.url ?? url ?? QUERY_SCHEMES[asked.scheme].base;
  if (!URL.canParse(named)) return undefined;
  const { protocol, origin } = new URL(named);
  return protocol === 'https:' ? origin : undefined;
}

async function ask(
  params: Params & { readonly query: Query },
  base: string,
  context: ProbeContext,
): Promise<{ readonly exchange: HttpExchange; readonly order: string }> {
  const { scheme, merchant, serial, path } = params.query;
  const { wallMs: at, monoMs } = context.host.now();
  const nonce = `oor${at.toString(36)}${Math.floor(monoMs * 1_000).toString(36)}`;
  const { toSign, finish, order } = buildQuery({ scheme, base, merchant, serial, at, nonce, path: path ?? '' });
  const signature = toSign ? await context.net.sign({ ...toSign, key: credential(params, 'private_key'), secrets: context.secrets }) : '';
  if (QUERY_SCHEMES[scheme].signing !== 'oauth') {
    const headers = await secretHeaders(params, context);
    return { exchange: await send(finish(signature), headers, params, context), order };
  }
  const pair = await Promise.all([reveal(params, 'client_id', context), reveal(params, 'client_secret', context)]);
  const first = await send(tokenQuestion(base), { authorization: `Basic ${btoa(pair.join(':'))}` }, params, context);
  const token = first.status === 200 ? /"access_token"\s*:\s*"([^"]+)"/.exec(first.body)?.[1] : undefined;
  if (token === undefined) return { exchange: { ...first, body: first.status === 200 ? '' : first.body }, order };
  return { exchange: await send(finish(''), { authorization: `Bearer ${token}` }, params, context), order };
}

async function send(
  signed: SignedQuery,
  secret: Readonly<Record<string, string>>,
  params: Params,
  context: ProbeContext,
): Promise<HttpExchange> {
  return await context.net.http({
    url: signed.url,
    headers: { ...signed.headers, ...secret },
    verify: true,
    timeoutMs: boundTimeout(params.timeout, context.timeoutMs, 2),
    maxBodyBytes: 65_536,
    signal: context.signal,
    ...(signed.question && { question: signed.question }),
    ...(params.ca_file != null && { caFile: params.ca_file }),
  });
}

async function secretHeaders(params: Params & { readonly query: Query }, context: ProbeContext): Promise<Readonly<Record<string, string>>> {
  const { signing } = QUERY_SCHEMES[params.query.scheme];
  if (signing === 'bearer') return { authorization: `Bearer ${await reveal(params, 'api_key', context)}` };
  if (signing === 'api-key') return { 'x-api-key': await reveal(params, 'api_key', context) };
  const pairs = Object.entries(params.query.headers ?? {}).map(async ([name, template]) => {
    const wanted = [...template.matchAll(/\{credential\.(\w+)\}/g)].map(([, key = '']) => key);
    const values = await Promise.all(wanted.map((key) => reveal(params, key, context)));
    return [
      name.toLowerCase(),
      wanted.reduce((text, key, at) => text.replaceAll(`{credential.${key}}`, values[at] ?? ''), template),
    ] as const;
  });
  return signing === 'templates' ? Object.fromEntries(await Promise.all(pairs)) : {};
}

function credential({ credentials }: Params, name: string): SecretRef {
  const only = credentials && ('env' in credentials || 'file' in credentials) ? (credentials as SecretRef) : undefined;
  const named = only ?? (credentials as Readonly<Record<string, string | SecretRef>> | null | undefined)?.[name];
  if (named === undefined || typeof named === 'string')
    throw new HostError('not-found', `no credential ${name}`, `credentials: {${name}: {env: NAME}} of this provider in oor.yaml`);
  return named;
}

async function reveal(params: Params, name: string, { secrets }: ProbeContext): Promise<string> {
  const written =
    params.credentials && name in params.credentials ? (params.credentials as Readonly<Record<string, unknown>>)[name] : undefined;
  // A name of a client is no secret, and may stand there as it is.
  return typeof written === 'string' && name === 'client_id' ? written : await secrets.reveal(credential(params, name));
}

const REQUEST_ID = ['request-id', 'paypal-debug-id', 'x-request-id', 'pspreference'];

async function describe(
  exchange: HttpExchange,
  { scheme, code_at, not_found, platform_certificates }: Query,
  context: ProbeContext,
): Promise<Partial<Facts>> {
  const { status, body, headers, timing } = exchange;
  const transport = classifyExchange(exchange, { statuses: status === undefined ? [] : [status], bodyContains: undefined });
  const sent = Date.parse(headers['date'] ?? '');
  const dateOffsetMs = Number.isNaN(sent) ? null : Math.round(sent + 500 - context.host.now().wallMs);
  const base = {
    transport,
    status: status ?? null,
    address: exchange.address ?? '',
    error: exchange.error ?? exchange.errorCode ?? '',
    requestId: REQUEST_ID.map((name) => headers[name]).find((id) => id !== undefined) ?? '',
    dateOffsetMs,
    totalMs: round(timing.totalMs),
  };
  if (transport !== 'ok' || status === undefined) return base;
  const { word, code, message } = readAnswer(scheme, { status, body }, { codeAt: code_at ?? undefined, notFound: not_found }, dateOffsetMs);
  const answerSignature = scheme === 'wechat-v3' ? await checkAnswer(exchange, platform_certificates ?? [], context) : 'not-checked';
  return { ...base, word: word ?? '', code, message, answerSignature, answerSerial: headers['wechatpay-serial'] ?? '' };
}

/** WeChat Pay signs what it answers, with one of the certificates that it also signs callbacks with. */
async function checkAnswer(
  { headers, body }: HttpExchange,
  files: readonly string[],
  { net }: ProbeContext,
): Promise<Facts['answerSignature']> {
  if (files.length === 0) return 'not-checked';
  const signature = headers['wechatpay-signature'];
  if (signature === undefined) return 'unsigned';
  const text = `${headers['wechatpay-timestamp'] ?? ''}\n${headers['wechatpay-nonce'] ?? ''}\n${body}\n`;
  return await net.checkSignature({ text, signature, serial: headers['wechatpay-serial'] ?? '', files });
}

const GOOD: ReadonlySet<Facts['word']> = new Set(['healthy', 'found']);

function judge(facts: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const { peer, asked, transport, word, answerSignature } = facts;
  if (asked === 'not-configured') return { status: 'not-applicable', code: 'none', data: { peer } };
  if (asked === 'too-soon') return judgeTooSoon(facts);
  const ms = Math.round(facts.totalMs);
  if (transport !== 'ok') {
    const data = { url: facts.url, address: facts.address, error: facts.error, status: facts.status ?? '', ms };
    return { status: 'fail', code: transport satisfies HttpCode, data };
  }
  const data = {
    peer,
    code: facts.code || '-',
    status: facts.status ?? '-',
    message: facts.message || '-',
    offset: Math.round((facts.dateOffsetMs ?? 0) / 1_000),
  };
  if (word === '')
    return {
      status: 'unknown',
      code: 'unexpected',
      data,
      unlock: 'the API reference of the provider, or code_at and not_found in the profile',
    };
  if (!GOOD.has(word)) return { status: 'fail', code: word === 'rate-limited' ? 'answered-rate' : word, data };
  if (answerSignature === 'wrong') return { status: 'fail', code: 'answer-forged', data: { peer } };
  if (answerSignature === 'unknown-certificate')
    return { status: 'fail', code: 'platform-certificate', data: { peer, serial: facts.answerSerial } };
  const grade = gradeAbove(ms, limits);
  const code = grade === 'ok' ? word : 'slow';
  return { status: grade, code, data: { ...data, order: facts.order, ms }, ...showLimit(ms, limits, grade) };
}

function judgeTooSoon({ peer, observedAt, lastAt, minIntervalMs }: Facts): Judgement {
  const ago = Math.max(0, Math.round((observedAt - (lastAt ?? observedAt)) / 1_000));
  const every = Math.round(minIntervalMs / 1_000);
  return { status: 'unknown', code: 'too-soon', data: { peer, ago, every }, unlock: `ask again in ${Math.max(1, every - ago)} s` };
}
