import { type AccessLine, parseAccessLine } from './access-line.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { exceedsShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { readLogWindow } from './log-window.ts';
import { compilePattern, patternText } from './pattern.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

/** From this many requests on the share speaks for itself (Netdata web_log.conf). */
const ENOUGH_REQUESTS = 120;
const CLIENT_ERROR_PERCENT = 30;
const MINUTE_MS = 60_000;
/** Statuses that name a cause; always in the facts, so that expressions need no guard. */
const NAMED = [401, 403, 413, 429, 499, 500, 502, 503, 504] as const;

const params = strictObject({
  file: v.string(),
  since: v.nullish(duration),
  /** Only lines that match count, e.g. one virtual host or path. */
  only: v.nullish(patternText),
  exclude: v.nullish(patternText),
});
type Params = Infer<typeof params>;

const count = v.number();
const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  missing: v.boolean(),
  from: v.number(),
  coveredFrom: v.number(),
  timed: v.boolean(),
  requests: count,
  /** Lines of the window that are no request in a format known here. */
  strange: v.optional(count, 0),
  /** Of the window of the same length before; null when it was not covered. */
  baselineRequests: v.nullable(count),
  serverErrors: count,
  clientErrors: count,
  serverErrorPercent: v.number(),
  clientErrorPercent: v.number(),
  byStatus: v.record(v.string(), count),
  n401: count,
  n403: count,
  n413: count,
  n429: count,
  n499: count,
  n500: count,
  n502: count,
  n503: count,
  n504: count,
  /** The most frequent 5xx; 0 when there is none. */
  mainStatus: v.number(),
  /** The first 5xx of the first minute in which they pass the threshold; else the first 5xx. */
  firstBadAt: v.nullable(v.number()),
  /** The newest request that was not answered with 5xx. */
  lastGoodAt: v.nullable(v.number()),
  lastLineAt: v.nullable(v.number()),
  slowestMs: v.nullable(v.number()),
  p95Ms: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 2, crit: 5, unit: '%', source: 'Netdata web_log.conf' };

export const logStatus = defineCheck<Params, Facts>({
  id: 'log.status',
  phase: 'evidence',
  title: { en: 'Status codes in the access log', 'zh-CN': '访问日志状态码' },
  docs:
    'Share of 5xx among the requests of the window: warn above 2 %, fail above 5 % (Netdata web_log.conf). With fewer than 120 requests a share counts only when it is significant (exact binomial, 5 %). ' +
    '4xx warn above 30 %. Combined format or JSON lines; 499 is nginx saying that the client gave up.',
  params,
  facts,
  messages: {
    ok: {
      en: '{percent} % of {requests} requests in {source} ended in 5xx',
      'zh-CN': '{source} 中 {requests} 个请求有 {percent} % 返回 5xx',
    },
    'server-errors': {
      en: '{percent} % of {requests} requests in {source} ended in 5xx, mostly {status}',
      'zh-CN': '{source} 中 {requests} 个请求有 {percent} % 返回 5xx，主要为 {status}',
    },
    'client-errors': {
      en: '{percent} % of {requests} requests in {source} ended in 4xx',
      'zh-CN': '{source} 中 {requests} 个请求有 {percent} % 返回 4xx',
    },
    'not-understood': {
      en: 'none of the {lines} lines of {source} in the window is a request in a known format',
      'zh-CN': '{source} 时间窗内的 {lines} 行均不是已知格式的请求',
    },
    'no-requests': {
      en: 'no request in {source} in {minutes} min, {before} in as long before',
      'zh-CN': '{source} 近 {minutes} 分钟内无请求，此前同样时长内有 {before} 个',
    },
    idle: { en: 'no request in {source} in {minutes} min', 'zh-CN': '{source} 近 {minutes} 分钟内无请求' },
    missing: { en: 'the log {source} does not exist', 'zh-CN': '日志 {source} 不存在' },
  },
  thresholds: LIMITS,
  timeoutMs: 20_000,
  example: { file: '/var/log/nginx/access.log', since: '15m', exclude: '/health' },
  probe,
  judge,
});

interface Request extends AccessLine {
  readonly at: number;
}

async function probe({ file, since, only, exclude }: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const from = since == null ? context.since : observedAt - since;
  const before = from - (observedAt - from);
  const window = await readLogWindow({ file }, before, context);
  const wanted = only == null ? undefined : compilePattern(only);
  const unwanted = exclude == null ? undefined : compilePattern(exclude);
  let strange = 0;
  const parsed = window.lines.flatMap(({ at, text }): Request[] => {
    if (wanted?.test(text) === false || unwanted?.test(text) === true) return [];
    const access = parseAccessLine(text);
    if (!access && at >= from) strange += 1;
    return access ? [{ at, ...access }] : [];
  });
  const requests = parsed.filter(({ at }) => at >= from);
  const { source, missing, timed, coveredFrom, lastLineAt } = window;
  return {
    observedAt,
    source,
    missing,
    from,
    coveredFrom: Math.max(coveredFrom, from),
    timed,
    lastLineAt,
    baselineRequests: timed && coveredFrom <= before ? parsed.length - requests.length : null,
    strange,
    ...countStatuses(requests),
    ...findTurningPoints(requests),
    ...measureDurations(requests),
  };
}

