/** Files as providers write them, made from rows; their totals are those of the rows unless a test bends them. */

/** `'10.00'` */
type Yuan = string;

const cents = (amount: Yuan): number => Math.round(Number(amount) * 100_000);
const sum = (amounts: readonly Yuan[]): Yuan => (amounts.reduce((total, amount) => total + cents(amount), 0) / 100_000).toFixed(2);

// ---------------------------------------------------------------------------------------------- WeChat Pay

const PAID_V3 =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额';
const PAID_V2 =
  '交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额';
const BACK_V3 = '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态';
const BACK_V2 = '微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态';
const WECHAT_COLUMNS = {
  ALL: `${PAID_V3},${BACK_V3},商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注`,
  SUCCESS: `${PAID_V3},商品名称,商户数据包,手续费,费率,订单金额,费率备注`,
  REFUND: `${PAID_V3},退款申请时间,退款成功时间,${BACK_V3},商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注`,
  RECHARGE_REFUND: `${PAID_V3},退款申请时间,退款成功时间,${BACK_V3},商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注`,
  'v2 ALL': `${PAID_V2},${BACK_V2},商品名称,商户数据包,手续费,费率`,
  'v2 SUCCESS': `${PAID_V2},商品名称,商户数据包,手续费,费率`,
  'v2 REFUND': `${PAID_V2},退款申请时间,退款成功时间,${BACK_V2},商品名称,商户数据包,手续费,费率`,
} as const;
export type WechatVariant = keyof typeof WECHAT_COLUMNS;
export const WECHAT_VARIANTS = Object.keys(WECHAT_COLUMNS) as WechatVariant[];

export interface WechatRow {
  readonly state: 'SUCCESS' | 'REFUND' | 'REVOKED';
  readonly ref: string;
  readonly order: string;
  readonly amount: Yuan;
  readonly fee: string;
  readonly time?: string;
  readonly refund?: { readonly ref: string; readonly amount: Yuan; readonly status?: string; readonly time?: string };
}

export function wechatBill(variant: WechatVariant, rows: readonly WechatRow[], bend: (text: string) => string = (text) => text): string {
  const columns = WECHAT_COLUMNS[variant].split(',');
  const isV2 = variant.startsWith('v2');
  const lines = rows.map((row) => {
    const paid = row.state === 'SUCCESS' ? row.amount : '0.00';
    const back = row.refund?.amount ?? '0.00';
    const cells: Record<string, string> = {
      交易时间: row.time ?? '2026-11-27 00:30:00',
      公众账号ID: 'wx0123456789abcdef',
      商户号: '1900000109',
      特约商户号: '0',
      子商户号: '0',
      微信订单号: row.ref,
      商户订单号: row.order,
      用户标识: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      交易类型: 'JSAPI',
      交易状态: row.state,
      付款银行: 'CMB_DEBIT',
      货币种类: 'CNY',
      应结订单金额: paid,
      总金额: paid,
      代金券金额: '0.00',
      代金券或立减优惠金额: '0.00',
      退款申请时间: row.refund?.time ?? '2026-11-27 09:00:00',
      退款成功时间: row.refund?.time ?? '2026-11-27 09:00:07',
      微信退款单号: row.refund?.ref ?? '0',
      商户退款单号: row.refund?.ref ?? '0',
      退款金额: back,
      充值券退款金额: '0.00',
      代金券或立减优惠退款金额: '0.00',
      退款类型: row.refund ? 'ORIGINAL' : '',
      退款状态: row.refund?.status ?? (row.refund ? 'SUCCESS' : ''),
      商品名称: 'tea, "oolong", 500g',
      手续费: row.fee,
      费率: '0.60%',
      订单金额: paid,
      申请退款金额: back,
    };
    return `\`${columns.map((name) => cells[name] ?? '').join(',`')}`;
  });
  const paid = sum(rows.map(({ state, amount }) => (state === 'SUCCESS' ? amount : '0')));
  const back = sum(rows.map(({ refund }) => refund?.amount ?? '0'));
  const fee = (rows.reduce((total, row) => total + cents(row.fee), 0) / 100_000).toFixed(5);
  const count = String(rows.length);
  const foot = isV2
    ? { 总交易单数: count, 总交易额: paid, 总退款金额: back, 总代金券或立减优惠退款金额: '0.00', 手续费总金额: fee }
    : {
        总交易单数: count,
        应结订单总金额: paid,
        退款总金额: back,
        充值券退款总金额: '0.00',
        手续费总金额: fee,
        订单总金额: paid,
        申请退款总金额: back,
      };
  const own =
    variant.endsWith('SUCCESS') && !isV2 ? Object.fromEntries(Object.entries(foot).filter(([name]) => !name.includes('退款'))) : foot;
  return `\uFEFF${[columns.join(','), ...lines, Object.keys(own).join(','), `\`${bend(Object.values(own).join(',`'))}`].join('\r\n')}\r\n`;
}

