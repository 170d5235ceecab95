/** What can differ between orders and statements, and what is to be done about each: data. */

/** In the order in which they are worked off: customers who paid twice first. */
export const CLASSES = [
  'duplicate_charge',
  'paid_not_recorded',
  'status_mismatch',
  'missing_at_provider',
  'missing_here',
  'reversal_open',
  'refund_mismatch',
  'currency_mismatch',
  'amount_mismatch',
  'dispute',
  'fee_mismatch',
  'duplicate_row',
  'cross_day',
  'control_total',
] as const;
export type DifferenceClass = (typeof CLASSES)[number];

/** What a person proposes and a second one approves. None charges anybody. */
export const ACTIONS = {
  'refund-later-charge': {
    en: 'refund the later charge, keep the fulfilled one',
    'zh-CN': '退还后一笔扣款，保留已履约的一笔',
  },
  'requery-then-record': {
    en: 'query the provider, then replay the callback by order number; refund when the goods are gone',
    'zh-CN': '向渠道查询后按订单号补单；库存或有效期已失则退款',
  },
  'query-provider': { en: 'query the provider for the final state', 'zh-CN': '向渠道查询最终状态' },
  'wait-next-statement': {
    en: 'wait for the statement of the next day (T+1), then query; reverse the fulfilment only after that',
    'zh-CN': '等待次日（T+1）账单，再查询；此后才可撤销履约',
  },
  'query-then-reverse-fulfilment': {
    en: 'query the provider; when it knows nothing, reverse the fulfilment and raise a security alarm',
    'zh-CN': '向渠道查询；确无此笔则撤销履约并报安全告警',
  },
  'hold-in-suspense': {
    en: 'hold in suspense and find the owner; no automatic refund',
    'zh-CN': '挂账并查找归属，不得自动退款',
  },
  'query-refund': { en: 'query the refund by its number, then align the side that is wrong', 'zh-CN': '按退款单号查询后更正错误的一方' },
  'close-reversal': { en: 'query the reversal; repeat it or reverse the order', 'zh-CN': '查询冲正结果；重发冲正或冲销订单' },
  'find-cause': { en: 'find the cause; never adjust silently', 'zh-CN': '查明原因，不得直接调账' },
  'claim-fee': { en: 'claim the fee from the provider', 'zh-CN': '向渠道追索手续费差额' },
  'drop-row': { en: 'drop the repeated row and report the digest of the file', 'zh-CN': '剔除重复行并上报文件摘要' },
  'carry-over': { en: 'carry to the next day; the day cut-overs differ', 'zh-CN': '结转至次日；双方日切不同' },
  'answer-dispute': { en: 'answer the dispute with evidence before its deadline', 'zh-CN': '在期限内举证应诉拒付' },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly 'zh-CN': string }>>;
export type Action = keyof typeof ACTIONS;

/** Nobody loses money by these. */
export const HARMLESS: ReadonlySet<DifferenceClass> = new Set(['duplicate_row', 'cross_day']);

interface Case {
  readonly class: DifferenceClass;
  /** Of a payment that is missing there: the statement that may hold it is not out yet. */
  readonly nearEnd: boolean;
}

export function actionFor({ class: of, nearEnd }: Case): Action {
  if (of === 'missing_at_provider') return nearEnd ? 'wait-next-statement' : 'query-then-reverse-fulfilment';
  return ACTION_OF[of];
}

const ACTION_OF: Readonly<Record<Exclude<DifferenceClass, 'missing_at_provider'>, Action>> = {
  duplicate_charge: 'refund-later-charge',
  paid_not_recorded: 'requery-then-record',
  status_mismatch: 'query-provider',
  missing_here: 'hold-in-suspense',
  reversal_open: 'close-reversal',
  refund_mismatch: 'query-refund',
  currency_mismatch: 'find-cause',
  amount_mismatch: 'find-cause',
  dispute: 'answer-dispute',
  fee_mismatch: 'claim-fee',
  duplicate_row: 'drop-row',
  cross_day: 'carry-over',
  control_total: 'find-cause',
};
