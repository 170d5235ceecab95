import type { HttpExchange } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout, FAILED_SHARE, isOtherFamily, mostFrequent, resolveAddresses, TWO_OF_THREE } from './connect.ts';
import { classifyExchange, HTTP_CODES, type HttpCode, httpMessages } from './http-sample.ts';
import { medianOf, showLimit } from './limit.ts';
import { round } from './linux.ts';
import { duration, type Infer, secretRef, strictObject, v } from './schema.ts';
import { bareHost } from './target.ts';

const BODY_KEPT = 500;
const statusCode = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599));

const params = strictObject({
  url: v.pipe(v.string(), v.regex(/^https?:\/\/[^\s/]/i, 'expected a URL that starts with http:// or https://')),
  expect_status: v.nullish(v.union([statusCode, v.array(statusCode)])),
  body_contains: v.nullish(v.string()),
  method: v.nullish(v.picklist(['GET', 'HEAD', 'OPTIONS']), 'GET'),
  /** A value may be a secret. */
  headers: v.nullish(v.record(v.string(), v.union([v.string(), secretRef]))),
  ca_file: v.nullish(v.string()),
  /** Connect here instead of resolving the name. */
  address: v.nullish(v.string()),
  /** Sample every address behind the name, so that one dead node of several shows. */
  every_address: v.nullish(v.boolean(), false),
  /** Per address, one after the other. */
  samples: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)), 1),
  timeout: v.nullish(duration, '5s'),
});
type Params = Infer<typeof params>;

const milliseconds = v.nullable(v.number());
const sample = v.object({
  code: v.picklist(HTTP_CODES),
  reached: v.picklist(['dns', 'connect', 'tls', 'request', 'response', 'done']),
  status: v.nullable(v.number()),
  address: v.string(),
  error: v.string(),
  errorCode: v.string(),
  timing: v.object({ dnsMs: milliseconds, connectMs: milliseconds, tlsMs: milliseconds, firstByteMs: milliseconds, totalMs: v.number() }),
});
type Sample = Infer<typeof sample>;

const facts = v.object({
  observedAt: v.number(),
  url: v.string(),
  samples: v.array(sample),
  failed: v.number(),
  okRatio: v.number(),
  /** The most frequent failure's code, '' when every sample is good. */
  mainFailure: v.string(),
  /** Of the sample shown: the first of the main failure, else the first. */
  status: v.nullable(v.number()),
  body: v.string(),
  retryAfter: v.string(),
  /** Of the good samples; null when there is none. */
  medianMs: milliseconds,
  /** Where the median good sample spent most of its time. */
  slowestPhase: v.string(),
  /** The server's Date header minus this host's clock, to 1 s; a witness for the clock. */
  dateOffsetMs: milliseconds,
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 1_000, crit: 3_000, unit: 'ms', source: 'own' };

export const netHttp = defineCheck<Params, Facts>({
  id: 'net.http',
  phase: 'network',
  title: { en: 'HTTP endpoint', 'zh-CN': 'HTTP 端点' },
  params,
  facts,
  messages: {
    ...httpMessages,
    ok: { en: '{url} answers {status} in {ms} ms', 'zh-CN': '{url} 返回 {status}，耗时 {ms} 毫秒' },
    slow: {
      en: '{url} answers {status}, but only after {ms} ms, most of it in {phase}',
      'zh-CN': '{url} 返回 {status}，但耗时 {ms} 毫秒，主要耗在 {phase} 阶段',
    },
    partial: {
      en: '{failed} of {total|request|requests} to {url} fail, mostly {main} at {address}',
      'zh-CN': '对 {url} 的 {total} 次请求中有 {failed} 次失败，主要为 {main}（地址 {address}）',
    },
    'not-asked': { en: '{url} was not asked: time was up', 'zh-CN': '未能访问 {url}：时间已到' },
  },
  thresholds: LIMITS,
  timeoutMs: 30_000,
  // One request may be lost by itself; more of them are their own confirmation.
  confirm: ({ samples }) => (samples === 1 ? TWO_OF_THREE : undefined),
  example: { url: 'https://pay.example.test/health', expect_status: 200, every_address: true, samples: 3 },
  probe,
  judge,
});

interface Taken extends Sample {
  readonly exchange: HttpExchange;
}

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const addresses = await chooseAddresses(params, context);
  const rounds = await Promise.all(addresses.map((address) => takeSamples(address, params, context)));
  const taken = rounds.flat().filter(
    ({ address, code }, _index, all) =>
      !isOtherFamily(
        address,
        code,
        all.map((each) => each.address),
      ),
  );
  const good = taken.filter(({ code }) => code === 'ok');
  const mainFailure = mostFrequent(taken.flatMap(({ code }) => (code === 'ok' ? [] : [code]))) ?? '';
  const shown = taken.find(({ code }) => code === mainFailure) ?? taken[0];
  const medianMs = good.length > 0 ? medianOf(good.map(({ timing }) => timing.totalMs)) : null;
  return {
    observedAt: context.host.now().wallMs,
    url: params.url,
    samples: taken.map(({ exchange: _exchange, ...kept }) => kept),
    failed: taken.length - good.length,
    okRatio: taken.length > 0 ? round(good.length / taken.length, 3) : 0,
    mainFailure,
    status: shown?.status ?? null,
    body: shown?.exchange.body.slice(0, BODY_KEPT) ?? '',
    retryAfter: shown?.exchange.headers['retry-after'] ?? '',
    medianMs,
    slowestPhase: findSlowestPhase(good.find(({ timing }) => timing.totalMs === medianMs)),
    dateOffsetMs: readDateOffset(taken.at(-1)?.exchange, context.host.now().wallMs),
  };
}

