import type { Text } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout } from './connect.ts';
import { showLimit } from './limit.ts';
import { mapLimited, round } from './linux.ts';
import {
  askPrometheus,
  credentials,
  openPrometheus,
  PROMETHEUS_OUTCOMES,
  type PrometheusAnswer,
  type PrometheusOutcome,
  type Series,
} from './prometheus.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const WEEK_S = 7 * 86_400;
const WEEKS = 4;
const POINTS = 60;
const AT_ONCE = 2;
/** Consistency of the MAD with a standard deviation; 3.5 such spreads are the outlier bound of Iglewicz and Hoaglin (1993). */
const MAD_TO_SIGMA = 1.4826;
/** A figure that never moves would make any move an outlier: one percent of it is no news. */
const LEAST_SPREAD = 0.01;

const FARTHEST = 1_000;

const WORSE = ['lower', 'higher', 'both'] as const;
const params = strictObject({
  name: v.nullish(v.string()),
  /** Base URL; a path before `/api/v1` stays. */
  prometheus: v.pipe(v.string(), v.regex(/^https?:\/\/[^\s/]/i, 'expected a URL that starts with http:// or https://')),
  /** PromQL, or PromQL with the direction that means trouble. */
  query: v.union([v.string(), v.object({ promql: v.string(), worse: v.nullish(v.picklist(WORSE)) })]),
  /** Direction that means trouble; default both. */
  worse: v.nullish(v.picklist(WORSE)),
  /** Length of the window in past weeks; default the window of the run (--since). */
  window: v.nullish(duration),
  credentials: v.nullish(credentials),
  ca_file: v.nullish(v.string()),
  timeout: v.nullish(duration, '5s'),
});
type Params = Infer<typeof params>;

const series = v.object({
  labels: v.string(),
  /** Now; null: no sample. */
  current: v.nullable(v.number()),
  /** The same window of earlier weeks that have samples: its median. */
  weeks: v.array(v.object({ ago: v.number(), median: v.number(), samples: v.number() })),
  median: v.nullable(v.number()),
  /** Robust: 1.4826 x MAD of all their samples, 1 % of the median at least. */
  spread: v.nullable(v.number()),
  samples: v.number(),
});
type Compared = Infer<typeof series>;

