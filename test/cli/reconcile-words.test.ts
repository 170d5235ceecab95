import { describe, expect, it } from 'vitest';
import { describeCoverage } from '../../src/cli/reconcile-coverage.ts';
import { describeInChinese } from '../../src/cli/reconcile-words-zh.ts';
import { sniffLayout } from '../../src/payments/reconcile/layout.ts';
import { describeFeeDrift } from '../../src/payments/reconcile/result.ts';
import {
  adyenAccounting,
  adyenSettlement,
  alipayDetail,
  alipayLog,
  stripeReport,
  unionPayZm,
  unionPayZme,
  wechatBill,
  wechatFunds,
} from '../payments/reconcile/bills-of-providers.ts';
import { readBill } from '../payments/reconcile/read-bill.ts';

const HAN = /\p{Script=Han}/u;
/** English words that are no names. */
const untold = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => describeInChinese(text) === text || /\b(?:the|is|are|of|in|lie|row|rows)\b/.test(describeInChinese(text)));

describe('what is said of the files, in Chinese', () => {
  it('is told of every format', async () => {
    const payment = { type: '01', trace: '000001', time: '1127100000', minor: 1999, query: '202611271000000000018', order: 'U1', fee: 12 };
    const texts = [
      wechatBill('ALL', []),
      wechatFunds([{ name: '提现', type: '提现', inward: false, amount: '1.00', ref: '1', voucher: '1' }]),
      alipayDetail([]),
      alipayLog([{ business: '提现', order: '', ref: 'W1', income: '0.00', expense: '1.00' }]),
      unionPayZm([{ ...payment, type: '71' }, payment]),
      unionPayZme([{ code: 'E22', trace: '000009', time: '1120100000', minor: 700 }]),
      stripeReport([
        { category: 'payout', gross: '-1.00', source: 'po' },
        { category: 'refund_failure', gross: '1.00', source: 're' },
      ]),
      stripeReport([]).replace(',payment_metadata[order_id]', '').replace('created_utc', 'created'),
      adyenSettlement([{ type: 'Settled', psp: 'P1', order: 'A1', gross: '1.00', net: '1.00' }]),
      adyenSettlement([
        { type: 'Settled', psp: 'P1', order: 'A1', gross: '1.00', net: '1.00' },
        { type: 'MerchantPayout', net: '-1.00' },
      ]),
      adyenAccounting([]),
    ];
    for (const text of texts) expect(untold((await readBill(text)).ending.assumed)).toEqual([]);
  });

  it('is told of tables, of the time that they cover, and of fees', () => {
    const layout = sniffLayout('Order ID;Amount;Currency;Created At\nA1;1;EUR;2026-11-27 10:00:00\n', {
      side: 'statements',
      zone: undefined,
    });
    const assumed = 'assumed' in layout ? layout.assumed : [];
    expect(assumed.length).toBeGreaterThan(4);
    expect(untold(assumed)).toEqual([]);
    const gap = { fromMs: 0, toMs: 1000 };
    const uncovered = (['orders', 'statements'] as const).flatMap((side) => ['', 'alipay'].map((list) => ({ side, list, ...gap })));
    const covered = describeCoverage({ uncovered, isEmpty: true, outside: 4 });
    expect(covered).toHaveLength(6);
    expect(untold(covered)).toEqual([]);
    expect(untold(describeFeeDrift([-9000, 9000].map((minor) => ({ currency: 'CNY', orders: 10_000, minor }))))).toEqual([]);
  });

  it('keeps what is named', () => {
    expect(describeInChinese('a file of the format wechat; 7 control totals hold')).toBe('格式 wechat；7 项汇总相符');
    expect(describeInChinese('USD here, CNY there')).toBe('本方 USD，渠道 CNY');
    expect(describeInChinese('跨渠道重复支付')).toBe('跨渠道重复支付');
    expect(HAN.test(describeInChinese('left out: 2 rows of payout, 1 row of transfer; they are no payments of orders'))).toBe(true);
  });
});
