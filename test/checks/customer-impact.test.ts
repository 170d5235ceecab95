import { describe, expect, it } from 'vitest';
import { customerImpact } from '../../src/checks/customer-impact.ts';
import { probeAndJudge } from './judge.ts';
import { moneyFiles } from './money-files.ts';
import { realContext } from './real-context.ts';

const files = moneyFiles();

const stamp = (time: string, line: string): string => (line.startsWith('{') ? `{"time":"${time}",${line.slice(1)}\n` : `${time} ${line}\n`);

/** A line a minute, the last one a minute ago. */
async function ask(lines: readonly string[], more: Record<string, unknown> = {}) {
  const now = Date.now();
  const text = lines.map((line, index) => stamp(new Date(now - (lines.length - index) * 60_000).toISOString(), line)).join('');
  return await probeAndJudge(customerImpact, realContext(), { file: files.write('payments.log', text), table: 'unionpay-online', ...more });
}

const JSON_FIELDS = { customer: 'customer', order_no: 'order_no', code: 'code' };

describe('customer.impact', () => {
  it('counts customers by the number that the log gives them, and names none', async () => {
    const { facts, judgement } = await ask([
      'uid=C-771 order=A1 respCode=04',
      'uid=C-771 order=A2 respCode=00',
      'uid=C-772 order=B1 respCode=04',
      'uid=C-773 order=C1 respCode=00',
    ]);
    expect(judgement).toMatchObject({ status: 'warn', code: 'affected', value: 2, unit: 'customers' });
    expect(judgement.data).toMatchObject({ all: 3, affected: 2, recovered: 1, lost: 1, twice: 1, tries: 1.5, most: 2 });
    expect(JSON.stringify(facts)).not.toContain('C-77');
  });

  it('takes another field where the profile says so, and orders where there is no customer', async () => {
    const kv = { format: 'kv', fields: { code: 'rc', customer: 'member' } };
    expect((await ask(['member=1 rc=04', 'member=1 rc=00'], kv)).judgement.data).toMatchObject({ by: 'customers', recovered: 1 });
    expect((await ask(['order=A respCode=04', 'order=A respCode=00'])).judgement.data).toMatchObject({ by: 'orders', affected: 1 });
  });

  it('is ok where nobody met a failure of ours or nothing was paid, and unknown where it cannot tell', async () => {
    expect((await ask(['uid=1 respCode=00', 'uid=2 respCode=64'])).judgement).toMatchObject({ status: 'ok', code: 'none' });
    expect((await ask([])).judgement).toMatchObject({ status: 'ok', code: 'idle' });
    expect((await ask(['respCode=04'])).judgement).toMatchObject({ status: 'unknown', code: 'nameless' });
    const { judgement } = await probeAndJudge(customerImpact, realContext(), { file: files.write('x', '').replace(/x$/, 'no-such.log') });
    expect(judgement).toMatchObject({ status: 'unknown', code: 'missing' });
  });

  it.each([
    ['codes that nobody knows', ['uid=1 respCode=QX1', 'uid=2 respCode=QX2'], { attempts: 2, counted: 0 }],
    ['mostly such codes, and no failure among the rest', ['uid=1 respCode=QX1', 'uid=2 respCode=QX2', 'uid=3 respCode=00'], { counted: 1 }],
    ['lines without any payment', ['service started', 'service well'], { lines: 2, attempts: 0 }],
  ])('is unknown of %s', async (_, lines, data) => {
    expect((await ask(lines)).judgement).toMatchObject({ status: 'unknown', code: 'not-understood', data });
  });

  it('tells a failure that it saw, however much else it cannot read', async () => {
    const { judgement } = await ask(['uid=1 respCode=04', 'uid=2 respCode=QX1', 'uid=3 respCode=QX1']);
    expect(judgement).toMatchObject({ status: 'warn', data: { affected: 1 } });
  });

  it('counts nobody for a customer, and takes the order of such a line', async () => {
    const nobody = ['null', 'null', 'guest', 'guest', '-', '0', '0', 'anonymous', 'none'];
    const lines = nobody.map((who, index) => `{"customer":"${who}","order_no":"A${index}","code":"04"}`);
    const { judgement } = await ask([...lines, '{"customer":"C-1","order_no":"B1","code":"00"}'], { format: 'json', fields: JSON_FIELDS });
    expect(judgement.data).toMatchObject({ by: 'customers', all: 10, affected: 9 });
  });

  it('counts a line that names the order alone for the customer of that order', async () => {
    const { judgement } = await ask(['order=A1 respCode=04', 'uid=C-1 order=A1 respCode=00', 'uid=C-1 order=A2 respCode=00']);
    expect(judgement.data).toMatchObject({ all: 1, affected: 1, recovered: 1, twice: 0 });
  });
});
