import { showMinor } from '../payments/money/amount.ts';
import { makeQueue } from '../payments/orders/queue.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { moneyParams, moneyTable, readMoney } from './money-source.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

/** What one shift can call; the rest is counted, and stays in the export. */
const MOST_QUEUED = 500;

const params = strictObject({
  /** Orders that wait for a payment, with the tier of their customer: an export, or what a command prints. */
  orders: moneyTable,
  ...moneyParams,
  /** Words of the tier, the first is served first. Without: svip, diamond; platinum; vip, gold; silver. */
  tiers: v.nullish(v.array(v.string()), []),
  /** Names of those who call. */
  callers: v.nullish(v.array(v.string()), []),
  /** So long a call takes. */
  each: v.nullish(duration, '5m'),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  /** Rows of the export. */
  orders: v.number(),
  /** Of them not paid and not over. */
  waiting: v.number(),
  /** Does the export say whose order it is that waits? */
  tiered: v.boolean(),
  /** Columns without which nothing can be sorted. */
  absent: v.array(v.string()),
  callers: v.array(v.string()),
  /** So many callers reach all before they end; 0: these do. */
  needed: v.number(),
  /** By currency, in its major unit. */
  value: v.record(v.string(), v.string()),
  queue: v.array(
    v.object({
      order: v.string(),
      tier: v.string(),
      customer: v.string(),
      amount: v.string(),
      currency: v.string(),
      since: v.nullable(v.number()),
      until: v.nullable(v.number()),
      first: v.picklist(['ask', 'call']),
      caller: v.string(),
      second: v.string(),
      callBy: v.number(),
      late: v.boolean(),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const orderQueue = defineCheck<Params, Facts>({
  id: 'order.queue',
  phase: 'network',
  title: { en: 'Orders to be served by hand', 'zh-CN': '人工处理的订单队列' },
  params,
  facts,
  messages: {
    empty: { en: 'none of {orders} orders waits for a payment', 'zh-CN': '{orders} 笔订单均无待付款' },
    waiting: {
      en: '{count} orders wait ({value}), first {order} {tier}; {ask} of them: ask the channel before anybody pays again',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order} {tier}；其中 {ask} 笔须先向通道查询再付款',
    },
    short: {
      en: '{count} orders wait ({value}), first {order} {tier}; {late} end before their turn: {needed} callers reach all, there are {callers}',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order} {tier}；{late} 笔轮到前已到期：需 {needed} 人，现有 {callers} 人',
    },
    untiered: {
      en: '{count} orders wait ({value}), first {order}; sorted by amount and age alone, for {source} has no tier',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order}；{source} 无客户等级，仅按金额与时间排序',
    },
    'not-understood': { en: '{source} cannot be sorted: missing {absent}', 'zh-CN': '{source} 无法排序：缺少 {absent}' },
  },
  timeoutMs: 20_000,
  example: { orders: { argv: ['/opt/shop/waiting-orders', '--csv'] }, callers: ['Li', 'Ann'], each: '5m', zone: 'Asia/Shanghai' },
  probe,
  judge,
});

async function probe({ orders, tiers, callers, each, ...money }: Params, context: ProbeContext): Promise<Facts> {
  const book = await readMoney(orders, money, context);
  const now = context.host.now().wallMs;
  const { orders: queue, needed } = makeQueue(book.records, { now, tiers, callers, eachMs: each });
  const sums = new Map<string, { minor: number; exponent: number }>();
  const inQueue = new Set(queue.map(({ order }) => order));
  for (const { orderNo, currency, exponent, amount } of book.records) {
    if (!inQueue.has(orderNo) || !amount) continue;
    sums.set(currency, { minor: (sums.get(currency)?.minor ?? 0) + amount.minor, exponent });
  }
  return {
    observedAt: now,
    source: book.source,
    orders: book.records.length,
    waiting: queue.length,
    tiered: book.found.tier !== undefined,
    absent: [...book.absent, ...(['order_no', 'amount', 'status'] as const).filter((field) => book.found[field] === undefined)],
    callers: [...callers],
    needed,
    value: Object.fromEntries([...sums].map(([currency, { minor, exponent }]) => [currency, showMinor(minor, exponent)])),
    queue: queue.slice(0, MOST_QUEUED),
  };
}

function judge({ source, orders, waiting, tiered, absent, callers, needed, value, queue }: Facts): Judgement {
  if (absent.length > 0 && orders > 0)
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, absent: absent.join(', ') },
      unlock: 'the columns order_no, amount and status in the export, or their names (columns: {status: ...})',
    };
  const [first] = queue;
  if (!first) return { status: 'ok', code: 'empty', data: { orders } };
  const said = Object.entries(value).map(([currency, amount]) => `${amount} ${currency}`.trim());
  const counts = {
    ask: queue.filter((each) => each.first === 'ask').length,
    late: queue.filter(({ late }) => late).length,
    needed,
    callers: callers.length,
  };
  return {
    status: 'warn',
    code: needed > 0 ? 'short' : tiered ? 'waiting' : 'untiered',
    data: { ...counts, count: waiting, value: said.join(', '), order: first.order, tier: first.tier, source },
    value: waiting,
    unit: 'orders',
    threshold: 0,
    thresholdSource: 'own',
  };
}
