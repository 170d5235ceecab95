import { sumByCurrency } from '../payments/money/amount.ts';
import { findCurrency } from '../payments/money/currencies.ts';
import { compareStates, ORDER_FAULTS, type OrderFault, type OrderFinding } from '../payments/orders/compare-states.ts';
import type { MoneyRecord } from '../payments/orders/record.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { namesOneSource, ONE_SOURCE, sourceParams } from './log-source.ts';
import { moneyParams, moneyTable, readMoney } from './money-source.ts';
import { codeParams, readPaymentRecords } from './payment-lines.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { mappingParams, usableMapping } from './transaction-lines.ts';

const EXAMPLES = 5;
/** What nobody paid for or what only hangs: worth a look, no lost money yet. */
const SOFT: ReadonlySet<OrderFault> = new Set(['not-at-provider']);

const params = strictObject({
  orders: moneyTable,
  /** What the provider says it was paid: a bill, an export, or what a query of these orders gave. */
  statement: v.nullish(moneyTable),
  /** What the provider answered, in a log: for orders that no statement has yet. */
  answers: v.nullish(
    v.pipe(
      strictObject({ ...sourceParams, ...mappingParams, ...codeParams, unit: v.nullish(v.picklist(['major', 'minor']), 'major') }),
      v.check((input) => namesOneSource(input), ONE_SOURCE),
      usableMapping(),
    ),
  ),
  ...moneyParams,
  /** So long a callback may take. */
  grace: v.nullish(duration, '5m'),
  /** An order in processing for longer is stuck. */
  stuck_after: v.nullish(duration, '15m'),
  /** Lifetime of an order that names no time of expiry. */
  expiry: v.nullish(duration),
});
type Params = Infer<typeof params>;

