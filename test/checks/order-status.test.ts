import { describe, expect, it } from 'vitest';
import { orderStatus } from '../../src/checks/order-status.ts';
import { v } from '../../src/checks/schema.ts';
import { probeAndJudge } from './judge.ts';
import { csv, moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();
const ORDERS = ['order_no', 'amount', 'currency', 'status', 'time', 'expires_at'];
const PAYMENTS = ['order_no', 'provider_ref', 'kind', 'amount', 'currency', 'status', 'time'];
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const order = (no: string, status: string, minutes: number, expires = ''): string[] => [no, '10.00', 'CNY', status, ago(minutes), expires];
const payment = (no: string, ref: string, status: string, minutes: number, kind = 'payment'): string[] => [
  no,
  ref,
  kind,
  '10.00',
  'CNY',
  status,
  ago(minutes),
];

async function ask(orders: readonly string[][], payments?: readonly string[][], more: Record<string, unknown> = {}) {
  const given = {
    orders: files.write('orders.csv', csv(ORDERS, ...orders)),
    ...(payments && { statement: files.write('payments.csv', csv(PAYMENTS, ...payments)) }),
  };
  return (await probeAndJudge(orderStatus, realContext(), { ...given, ...more })).judgement;
}

describe('order.status', () => {
  it.each([
    ['agreed', [order('A', 'paid', 60)], [payment('A', 'p1', 'success', 60)], 'ok', 'ok'],
    ['a lost callback', [order('A', 'unpaid', 60)], [payment('A', 'p1', 'success', 59)], 'fail', 'paid-not-recorded'],
    ['failed here, paid there', [order('A', 'failed', 60)], [payment('A', 'p1', 'success', 59)], 'fail', 'paid-not-recorded'],
    ['a callback that is on its way', [order('A', 'unpaid', 4)], [payment('A', 'p1', 'success', 2)], 'ok', 'ok'],
    ['paid twice', [order('A', 'paid', 60)], [payment('A', 'p1', 'success', 59), payment('A', 'p2', 'success', 58)], 'fail', 'double-paid'],
    [
      'a row twice is no second payment',
      [order('A', 'paid', 60)],
      [payment('A', 'p1', 'success', 59), payment('A', 'p1', 'success', 59)],
      'ok',
      'ok',
    ],
    [
      'paid twice and given back',
      [order('A', 'paid', 60)],
      [payment('A', 'p1', 'success', 59), payment('A', 'p2', 'success', 58), payment('A', 'p2', 'refunded', 50, 'refund')],
      'ok',
      'ok',
    ],
    ['paid after it had expired', [order('A', 'closed', 90, ago(60))], [payment('A', 'p1', 'success', 40)], 'fail', 'paid-after-expiry'],
    ['stuck', [order('A', 'processing', 60)], [payment('B', 'p1', 'success', 59)], 'fail', 'stuck'],
    ['in processing for a while', [order('A', 'processing', 5)], [payment('B', 'p1', 'success', 59)], 'ok', 'ok'],
    ['never paid and never asked to be', [order('A', 'created', 600)], [], 'ok', 'ok'],
    ['paid here, refused there', [order('A', 'paid', 60)], [payment('A', 'p1', 'failed', 59)], 'fail', 'refused-there'],
    [
      'paid here, unknown there',
      [order('A', 'paid', 60)],
      [payment('B', 'p1', 'success', 70), payment('C', 'p2', 'success', 50)],
      'warn',
      'not-at-provider',
    ],
    [
      'outside of what the statement covers',
      [order('A', 'paid', 10)],
      [payment('B', 'p1', 'success', 70), payment('C', 'p2', 'success', 50)],
      'ok',
      'ok',
    ],
    ['no orders', [], [], 'ok', 'none'],
    ['words that nobody explained', [order('A', 'bezahlt', 60)], [payment('B', 'p1', 'success', 70)], 'unknown', 'not-understood'],
    [
      'words of the provider that nobody explained',
      [order('A', 'unpaid', 60)],
      [payment('A', 'p1', 'erledigt', 70)],
      'unknown',
      'not-understood',
    ],
  ] as const)('%s', async (_name, orders, payments, status, code) => {
    expect(await ask(orders as readonly string[][], payments as readonly string[][])).toMatchObject({ status, code });
  });

  it('counts, sums and names the first', async () => {
    const judgement = await ask(
      [order('A', 'unpaid', 60), order('B', 'unpaid', 90), order('C', 'paid', 60)],
      [payment('A', 'p1', 'success', 59), payment('B', 'p2', 'success', 89), payment('C', 'p3', 'success', 59)],
    );
    expect(judgement).toMatchObject({ code: 'paid-not-recorded', value: 2, data: { order: 'B', value: '20.00 CNY' } });
  });

  it('words of the profile, expiry of the profile, no statement', async () => {
    const statement = {
      from: files.write('own.csv', csv(['order_no', 'status', 'time'], ['A', 'erledigt', ago(20)])),
      words: { erledigt: 'paid' },
    };
    expect(await ask([order('A', 'unpaid', 60)], undefined, { statement })).toMatchObject({ code: 'paid-not-recorded' });
    expect(await ask([order('A', 'closed', 60)], undefined, { statement, expiry: '30m' })).toMatchObject({ code: 'paid-after-expiry' });
    expect(await ask([order('A', 'paid', 60)])).toMatchObject({ status: 'ok', code: 'ok-alone' });
    expect(await ask([order('A', 'processing', 20)], undefined, { stuck_after: '30m' })).toMatchObject({ status: 'ok' });
  });

  it('a statement without a status lists what was paid', async () => {
    const statement = files.write('list.csv', csv(['商户订单号', '金额', '交易时间'], ['A', '10.00', ago(50)]));
    expect(await ask([order('A', 'unpaid', 60)], undefined, { statement })).toMatchObject({ code: 'paid-not-recorded' });
  });

  it('answers in the log of the gateway, for orders that no statement has', async () => {
    const line = (no: string, code: string, minutes: number) => `${ago(minutes)} order=${no} respCode=${code} amount=10.00\n`;
    const file = files.write('answers.log', line('A', '00', 20) + line('A', '00', 19) + line('B', '05', 18) + line('C', '64', 17));
    const answers = { file, table: 'unionpay-online' };
    expect(await ask([order('A', 'unpaid', 25)], undefined, { answers })).toMatchObject({ code: 'paid-not-recorded', value: 1 });
    expect(await ask([order('A', 'paid', 25), order('B', 'paid', 25)], undefined, { answers })).toMatchObject({ status: 'ok', code: 'ok' });
    expect(await ask([order('C', 'paid', 25)], undefined, { answers })).toMatchObject({ code: 'refused-there' });
    const refunded = [payment('A', 'p1', 'failed', 20)];
    expect(await ask([order('A', 'unpaid', 25)], refunded, { answers })).toMatchObject({ status: 'ok' });
    expect(v.safeParse(orderStatus.params, { orders: '/x', answers: { file, format: 'regex' } }).success).toBe(false);
  });

  it('of a file a day the newest is read', async () => {
    const dated = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    files.write(`bill-${dated(1)}.csv`, csv(PAYMENTS, payment('A', 'p1', 'success', 59)));
    files.write(`bill-${dated(2)}.csv`, csv(PAYMENTS, payment('B', 'p1', 'success', 59)));
    expect(await ask([order('A', 'unpaid', 60)], undefined, { statement: files.path('bill-%Y%m%d.csv') })).toMatchObject({
      code: 'paid-not-recorded',
    });
    await expect(ask([order('A', 'unpaid', 60)], undefined, { statement: files.path('none-%Y%m%d.csv') })).rejects.toMatchObject({
      reason: 'not-found',
    });
  });

  it('an old export is judged by its own time', async () => {
    const orders = files.write('old.csv', csv(ORDERS, order('A', 'processing', 600)), Date.now() - 595 * 60_000);
    const { judgement } = await probeAndJudge(orderStatus, realContext(), { orders });
    expect(judgement).toMatchObject({ status: 'ok' });
  });

  it('local times of a bill are those of its zone', async () => {
    const beijing = new Date(Date.now() - 20 * 60_000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    const statement = files.write('zone.csv', csv(['order_no', 'status', 'time'], ['A', 'paid', beijing]));
    for (const zone of ['Asia/Shanghai', '+08:00'])
      expect(await ask([order('A', 'closed', 60, ago(25))], undefined, { statement, zone })).toMatchObject({ code: 'paid-after-expiry' });
    expect(await ask([order('A', 'closed', 60, ago(15))], undefined, { statement, zone: '+08:00' })).toMatchObject({
      code: 'paid-not-recorded',
    });
    expect(v.safeParse(orderStatus.params, { orders: '/x', zone: 'Nowhere/Land' }).success).toBe(false);
  });

  it('a table that is not there is unknown', async () => {
    await expect(probeAndJudge(orderStatus, realContext(), { orders: files.path('gone.csv') })).rejects.toMatchObject({
      reason: 'not-found',
    });
  });
});
