import { type FAULT_OUTCOMES, isFault, isSoft, type SOFT_OUTCOMES } from '../payments/codes/faults.ts';
import { type Attempt, countOutcomes, findGatherings } from '../payments/orders/outcome-mix.ts';
import { type PaymentAttempt, type ValueAtRisk, valueAtRisk } from '../payments/orders/value-at-risk.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { gradeShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { namesOneSource, ONE_SOURCE, sourceParams } from './log-source.ts';
import { codeParams, OUTCOMES, type PaymentLine, readPayments } from './payment-lines.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { mappingParams, usableMapping } from './transaction-lines.ts';
import { chanceOfHigherShare } from './two-windows.ts';
import { wilsonInterval } from './wilson.ts';

/** Below that an interval is too wide to say much; only what chance cannot explain at all counts. */
const ENOUGH = 30;
const SIGNIFICANCE = 0.05;
/** A mix of ordinary declines is news when its share has doubled at least. */
const DECLINES_GREW = 2;
/** Where there were payments, none at all is a fault of its own. */
const SILENCE_FROM = 10;
const TECHNICAL: Thresholds = { warn: 0.5, crit: 2, unit: '%', source: 'own' };

/** By the word for them, the gravest first. */
const FAULTS = {
  PROVIDER_DOWN: 'provider-down',
  UNKNOWN: 'unknown-outcome',
  'SIGN/KEY/CERT': 'signature',
  'PERMISSION/CONTRACT': 'permission',
  RATE: 'rate-limited',
  PARAM: 'parameter',
  DUPLICATE: 'duplicate',
  LIMIT: 'limit',
  RISK: 'risk',
  PLANNED: 'planned',
} as const satisfies Record<(typeof FAULT_OUTCOMES | typeof SOFT_OUTCOMES)[number], string>;
type FaultOutcome = keyof typeof FAULTS;

const GROUPS = ['provider', 'method', 'bin', 'terminal', 'merchant'] as const;
const params = v.pipe(
  strictObject({
    ...sourceParams,
    ...mappingParams,
    ...codeParams,
    /** Only payments of this provider, as the log writes it. */
    provider: v.nullish(v.string()),
    since: v.nullish(duration, '10m'),
  }),
  v.check((input) => namesOneSource(input), ONE_SOURCE),
  usableMapping(),
);
type Params = Infer<typeof params>;

const count = v.number();
const facts = v.object({
  observedAt: count,
  source: v.string(),
  missing: v.boolean(),
  from: count,
  lines: count,
  attempts: count,
  attemptsBefore: count,
  outcomes: v.array(
    v.object({
      outcome: v.picklist([...OUTCOMES, '']),
      count,
      before: count,
      percent: count,
      /** Wilson, 95 %. */
      low: count,
      high: count,
      lowBefore: count,
      highBefore: count,
      codes: v.array(v.string()),
    }),
  ),
  gatherings: v.array(
    v.object({ by: v.string(), key: v.string(), outcome: v.picklist(OUTCOMES), count, of: count, others: count, othersOf: count }),
  ),
  /** Of payments that a fault took and those of unknown outcome. */
  failed: v.optional(count, 0),
  unknownOutcome: v.optional(count, 0),
  /** What they are worth, by currency, in major units; orders that were paid in the end are left out. */
  value: v.optional(v.record(v.string(), v.string()), {}),
  unpriced: v.optional(count, 0),
  firstBadAt: v.optional(v.nullable(count), null),
  lastGoodAt: v.optional(v.nullable(count), null),
});
type Facts = Infer<typeof facts>;

const share = (en: string, zh: string): { readonly en: string; readonly 'zh-CN': string } => ({
  en: `{percent} % ({low} to {high} %) of {attempts} payments ${en}, mostly {code}, before {before} %; {where}`,
  'zh-CN': `{attempts} 笔支付中 {percent} %（{low} 至 {high} %）${zh}，主要为 {code}，此前 {before} %；{where}`,
});