const count = v.number();
const facts = v.object({
  observedAt: count,
  source: v.string(),
  asOf: count,
  orders: count,
  /** null: no statement was given. */
  payments: v.nullable(count),
  /** Orders whose status is a word that nobody explained, and the most frequent of these words. */
  unexplained: count,
  unexplainedWord: v.string(),
  /** Rows of the statement with such a word. */
  unexplainedThere: count,
  absent: v.array(v.string()),
  faults: v.array(
    v.object({
      fault: v.picklist(ORDER_FAULTS),
      count,
      firstAt: v.nullable(count),
      /** By currency, in its major unit. */
      value: v.record(v.string(), v.string()),
      orders: v.array(v.string()),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const orderStatus = defineCheck<Params, Facts>({
  id: 'order.status',
  phase: 'evidence',
  title: { en: 'Orders here and at the provider', 'zh-CN': '订单状态与渠道核对' },
  params,
  facts,
  messages: {
    ok: {
      en: '{orders|order agrees|orders agree} with {payments|payment|payments} of the provider',
      'zh-CN': '{orders} 笔订单与渠道 {payments} 笔付款一致',
    },
    'ok-alone': {
      en: 'none of {orders} orders is stuck; no statement to compare with',
      'zh-CN': '{orders} 笔订单均未卡住；无渠道账单可比对',
    },
    none: { en: 'no order in {source}', 'zh-CN': '{source} 中无订单' },
    'double-paid': {
      en: '{count|order was|orders were} paid more than once ({value}), first {order}: refund the later payment, keep the fulfilled one',
      'zh-CN': '{count} 笔订单被重复支付（{value}），如 {order}：退后一笔，保留已履约的一笔',
    },
    'paid-not-recorded': {
      en: '{count|order is|orders are} paid at the provider and not here ({value}), first {order}',
      'zh-CN': '{count} 笔订单渠道已付、本地未付（掉单，{value}），如 {order}',
    },
    'paid-after-expiry': {
      en: '{count|order was paid after it|orders were paid after they} had expired ({value}), first {order}: complete or refund them',
      'zh-CN': '{count} 笔订单过期后才付款（{value}），如 {order}：补单或退款',
    },
    stuck: {
      en: '{count|order hangs|orders hang} in processing ({value}), first {order}',
      'zh-CN': '{count} 笔订单卡在处理中（{value}），如 {order}',
    },
    'refused-there': {
      en: '{count|order is|orders are} paid here and refused at the provider ({value}), first {order}: what was fulfilled is not paid',
      'zh-CN': '{count} 笔订单本地已付、渠道失败（{value}），如 {order}：已履约但未收款',
    },
    'not-at-provider': {
      en: '{count|order is|orders are} paid here and not in the statement ({value}), first {order}: wait for the next day, then query',
      'zh-CN': '{count} 笔订单本地已付、账单中没有（短款，{value}），如 {order}：先等次日账单，再查询',
    },
    'not-understood': {
      en: 'the states of {count} of {orders|order|orders} in {source} are unknown words, such as "{word}"; missing: {absent}',
      'zh-CN': '{source} 中 {orders} 笔订单有 {count} 笔状态无法识别，如“{word}”；缺少：{absent}',
    },
  },
  timeoutMs: 20_000,
  example: {
    orders: '/srv/shop/export/orders.csv',
    statement: { from: '/srv/settle/wechat.csv', words: { SUCCESS: 'paid' } },
    zone: 'Asia/Shanghai',
    expiry: '30m',
  },
  probe,
  judge,
});

async function probe({ orders, statement, answers, grace, stuck_after, expiry, ...money }: Params, context: ProbeContext): Promise<Facts> {
  const book = await readMoney(orders, money, context);
  const bill = statement == null ? undefined : await readMoney(statement, money, context);
  const payments = book.records.filter(({ kind }) => kind === 'payment');
  const strange = payments.filter(({ state }) => state === undefined);
  const strangeThere = bill?.found.status ? bill.records.filter(({ state }) => state === undefined) : [];
  const asOf = Math.min(book.asOf, bill?.asOf ?? book.asOf);
  const told = answers == null ? undefined : await readPaymentRecords(answers, money.currency, context);
  const there = bill || told ? join(bill?.records ?? [], told ?? []) : undefined;
  const findings = compareStates(payments, there, {
    asOf,
    graceMs: grace,
    stuckMs: stuck_after,
    expiryMs: expiry ?? undefined,
    listsPaid: bill !== undefined && bill.found.status === undefined,
  });
  return {
    observedAt: context.host.now().wallMs,
    source: book.source,
    asOf,
    orders: payments.length,
    payments: there?.length ?? null,
    unexplained: strange.length,
    unexplainedWord: (strange[0] ?? strangeThere[0])?.statusText ?? '',
    unexplainedThere: strangeThere.length,
    absent: [
      ...book.absent,
      ...(bill?.absent ?? []),
      ...missingOf(book.found, ['order_no', 'status']),
      ...missingOf(bill?.found, ['order_no']),
    ],
    faults: summarise(findings),
  };
}

/** A statement is the last word on its orders; an answer in a log speaks of the others. */
function join(statement: readonly MoneyRecord[], answers: readonly MoneyRecord[]): readonly MoneyRecord[] {
  const known = new Set(statement.map(({ orderNo }) => orderNo));
  return [...statement, ...answers.filter(({ orderNo }) => !known.has(orderNo))];
}

function missingOf(found: Readonly<Record<string, unknown>> | undefined, wanted: readonly string[]): readonly string[] {
  return found ? wanted.filter((field) => found[field] === undefined) : [];
}

function summarise(findings: readonly OrderFinding[]): Facts['faults'] {
  return ORDER_FAULTS.flatMap((fault) => {
    const own = findings.filter((each) => each.fault === fault).toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0));
    if (own.length === 0) return [];
    const value = sumByCurrency(own.map(({ currency, minor }) => ({ currency, minor, exponent: findCurrency(currency)?.exponent ?? 2 })));
    return [{ fault, count: own.length, firstAt: own[0]?.at ?? null, value, orders: own.slice(0, EXAMPLES).map(({ order }) => order) }];
  });
}

function judge({ source, orders, payments, unexplained, unexplainedWord, unexplainedThere, absent, faults }: Facts): Judgement {
  const worst = faults.find(({ fault }) => !SOFT.has(fault)) ?? faults[0];
  if (worst) {
    const value = Object.entries(worst.value)
      .map(([currency, amount]) => `${amount} ${currency}`.trim())
      .join(', ');
    return {
      status: SOFT.has(worst.fault) ? 'warn' : 'fail',
      code: worst.fault,
      data: { count: worst.count, value, order: worst.orders[0] ?? '' },
      value: worst.count,
      unit: 'orders',
      threshold: 0,
      thresholdSource: 'own',
    };
  }
  if (orders === 0 && absent.length === 0) return { status: 'ok', code: 'none', data: { source } };
  if (absent.length > 0 || unexplained > orders / 2 || unexplainedThere > (payments ?? 0) / 2)
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, orders, count: unexplained + unexplainedThere, word: unexplainedWord, absent: absent.join(', ') || '-' },
      unlock: 'the columns and words of this table (columns: {status: ...}, words: {WORD: paid}) in oor.yaml',
    };
  return payments === null
    ? { status: 'ok', code: 'ok-alone', data: { orders } }
    : { status: 'ok', code: 'ok', data: { orders, payments } };
}