export interface FundRow {
  readonly name: string;
  readonly type: string;
  readonly inward: boolean;
  readonly amount: Yuan;
  readonly ref: string;
  readonly voucher: string;
}

export function wechatFunds(rows: readonly FundRow[], bend: (text: string) => string = (text) => text): string {
  const header =
    '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
  const lines = rows.map(({ name, type, inward, amount, ref, voucher }, at) => {
    const cells = [
      `2026-11-27 0${at % 10}:10:00`,
      ref,
      `19000001${at}`,
      name,
      type,
      inward ? '收入' : '支出',
      amount,
      '1000.00',
      'system',
      '',
      voucher,
    ];
    return `\`${cells.join(',`')}`;
  });
  const [inward, outward] = [true, false].map((side) => rows.filter((row) => row.inward === side)) as [FundRow[], FundRow[]];
  const foot = [
    rows.length,
    inward.length,
    sum(inward.map(({ amount }) => amount)),
    outward.length,
    sum(outward.map(({ amount }) => amount)),
  ];
  return `${[header, ...lines, '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额', `\`${bend(foot.join(',`'))}`].join('\r\n')}\r\n`;
}

// ---------------------------------------------------------------------------------------------- Alipay

export interface AlipayRow {
  readonly business: '交易' | '退款';
  readonly ref: string;
  readonly order: string;
  readonly amount: Yuan;
  readonly fee: string;
  readonly batch?: string;
}

const RULE = '-'.repeat(40);

/** Refunds bear a minus or not, as the years went. */
export function alipayDetail(rows: readonly AlipayRow[], bend: (text: string) => string = (text) => text): string {
  const header =
    '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,' +
    '商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
  const lines = rows.map(({ business, ref, order, amount, fee, batch = '' }) =>
    [
      `${ref}\t`,
      `${order}\t`,
      business,
      '乌龙茶',
      '2026-11-27 10:00:00',
      '2026-11-27 10:00:09',
      '',
      '',
      '',
      '',
      '*明(138******00)',
      amount,
      amount,
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '',
      '0.00',
      '0.00',
      batch,
      fee,
      '0.00',
      '',
    ].join(','),
  );
  const [paid, back] = ['交易', '退款'].map((business) => rows.filter((row) => row.business === business)) as [AlipayRow[], AlipayRow[]];
  const total = (of: readonly AlipayRow[]): string => sum(of.map(({ amount }) => amount));
  return [
    '#支付宝业务明细查询',
    '#账号：[20886001234567890156]',
    '#起始日期：[2026年11月27日 00:00:00]   终止日期：[2026年11月28日 00:00:00]',
    `#${RULE}业务明细列表${RULE}`,
    header,
    ...lines,
    `#${RULE}业务明细列表结束${RULE}`,
    bend(`#交易合计：${paid.length}笔，商家实收共${total(paid)}元，商家优惠共0.00元`),
    `#退款合计：${back.length}笔，商家实收退款共${total(back)}元，商家优惠退款共0.00元`,
    '#导出时间：[2026年11月28日 10:12:01]',
    '',
  ].join('\r\n');
}

