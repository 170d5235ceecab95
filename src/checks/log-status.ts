import { accessFacts, createAccessCounter } from './access-count.ts';
import { makeAccessParser } from './access-line.ts';
import { boundsNow, defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { exceedsShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { logFormat } from './log-format.ts';
import { openLog } from './log-parts.ts';
import { namesOneSource, ONE_SOURCE, sourceParams, textSource } from './log-source.ts';
import { hasBaseline, walkLog } from './log-walk.ts';
import { readAgain, refuseClosedJournal, refuseOutside } from './log-window.ts';
import { compilePattern, patternText } from './pattern.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { chanceOfHigherShare } from './two-windows.ts';

/** From this many requests on the share speaks for itself (Netdata web_log.conf). */
const ENOUGH_REQUESTS = 120;
const CLIENT_ERROR_PERCENT = 30;
/** A share below the threshold is news when it has risen by this factor, and by more than chance. */
const RISE = 4;
const SIGNIFICANCE = 0.001;
/** 95 % of requests within more than this, and so many times as long as before (Netdata web_log.conf, of the mean): customers notice. */
const SLOW_MS = 1_000;
const SLOWER = 4;
const MINUTE_MS = 60_000;

const params = v.pipe(
  strictObject({
    ...sourceParams,
    since: v.nullish(duration),
    /** Only lines that match count, e.g. one virtual host or path. */
    only: v.nullish(patternText),
    exclude: v.nullish(patternText),
  }),
  v.check((given) => namesOneSource(given), ONE_SOURCE),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  missing: v.boolean(),
  from: v.number(),
  /** The end of the window; `observedAt` unless the run names another. */
  until: v.optional(v.nullable(v.number()), null),
  timed: v.boolean(),
  /** False: the file is out of order, and was read from start to end. */
  ordered: v.optional(v.boolean(), true),
  /** The budget was spent before the end: the counts are of what was read. */
  truncated: v.optional(v.boolean(), false),
  format: v.optional(v.nullable(logFormat), null),
  ...accessFacts,
  /** Lines of the window that are no request in a format known here. */
  strange: v.optional(v.number(), 0),
  /** Of the window of the same length before; null when the log carries no time. */
  baselineRequests: v.nullable(v.number()),
  baselineServerErrors: v.optional(v.nullable(v.number()), null),
  baselineP95Ms: v.optional(v.nullable(v.number()), null),
  lastLineAt: v.nullable(v.number()),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 2, crit: 5, unit: '%', source: 'Netdata web_log.conf', clear: { warn: 1, crit: 2 } };

export const logStatus = defineCheck<Params, Facts>({
  id: 'log.status',
  phase: 'evidence',
  title: { en: 'Status codes in the access log', 'zh-CN': '访问日志状态码' },
  params,
  facts,
  messages: {
    ok: {
      en: '{percent} % of {requests|request|requests} in {source} ended in 5xx',
      'zh-CN': '{source} 中 {requests} 个请求有 {percent} % 返回 5xx',
    },
    'server-errors': {
      en: '{percent} % of {requests|request|requests} in {source} ended in 5xx, mostly {status}',
      'zh-CN': '{source} 中 {requests} 个请求有 {percent} % 返回 5xx，主要为 {status}',
    },
    risen: {
      en: '{percent} % of {requests|request|requests} in {source} ended in 5xx, mostly {status}; {before} % in as long before',
      'zh-CN': '{source} 中 {requests} 个请求有 {percent} % 返回 5xx，主要为 {status}；此前同样时长内为 {before} %',
    },
    slower: {
      en: '95 % of {requests|request|requests} in {source} take up to {ms} ms, {before} ms in as long before',
      'zh-CN': '{source} 中 {requests} 个请求的 95 % 耗时在 {ms} 毫秒以内，此前同样时长内为 {before} 毫秒',
    },
    'client-errors': {
      en: '{percent} % of {requests|request|requests} in {source} ended in 4xx',
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
    partial: { en: 'not all of {source} could be read; no request is in what was', 'zh-CN': '{source} 未能全部读取；已读取部分中无请求' },
    idle: { en: 'no request in {source} in {minutes} min', 'zh-CN': '{source} 近 {minutes} 分钟内无请求' },
    missing: { en: 'the log {source} does not exist', 'zh-CN': '日志 {source} 不存在' },
  },
  thresholds: LIMITS,
  timeoutMs: 20_000,
  example: { file: '/var/log/nginx/access.log', since: '15m', exclude: '/health' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const end = context.until ?? observedAt;
  const from = params.since == null ? context.since : end - params.since;
  const windows = { before: from - (end - from), from, until: context.until ?? Number.POSITIVE_INFINITY };
  return await readAgain(async () => {
    const log = await openLog(textSource(params), windows, context);
    const inside = createAccessCounter(LIMITS.crit, end);
    const before = createAccessCounter(LIMITS.crit, from);
    const parse = makeAccessParser();
    const counts = makeFilter(params);
    let strange = 0;
    let seen = 0;
    let earlier = 0;
    const walked = await walkLog({ log, windows, context }, (line, where, at) => {
      seen += 1;
      if (where === 'before') earlier += 1;
      if (!counts(line)) return;
      const access = parse(line);
      if (access) (where === 'inside' ? inside : before).add(access, at);
      else if (where === 'inside') strange += 1;
    });
    await refuseClosedJournal(log, walked.lines, params, context);
    refuseOutside(log, { ...walked, seen }, params);
    const { timed, lastLineAt, complete, format } = walked;
    const baseline = hasBaseline(log, { timed, before: earlier }) ? before.facts() : null;
    return {
      observedAt,
      source: log.source,
      missing: log.missing,
      from,
      until: context.until ?? null,
      timed,
      ordered: log.ordered,
      truncated: !complete,
      format,
      lastLineAt,
      baselineRequests: baseline?.requests ?? null,
      baselineServerErrors: baseline?.serverErrors ?? null,
      baselineP95Ms: baseline?.p95Ms ?? null,
      strange,
      ...inside.facts(),
    };
  });
}

function makeFilter({ only, exclude }: Params): (line: string) => boolean {
  const wanted = only == null ? undefined : compilePattern(only);
  const unwanted = exclude == null ? undefined : compilePattern(exclude);
  return (line) => wanted?.test(line) !== false && unwanted?.test(line) !== true;
}

function judge(facts: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const { source, requests, serverErrors, serverErrorPercent, clientErrorPercent, baselineRequests } = facts;
  const minutes = Math.round(((facts.until ?? facts.observedAt) - facts.from) / MINUTE_MS);
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  if (requests === 0 && facts.strange > 0) {
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, lines: facts.strange },
      unlock: 'an access log with the status in it: nginx or Apache combined, HAProxy, Envoy, or JSON lines',
    };
  }
  if (requests === 0 && facts.truncated)
    return { status: 'unknown', code: 'partial', data: { source }, unlock: 'a file that is whole (gzip -t, zstd -t), or a longer timeout' };
  if (requests === 0) {
    if (!baselineRequests) return { status: 'ok', code: 'idle', data: { source, minutes } };
    return { status: 'warn', code: 'no-requests', data: { source, minutes, before: baselineRequests } };
  }
  const exceeds = (bound: number): boolean =>
    requests >= ENOUGH_REQUESTS ? serverErrorPercent > bound : exceedsShare(serverErrors, requests, bound);
  const { warn, crit } = boundsNow(limits, '5xx');
  const status = exceeds(crit) ? 'fail' : exceeds(warn) ? 'warn' : 'ok';
  if (status === 'ok' && hasRisen(facts)) {
    const earlier = round((100 * (facts.baselineServerErrors ?? 0)) / Math.max(1, baselineRequests ?? 0), 2);
    const data = { source, requests, percent: serverErrorPercent, status: facts.mainStatus, before: earlier };
    return { status: 'warn', code: 'risen', data, ...showLimit(serverErrorPercent, limits, 'warn') };
  }
  const { p95Ms, baselineP95Ms } = facts;
  if (status === 'ok' && p95Ms !== null && baselineP95Ms !== null && p95Ms > Math.max(SLOW_MS, SLOWER * baselineP95Ms)) {
    const shown = { value: p95Ms, unit: 'ms', threshold: SLOW_MS, thresholdSource: 'Netdata web_log.conf' };
    return { status: 'warn', code: 'slower', data: { source, requests, ms: p95Ms, before: baselineP95Ms }, ...shown };
  }
  if (status === 'ok' && exceedsShare(facts.clientErrors, requests, CLIENT_ERROR_PERCENT)) {
    const shown = { value: clientErrorPercent, unit: '%', threshold: CLIENT_ERROR_PERCENT, thresholdSource: 'Netdata web_log.conf' };
    return { status: 'warn', code: 'client-errors', data: { source, requests, percent: clientErrorPercent }, ...shown };
  }
  const data = { source, requests, percent: serverErrorPercent, status: facts.mainStatus };
  return { status, code: status === 'ok' ? 'ok' : 'server-errors', item: '5xx', data, ...showLimit(serverErrorPercent, limits, status) };
}

/** Below the threshold still worth a word: so many 5xx that had the share stayed as it was, chance would not give them. */
function hasRisen({ requests, serverErrors, baselineRequests, baselineServerErrors }: Facts): boolean {
  if (!baselineRequests || baselineServerErrors === null) return false;
  if (serverErrors / requests <= (RISE * baselineServerErrors) / baselineRequests) return false;
  return chanceOfHigherShare({ hits: serverErrors, of: requests }, { hits: baselineServerErrors, of: baselineRequests }) < SIGNIFICANCE;
}
