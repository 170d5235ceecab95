import { HostError, OorError } from '../errors.ts';
import { zoneOffsetMs } from '../payments/orders/zone.ts';
import { CLASSES, type DifferenceClass } from '../payments/reconcile/classes.ts';
import type { ReconcileAnswer } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const files = v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1, 'expected at least one file'));
const params = strictObject({
  orders: files,
  statements: files,
  /** Files of `oor reconcile --mapping`. */
  mappings: v.nullish(v.array(v.string())),
  /** Of times that name none. */
  zone: v.nullish(
    v.pipe(
      v.string(),
      v.check((zone) => zoneOffsetMs(zone, 0) !== undefined, 'expected a zone such as +08:00, UTC or Asia/Shanghai'),
    ),
  ),
  /** Added to both ends of the window: a payment is booked later than it is made. */
  margin: v.nullish(duration, '30m'),
});
type Params = Infer<typeof params>;

const count = v.number();
const facts = v.object({
  observedAt: count,
  /** What was looked at, the margin included. */
  from: count,
  to: count,
  orders: count,
  statements: count,
  counts: v.record(v.picklist(CLASSES), count),
  /** Of all classes. */
  differences: count,
  /** Missing at the provider, and the statement that may hold it is not out yet. */
  waiting: count,
  /** Parts of the window that a side does not cover; `list` is the provider, '' for a table of one's own. */
  uncovered: v.array(v.object({ side: v.picklist(['orders', 'statements']), list: v.string(), from: count, to: count })),
  /** No row of either side lies in the window. */
  isEmpty: v.boolean(),
  /** Missing on one side, at a time that its files do not cover. */
  outside: count,
  /** By currency, in its major unit. */
  value: v.record(v.string(), v.string()),
  examples: v.array(
    v.object({ class: v.picklist(CLASSES), order: v.string(), action: v.string(), value: v.string(), currency: v.string() }),
  ),
  notes: v.array(v.string()),
});
type Facts = Infer<typeof facts>;

const told = (en: string, zh: string): { readonly en: string; readonly 'zh-CN': string } => ({
  en: `${en}, first {order}; {value} at risk`,
  'zh-CN': `${zh}，如 {order}；风险金额 {value}`,
});

export const reconcile = defineCheck<Params, Facts>({
  id: 'reconcile',
  phase: 'evidence',
  title: { en: 'Orders against statements', 'zh-CN': '订单与渠道账单对账' },
  params,
  facts,
  messages: {
    ok: {
      en: '{orders|row of orders agrees|rows of orders agree} with {statements|row|rows} of statements',
      'zh-CN': '订单 {orders} 行与账单 {statements} 行一致',
    },
    carried: {
      en: 'nothing is missing or charged twice; {count|row is|rows are} repeated or belong to another day',
      'zh-CN': '无漏单、无重复扣款；{count} 行为重复记录或跨日',
    },
    waiting: {
      en: '{count|paid order is|paid orders are} not in the statements yet: wait for those of the next day (T+1)',
      'zh-CN': '{count} 笔已付订单尚未出现在账单中：等待次日（T+1）账单',
    },
    'duplicate-charge': told('{count|payment was|payments were} charged twice', '{count} 笔重复扣款'),
    'paid-not-recorded': told('{count|order is|orders are} paid at the provider and not here', '{count} 笔渠道已付、本地未付（掉单）'),
    'status-mismatch': told('{count|order is|orders are} paid here and not at the provider', '{count} 笔本地已付、渠道未付'),
    missing: told('{count|payment stands|payments stand} on one side only', '{count} 笔仅一方有记录（长款/短款）'),
    refund: told('{count|refund or reversal differs|refunds or reversals differ}', '{count} 笔退款或冲正不一致'),
    amount: told('{count|amount or currency differs|amounts or currencies differ}', '{count} 笔金额或币种不符'),
    dispute: told('{count|payment is|payments are} disputed', '{count} 笔被拒付'),
    'orders-uncovered': {
      en: 'the files of the orders do not cover {from} to {to}: nothing is known of that time',
      'zh-CN': '订单文件未覆盖 {from} 至 {to}：该时段情况未知',
    },
    'statements-uncovered': {
      en: 'the statements{list} do not cover {from} to {to}: nothing is known of that time',
      'zh-CN': '账单{list}未覆盖 {from} 至 {to}：该时段情况未知',
    },
    empty: {
      en: 'neither the orders nor the statements have a row from {from} to {to}: nothing was compared',
      'zh-CN': '{from} 至 {to} 订单与账单均无记录：未比对任何数据',
    },
    fee: told('{count|fee differs|fees differ}', '{count} 笔手续费不符'),
  },
  timeoutMs: 600_000,
  example: { orders: ['/srv/shop/orders.csv'], statements: ['/srv/settle/wechat.csv.gz', '/srv/settle/alipay.zip'], zone: 'Asia/Shanghai' },
  probe,
  judge,
});

