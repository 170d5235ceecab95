import { describe, expect, it } from 'vitest';
import {
  type AlipayRow,
  alipayDetail,
  alipayLog,
  alipaySummary,
  type FundRow,
  UNIONPAY_PAN,
  unionPayZm,
  unionPayZme,
  WECHAT_VARIANTS,
  type WechatRow,
  wechatBill,
  wechatFunds,
} from './bills-of-providers.ts';
import { readBill, refusal } from './read-bill.ts';

const PAID: WechatRow = { state: 'SUCCESS', ref: '4200001', order: 'A1', amount: '10.00', fee: '0.06000' };
const BACK: WechatRow = {
  state: 'REFUND',
  ref: '4200001',
  order: 'A1',
  amount: '0.00',
  fee: '-0.01800',
  refund: { ref: '50300', amount: '3.00', time: '2026-11-28 00:10:00' },
};

describe('bills of WeChat Pay', () => {
  it.each(WECHAT_VARIANTS)('reads %s: yuan, fees of five decimals, names with commas and quotes, times of Beijing', async (variant) => {
    const rows = variant.endsWith('SUCCESS') ? [PAID] : variant.endsWith('REFUND') ? [BACK] : [PAID, BACK];
    const { format, rows: read, ending } = await readBill(wechatBill(variant, rows));
    const paid = 'A1,4200001,payment,10.00,CNY,success,2026-11-26T16:30:00Z,0.06';
    const hasTime = variant.includes('REFUND');
    const back = `A1,50300,refund,3.00,CNY,success,${hasTime ? '2026-11-27T16:10:00Z' : '2026-11-26T16:30:00Z'},`;
    expect(format).toBe('wechat');
    expect(read).toEqual([...(rows.includes(PAID) ? [paid] : []), ...(rows.includes(BACK) ? [back] : [])]);
    expect(ending.totals).toBeGreaterThanOrEqual(4);
  });

  it('reads what was revoked, and refunds that wait or failed', async () => {
    const revoked: WechatRow = {
      ...PAID,
      state: 'REVOKED',
      ref: '4200009',
      order: 'A9',
      fee: '0.00000',
      refund: { ref: '0', amount: '10.00' },
    };
    const waiting: WechatRow = { ...BACK, refund: { ref: '50301', amount: '1.00', status: 'PROCESSING' } };
    const failed: WechatRow = { ...BACK, refund: { ref: '50302', amount: '1.00', status: 'CHANGE' } };
    const { rows } = await readBill(wechatBill('ALL', [revoked, waiting, failed]));
    expect(rows.map((row) => row.split(',').slice(0, 6).join(' '))).toEqual([
      'A9 4200009 reversal 10.00 CNY success',
      'A1 50301 refund 1.00 CNY pending',
      'A1 50302 refund 1.00 CNY failed',
    ]);
  });

  const bent: readonly (readonly [what: string, text: string, says: string])[] = [
    [
      'count',
      wechatBill('ALL', [PAID, BACK], (foot) => foot.replace(/^2/, '3')),
      'line 5: control total 总交易单数 is 3 in the file and 2 by its rows',
    ],
    [
      'sum',
      wechatBill('ALL', [PAID], (foot) => foot.replace('10.00', '10.01')),
      'control total 应结订单总金额 is 10.01000 in the file and 10.00000 by its rows',
    ],
    [
      'fee',
      wechatBill('v2 ALL', [PAID], (foot) => foot.replace('0.06000', '0.06001')),
      'control total 手续费总金额 is 0.06001 in the file and 0.06000',
    ],
    [
      'sum of refunds of v2',
      wechatBill('v2 REFUND', [BACK], (foot) => foot.replace('3.00', '4.00')),
      'control total 总退款金额 is 4.00000',
    ],
    ['cut file', wechatBill('ALL', [PAID, BACK]).split('总交易单数')[0] ?? '', 'it ends before its totals, after 2 rows: it was cut off'],
    [
      'sum that is no number',
      wechatBill('ALL', [PAID], (foot) => foot.replace('10.00', '1O.00')),
      'line 4: control total 应结订单总金额 "1O.00" is no number',
    ],
    [
      'count that is no number',
      wechatBill('ALL', [PAID], (foot) => foot.replace(/^1/, 'one')),
      'control total 总交易单数 "one" is no number',
    ],
    ['cut line of sums', wechatBill('ALL', [PAID], (foot) => foot.slice(0, 12)), '3 totals where their header has 7'],
    ['cut last line', wechatBill('ALL', [PAID]).split('\n').slice(0, 3).join('\n'), 'it ends before its totals'],
    ['joined file', wechatBill('ALL', [PAID]) + wechatBill('ALL', [BACK]).slice(1), 'the header is repeated: two files were joined'],
    ['state', wechatBill('ALL', [{ ...PAID, state: 'MAYBE' as 'SUCCESS' }]), '交易状态 "MAYBE" is neither'],
    ['short row', wechatBill('ALL', [PAID]).replace(',`JSAPI', ''), '26 cells where the header has 27'],
    ['formula', wechatBill('ALL', [{ ...PAID, order: '=HYPERLINK()' }]), 'line 2: a cell begins like a formula'],
  ];
  it.each(bent)('refuses a wrong %s with the numbers', async (_what, text, says) => {
    expect(await refusal(text)).toContain(says);
  });

  const FUNDS: readonly FundRow[] = [
    { name: '交易', type: '交易', inward: true, amount: '10.00', ref: '4200001', voucher: 'A1' },
    { name: '扣除交易手续费', type: '扣除交易手续费', inward: false, amount: '0.06', ref: '4200001', voucher: 'A1' },
    { name: '退款', type: '退款', inward: false, amount: '3.00', ref: '50300', voucher: 'R1' },
    { name: '提现', type: '提现', inward: false, amount: '900.00', ref: 'W1', voucher: 'W1' },
  ];
  it('reads a fund-flow bill: payments, fees and refunds, and says what else is in it', async () => {
    const { format, rows, ending } = await readBill(wechatFunds(FUNDS));
    expect(format).toBe('wechat-fund-flow');
    expect(rows.map((row) => row.split(',').slice(0, 4).join(' '))).toEqual([
      'A1 4200001 payment 10.00',
      'A1 4200001 fee 0.06',
      ' 50300 refund 3.00',
    ]);
    expect(ending.totals).toBe(5);
    expect(ending.assumed.join()).toContain('1 row of 提现 (支出)');
    expect(await refusal(wechatFunds(FUNDS, (foot) => foot.replace('903.06', '903.07')))).toContain(
      'control total 支出金额 is 903.07000 in the file and 903.06000',
    );
    expect(await refusal(wechatFunds(FUNDS, (foot) => foot.replace('903.06', 'many')))).toContain(
      'control total 支出金额 "many" is no number',
    );
    expect(await refusal(wechatFunds(FUNDS.slice(0, 2)).split('资金流水总笔数')[0] ?? '')).toContain('cut off');
  });
});

