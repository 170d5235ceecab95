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

type Bilingual = { readonly en: string; readonly 'zh-CN': string };

export const CLASS_NAMES: Readonly<Record<DifferenceClass, Bilingual>> = {
  duplicate_charge: { en: 'charged more than once', 'zh-CN': '重复扣款' },
  paid_not_recorded: { en: 'paid there, not recorded here', 'zh-CN': '掉单' },
  status_mismatch: { en: 'paid here, not paid there', 'zh-CN': '状态不一致' },
  missing_at_provider: { en: 'paid here, not listed there', 'zh-CN': '短款' },
  missing_here: { en: 'paid there, no order here', 'zh-CN': '长款' },
  reversal_open: { en: 'a reversal that only one side knows', 'zh-CN': '撤销/冲正未决' },
  refund_mismatch: { en: 'refunds differ', 'zh-CN': '退款差异' },
  currency_mismatch: { en: 'currencies differ', 'zh-CN': '币种不符' },
  amount_mismatch: { en: 'amounts differ', 'zh-CN': '金额不符' },
  dispute: { en: 'disputed by the customer', 'zh-CN': '拒付' },
  fee_mismatch: { en: 'fees differ', 'zh-CN': '手续费差异' },
  duplicate_row: { en: 'a row that stands twice', 'zh-CN': '重复记录' },
  cross_day: { en: 'on another day there', 'zh-CN': '日切差异' },
  control_total: { en: 'totals differ', 'zh-CN': '汇总不平' },
};

/** Of the engine; what it names in another way (two currencies) is told as it stands. */
const REASONS: Readonly<Record<string, Bilingual>> = {
  'across-channels': { en: 'paid through two channels', 'zh-CN': '跨渠道重复支付' },
  'charged-again': { en: 'charged again', 'zh-CN': '再次扣款' },
  'paid-there': { en: 'paid there, open or closed here', 'zh-CN': '渠道已付，本方未付或已关单' },
  'refunded-here': { en: 'paid there, refunded here', 'zh-CN': '渠道已付，本方已退款' },
  'not-listed': { en: 'the statements do not list it', 'zh-CN': '账单中无此笔' },
  'no-order': { en: 'there is no order of it', 'zh-CN': '无对应订单' },
  'not-paid-there': { en: 'failed or open there', 'zh-CN': '渠道失败或处理中' },
  amount: { en: 'the amounts differ', 'zh-CN': '金额不一致' },
  fee: { en: 'the fees differ', 'zh-CN': '手续费不一致' },
  'refund-exceeds-payment': { en: 'more was refunded than paid', 'zh-CN': '退款超过实付' },
  'refund-only-here': { en: 'refunded here alone', 'zh-CN': '仅本方有退款' },
  'refund-only-there': { en: 'refunded there alone', 'zh-CN': '仅渠道有退款' },
  'refunded-again-there': { en: 'refunded more often there', 'zh-CN': '渠道重复退款' },
  'refunded-again-here': { en: 'refunded more often here', 'zh-CN': '本方重复退款' },
  'refund-amount': { en: 'the refunds differ in their amounts', 'zh-CN': '退款金额不一致' },
  unanswered: { en: 'the reversal was not answered', 'zh-CN': '冲正无应答' },
  'counted-here': { en: 'reversed there, still counted here', 'zh-CN': '渠道已冲正，本方仍计入' },
  'charged-there': { en: 'reversed here, still charged there', 'zh-CN': '本方已冲正，渠道仍扣款' },
  disputed: { en: 'the customer disputes it', 'zh-CN': '客户拒付' },
  statement: { en: 'twice in the statements', 'zh-CN': '账单中重复' },
  orders: { en: 'twice in the orders', 'zh-CN': '订单中重复' },
};

export function describeReason(reason: string, language: keyof Bilingual): string {
  return REASONS[reason]?.[language] ?? reason;
}

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
} as const satisfies Readonly<Record<string, Bilingual>>;
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
