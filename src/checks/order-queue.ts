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
  /** Is there a tier in the export that says who is served first? */
  tiered: v.boolean(),
  /** Columns without which nothing can be sorted. */
  absent: v.array(v.string()),
  callers: v.array(v.string()),
  /** So many callers reach all before they end; 0: these do; null: no number does. */
  needed: v.nullable(v.number()),
  /** Orders that end before one call is over. */
  lost: v.optional(v.number(), 0),
  /** Of all that wait: they end before their turn, and those to ask the channel for first. */
  late: v.optional(v.number()),
  ask: v.optional(v.number()),
  /** Payments whose status is a word that nobody explained, with one of these words, and rows that do not fit the header. */
  unexplained: v.optional(v.number(), 0),
  unexplainedWord: v.optional(v.string(), ''),
  /** By currency, in its major unit; of all that wait. */
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
      en: '{count|order waits|orders wait} ({value}), first {order} {tier}; {ask} of them: ask the channel before anybody pays again',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order} {tier}；其中 {ask} 笔须先向通道查询再付款',
    },
    short: {
      en: '{count|order waits|orders wait} ({value}), first {order} {tier}; {late} end before their turn: {needed|caller reaches|callers reach} all, there are {callers}',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order} {tier}；{late} 笔轮到前已到期：需 {needed} 人，现有 {callers} 人',
    },
    untiered: {
      en: '{count|order waits|orders wait} ({value}), first {order}; sorted by amount and age alone, for {source} has no tier that is known',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order}；{source} 无可识别的客户等级，仅按金额与时间排序',
    },
    hopeless: {
      en: '{count|order waits|orders wait} ({value}), first {order} {tier}; {late} end before anybody can call them',
      'zh-CN': '{count} 笔订单待处理（{value}），首先 {order} {tier}；{late} 笔在任何人致电前就会到期',
    },
    'not-understood': {
      en: '{source} cannot be sorted: {count} of {orders|order is|orders are} of unknown state, such as "{word}"; missing: {absent}',
      'zh-CN': '{source} 无法排序：{orders} 笔订单有 {count} 笔状态无法识别，如“{word}”；缺少：{absent}',
    },
  },
  timeoutMs: 20_000,
  example: { orders: { argv: ['/opt/shop/waiting-orders', '--csv'] }, callers: ['Li', 'Ann'], each: '5m', zone: 'Asia/Shanghai' },
  probe,
  judge,
});

async function probe({ orders, tiers, callers, each, ...money }: Params, context: ProbeContext): Promise<Facts> {
  const book = await readMoney(orders, money, context);
  const now = context.host.now().wallMs;
  const made = makeQueue(book.records, { now, tiers, tierColumn: book.found.tier, callers, eachMs: each });
  const { orders: queue, unexplained } = made;
  // A footer is one row that does not fit; a table that is mostly such rows is another table.
  const misfits = book.ragged >= Math.max(1, book.records.length) ? book.ragged : 0;
  return {
    observedAt: now,
    source: book.source,
    orders: book.records.length,
    waiting: queue.length,
    tiered: made.tiered,
    absent: [...book.absent, ...(['order_no', 'amount', 'status'] as const).filter((field) => book.found[field] === undefined)],
    callers: [...callers],
    needed: made.needed,
    lost: made.lost,
    late: queue.filter(({ late }) => late).length,
    ask: queue.filter(({ first }) => first === 'ask').length,
    unexplained: unexplained.length + misfits,
    unexplainedWord: unexplained[0]?.statusText ?? '',
    value: { ...made.value },
    queue: queue.slice(0, MOST_QUEUED),
  };
}

function judge({ source, orders, waiting, tiered, absent, callers, needed, value, queue, ...seen }: Facts): Judgement {
  const [first] = queue;
  const { unexplained, unexplainedWord: word } = seen;
  if (absent.length > 0 || (!first && unexplained > 0) || unexplained > orders / 2)
    return {
      status: 'unknown',
      code: 'not-understood',
      data: { source, orders, count: unexplained, word, absent: absent.join(', ') || '-' },
      unlock:
        'the columns order_no, amount and status in the export, or their names and words (columns: {status: ...}, words: {WORD: unpaid})',
    };
  if (!first) return { status: 'ok', code: 'empty', data: { orders } };
  const said = Object.entries(value).map(([currency, amount]) => `${amount} ${currency}`.trim());
  const late = seen.late ?? queue.filter((each) => each.late).length;
  const counts = {
    ask: seen.ask ?? queue.filter((each) => each.first === 'ask').length,
    late: needed === null ? seen.lost : late,
    needed: needed ?? 0,
    callers: callers.length,
  };
  return {
    status: 'warn',
    code: needed === null ? 'hopeless' : needed > 0 ? 'short' : tiered ? 'waiting' : 'untiered',
    data: { ...counts, count: waiting, value: said.join(', '), order: first.order, tier: first.tier, source },
    value: waiting,
    unit: 'orders',
    threshold: 0,
    thresholdSource: 'own',
  };
}
