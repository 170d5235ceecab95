import { describe, expect, it } from 'vitest';
import { orderQueue } from '../../src/checks/order-queue.ts';
import { probeAndJudge } from './judge.ts';
import { csv, moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();
const COLUMNS = ['order_no', 'customer', 'tier', 'amount', 'currency', 'status', 'time', 'pay_until'];
const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const order = (no: string, tier: string, status: string, until = 600): string[] => [
  no,
  'C-88120041',
  tier,
  '10.50',
  'CNY',
  status,
  at(-30),
  at(until),
];

async function ask(text: string, more: Record<string, unknown> = {}) {
  const orders = { argv: ['cat', files.write('waiting.csv', text)] };
  return await probeAndJudge(orderQueue, realContext(), { orders, callers: ['Li', 'Ann'], ...more });
}

describe('order.queue', () => {
  it('sorts what an export command prints', async () => {
    const text = csv(COLUMNS, order('A', '', 'unpaid'), order('B', 'gold', 'processing'), order('C', 'gold', 'paid'));
    const { facts, judgement } = await ask(text);
    expect(judgement).toMatchObject({ status: 'warn', code: 'waiting', value: 2 });
    expect(judgement.data).toMatchObject({ count: 2, value: '21.00 CNY', order: 'B', tier: 'gold', ask: 1 });
    expect(facts['queue']).toMatchObject([
      { order: 'B', first: 'ask', caller: 'Li', second: 'Ann', late: false },
      { order: 'A', first: 'call', caller: 'Ann', second: 'Li' },
    ]);
    expect(JSON.stringify(facts)).not.toContain('88120041');
  });

  it('counts the callers where some orders end before their turn', async () => {
    const text = csv(COLUMNS, ...['A', 'B', 'C', 'D'].map((no) => order(no, 'vip', 'unpaid', 60)));
    const { judgement } = await ask(text, { each: '45m' });
    expect(judgement).toMatchObject({ status: 'warn', code: 'short', data: { late: 2, needed: 4, callers: 2 } });
  });

  it('says that it could sort by amount and age alone', async () => {
    const { judgement } = await ask(csv(['order_no', 'amount', 'status'], ['A', '1', 'unpaid']));
    expect(judgement).toMatchObject({ status: 'warn', code: 'untiered' });
  });

  it('is ok where nobody waits, and unknown where it cannot tell who does', async () => {
    expect((await ask(csv(COLUMNS, order('A', 'vip', 'paid')))).judgement).toMatchObject({ status: 'ok', code: 'empty' });
    const { judgement } = await ask(csv(['order_no', 'amount'], ['A', '1']));
    expect(judgement).toMatchObject({ status: 'unknown', code: 'not-understood', data: { absent: 'status' } });
  });
});