type StatusCounts = Pick<
  Facts,
  | 'requests'
  | 'serverErrors'
  | 'clientErrors'
  | 'serverErrorPercent'
  | 'clientErrorPercent'
  | 'byStatus'
  | 'mainStatus'
  | `n${(typeof NAMED)[number]}`
>;

function countStatuses(requests: readonly Request[]): StatusCounts {
  const counts = new Map<number, number>();
  for (const { status } of requests) counts.set(status, (counts.get(status) ?? 0) + 1);
  const sum = (matches: (status: number) => boolean): number =>
    [...counts].reduce((total, [status, n]) => (matches(status) ? total + n : total), 0);
  const serverErrors = sum((status) => status >= 500);
  const clientErrors = sum((status) => status >= 400 && status < 500);
  const percent = (part: number): number => (requests.length > 0 ? round((100 * part) / requests.length, 2) : 0);
  const named = Object.fromEntries(NAMED.map((status) => [`n${status}`, counts.get(status) ?? 0])) as Pick<
    Facts,
    `n${(typeof NAMED)[number]}`
  >;
  return {
    requests: requests.length,
    serverErrors,
    clientErrors,
    serverErrorPercent: percent(serverErrors),
    clientErrorPercent: percent(clientErrors),
    byStatus: Object.fromEntries([...counts].sort(([a], [b]) => a - b).map(([status, n]) => [String(status), n])),
    ...named,
    mainStatus: [...counts].filter(([status]) => status >= 500).sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0,
  };
}

function findTurningPoints(requests: readonly Request[]): Pick<Facts, 'firstBadAt' | 'lastGoodAt'> {
  const bad = requests.filter(({ status }) => status >= 500);
  const perMinute = new Map<number, { all: number; bad: number }>();
  for (const { at, status } of requests) {
    const minute = Math.floor(at / MINUTE_MS);
    const seen = perMinute.get(minute) ?? { all: 0, bad: 0 };
    perMinute.set(minute, { all: seen.all + 1, bad: seen.bad + (status >= 500 ? 1 : 0) });
  }
  const turned = [...perMinute].sort(([a], [b]) => a - b).find(([, seen]) => (100 * seen.bad) / seen.all > LIMITS.crit)?.[0];
  const first = bad.find(({ at }) => turned === undefined || Math.floor(at / MINUTE_MS) >= turned);
  return { firstBadAt: first?.at ?? null, lastGoodAt: requests.findLast(({ status }) => status < 500)?.at ?? null };
}

function measureDurations(requests: readonly Request[]): Pick<Facts, 'slowestMs' | 'p95Ms'> {
  const times = requests.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs])).sort((a, b) => a - b);
  return { slowestMs: times.at(-1) ?? null, p95Ms: times[Math.ceil(0.95 * times.length) - 1] ?? null };
}

function judge(facts: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const { source, requests, serverErrors, serverErrorPercent, clientErrorPercent, baselineRequests } = facts;
  const minutes = Math.round((facts.observedAt - facts.from) / MINUTE_MS);
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  if (requests === 0 && facts.strange > 0) {
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, lines: facts.strange },
      unlock: 'an access log with the status in it: nginx or Apache combined, or JSON lines',
    };
  }
  if (requests === 0) {
    if (!baselineRequests) return { status: 'ok', code: 'idle', data: { source, minutes } };
    return { status: 'warn', code: 'no-requests', data: { source, minutes, before: baselineRequests } };
  }
  const exceeds = (bound: number): boolean =>
    requests >= ENOUGH_REQUESTS ? serverErrorPercent > bound : exceedsShare(serverErrors, requests, bound);
  const status = exceeds(limits.crit) ? 'fail' : exceeds(limits.warn) ? 'warn' : 'ok';
  if (status === 'ok' && requests >= 20 && clientErrorPercent > CLIENT_ERROR_PERCENT) {
    const shown = { value: clientErrorPercent, unit: '%', threshold: CLIENT_ERROR_PERCENT, thresholdSource: 'Netdata web_log.conf' };
    return { status: 'warn', code: 'client-errors', data: { source, requests, percent: clientErrorPercent }, ...shown };
  }
  const data = { source, requests, percent: serverErrorPercent, status: facts.mainStatus };
  return { status, code: status === 'ok' ? 'ok' : 'server-errors', data, ...showLimit(serverErrorPercent, limits, status) };
}