async function probe({ orders, statements, mappings, zone, margin }: Params, context: ProbeContext): Promise<Facts> {
  const { host, since, until, signal, reconcile: run } = context;
  if (!run)
    throw new HostError(
      'io',
      'files are reconciled on the machine of the operator',
      'a step without `on:`, and copies of the files on the machine of the operator',
    );
  const now = host.now().wallMs;
  const [from, to] = [since - margin, (until ?? now) + margin];
  const answer = await translate(() =>
    run({ orders, statements, mappings: mappings ?? [], ...(zone != null && { zone }), fromMs: from, toMs: to, marginMs: margin, signal }),
  );
  return { observedAt: now, from, to, ...summarise(answer) };
}

/** What is wrong with a file or an installation says nothing of the payments. */
async function translate(run: () => Promise<ReconcileAnswer>): Promise<ReconcileAnswer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OorError)) throw error;
    throw new HostError(error.code === 'missing-package' ? 'missing-tool' : 'io', error.message, error.hint);
  }
}

const EXAMPLES = 10;

function summarise({
  orders,
  statements,
  counts,
  differences,
  waiting,
  uncovered,
  isEmpty,
  outside,
  valueAtRisk,
  notes,
}: ReconcileAnswer): Omit<Facts, 'observedAt' | 'from' | 'to'> {
  const known = Object.fromEntries(CLASSES.map((name) => [name, counts[name] ?? 0])) as Record<DifferenceClass, number>;
  return {
    orders,
    statements,
    counts: known,
    differences: Object.values(known).reduce((sum, each) => sum + each, 0),
    waiting,
    uncovered: uncovered.map(({ side, list, fromMs, toMs }) => ({ side, list, from: fromMs, to: toMs })),
    isEmpty,
    outside,
    value: valueAtRisk,
    examples: differences.slice(0, EXAMPLES).map(({ class: name, ...rest }) => ({ ...rest, class: name as DifferenceClass })),
    notes: [...notes],
  };
}

/** Worst first. */
const CODES: readonly (readonly [code: string, status: 'fail' | 'warn', classes: readonly DifferenceClass[]])[] = [
  ['duplicate-charge', 'fail', ['duplicate_charge']],
  ['paid-not-recorded', 'fail', ['paid_not_recorded']],
  ['status-mismatch', 'fail', ['status_mismatch']],
  ['missing', 'fail', ['missing_at_provider', 'missing_here']],
  ['refund', 'fail', ['refund_mismatch', 'reversal_open']],
  ['amount', 'fail', ['amount_mismatch', 'currency_mismatch']],
  ['dispute', 'warn', ['dispute']],
  ['fee', 'warn', ['fee_mismatch']],
];

function judge(facts: Facts, { margin }: Params): Judgement {
  const { orders, statements, counts, differences, waiting, outside, value, examples } = facts;
  const countOf = (classes: readonly DifferenceClass[]): number => classes.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const money = Object.entries(value).map(([currency, amount]) => `${amount} ${currency}`.trim());
  for (const [code, status, classes] of CODES) {
    const found = countOf(classes) - (code === 'missing' ? waiting + outside : 0);
    if (found <= 0) continue;
    const order = examples.find(({ class: name }) => classes.includes(name))?.order || '-';
    const data = { count: found, order, value: money.join(', ') || '-' };
    return { status, code, data, value: found, unit: 'orders', threshold: 0, thresholdSource: 'own' };
  }
  if (waiting > 0)
    return {
      status: 'warn',
      code: 'waiting',
      data: { count: waiting },
      value: waiting,
      unit: 'orders',
      threshold: 0,
      thresholdSource: 'own',
    };
  const unseen = judgeUnseen(facts, margin);
  if (unseen) return unseen;
  return differences > outside
    ? { status: 'ok', code: 'carried', data: { count: differences - outside } }
    : { status: 'ok', code: 'ok', data: { orders, statements } };
}

/** What no file tells of agrees with nothing. */
function judgeUnseen({ uncovered, isEmpty, from, to }: Facts, margin: number): Judgement | undefined {
  const [gap] = uncovered;
  if (gap) {
    const list = gap.list === '' ? '' : ` (${gap.list})`;
    const data = { list, from: show(gap.from), to: show(gap.to) };
    const unlock =
      gap.side === 'orders'
        ? `an extract of the orders that covers ${data.from} to ${data.to}; or a window that the files cover, with --since and --until`
        : `statements${list} that cover ${data.from} to ${data.to}; or a window that the files cover, with --since and --until`;
    return { status: 'unknown', code: `${gap.side}-uncovered`, data, unlock };
  }
  if (!isEmpty) return undefined;
  const unlock = 'files with rows of that time; or a window in which there are some, with --since and --until';
  return { status: 'unknown', code: 'empty', data: { from: show(from + margin), to: show(to - margin) }, unlock };
}

function show(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).concat('Z');
}