export const providerCodes = defineCheck<Params, Facts>({
  id: 'provider.codes',
  phase: 'evidence',
  title: { en: 'Answer codes of providers', 'zh-CN': '渠道应答码分布' },
  params,
  facts,
  messages: {
    ok: {
      en: '{paid} % of {attempts|payment is|payments are} paid, nothing technical stands out',
      'zh-CN': '{attempts} 笔支付成功率 {paid} %，无异常',
    },
    'too-few': {
      en: 'only {attempts|payment|payments} in {source}: nothing stands out',
      'zh-CN': '{source} 中仅 {attempts} 笔支付：未见异常',
    },
    idle: { en: 'no payment in {source}, and none before', 'zh-CN': '{source} 中无支付，此前也无' },
    silent: { en: 'no payment in {source}, {before} in as long before', 'zh-CN': '{source} 中无支付，此前同样时长内有 {before} 笔' },
    'provider-down': share('fail at the provider', '渠道故障'),
    'unknown-outcome': share('have an unknown outcome: query them, never pay again', '结果未知：先查询，切勿重付'),
    signature: share('fail for a signature, key or certificate', '因签名、密钥或证书失败'),
    permission: share('are not permitted by contract or merchant state', '因权限或商户状态被拒'),
    'rate-limited': share('are rate limited', '被限流'),
    parameter: share('are refused for their parameters', '因参数错误被拒'),
    duplicate: share('are duplicates', '为重复订单'),
    limit: share('are refused for a limit', '因限额被拒'),
    risk: share('are refused for risk', '因风控被拒'),
    planned: share('meet an announced pause', '遇到日切或计划维护'),
    declines: share('are declined', '被拒'),
    missing: { en: 'the log {source} does not exist', 'zh-CN': '日志 {source} 不存在' },
    'not-understood': {
      en: 'none of the {lines} lines of {source} has a code that a table knows',
      'zh-CN': '{source} 的 {lines} 行中没有可识别的应答码',
    },
  },
  thresholds: TECHNICAL,
  timeoutMs: 20_000,
  example: { file: '/var/log/paygw/payments.log', format: 'kv', table: 'alipay', tables: { wechat: 'wechat-v3' }, since: '10m' },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const until = context.until ?? observedAt;
  const from = until - params.since;
  const window = await readPayments(params, from - params.since, context);
  const wanted = window.payments.filter(({ values }) => params.provider == null || values.provider === params.provider);
  const recent = wanted.filter(({ at }) => at >= from);
  const now = recent.map(toAttempt);
  const ends = recent.map(toPaymentAttempt);
  const before = wanted.filter(({ at }) => at < from).map(toAttempt);
  return {
    observedAt,
    source: window.source,
    missing: window.missing,
    from,
    lines: window.lines,
    attempts: now.length,
    attemptsBefore: before.length,
    outcomes: countOutcomes(now, before).map(({ codes, ...each }) => ({
      ...each,
      codes: [...codes],
      percent: percentOf(each.count, now.length),
      ...bounds(each.count, now.length, ['low', 'high']),
      ...bounds(each.before, before.length, ['lowBefore', 'highBefore']),
    })),
    gatherings: findGatherings(now, GROUPS, (outcome) => Object.hasOwn(FAULTS, outcome)).map((each) => ({ ...each })),
    failed: ends.filter(({ end }) => end === 'fault').length,
    unknownOutcome: ends.filter(({ end }) => end === 'unknown').length,
    ...withPlainValue(valueAtRisk(ends)),
  };
}

function toAttempt({ code, outcome, values }: PaymentLine): Attempt {
  const { provider, method, terminal, merchant } = values;
  return { code, outcome, groups: { provider, method, terminal, merchant, bin: (values.bin ?? values.pan)?.slice(0, 6) } };
}

/** What customers and their banks decide is no fault. */
function toPaymentAttempt({ at, outcome, values: { amount, currency, order_no: order } }: PaymentLine): PaymentAttempt {
  const end = outcome === 'PAID' ? 'paid' : outcome === 'UNKNOWN' ? 'unknown' : outcome && isFault(outcome) ? 'fault' : 'other';
  return { at, end, order, amount, currency };
}

/** Records of the facts are mutable by their schema. */
function withPlainValue({ value, ...rest }: ValueAtRisk): Pick<Facts, 'value' | 'unpriced' | 'firstBadAt' | 'lastGoodAt'> {
  return { ...rest, value: { ...value } };
}

function percentOf(hits: number, of: number): number {
  return of === 0 ? 0 : round((100 * hits) / of, 2);
}

function bounds<L extends string, H extends string>(hits: number, of: number, [low, high]: readonly [L, H]): Record<L | H, number> {
  const interval = wilsonInterval(hits, of);
  return { [low]: round(interval.low, 2), [high]: round(interval.high, 2) } as Record<L | H, number>;
}

function judge(facts: Facts, _params: Params, limits: Thresholds = TECHNICAL): Judgement {
  const { source, lines, attempts, attemptsBefore, outcomes } = facts;
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  const known = outcomes.filter(({ outcome }) => outcome !== '').reduce((sum, each) => sum + each.count + each.before, 0);
  if (lines > 0 && known === 0)
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, lines },
      unlock: 'the mapping of this log and the table of its codes, under transactions in oor.yaml',
    };
  if (attempts === 0 && attemptsBefore >= SILENCE_FROM) return { status: 'fail', code: 'silent', data: { source, before: attemptsBefore } };
  if (attempts === 0) return { status: 'ok', code: 'idle', data: { source } };
  const worst = judgeFaults(facts, limits) ?? judgeRises(facts);
  if (worst) return worst;
  const paid = percentOf(outcomes.find(({ outcome }) => outcome === 'PAID')?.count ?? 0, attempts);
  return attempts < ENOUGH
    ? { status: 'ok', code: 'too-few', data: { source, attempts } }
    : { status: 'ok', code: 'ok', data: { paid, attempts } };
}