const facts = v.object({
  observedAt: v.number(),
  name: v.string(),
  outcome: v.picklist(PROMETHEUS_OUTCOMES),
  note: v.string(),
  windowSeconds: v.number(),
  series: v.array(series),
  /** Series beyond the fifty that are kept. */
  dropped: v.number(),
  /** Earlier weeks that could not be asked. */
  weeksUnseen: v.number(),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 3.5, crit: 7, unit: 'spreads', source: 'Iglewicz and Hoaglin (3.5); own (7)' };

const unseenMessages = {
  unreachable: { en: '{name}: no connection to Prometheus ({note})', 'zh-CN': '{name}：无法连接 Prometheus（{note}）' },
  'no-response': { en: '{name}: Prometheus does not answer ({note})', 'zh-CN': '{name}：Prometheus 无应答（{note}）' },
  'tls-failed': { en: '{name}: no TLS with Prometheus ({note})', 'zh-CN': '{name}：与 Prometheus 的 TLS 失败（{note}）' },
  unauthorized: { en: '{name}: Prometheus refuses the login ({note})', 'zh-CN': '{name}：Prometheus 拒绝访问（{note}）' },
  redirected: { en: '{name}: sent elsewhere ({note}), not followed', 'zh-CN': '{name}：被重定向（{note}），未跟随' },
  'bad-query': { en: '{name}: Prometheus does not understand the query ({note})', 'zh-CN': '{name}：Prometheus 无法解析查询（{note}）' },
  overloaded: { en: '{name}: Prometheus could not answer in time ({note})', 'zh-CN': '{name}：Prometheus 未能及时应答（{note}）' },
  'too-large': { en: '{name}: the answer is too large ({note})', 'zh-CN': '{name}：应答过大（{note}）' },
  'not-prometheus': { en: '{name}: the answer is not that of Prometheus ({note})', 'zh-CN': '{name}：应答不是 Prometheus 格式（{note}）' },
} satisfies Readonly<Record<Exclude<PrometheusOutcome, 'answered'>, Text>>;

export const metricBaseline = defineCheck<Params, Facts>({
  id: 'metric.baseline',
  phase: 'evidence',
  title: { en: 'Metric against past weeks', 'zh-CN': '指标与往周同期对比' },
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    ...unseenMessages,
    usual: {
      en: '{name} is {current}; {median} (+/- {spread}) in this window of {weeks} past weeks',
      'zh-CN': '{name} 当前为 {current}；过去 {weeks} 周同期为 {median}（±{spread}）',
    },
    low: {
      en: '{name} is {current}, far below the {median} (+/- {spread}) of this window in {weeks} past weeks',
      'zh-CN': '{name} 当前为 {current}，明显低于过去 {weeks} 周同期的 {median}（±{spread}）',
    },
    high: {
      en: '{name} is {current}, far above the {median} (+/- {spread}) of this window in {weeks} past weeks',
      'zh-CN': '{name} 当前为 {current}，明显高于过去 {weeks} 周同期的 {median}（±{spread}）',
    },
    gone: {
      en: '{name} has no value now; it was {median} in this window of {weeks} past weeks',
      'zh-CN': '{name} 当前没有数据；过去 {weeks} 周同期为 {median}',
    },
    'no-data': { en: '{name}: the query gives no value', 'zh-CN': '{name}：查询没有返回数值' },
    'no-baseline': { en: '{name} is {current}; no baseline yet', 'zh-CN': '{name} 当前为 {current}；尚无往周基线' },
  },
  thresholds: LIMITS,
  example: {
    name: 'success_rate',
    prometheus: 'http://127.0.0.1:9090',
    query: { promql: 'sum(rate(payments_total{result="ok"}[5m])) / sum(rate(payments_total[5m]))', worse: 'lower' },
  },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const { host, net, timeoutMs, since } = context;
  const observedAt = host.now().wallMs;
  const query = typeof params.query === 'string' ? params.query : params.query.promql;
  // One question for now, then the weeks two at a time.
  const server = await openPrometheus(params, context, boundTimeout(params.timeout, timeoutMs, 1 + WEEKS / AT_ONCE));
  const at = Math.floor(observedAt / 1_000);
  const windowSeconds = Math.max(60, Math.round((params.window ?? observedAt - since) / 1_000));
  const stepSeconds = Math.max(15, Math.ceil(windowSeconds / POINTS));
  const now = await askPrometheus(net, server, { query, at });
  const past =
    now.outcome === 'answered'
      ? await mapLimited([...Array(WEEKS).keys()], AT_ONCE, async (week) => {
          const to = at - (week + 1) * WEEK_S;
          return await askPrometheus(net, server, { query, from: to - windowSeconds, to, stepSeconds });
        })
      : [];
  return {
    observedAt,
    name: params.name ?? query.slice(0, 80),
    outcome: now.outcome,
    note: now.note || (past.find(({ outcome }) => outcome !== 'answered')?.note ?? ''),
    windowSeconds,
    series: compareSeries(now, past),
    dropped: now.dropped,
    weeksUnseen: past.filter(({ outcome }) => outcome !== 'answered').length,
  };
}

/** What a week has that nobody has now is gone, unless now there is nothing at all. */
function compareSeries(now: PrometheusAnswer, past: readonly PrometheusAnswer[]): Compared[] {
  const earlier = past.flatMap((answer, index) =>
    answer.series.filter(({ samples }) => samples.length > 0).map((each) => ({ ...each, ago: index + 1 })),
  );
  const labels = [...new Set([...now.series, ...earlier].map((each) => each.labels))].slice(0, 2 * now.series.length + 50);
  return labels.map((each) => {
    const weeks = earlier.filter((week) => week.labels === each);
    const values = weeks.flatMap(valuesOf);
    const medians = weeks.map((week) => medianOf(valuesOf(week)));
    const median = medians.length === 0 ? null : medianOf(medians);
    const current = now.series.find((found) => found.labels === each)?.samples.at(-1)?.[1] ?? null;
    return {
      labels: each,
      current,
      weeks: weeks.map(({ ago, samples }, index) => ({ ago, median: medians[index] as number, samples: samples.length })),
      median,
      spread: median === null ? null : spreadOf(values, median),
      samples: values.length,
    };
  });
}

function valuesOf({ samples }: Pick<Series, 'samples'>): readonly number[] {
  return samples.map(([, value]) => value);
}

function spreadOf(values: readonly number[], median: number): number {
  return Math.max(MAD_TO_SIGMA * medianOf(values.map((value) => Math.abs(value - median))), LEAST_SPREAD * Math.abs(median));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function judge({ name, outcome, note, series: found, weeksUnseen }: Facts, params: Params, limits: Thresholds = LIMITS): Judgement {
  if (outcome !== 'answered') return { status: 'unknown', code: outcome, data: { name, note: note || '-' }, unlock: UNLOCKS[outcome] };
  const worse = params.worse ?? (typeof params.query === 'string' ? null : params.query.worse) ?? 'both';
  const seen = found.filter(({ current }) => current !== null);
  if (seen.length === 0) return { status: 'unknown', code: 'no-data', data: { name }, unlock: 'a query that has a value at this time' };
  const graded = seen
    .filter(({ weeks }) => weeks.length > 0)
    .map((each) => ({ each, distance: distanceOf(each, worse) }))
    .sort((one, other) => other.distance - one.distance);
  const [worst] = graded;
  const lost = found.find(({ current, weeks }) => current === null && weeks.length > 1);
  if (worst && (worst.distance > limits.warn || !lost)) return gradeWorst(name, worst.each, worst.distance, limits);
  if (lost) return { status: 'warn', code: 'gone', data: describe(name, lost) };
  const data = describe(name, seen[0] as Compared);
  if (weeksUnseen > 0) return { status: 'unknown', code: 'overloaded', data: { name, note: note || '-' }, unlock: UNLOCKS['overloaded'] };
  return { status: 'not-applicable', code: 'no-baseline', data };
}

function gradeWorst(name: string, worst: Compared, distance: number, limits: Thresholds): Judgement {
  // One week may itself have been odd, and what was never anything but zero has no scale.
  const most = worst.weeks.length > 1 && worst.spread !== 0 ? 'fail' : 'warn';
  const status = distance > limits.crit ? most : distance > limits.warn ? 'warn' : 'ok';
  const code = status === 'ok' ? 'usual' : (worst.current ?? 0) < (worst.median ?? 0) ? 'low' : 'high';
  return { status, code, data: describe(name, worst), ...showLimit(round(distance), limits, status) };
}

/** In spreads, towards the bad side only; from a figure that was always zero any move is as far as it gets. */
function distanceOf({ current, median, spread }: Compared, worse: (typeof WORSE)[number]): number {
  const away = (current ?? 0) - (median ?? 0);
  const bad = worse === 'lower' ? -away : worse === 'higher' ? away : Math.abs(away);
  if (bad <= 0) return 0;
  return spread ? Math.min(FARTHEST, bad / spread) : FARTHEST;
}

function describe(name: string, { labels, current, median, spread, weeks }: Compared): Record<string, string | number> {
  const full = labels === '' ? name : `${name} ${labels}`;
  return { name: full, current: show(current), median: show(median), spread: show(spread), weeks: weeks.length };
}

function show(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(4)));
}

const UNLOCKS: Readonly<Record<Exclude<PrometheusOutcome, 'answered'>, string>> = {
  unreachable: 'a way from this machine to metrics.prometheus of the profile',
  'no-response': 'a Prometheus that answers within the timeout of the step',
  'tls-failed': 'metrics.ca_file of the profile with the authority that signed its certificate',
  unauthorized: 'metrics.credentials of the profile: a token, or username and password, by secret reference',
  redirected: 'the final URL in metrics.prometheus; with a login page in between: metrics.credentials',
  'bad-query': 'a query that Prometheus accepts, in metrics.queries of the profile',
  overloaded: 'a cheaper query (a recording rule), or a longer timeout of the step',
  'too-large': 'a query that gives fewer series: sum by (...)',
  'not-prometheus': 'the base URL of Prometheus in metrics.prometheus, without /graph or /api',
};
