import { evaluateLimits, type LimitedPayment, type LimitRule, OWNERS, type RuleCount, SCOPES, SPANS } from '../payments/limits/evaluate.ts';
import { parseAmount, showMinor } from '../payments/money/amount.ts';
import { findCurrency } from '../payments/money/currencies.ts';
import { zoneOffsetMs } from '../payments/orders/zone.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { gradeShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { namesOneSource, ONE_SOURCE, sourceParams } from './log-source.ts';
import { moneyParams } from './money-source.ts';
import { codeParams, type PaymentLine, readPayments } from './payment-lines.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { mappingParams, usableMapping } from './transaction-lines.ts';

const LIMITS: Thresholds = { warn: 1, crit: 5, unit: '%', source: 'own' };
const DAY_MS = 86_400_000;

const amount = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'expected an amount such as 5000 or "0.01"'))]);
const rule = v.pipe(
  strictObject({
    name: v.string(),
    /** Whose rule it is, and so who can change it. */
    owner: v.picklist(OWNERS),
    per: v.nullish(v.picklist(SPANS), 'transaction'),
    of: v.nullish(v.picklist(SCOPES), 'all'),
    /** In the major unit. */
    min: v.nullish(amount),
    max: v.nullish(amount),
    count: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
    currency: v.nullish(v.string(), ''),
    codes: v.nullish(v.array(v.string()), []),
    only: v.nullish(v.record(v.picklist(['provider', 'method', 'merchant', 'terminal', 'bin']), v.string()), {}),
  }),
  v.check(({ min, max, count }) => min != null || max != null || count != null, 'expected min, max or count'),
  v.check(({ per, count }) => count == null || per !== 'transaction', 'a count is per hour, day or month'),
);
const params = v.pipe(
  strictObject({
    ...sourceParams,
    ...mappingParams,
    ...codeParams,
    limits: v.array(rule),
    /** Of the amounts in the log. */
    unit: v.nullish(v.picklist(['major', 'minor']), 'major'),
    currency: v.nullish(v.string(), ''),
    /** Whose midnight begins a day. */
    zone: moneyParams.zone,
    since: v.nullish(duration),
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
  lines: count,
  /** False: days or months began before what could be read, so sums are too small. */
  whole: v.boolean(),
  payments: count,
  withAmount: count,
  refused: count,
  rules: v.array(
    v.object({
      name: v.string(),
      owner: v.picklist(OWNERS),
      refused: count,
      passed: count,
      why: v.picklist(['max', 'min', 'count', 'code', '']),
      /** In the major unit: the bound, the payment, and what had been paid before it. */
      bound: v.string(),
      amount: v.string(),
      before: v.string(),
      times: count,
    }),
  ),
  unexplained: v.array(v.object({ code: v.string(), count, who: v.string() })),
});
type Facts = Infer<typeof facts>;

const refusedBy = (en: string, zh: string): { readonly en: string; readonly 'zh-CN': string } => ({
  en: `{percent} % of {payments|payment is|payments are} refused by the limit {rule} of ${en}: {amount} after {before}, allowed is {bound}`,
  'zh-CN': `{payments} 笔交易中 {percent} % 被${zh}限额 {rule} 拒绝：此前 {before}，本笔 {amount}，允许 {bound}`,
});

export const limitsEvaluate = defineCheck<Params, Facts>({
  id: 'limits.evaluate',
  phase: 'evidence',
  title: { en: 'Which limit refuses', 'zh-CN': '限额规则核对' },
  params,
  facts,
  messages: {
    ok: {
      en: 'no limit refuses more than chance: {refused} of {payments|payment|payments}',
      'zh-CN': '限额拒绝属正常水平：{payments} 笔中 {refused} 笔',
    },
    'no-payments': { en: 'no payment in {source}', 'zh-CN': '{source} 中无交易' },
    ours: refusedBy('our own', '我方'),
    channel: refusedBy('the channel', '渠道'),
    bank: refusedBy('the bank', '银行'),
    scheme: refusedBy('the scheme', '卡组织'),
    regulator: refusedBy('the regulator', '监管'),
    unexplained: {
      en: '{percent} % of {payments|payment is|payments are} refused for a limit that no rule here explains, mostly code {code} ({who} acts)',
      'zh-CN': '{payments} 笔交易中 {percent} % 因限额被拒，但本地规则均不能解释，主要代码 {code}（由 {who} 处理）',
    },
    'not-enforced': {
      en: '{count|payment|payments} went through beyond our own limit {rule}: it is not enforced, or not what is written down',
      'zh-CN': '{count} 笔交易超出我方限额 {rule} 仍成功：规则未生效或登记有误',
    },
    missing: { en: 'the log {source} does not exist', 'zh-CN': '日志 {source} 不存在' },
    'not-understood': {
      en: 'none of the {lines} lines of {source} is a payment with a code and an amount',
      'zh-CN': '{source} 的 {lines} 行中没有带代码和金额的交易',
    },
  },
  thresholds: LIMITS,
  timeoutMs: 20_000,
  example: {
    file: '/var/log/paygw/payments.log',
    format: 'kv',
    table: 'alipay',
    limits: [
      { name: 'single', owner: 'ours', max: 5000, codes: ['AMOUNT_LIMIT'] },
      { name: 'card-day', owner: 'bank', per: 'day', of: 'card', max: 20000, count: 10 },
    ],
    outcomes: { AMOUNT_LIMIT: 'LIMIT' },
  },
  probe,
  judge,
});

async function probe(params: Params, context: ProbeContext): Promise<Facts> {
  const observedAt = context.host.now().wallMs;
  const from = params.since == null ? context.since : (context.until ?? observedAt) - params.since;
  const zoneMs = zoneOffsetMs(params.zone, from) ?? 0;
  const start = startOfSums(params.limits, from, zoneMs);
  const window = await readPayments(params, start, context);
  const payments = window.payments.map((line) => toPayment(line, params));
  const inside = payments.filter(({ at }) => at >= from);
  const exponent = findCurrency(params.currency)?.exponent ?? 2;
  const { rules, unexplained } = evaluateLimits(payments, params.limits.map(toRule), { from, zoneMs });
  return {
    observedAt,
    source: window.source,
    missing: window.missing,
    lines: window.lines,
    whole: window.coveredFrom <= start,
    payments: inside.length,
    withAmount: inside.filter(({ minor }) => minor !== undefined).length,
    refused: inside.filter(({ limited }) => limited).length,
    rules: rules.map((each, at) => showRule(each, params.limits[at] as Params['limits'][number], exponent)),
    unexplained: Object.entries(unexplained).map(([code, times]) => ({
      code,
      count: times,
      who: window.payments.find((line) => line.code === code)?.entry?.who ?? 'us',
    })),
  };
}

/** The beginning of the longest span that a rule adds up. */
function startOfSums(limits: Params['limits'], from: number, zoneMs: number): number {
  const local = from + zoneMs;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const starts = limits.map(({ per }) => {
    if (per === 'month') return midnight - (Number(new Date(midnight).toISOString().slice(8, 10)) - 1) * DAY_MS;
    return per === 'day' ? midnight : per === 'hour' ? Math.floor(local / 3_600_000) * 3_600_000 : local;
  });
  return Math.min(local, ...starts) - zoneMs;
}

function toPayment({ at, code, outcome, values }: PaymentLine, { unit, currency, limits }: Params): LimitedPayment {
  const known = findCurrency(values.currency ?? currency);
  const { pan, merchant, terminal, method, provider, bin } = values;
  const keys = { ...(pan && { card: pan }), ...(merchant && { merchant }), ...(terminal && { terminal }), ...(method && { method }) };
  return {
    at,
    code,
    minor: parseAmount(values.amount ?? '', known?.exponent ?? 2, unit)?.minor,
    currency: known?.code ?? '',
    approved: outcome === 'PAID',
    limited: outcome === 'LIMIT' || (outcome !== 'PAID' && limits.some(({ codes }) => codes.includes(code))),
    keys,
    fields: { provider, method, merchant, terminal, bin: bin ?? pan?.slice(0, 6) },
  };
}

function toRule({ name, owner, per, of, min, max, count: most, currency, codes, only }: Params['limits'][number]): LimitRule {
  const known = findCurrency(currency);
  const minor = (bound: number | string | null | undefined): number | undefined =>
    bound == null ? undefined : parseAmount(String(bound), known?.exponent ?? 2)?.minor;
  return { name, owner, per, of, min: minor(min), max: minor(max), count: most ?? undefined, currency: known?.code ?? '', codes, only };
}

function showRule(
  { name, refused, passed, why, example }: RuleCount,
  { owner, min, max, count: most }: Params['limits'][number],
  exponent: number,
): Facts['rules'][number] {
  const bound = why === 'min' ? min : why === 'count' ? most : (max ?? most ?? min);
  const show = (minor: number | undefined): string => (minor === undefined ? '' : showMinor(minor, exponent));
  return {
    name,
    owner,
    refused,
    passed,
    why,
    bound: String(bound),
    amount: show(example?.minor),
    before: show(example?.before),
    times: example?.times ?? 0,
  };
}

function judge(facts: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const { source, lines, payments, refused, rules, unexplained } = facts;
  if (facts.missing) return { status: 'warn', code: 'missing', data: { source } };
  if (payments === 0 && lines === 0) return { status: 'ok', code: 'no-payments', data: { source } };
  if (payments === 0 || facts.withAmount === 0)
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, lines },
      unlock: 'code and amount in the mapping of this log, under transactions in oor.yaml',
    };
  const status = gradeShare(refused, payments, limits);
  const percent = round((100 * refused) / payments);
  const main = rules.toSorted((one, other) => other.refused - one.refused)[0];
  const strange = unexplained.toSorted((one, other) => other.count - one.count)[0];
  const shown = { data: { percent, payments }, ...showLimit(percent, limits, status) };
  if (status !== 'ok' && strange && strange.count > (main?.refused ?? 0))
    return { status, code: 'unexplained', ...shown, data: { percent, payments, code: strange.code, who: strange.who } };
  if (status !== 'ok' && main) {
    const { name, owner, amount: asked, before, times, why, bound } = main;
    const data = { percent, payments, rule: name, amount: asked, before: why === 'count' ? times : before, bound };
    return { status, code: owner, ...shown, data };
  }
  const loose = rules.find(({ owner, passed }) => owner === 'ours' && passed > 0);
  if (loose)
    return {
      status: 'warn',
      code: 'not-enforced',
      data: { rule: loose.name, count: loose.passed },
      value: loose.passed,
      unit: 'payments',
      threshold: 0,
      thresholdSource: 'own',
    };
  return { status: 'ok', code: 'ok', data: { refused, payments } };
}
