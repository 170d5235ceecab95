import { describe, expect, it } from 'vitest';
import { describeReason } from '../../src/checks/check.ts';
import { orderQueue } from '../../src/checks/order-queue.ts';
import { readTable } from '../../src/payments/money/table.ts';
import { makeQueue } from '../../src/payments/orders/queue.ts';
import { readRecords } from '../../src/payments/orders/record.ts';
import { readShapes } from '../playbooks/fixture.ts';
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

  it.each([
    ['words that nobody knows', csv(COLUMNS, order('A', '', 'zzz'), order('B', '', 'yyy')), { count: 2, word: 'zzz' }],
    [
      'mostly words that nobody knows',
      csv(COLUMNS, order('A', '', 'unpaid'), ...['B', 'C'].map((no) => order(no, '', 'zzz'))),
      { count: 2 },
    ],
    ['one word that nobody knows, and nobody else waits', csv(COLUMNS, order('A', '', 'paid'), order('B', '', 'zzz')), { count: 1 }],
    ['nothing at all', '', { absent: 'order_no, amount, status' }],
    ['no table', 'Traceback (most recent call last):\n  File "export"\n', { absent: 'order_no, amount, status' }],
    ['a header without the columns', 'id,sum\n', { absent: 'order_no, amount, status' }],
    ['rows that do not fit their header', csv(COLUMNS, ['A', '1'], ['B', '2']), { count: 2 }],
  ])('is unknown, and no empty queue, of %s', async (_, text, data) => {
    const { judgement } = await ask(text);
    expect(judgement).toMatchObject({ status: 'unknown', code: 'not-understood', data });
    expect(describeReason(judgement.unlock ?? '', 'zh-CN')).toContain('导出文件');
  });

  it('is ok of a header alone, and takes words of the profile', async () => {
    expect((await ask(csv(COLUMNS))).judgement).toMatchObject({ status: 'ok', code: 'empty', data: { orders: 0 } });
    const orders = { from: files.write('own.csv', csv(COLUMNS, order('A', '', 'zzz'))), words: { zzz: 'unpaid' } };
    expect((await probeAndJudge(orderQueue, realContext(), { orders })).judgement).toMatchObject({ status: 'warn', data: { count: 1 } });
  });

  it('says that some cannot be reached by anybody', async () => {
    const { judgement, facts } = await ask(csv(COLUMNS, order('A', 'vip', 'unpaid', 4), order('B', 'vip', 'unpaid')));
    expect(judgement).toMatchObject({ status: 'warn', code: 'hopeless', data: { late: 1, count: 2 } });
    expect(facts).toMatchObject({ needed: null, lost: 1 });
  });

  it('counts over all that wait, not over those that it lists', async () => {
    const rows = Array.from({ length: 620 }, (_, index) => order(`N${index}`, '', 'processing', 90));
    const { judgement, facts } = await ask(csv(COLUMNS, ...rows));
    expect(facts['queue']).toHaveLength(500);
    // Two callers reach 36 in 90 minutes.
    expect(judgement).toMatchObject({ code: 'short', data: { count: 620, ask: 620, value: '6510.00 CNY' } });
    expect(judgement.data?.['late']).toBeGreaterThan(560);
  });

  it('reads local times by the zone that it is given', async () => {
    const local = (minutes: number): string =>
      new Date(Date.now() + 8 * 3_600_000 + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    const text = csv(
      COLUMNS,
      ['A', '', '', '1', '', 'unpaid', local(-30), local(-20)],
      ['B', '', '', '1', '', 'unpaid', local(-30), local(60)],
    );
    const { facts } = await ask(text, { zone: 'Asia/Shanghai', currency: 'CNY' });
    expect(facts['queue']).toMatchObject([{ order: 'B', currency: 'CNY' }]);
  });

  it('is in the fixtures as it is computed', () => {
    const shape = readShapes()['order.queue']?.['hopeless'] as Record<string, unknown>;
    const listed = shape['queue'] as readonly Record<string, unknown>[];
    const iso = (time: unknown): string => new Date(time as number).toISOString();
    const rows = listed.map((each) =>
      ['order', 'tier', 'amount', 'currency']
        .map((key) => String(each[key]))
        .concat(each['first'] === 'ask' ? 'pending' : 'unpaid', iso(each['since']), iso(each['until'])),
    );
    const table = readTable(csv(['order_no', 'tier', 'amount', 'currency', 'status', 'time', 'pay_until'], ...rows));
    const { records } = readRecords(table, { columns: {}, unit: 'major', currency: '', words: {}, timeOf: (text) => Date.parse(text) });
    const rules = { now: shape['observedAt'] as number, tiers: ['black', 'gold'], callers: shape['callers'] as string[], eachMs: 300_000 };
    const { orders, needed, lost, tiered, value } = makeQueue(records, rules);
    const expected = listed.map(({ customer: _, ...each }) => each);
    expect(orders).toMatchObject(expected);
    expect({ needed, lost, tiered, value }).toEqual({
      needed: shape['needed'],
      lost: shape['lost'],
      tiered: shape['tiered'],
      value: shape['value'],
    });
  });
});