describe('files of Alipay', () => {
  const ROWS: readonly AlipayRow[] = [
    { business: '交易', ref: '2026112722001', order: 'A1', amount: '1234.50', fee: '-7.41' },
    { business: '退款', ref: '2026112722001', order: 'A1', amount: '30.00', fee: '0.18', batch: 'RF1' },
    { business: '退款', ref: '2026112722001', order: 'A1', amount: '5.00', fee: '0.00', batch: 'RF2' },
  ];
  it.each(['-', ''])('reads 业务明细: notes, tabs behind numbers, refunds with the sign "%s"', async (sign) => {
    const rows = ROWS.map((row) => ({ ...row, amount: row.business === '退款' ? `${sign}${row.amount}` : row.amount }));
    const { format, rows: read, ending } = await readBill(alipayDetail(rows));
    expect(format).toBe('alipay');
    expect(read).toEqual([
      'A1,2026112722001,payment,1234.50,CNY,success,2026-11-27T02:00:09Z,7.41',
      'A1,RF1,refund,30.00,CNY,success,2026-11-27T02:00:09Z,',
      'A1,RF2,refund,5.00,CNY,success,2026-11-27T02:00:09Z,',
    ]);
    expect(ending).toMatchObject({ totals: 4, found: { 交易订单总笔数: 1, 退款订单总笔数: 2 } });
  });

  it('refuses what does not add up, is cut, or is joined', async () => {
    const rows = ROWS.slice(0, 1).map((row) => ({ ...row, amount: '8.00' }));
    expect(await refusal(alipayDetail(rows, (note) => note.replace('8.00', '9.00')))).toContain(
      'control total 交易合计商家实收 is 9.00 in the file and 8.00 by its rows',
    );
    for (const [note, says] of [
      ['商家实收共八元', '交易合计商家实收 "八" is no number'],
      ['商家实收共元', '交易合计商家实收 "?" is no number'],
    ] as const)
      expect(await refusal(alipayDetail(rows, (text) => text.replace('商家实收共8.00元', note)))).toContain(`control total ${says}`);
    expect(await refusal(alipayDetail(rows, (note) => note.replace('1笔', '一笔')))).toContain(
      'control total 交易合计笔数 "一" is no number',
    );
    expect((await readBill(alipayDetail(rows, (note) => note.replace('，商家实收共8.00元', '')))).ending.totals).toBe(3);
    // A file of 2026 counts its refunds among the payments.
    expect(await refusal(alipayDetail(rows, (note) => note.replace('1笔', '2笔')))).toContain(
      'control total 交易合计笔数 is 2 in the file and 1 by its rows',
    );
    expect(await refusal(alipayDetail(rows).split('#交易合计')[0] ?? '')).toContain('it ends before its totals, after 1 rows');
    expect(await refusal(alipayDetail(rows) + alipayDetail(rows))).toContain('the header is repeated');
  });

  it('reads 账务明细: what came in and went out', async () => {
    const rows = [
      { business: '在线支付', order: 'A1', ref: '2026A', income: '8.00', expense: '0.00' },
      { business: '收费', order: 'A1', ref: '2026A', income: '0.00', expense: '-0.05' },
      { business: '交易退款', order: 'A1', ref: '2026A', income: '0.00', expense: '-3.00' },
      { business: '提现', order: '', ref: 'W1', income: '0.00', expense: '-100.00' },
    ].map((row) => ({ ...row, expense: row.expense.replace('-', '') }));
    const { format, rows: read, ending } = await readBill(alipayLog(rows));
    expect(format).toBe('alipay-account-log');
    expect(read.map((row) => row.split(',').slice(0, 4).join(' '))).toEqual([
      'A1 2026A payment 8.00',
      'A1 2026A fee 0.05',
      'A1 2026A refund 3.00',
    ]);
    expect(ending.totals).toBe(4);
    expect(await refusal(alipayLog(rows, (note) => note.replace('8.00', '8.01')))).toContain(
      'control total 收入合计金额 is 8.01 in the file and 8.00',
    );
  });

  it('refuses totals of 账务明细 that are no numbers, and is not held up by long notes', async () => {
    const rows = [{ business: '在线支付', order: 'A1', ref: '2026A', income: '8.00', expense: '0.00' }];
    for (const [from, to, says] of [
      ['8.00元', 'eight元', '收入合计金额 "eight" is no number'],
      ['1笔', '?笔', '收入合计笔数 "?" is no number'],
      ['1笔，共8.00元', '', '收入合计笔数 "?" is no number'],
      ['1笔，共8.00元', `1笔，${' '.repeat(100_000)}共8.00元`, '收入合计金额'],
    ] as const)
      expect(await refusal(alipayLog(rows, (note) => note.replace(from, to)))).toContain(`control total ${says}`);
  });

  it('refuses a summary whose counts are no numbers', async () => {
    expect(await refusal(alipaySummary(6, 4).replace(',6,4,', ',six,4,'))).toContain('control total 交易订单总笔数 "six" is no number');
    expect((await readBill(alipaySummary(6, 4).replace(',6,4,', ',,4,'))).ending.declared).toEqual({ 退款订单总笔数: 4 });
  });

  it('reads what a summary declares', async () => {
    const { format, rows, ending } = await readBill(alipaySummary(6, 4));
    expect({ format, rows, declared: ending.declared }).toEqual({
      format: 'alipay-summary',
      rows: [],
      declared: { 交易订单总笔数: 6, 退款订单总笔数: 4 },
    });
  });
});

