import { AMOUNT_FAULTS, type AmountFault, compareCharge, type Difference, examineOrder } from '../payments/money/recompute.ts';
import type { MoneyRecord } from '../payments/orders/record.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type MoneyBook, moneyParams, moneyTable, readMoney } from './money-source.ts';
import { type Infer, strictObject, v } from './schema.ts';

const EXAMPLES = 3;
/** A last digit that is off is found in books, not by customers; all others are wrong money. */
const SMALL: ReadonlySet<AmountFault> = new Set(['rounding', 'fraction']);

const params = strictObject({
  orders: moneyTable,
  /** What was charged, by order number; without it only the orders themselves are examined. */
  charges: v.nullish(moneyTable),
  ...moneyParams,
});
type Params = Infer<typeof params>;

const count = v.number();
const facts = v.object({
  observedAt: count,
  source: v.string(),
  orders: count,
  /** null: no charges were given. */
  charges: v.nullable(count),
  compared: count,
  unreadable: count,
  /** Columns that the profile names and the tables do not have. */
  absent: v.array(v.string()),
  hasAmounts: v.boolean(),
  faults: v.array(
    v.object({
      fault: v.picklist(AMOUNT_FAULTS),
      count,
      factor: v.nullable(count),
      examples: v.array(v.object({ order: v.string(), is: v.string(), should: v.string() })),
    }),
  ),
});
type Facts = Infer<typeof facts>;

const found = (en: string, zh: string): { readonly en: string; readonly 'zh-CN': string } => ({
  en: `{count} of {orders|order|orders}: ${en}; order {order} has {is} where {should} is right`,
  'zh-CN': `{orders} 笔订单中 {count} 笔${zh}；订单 {order} 为 {is}，应为 {should}`,
});

export const amountRecompute = defineCheck<Params, Facts>({
  id: 'amount.recompute',
  phase: 'evidence',
  title: { en: 'Amounts computed again', 'zh-CN': '金额重算' },
  params,
  facts,
  messages: {
    ok: {
      en: '{orders|order|orders} computed again, {compared} of them against charges: all right',
      'zh-CN': '重算 {orders} 笔订单，与扣款比对 {compared} 笔，全部一致',
    },
    none: { en: 'no order in {source}', 'zh-CN': '{source} 中无订单' },
    scaled: found('the amount is {factor} times too large', '金额放大为 {factor} 倍'),
    exponent: found('the decimals of the currency were taken wrongly (factor {factor})', '币种小数位用错（{factor} 倍）'),
    currency: found('charged in another currency', '扣款币种不同'),
    arithmetic: found('the parts do not add up to the total', '分项之和与总额不符'),
    float: found('computed in binary floats', '使用了浮点数计算'),
    different: found('charged another amount', '扣款金额不同'),
    fraction: found('finer than the currency', '金额精度超出币种小数位'),
    rounding: found('off by a last digit', '尾差'),
    'not-understood': {
      en: 'none of the {orders} rows of {source} has an amount that can be read; missing: {absent}',
      'zh-CN': '{source} 的 {orders} 行中没有可识别的金额；缺少：{absent}',
    },
  },
  timeoutMs: 20_000,
  example: { orders: '/srv/shop/export/orders.csv', charges: { from: '/srv/settle/charges.csv', unit: 'minor' }, currency: 'CNY' },
  probe,
  judge,
});

async function probe({ orders, charges, ...money }: Params, context: ProbeContext): Promise<Facts> {
  const book = await readMoney(orders, money, context);
  const charged = charges == null ? undefined : await readMoney(charges, money, context);
  const payments = book.records.filter(({ kind }) => kind === 'payment');
  const unit = typeof orders === 'object' && 'from' in orders ? (orders.unit ?? 'major') : 'major';
  const pairs = charged ? matchCharges(payments, charged) : [];
  const differences = [
    ...payments.flatMap((order) => examineOrder(order, unit) ?? []),
    ...pairs.flatMap(([order, charge]) => compareCharge(order, charge) ?? []),
  ];
  const all = [...payments, ...(charged?.records ?? [])];
  return {
    observedAt: context.host.now().wallMs,
    source: book.source,
    orders: payments.length,
    charges: charged?.records.length ?? null,
    compared: pairs.length,
    unreadable: all.filter(({ amount }) => amount === undefined).length,
    absent: [...book.absent, ...(charged?.absent ?? []), ...(book.found.amount ? [] : ['amount'])],
    hasAmounts: payments.some(({ amount }) => amount !== undefined),
    faults: summarise(differences),
  };
}

/** Charges that moved money or may have; refunds and fees have amounts of their own. */
function matchCharges(orders: readonly MoneyRecord[], { records }: MoneyBook): (readonly [MoneyRecord, MoneyRecord])[] {
  const byNumber = new Map(orders.filter(({ orderNo }) => orderNo !== '').map((order) => [order.orderNo, order]));
  return records.flatMap((charge) => {
    const order = byNumber.get(charge.orderNo);
    return order && charge.kind === 'payment' && charge.state !== 'unpaid' ? [[order, charge] as const] : [];
  });
}

function summarise(differences: readonly Difference[]): Facts['faults'] {
  return AMOUNT_FAULTS.flatMap((fault) => {
    const own = differences.filter((each) => each.fault === fault);
    if (own.length === 0) return [];
    const examples = own.slice(0, EXAMPLES).map(({ order, is, should }) => ({ order, is, should }));
    return [{ fault, count: own.length, factor: own[0]?.factor ?? null, examples }];
  });
}

function judge({ source, orders, compared, hasAmounts, absent, faults }: Facts): Judgement {
  if (orders === 0) return { status: 'ok', code: 'none', data: { source } };
  if (!hasAmounts)
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, orders, absent: absent.join(', ') || '-' },
      unlock: 'the name of the column under columns: {amount: ...} of this table in oor.yaml',
    };
  const worst = faults.find(({ fault }) => !SMALL.has(fault)) ?? faults[0];
  const [example] = worst?.examples ?? [];
  if (!worst || !example) return { status: 'ok', code: 'ok', data: { orders, compared } };
  return {
    status: SMALL.has(worst.fault) ? 'warn' : 'fail',
    code: worst.fault,
    data: { orders, count: worst.count, factor: worst.factor ?? 1, ...example },
    value: worst.count,
    unit: 'orders',
    threshold: 0,
    thresholdSource: 'ISO 4217 minor units',
  };
}
