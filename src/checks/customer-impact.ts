import { sumUpExperience } from '../payments/orders/experience.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { formatSeconds } from './linux.ts';
import { namesOneSource, ONE_SOURCE, sourceParams } from './log-source.ts';
import { codeParams, readPayments } from './payment-lines.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { mappingParams, usableMapping } from './transaction-lines.ts';

const params = v.pipe(
  strictObject({ ...sourceParams, ...mappingParams, ...codeParams }),
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
  /** Whether the log names customers, or orders alone; null: neither. */
  by: v.nullable(v.picklist(['customer', 'order'])),
  attempts: count,
  all: count,
  affected: count,
  recovered: count,
  lost: count,
  /** Paid after an attempt of unknown outcome. */
  twice: count,
  triesEach: count,
  triesMost: count,
  waitMedianMs: count,
  waitMostMs: count,
});
type Facts = Infer<typeof facts>;

export const customerImpact = defineCheck<Params, Facts>({
  id: 'customer.impact',
  phase: 'evidence',
  title: { en: 'What customers went through', 'zh-CN': '客户体验影响' },
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    none: { en: 'none of {all} {by} met a failure of ours', 'zh-CN': '{all} 个{byZh}均未遇到我方失败' },
    affected: {
      en: '{affected} of {all} {by} met a failure: {tries} tries each (at most {most}); {recovered} got through after {wait} (median), {lost} did not; {twice} may have paid twice',
      'zh-CN':
        '{all} 个{byZh}中 {affected} 个遇到失败：人均 {tries} 次（最多 {most} 次）；{recovered} 个在 {wait}（中位数）后成功，{lost} 个未成功；{twice} 个可能重复支付',
    },
    idle: { en: 'no payment in {source}', 'zh-CN': '{source} 中无支付' },
    missing: { en: '{source} does not exist', 'zh-CN': '{source} 不存在' },
    nameless: {
      en: '{attempts} payments in {source} name neither customer nor order',
      'zh-CN': '{source} 中 {attempts} 笔支付未含客户或订单号',
    },
  },
  example: { file: '/var/log/switch/payments.log', format: 'kv', table: 'unionpay-online', fields: { customer: 'uid' } },
  probe,
  judge,
});

async function probe(given: Params, context: ProbeContext): Promise<Facts> {
  const { source, missing, payments } = await readPayments(given, context.since, context);
  const by = (['customer', 'order'] as const).find((each) => payments.some(({ values }) => values[FIELD[each]] !== undefined)) ?? null;
  const attempts = payments.flatMap(({ at, outcome, values }) => {
    const who = by === null ? undefined : values[FIELD[by]];
    return who === undefined || outcome === undefined ? [] : [{ who, at, outcome }];
  });
  return {
    observedAt: context.host.now().wallMs,
    source,
    missing,
    from: context.since,
    by,
    attempts: payments.length,
    ...sumUpExperience(attempts),
  };
}

const FIELD = { customer: 'customer', order: 'order_no' } as const;

function judge({ source, missing, by, attempts, ...seen }: Facts): Judgement {
  if (missing) return { status: 'unknown', code: 'missing', data: { source }, unlock: 'the name of the log in oor.yaml (transactions)' };
  if (attempts === 0) return { status: 'ok', code: 'idle', data: { source } };
  if (by === null)
    return {
      status: 'unknown',
      code: 'nameless',
      data: { source, attempts },
      unlock: 'the field customer or order_no in the mapping (transactions: fields: {customer: ...})',
    };
  const words = { by: by === 'customer' ? 'customers' : 'orders', byZh: by === 'customer' ? '客户' : '订单' };
  const { all, affected, recovered, lost, twice, triesEach, triesMost, waitMedianMs } = seen;
  if (affected === 0) return { status: 'ok', code: 'none', data: { ...words, all } };
  const data = {
    ...words,
    all,
    affected,
    recovered,
    lost,
    twice,
    tries: triesEach,
    most: triesMost,
    wait: formatSeconds(waitMedianMs / 1_000),
  };
  return { status: 'warn', code: 'affected', data, value: affected, unit: words.by, threshold: 0, thresholdSource: 'own' };
}