describe('files of UnionPay', () => {
  const PAYMENT = { type: '01', trace: '000001', time: '1127100000', minor: 1999, query: '202611271000000000018', order: 'A1', fee: 12 };
  const REFUND = {
    type: '04',
    trace: '000002',
    time: '1127110000',
    minor: 500,
    query: '202611271100000000028',
    order: 'RF1',
    origOrder: 'A1',
    origQuery: PAYMENT.query,
  };
  const read = async (text: string, name = 'INN26112788ZM_777290058110097') => await readBill(text, { name });

  it('reads ZM by the widths of its fields, and never the card number', async () => {
    const cancelled = { ...PAYMENT, type: '31', trace: '000003', query: '202611271200000000038', order: 'C1', origQuery: PAYMENT.query };
    const asked = { ...PAYMENT, type: '71', trace: '000004' };
    const { format, rows, ending } = await read(unionPayZm([PAYMENT, REFUND, cancelled, asked]));
    expect(format).toBe('unionpay-zm');
    expect(rows).toEqual([
      `A1,${PAYMENT.query},payment,19.99,CNY,success,2026-11-27T02:00:00Z,0.12`,
      `A1,${REFUND.query},refund,5.00,CNY,success,2026-11-27T03:00:00Z,`,
      `,${PAYMENT.query},reversal,19.99,CNY,success,2026-11-27T02:00:00Z,`,
    ]);
    expect(ending.assumed.join('; ')).toMatch(/no totals of its own.*2026 by the name of the file.*1 row of type 71/);
    expect(rows.join()).not.toContain(UNIONPAY_PAN);
  });

  it('measures in bytes of GBK, wherever Chinese stands', async () => {
    const { rows } = await read(unionPayZm([{ ...REFUND, shop: '中国茶叶旗舰店' }]));
    expect(rows[0]).toContain('A1,');
    const { rows: shorter } = await read(unionPayZm([{ ...REFUND, shop: '中国茶叶旗舰店' }]).replace(/ {98}\r\n/, '\r\n'));
    expect(shorter).toEqual(rows);
  });

  it('gives times the year of the file, or the year before', async () => {
    const text = unionPayZm([{ ...PAYMENT, time: '1231235900' }]);
    expect((await read(text, 'INN27010188ZM_777290058110097')).rows[0]).toContain('2026-12-31T15:59:00Z');
    const clock = await readBill(text, { name: 'x.txt', nowMs: Date.UTC(2027, 0, 1, 4) });
    expect(clock.rows[0]).toContain('2026-12-31T15:59:00Z');
    expect(clock.ending.assumed.join()).toContain('by the clock of this machine');
  });

  it('reads ZME as disputes that name the payment by its trace number', async () => {
    const { format, rows } = await read(
      unionPayZme([{ code: 'E22', trace: '000001', time: '1120100000', minor: 1999 }]),
      'INN26112788ZME_777290058110097',
    );
    expect(format).toBe('unionpay-zme');
    expect(rows).toEqual([',E22 trace 000001 of 1120100000,dispute,19.99,CNY,success,2026-11-27T04:00:00Z,']);
  });

  it('refuses a line that is shorter, with its number', async () => {
    const text = unionPayZm([PAYMENT, REFUND]);
    expect(await refusal(`${text.slice(0, -200)}\n`)).toContain('line 2: it is no line of ZM');
  });
});