export function alipaySummary(paid: number, back: number): string {
  return [
    '#支付宝业务汇总查询',
    '#账号：[20886001234567890156]',
    `#${RULE}业务汇总列表${RULE}`,
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）',
    `合计\t,,${paid},${back},0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00`,
    `#${RULE}业务汇总列表结束${RULE}`,
    '',
  ].join('\r\n');
}

export interface LogRow {
  readonly business: string;
  readonly order: string;
  readonly ref: string;
  readonly income: Yuan;
  readonly expense: Yuan;
}

export function alipayLog(rows: readonly LogRow[], bend: (text: string) => string = (text) => text): string {
  const lines = rows.map(
    ({ business, order, ref, income, expense }, at) =>
      `5463244653737${at}\t,${ref}\t,${order}\t,乌龙茶\t,2026-11-27 21:02:06,*明(138******00)\t,${income},${expense},14533.03,支付宝,${business},`,
  );
  const [inward, outward] = [rows.filter(({ income }) => Number(income) !== 0), rows.filter(({ income }) => Number(income) === 0)];
  return [
    '#支付宝账务明细查询',
    '#账号：[20886001234567890156]',
    `#${RULE}账务明细列表${RULE}`,
    '账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注',
    ...lines,
    `#${RULE}账务明细列表结束${RULE}`,
    `#支出合计：${outward.length}笔，共${sum(outward.map(({ expense }) => expense))}元`,
    bend(`#收入合计：${inward.length}笔，共${sum(inward.map(({ income }) => income))}元`),
    '#导出时间：[2026年11月28日 10:12:01]',
    '',
  ].join('\r\n');
}

// ---------------------------------------------------------------------------------------------- UnionPay

const ZM_WIDTHS = [
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2,
  1, 32, 98,
];
const ZME_WIDTHS = [3, 11, 11, 6, 10, 19, 12, 4, 2, 2, 6, 10, 4, 12, 13, 13, 15, 15, 1, 12, 2, 135];

export interface UnionPayRow {
  readonly type: string;
  readonly trace: string;
  readonly time: string;
  readonly minor: number;
  readonly query: string;
  readonly order: string;
  readonly fee?: number;
  readonly origOrder?: string;
  readonly origQuery?: string;
  readonly shop?: string;
}

/** A card number stands in every row, as it does there. */
export const UNIONPAY_PAN = '6222021234567890128';

export function unionPayZm(rows: readonly UnionPayRow[]): string {
  return rows
    .map(({ type, trace, time, minor, query, order, fee = 0, origOrder = '', origQuery = '', shop = '' }) =>
      fixed(ZM_WIDTHS, {
        0: type === '01' ? 'S22' : 'S30',
        1: '00010000',
        2: '00010000',
        3: trace,
        4: time,
        5: UNIONPAY_PAN,
        6: String(minor).padStart(12, '0'),
        7: '5411',
        8: '07',
        9: query,
        11: order,
        12: '01',
        15: `D${String(fee).padStart(12, '0')}`,
        16: `${type === '01' ? 'C' : 'D'}${String(Math.abs(minor - fee)).padStart(12, '0')}`,
        17: '0001',
        19: type,
        20: '01',
        21: '000201',
        26: origQuery,
        27: '777290058110097',
        30: shop,
        32: `C${String(minor).padStart(12, '0')}`,
        40: origOrder,
      }),
    )
    .join('');
}

export function unionPayZme(
  rows: readonly { readonly code: string; readonly trace: string; readonly time: string; readonly minor: number }[],
): string {
  return rows
    .map(({ code, trace, time, minor }) =>
      fixed(ZME_WIDTHS, {
        0: code,
        1: '00010000',
        2: '00010000',
        3: '900001',
        4: '1127120000',
        5: UNIONPAY_PAN,
        6: String(minor).padStart(12, '0'),
        10: trace,
        11: time,
        15: `D${String(minor).padStart(12, '0')}`,
        17: '777290058110097',
      }),
    )
    .join('');
}

