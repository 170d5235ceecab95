import { describe, expect, it } from 'vitest';
import { amountRecompute } from '../../src/checks/amount-recompute.ts';
import { v } from '../../src/checks/schema.ts';
import { probeAndJudge } from './judge.ts';
import { csv, moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();
const HEAD = ['order_no', 'amount', 'currency'];

async function ask(orders: string, charges?: string, more: Record<string, unknown> = {}) {
  const params = {
    orders: files.write('orders.csv', orders),
    ...(charges !== undefined && { charges: files.write('charges.csv', charges) }),
  };
  return (await probeAndJudge(amountRecompute, realContext(), { ...params, ...more })).judgement;
}

describe('amount.recompute', () => {
  it.each([
    ['the same money', [['A', '19.99', 'CNY']], [['A', '19.99', 'CNY']], 'ok', 'ok'],
    ['the same number, by code and by number', [['A', '500', 'JPY']], [['A', '500', '392']], 'ok', 'ok'],
    ['fen as yuan', [['A', '19.99', 'CNY']], [['A', '1999', 'CNY']], 'fail', 'scaled'],
    ['yuan as fen', [['A', '1999', 'CNY']], [['A', '19.99', 'CNY']], 'fail', 'scaled'],
    ['yen with two decimals', [['A', '500', 'JPY']], [['A', '50000', 'JPY']], 'fail', 'exponent'],
    ['dinars with two decimals', [['A', '1.500', 'KWD']], [['A', '0.150', 'KWD']], 'fail', 'exponent'],
    ['another currency', [['A', '19.99', 'USD']], [['A', '19.99', 'EUR']], 'fail', 'currency'],
    ['noise of a float', [['A', '19.989999999999998', 'CNY']], [['A', '19.99', 'CNY']], 'fail', 'float'],
    ['noise in the charge', [['A', '0.30', 'CNY']], [['A', '0.30000000000000004', 'CNY']], 'fail', 'float'],
    ['a float that was cut', [['A', '19.99', 'CNY']], [['A', '19.98', 'CNY']], 'fail', 'float'],
    ['another amount', [['A', '20.00', 'CNY']], [['A', '16.00', 'CNY']], 'fail', 'different'],
    ['a last digit', [['A', '20.00', 'CNY']], [['A', '20.01', 'CNY']], 'warn', 'rounding'],
    ['too fine', [['A', '20.005', 'CNY']], [['A', '20.01', 'CNY']], 'warn', 'fraction'],
    ['no order', [], [['A', '20.01', 'CNY']], 'ok', 'none'],
    ['amounts that are none', [['A', 'n/a', 'CNY']], [], 'unknown', 'not-understood'],
  ] as const)('%s', async (_name, orders, charges, status, code) => {
    expect(await ask(csv(HEAD, ...orders), csv(HEAD, ...charges))).toMatchObject({ status, code });
  });

  it('names order, amount and factor, and counts', async () => {
    const orders = csv(HEAD, ['A', '1.00', 'CNY'], ['B', '2.50', 'CNY'], ['C', '3.00', 'CNY']);
    const judgement = await ask(orders, csv(HEAD, ['B', '250', 'CNY'], ['C', '300', 'CNY'], ['A', '1', 'CNY']));
    expect(judgement).toMatchObject({ code: 'scaled', value: 2, data: { order: 'B', is: '250.00 CNY', should: '2.50 CNY', factor: 100 } });
  });

  it.each([
    ['20.00,3.00,1.20,18.20', 'ok', 'ok'],
    ['20.00,-3.00,1.20,18.20', 'ok', 'ok'],
    ['20.00,3.00,1.20,18.21', 'warn', 'rounding'],
    ['20.00,3.00,1.20,17.00', 'fail', 'arithmetic'],
  ])('parts and total: %s', async (row, status, code) => {
    expect(await ask(`订单号,小计,优惠金额,运费,订单金额\nA,${row}\n`, undefined, { currency: 'CNY' })).toMatchObject({ status, code });
  });

  it('lines of a JSON order, each rounded by itself', async () => {
    const order = (total: string) =>
      `${JSON.stringify({
        order_id: 'A',
        currency: 'USD',
        total,
        tax: '0.41',
        items: [
          { price: '1.99', quantity: 3 },
          { price: 0.5, quantity: 1 },
        ],
      })}\n`;
    expect(await ask(order('6.88'))).toMatchObject({ status: 'ok' });
    expect(await ask(order('7.88'))).toMatchObject({ status: 'fail', code: 'arithmetic' });
  });

  it('columns, unit and currency of the profile', async () => {
    const charges = files.write('own.csv', 'ref;fen\nA;1999\n');
    const given = { charges: { from: { file: charges }, unit: 'minor', columns: { order_no: 'ref', amount: 'fen' } }, currency: 'CNY' };
    expect(await ask('order_no,amount\nA,19.99\n', undefined, given)).toMatchObject({ status: 'ok', data: { compared: 1 } });
    expect(
      await ask('order_no,amount\nA,19.99\n', undefined, { ...given, charges: { from: charges, columns: { amount: 'gone' } } }),
    ).toMatchObject({
      status: 'ok',
      data: { compared: 0 },
    });
  });

  it('refunds and failed charges have amounts of their own', async () => {
    const charges = 'order_no,kind,amount,status\nA,refund,5.00,refunded\nA,payment,9.99,failed\nA,payment,19.99,paid\n';
    expect(await ask('order_no,amount\nA,19.99\n', charges)).toMatchObject({ status: 'ok', data: { compared: 1 } });
  });

  it('GBK is read', async () => {
    // 订单号,订单金额
    const head = [0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5, 0x2c, 0xb6, 0xa9, 0xb5, 0xa5, 0xbd, 0xf0, 0xb6, 0xee, 0x0a];
    const orders = files.write('gbk.csv', Uint8Array.from([...head, ...Buffer.from('A,1.00\n')]));
    const { judgement } = await probeAndJudge(amountRecompute, realContext(), { orders });
    expect(judgement).toMatchObject({ status: 'ok', data: { orders: 1 } });
  });

  it('a table that is not there is unknown; a source that is none is refused', async () => {
    await expect(probeAndJudge(amountRecompute, realContext(), { orders: files.path('gone.csv') })).rejects.toMatchObject({
      reason: 'not-found',
    });
    await expect(probeAndJudge(amountRecompute, realContext(), { orders: files.path('.') })).rejects.toMatchObject({ name: 'HostError' });
    for (const orders of [{ folder: '/x' }, { from: '/x', columns: { nonsense: 'a' } }, 7])
      expect(v.safeParse(amountRecompute.params, { orders }).success).toBe(false);
  });
});