async function chooseAddresses(
  { url, address, every_address, timeout }: Params,
  { net, timeoutMs }: ProbeContext,
): Promise<readonly (string | undefined)[]> {
  if (address != null || !every_address) return [address ?? undefined];
  const host = bareHost(new URL(url).hostname);
  const { addresses } = await resolveAddresses(net, host, boundTimeout(timeout, timeoutMs, 3));
  // An unresolved name is asked once all the same: the exchange tells how it fails.
  return addresses.length > 0 ? addresses : [undefined];
}

async function takeSamples(address: string | undefined, params: Params, context: ProbeContext): Promise<readonly Taken[]> {
  const headers = await revealHeaders(params.headers ?? {}, context.secrets);
  const taken: Taken[] = [];
  // Two silent samples end the sampling, so that no more of them have to fit.
  const timeoutMs = boundTimeout(params.timeout, context.timeoutMs, Math.min(2, params.samples));
  while (taken.length < params.samples && !context.signal.aborted) {
    const exchange = await context.net.http({
      url: params.url,
      method: params.method,
      headers,
      timeoutMs,
      maxBodyBytes: 65_536,
      signal: context.signal,
      ...(address !== undefined && { address }),
      ...(params.ca_file != null && { caFile: params.ca_file }),
    });
    taken.push(describeExchange(exchange, params, address));
    if (taken.slice(-2).filter(({ code }) => code === 'timed-out' || code === 'no-response').length === 2) break;
  }
  return taken;
}

async function revealHeaders(
  headers: NonNullable<Params['headers']>,
  secrets: ProbeContext['secrets'],
): Promise<Readonly<Record<string, string>>> {
  const pairs = Object.entries(headers).map(
    async ([name, value]) => [name, typeof value === 'string' ? value : await secrets.reveal(value)] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

function describeExchange(exchange: HttpExchange, { url, expect_status, body_contains }: Params, address: string | undefined): Taken {
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = exchange.timing;
  const tidy = (ms: number | null): number | null => (ms === null ? null : round(ms));
  return {
    code: classifyExchange(exchange, {
      statuses: expect_status == null ? [] : [expect_status].flat(),
      bodyContains: body_contains ?? undefined,
    }),
    reached: exchange.reached,
    status: exchange.status ?? null,
    address: exchange.address ?? address ?? new URL(url).hostname,
    error: exchange.error ?? '',
    errorCode: exchange.errorCode ?? '',
    timing: { dnsMs: tidy(dnsMs), connectMs: tidy(connectMs), tlsMs: tidy(tlsMs), firstByteMs: tidy(firstByteMs), totalMs: round(totalMs) },
    exchange,
  };
}

function findSlowestPhase(sample: Sample | undefined): string {
  if (!sample) return '';
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = sample.timing;
  const spent = (dnsMs ?? 0) + (connectMs ?? 0) + (tlsMs ?? 0) + (firstByteMs ?? 0);
  const phases: readonly (readonly [string, number])[] = [
    ['dns', dnsMs ?? 0],
    ['connect', connectMs ?? 0],
    ['tls', tlsMs ?? 0],
    ['first-byte', firstByteMs ?? 0],
    ['body', totalMs - spent],
  ];
  return phases.reduce((longest, phase) => (phase[1] > longest[1] ? phase : longest))[0];
}

function readDateOffset(exchange: HttpExchange | undefined, nowMs: number): number | null {
  const sent = Date.parse(exchange?.headers['date'] ?? '');
  // The header is cut to the second, so the true time lies half a second later on average.
  return Number.isNaN(sent) ? null : Math.round(sent + 500 - nowMs);
}

function judge(
  { url, samples, failed, mainFailure, status, medianMs, slowestPhase }: Facts,
  _params: Params,
  limits: Thresholds = LIMITS,
): Judgement {
  const total = samples.length;
  const shown = samples.find(({ code }) => code === mainFailure);
  if (total === 0) return { status: 'unknown', code: 'not-asked', data: { url }, unlock: 'a longer timeout of the step' };
  if (medianMs === null) {
    const data = {
      url,
      status: status ?? '',
      address: shown?.address ?? '',
      error: shown?.error || shown?.errorCode || '',
      ms: Math.round(shown?.timing.totalMs ?? 0),
    };
    return { status: 'fail', code: mainFailure as HttpCode, data };
  }
  const share = round((100 * failed) / total);
  const lossy: Thresholds = { ...FAILED_SHARE, source: 'Netdata httpcheck.conf' };
  if (share >= lossy.warn) {
    const grade = share >= lossy.crit ? 'fail' : 'warn';
    return {
      status: grade,
      code: 'partial',
      data: { url, failed, total, main: mainFailure, address: shown?.address ?? '' },
      ...showLimit(share, lossy, grade),
    };
  }
  const grade = gradeAbove(medianMs, limits);
  const data = { url, status: samples.find(({ code }) => code === 'ok')?.status ?? '', ms: medianMs, phase: slowestPhase };
  return { status: grade, code: grade === 'ok' ? 'ok' : 'slow', data, ...showLimit(medianMs, limits, grade) };
}