/** Widths are bytes of GBK: a Chinese character takes two. */
function fixed(widths: readonly number[], fields: Readonly<Record<number, string>>): string {
  const wide = (text: string): number => [...text].reduce((width, letter) => width + (letter > '\u007f' ? 2 : 1), 0);
  return `${widths.map((width, at) => `${fields[at] ?? ''}${' '.repeat(width - wide(fields[at] ?? ''))}`).join(' ')}\r\n`;
}

// ---------------------------------------------------------------------------------------------- Stripe, Adyen

const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export interface StripeRow {
  readonly category: string;
  readonly gross: string;
  readonly fee?: string;
  readonly net?: string;
  readonly currency?: string;
  readonly source?: string;
  readonly charge?: string;
  readonly intent?: string;
  readonly order?: string;
}

export function stripeReport(rows: readonly StripeRow[]): string {
  const header =
    'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,charge_id,payment_intent_id,payment_metadata[order_id]';
  const lines = rows.map(
    ({ category, gross, fee = '0.00', net, currency = 'eur', source = '', charge = '', intent = '', order = '' }, at) =>
      [
        `txn_${at}`,
        `2026-11-27 09:0${at % 10}:31`,
        '2026-11-29 00:00:00',
        currency,
        gross,
        fee,
        net ?? (Number(gross) - Number(fee)).toFixed(currency === 'jpy' ? 0 : 2),
        category,
        source,
        'Acme, Inc. "monthly"',
        charge,
        intent,
        order,
      ]
        .map(quoted)
        .join(','),
  );
  return `\uFEFF${[header, ...lines].join('\r\n')}\r\n`;
}

export interface AdyenRow {
  readonly type: string;
  readonly psp?: string;
  readonly order?: string;
  readonly modification?: string;
  /** With the sign of the merchant's balance. */
  readonly gross?: string;
  readonly net?: string;
  readonly zone?: string;
}

export function adyenSettlement(rows: readonly AdyenRow[]): string {
  const header =
    'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),' +
    'Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,' +
    'Modification Merchant Reference,Batch Number';
  const sides = (amount: string | undefined): readonly [string, string] =>
    amount === undefined ? ['', ''] : amount.startsWith('-') ? [amount.slice(1), ''] : ['', amount];
  const lines = rows.map(({ type, psp = '', order = '', modification = '', gross, net, zone = 'CET' }) =>
    [
      'Acme',
      'AcmeEU',
      psp,
      order,
      'visa',
      '2026-11-27 10:22:31',
      zone,
      type,
      modification,
      'EUR',
      ...sides(gross),
      '1',
      'EUR',
      ...sides(net),
      '',
      '',
      '',
      '',
      'visadebit',
      '',
      '118',
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

export interface AccountingRow {
  readonly type: string;
  readonly psp: string;
  readonly order: string;
  readonly amount: string;
  readonly modification?: string;
}

export function adyenAccounting(rows: readonly AccountingRow[]): string {
  const header =
    'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Booking Date,TimeZone,Main Currency,Main Amount,Record Type,Payment Currency,Received (PC),' +
    'Authorised (PC),Captured (PC),Settlement Currency,Payable (SC),Commission (SC),Markup (SC),Scheme Fees (SC),Interchange (SC),Processing Fee Currency,Processing Fee (FC),' +
    'User Name,Payment Method Variant,Modification Merchant Reference,Modification Psp Reference';
  const lines = rows.map(({ type, psp, order, amount, modification = '' }) =>
    [
      'Acme',
      'AcmeEU',
      psp,
      order,
      'visa',
      '2026-11-27 10:22:31',
      'PST',
      'EUR',
      amount,
      type,
      'EUR',
      '',
      '',
      type === 'SentForSettle' ? amount : '',
      'EUR',
      '',
      '',
      '0.20',
      '0.10',
      '0.30',
      'EUR',
      '0.05',
      'system',
      'visadebit',
      '',
      modification,
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}
