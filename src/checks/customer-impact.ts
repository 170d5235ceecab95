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
  /** Start of the window, or the earliest line that was kept of it. */
  from: count,
  /** Of the log in the window. */
  lines: v.optional(count, 0),
  /** Whether the log names customers, or orders alone; null: neither. */
  by: v.nullable(v.picklist(['customer', 'order'])),
  attempts: count,
  /** Of the attempts those whose code a table knows and that name somebody. */
  counted: v.optional(count),
  all: count,
  affected: count,
  recovered: count,
  lost: count,
  /** Paid another order after one of unknown outcome. */
  twice: count,
  triesEach: count,
  triesMost: count,
  waitMedianMs: count,
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
    none: { en: 'none of {all} {by} met a failure of ours', 'zh-CN': '{all} 个{by}均未遇到我方失败' },
    affected: {
      en: '{affected} of {all} {by} met a failure: {tries|try|tries} each (at most {most}); {recovered} got through after {wait} (median), {lost} did not; {twice} may have paid twice',
      'zh-CN':
        '{all} 个{by}中 {affected} 个遇到失败：人均 {tries} 次（最多 {most} 次）；{recovered} 个在 {wait}（中位数）后成功，{lost} 个未成功；{twice} 个可能重复支付',
    },
    idle: { en: 'no payment in {source}', 'zh-CN': '{source} 中无支付' },
    'not-understood': {
      en: 'of {attempts|payment|payments} in {lines|line|lines} of {source} only {counted} have a code that a table knows and name somebody',
      'zh-CN': '{source} 的 {lines} 行、{attempts} 笔支付中仅 {counted} 笔可识别应答码与客户',
    },
    missing: { en: '{source} does not exist', 'zh-CN': '{source} 不存在' },
    nameless: {
      en: 'in {source} {attempts|payment names|payments name} neither customer nor order',
      'zh-CN': '{source} 中 {attempts} 笔支付未含客户或订单号',
    },
  },
  example: { file: '/var/log/switch/payments.log', format: 'kv', table: 'unionpay-online', fields: { customer: 'uid' } },
  probe,
  judge,
});

async function probe(given: Params, context: ProbeContext): Promise<Facts> {
  const { source, missing, lines, payments, coveredFrom } = await readPayments(given, context.since, context);
  const named = payments.map(({ at, outcome, values }) => ({
    at,
    outcome,
    customer: nameOf(values.customer),
    order: nameOf(values.order_no),
  }));
  // A line that names the order alone belongs to the customer whom another line of that order names.
  const owners = new Map(named.flatMap(({ customer, order }) => (customer && order ? [[order, customer] as const] : [])));
  const attempts = named.flatMap(({ at, outcome, customer, order }) => {
    const owner = customer ?? (order && owners.get(order));
    const who = owner ? `customer ${owner}` : order && `order ${order}`;
    return who === undefined || outcome === undefined ? [] : [{ who, at, order, outcome }];
  });
  return {
    observedAt: context.host.now().wallMs,
    source,
    missing,
    from: coveredFrom,
    lines,
    by: named.some(({ customer }) => customer) ? 'customer' : named.some(({ order }) => order) ? 'order' : null,
    attempts: payments.length,
    counted: attempts.length,
    ...sumUpExperience(attempts),
  };
}

/** What programs write where there is nobody. */
const NOBODY = /^(?:null|none|nil|undefined|guest|anonymous|n\/?a|-*|0+)$/i;

function nameOf(text: string | undefined): string | undefined {
  const name = text?.trim() ?? '';
  return NOBODY.test(name) ? undefined : name;
}

function judge({ source, missing, by, attempts, lines, counted = attempts, ...seen }: Facts): Judgement {
  if (missing) return { status: 'unknown', code: 'missing', data: { source }, unlock: 'the name of the log in oor.yaml (transactions)' };
  if (attempts === 0 && lines === 0) return { status: 'ok', code: 'idle', data: { source } };
  const notUnderstood: Judgement = {
    status: 'unknown',
    code: 'not-understood',
    data: { source, lines, attempts, counted },
    unlock: 'the mapping of this log and the table of its codes, under transactions in oor.yaml',
  };
  if (attempts === 0) return notUnderstood;
  if (by === null)
    return {
      status: 'unknown',
      code: 'nameless',
      data: { source, attempts },
      unlock: 'the field customer or order_no in the mapping (transactions: fields: {customer: ...})',
    };
  const words = { by: by === 'customer' ? 'customers' : 'orders' };
  const { all, affected, recovered, lost, twice, triesEach, triesMost, waitMedianMs } = seen;
  if (counted === 0 || (affected === 0 && counted < attempts / 2)) return notUnderstood;
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
