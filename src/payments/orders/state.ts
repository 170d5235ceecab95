/** Has the money of an order moved? The words of shops and providers, in four states. */

/** `paid`: money moved. `unpaid`: it did not, and the order is not final or never will be. `pending`: nobody knows yet. */
export type State = 'paid' | 'unpaid' | 'pending' | 'refunded';
export const STATES = ['paid', 'unpaid', 'pending', 'refunded'] as const;

/** Words of different providers that mean the same; a word that means two things (`closed`, `authorised`) is read by the stricter one. */
const WORDS: Readonly<Record<State, string>> = {
  paid:
    'paid success succeeded successful completed complete captured settled fulfilled shipped trade_success trade_finished approved charge ' +
    'payment 00 000 已支付 支付成功 交易成功 交易完成 已完成 成功 已发货',
  unpaid:
    'unpaid failed fail closed cancelled canceled declined refused expired voided notpay payerror trade_closed error rejected reversed ' +
    'revoked wait_buyer_pay created new open requires_payment_method awaiting_payment ' +
    'pending_payment payment_pending 未支付 待支付 未付款 待付款 等待付款 等待支付 等待买家付款 待缴费 未付 支付失败 交易关闭 ' +
    '已关闭 关闭 已取消 取消 失败 已过期 过期 已撤销 撤销 已失效 已作废',
  pending:
    'pending processing userpaying in_progress inprogress authorised authorized received requires_action requires_capture unknown ' +
    'submitted accept paying 处理中 支付中 待确认 未知',
  refunded: 'refunded refund partially_refunded trade_refund 已退款 转入退款 部分退款',
};

const STATE_OF: ReadonlyMap<string, State> = new Map(
  STATES.flatMap((state) => WORDS[state].split(' ').map((word) => [word, state] as const)),
);

/** undefined: a word that nobody explained. */
export function readState(text: string, own: Readonly<Record<string, State>> = {}): State | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const named = Object.entries(own).find(
    ([name]) =>
      name
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_') === word,
  );
  return named?.[1] ?? STATE_OF.get(word);
}

const ENDED = /^(?:cancel|cancell?ed|close|closed|expired?|void|voided|revoked?|abandoned|deleted)$/;
/** `cancel_requested` and `not expired` have not ended. */
const STILL = /^(?:not|no|never|non|un|pending|waiting|requested|failed)$/;
const ENDED_ZH = /(?<![未不待])(?:关闭|取消|过期|撤销|失效|作废)(?!中|失败)/;

/** Nobody can pay it any more, and nobody should be asked to: called off, closed or out of time. */
export function isOver(status: string): boolean {
  const words = status
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return (words.some((word) => ENDED.test(word)) && !words.some((word) => STILL.test(word))) || ENDED_ZH.test(status);
}