type OutcomeFacts = Facts['outcomes'][number];

function judgeFaults(facts: Facts, limits: Thresholds): Judgement | undefined {
  const graded = (Object.keys(FAULTS) as FaultOutcome[]).flatMap((outcome) => {
    const own = facts.outcomes.find((each) => each.outcome === outcome);
    if (!own || isSoft(outcome)) return [];
    const grade = gradeShare(own.count, facts.attempts, limits);
    return grade === 'ok' || (grade === 'warn' && facts.attempts < ENOUGH) ? [] : [{ outcome, own, grade }];
  });
  const worst = graded.find(({ grade }) => grade === 'fail') ?? graded[0];
  if (!worst) return undefined;
  const main = graded.filter(({ grade }) => grade === worst.grade).reduce((most, each) => (each.own.count > most.own.count ? each : most));
  return { status: main.grade, code: FAULTS[main.outcome], ...tell(facts, main.own), ...showLimit(main.own.percent, limits, main.grade) };
}

function judgeRises(facts: Facts): Judgement | undefined {
  const { outcomes, attempts, attemptsBefore } = facts;
  if (attempts < ENOUGH || attemptsBefore === 0) return undefined;
  const risen = (own: OutcomeFacts, factor: number): boolean => {
    const before = own.before / attemptsBefore;
    if (own.count / attempts <= factor * before) return false;
    return chanceOfHigherShare({ hits: own.count, of: attempts }, { hits: own.before, of: attemptsBefore }) < SIGNIFICANCE;
  };
  // These need a rise over the window before, and only warn.
  const soft = outcomes.find((own) => own.outcome !== '' && isSoft(own.outcome) && own.low > TECHNICAL.warn && risen(own, 1));
  const declines = outcomes.find((own) => own.outcome === 'NOT_PAID_FINAL' && risen(own, DECLINES_GREW));
  const main = soft ?? declines;
  if (!main) return undefined;
  const code = main.outcome === 'NOT_PAID_FINAL' ? 'declines' : FAULTS[main.outcome as FaultOutcome];
  const before = percentOf(main.before, attemptsBefore);
  return {
    status: 'warn',
    code,
    ...tell(facts, main),
    value: main.percent,
    unit: '%',
    threshold: round(before * (soft ? 1 : DECLINES_GREW), 2),
    thresholdSource: 'own',
  };
}

function tell({ attempts, attemptsBefore, gatherings }: Facts, own: OutcomeFacts): Pick<Judgement, 'data'> {
  const gathered = gatherings.find(({ outcome }) => outcome === own.outcome);
  return {
    data: {
      attempts,
      percent: own.percent,
      low: own.low,
      high: own.high,
      code: own.codes[0] ?? '',
      before: percentOf(own.before, attemptsBefore),
      where: gathered
        ? `${gathered.by} ${gathered.key}: ${gathered.count}/${gathered.of} (${gathered.others}/${gathered.othersOf})`
        : `${own.count}/${attempts}`,
    },
  };
}
