/** What exports of shops and bills of providers call the columns. */

export const FIELDS = [
  'order_no',
  'provider_ref',
  'kind',
  'amount',
  'currency',
  'status',
  'time',
  'fee',
  'expires_at',
  'subtotal',
  'discount',
  'tax',
  'shipping',
  'surcharge',
  'items',
  'tier',
  'customer',
] as const;
export type Field = (typeof FIELDS)[number];

/** The first of a list that is there is taken; compared without case, blanks and underscores. */
const USUAL: Readonly<Record<Field, readonly string[]>> = {
  order_no: [
    'order_no',
    'order_id',
    'order_number',
    'orderno',
    'out_trade_no',
    'merchant_order_no',
    'merchant_reference',
    'merchant_order_id',
    'payment_metadata[order_no]',
    'payment_metadata[order_id]',
    'order',
    '商户订单号',
    '订单号',
    '订单编号',
  ],
  provider_ref: [
    'provider_ref',
    'transaction_id',
    'trade_no',
    'psp_reference',
    'charge_id',
    'payment_intent_id',
    'balance_transaction_id',
    'query_id',
    'rrn',
    'reference',
    '微信订单号',
    '支付宝交易号',
    '查询流水号',
    '交易流水号',
    '渠道流水号',
    '支付流水号',
    '流水号',
  ],
  kind: ['kind', 'type', 'reporting_category', 'transaction_type', '业务类型', '交易类型标识'],
  amount: [
    'amount',
    'total',
    'order_amount',
    'total_amount',
    'gross',
    'amount_total',
    'gross_amount',
    'paid_amount',
    'txn_amt',
    '订单金额',
    '订单金额(元)',
    '订单金额（元）',
    '应结订单金额',
    '总金额',
    '交易金额',
    '支付金额',
    '实付金额',
    '金额',
  ],
  currency: ['currency', 'currency_code', 'ccy', 'gross_currency', '货币种类', '币种', '货币'],
  status: ['status', 'state', 'order_status', 'payment_status', 'trade_state', 'trade_status', '交易状态', '订单状态', '支付状态', '状态'],
  time: [
    'time',
    'created_at',
    'created_utc',
    'created',
    'paid_at',
    'booking_date',
    'creation_date',
    'timestamp',
    'datetime',
    '交易时间',
    '完成时间',
    '支付时间',
    '创建时间',
    '下单时间',
    '时间',
  ],
  fee: ['fee', 'commission', 'fees', '手续费', '服务费', '服务费（元）', '服务费(元)'],
  expires_at: ['expires_at', 'expire_time', 'time_expire', 'expiry', 'expire_at', 'valid_until', 'pay_until', '过期时间', '失效时间'],
  subtotal: ['subtotal', 'items_total', 'sub_total', 'goods_amount', '商品金额', '商品总额', '小计'],
  discount: ['discount', 'discount_amount', 'coupon', 'coupon_amount', '优惠金额', '折扣', '优惠'],
  tax: ['tax', 'tax_amount', 'vat', '税额', '税费'],
  shipping: ['shipping', 'shipping_amount', 'freight', 'delivery_fee', '运费'],
  surcharge: ['surcharge', 'tip', 'service_charge', '附加费', '小费'],
  items: ['items', 'lines', 'line_items'],
  tier: [
    'tier',
    'vip',
    'level',
    'vip_level',
    'customer_tier',
    'member_level',
    'segment',
    'is_vip',
    '会员等级',
    '客户等级',
    '等级',
    '是否vip',
  ],
  customer: [
    'customer',
    'customer_id',
    'customer_no',
    'user_id',
    'member_id',
    'account',
    'account_id',
    '客户号',
    '客户编号',
    '会员号',
    '用户编号',
  ],
};

export interface FoundColumns {
  readonly found: Readonly<Partial<Record<Field, string>>>;
  readonly absent: readonly string[];
}

export function findColumns(columns: readonly string[], named: Readonly<Partial<Record<Field, string>>>): FoundColumns {
  const there = new Map(columns.map((name) => [plain(name), name]));
  const absent: string[] = [];
  const found: Partial<Record<Field, string>> = {};
  for (const field of FIELDS) {
    const wanted = named[field];
    const column = wanted === undefined ? USUAL[field].map((name) => there.get(plain(name))).find(Boolean) : there.get(plain(wanted));
    if (column !== undefined) found[field] = column;
    else if (wanted !== undefined) absent.push(wanted);
  }
  return { found, absent };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_]/g, '');
}
