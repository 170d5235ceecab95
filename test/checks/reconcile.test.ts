import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openWorkbench } from '../../src/adapters/workbench.ts';
import { reconcile } from '../../src/checks/reconcile.ts';
import { v } from '../../src/checks/schema.ts';
import { reconcileFor } from '../../src/cli/reconcile-port.ts';
import { ExitCode, HostError, OorError } from '../../src/errors.ts';
import type { ReconcileAnswer, ReconcileRequest } from '../../src/ports.ts';
import { hasDuckdb } from '../duckdb.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const NAMED = { orders: ['o.csv'], statements: ['w.csv', 'a.zip'], zone: 'Asia/Shanghai' };
const AGREED: ReconcileAnswer = {
  orders: 8,
  statements: 9,
  counts: {},
  waiting: 0,
  uncovered: [],
  isEmpty: false,
  outside: 0,
  valueAtRisk: {},
  differences: [],
  notes: [],
};

async function ask(answer: Partial<ReconcileAnswer> | Error, params: Record<string, unknown> = NAMED) {
  const asked: ReconcileRequest[] = [];
  const context = {
    ...fakeHost(),
    reconcile: async (request: ReconcileRequest) => {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      return { ...AGREED, ...answer };
    },
  };
  const { facts, judgement } = await probeAndJudge(reconcile, context, params);
  return { asked, facts: facts as { readonly from: number; readonly to: number; readonly value: unknown }, judgement, context };
}

const one = (name: string, action = 'find-cause') => ({ class: name, order: 'A1', action, value: '10.00', currency: 'CNY' });

describe('reconcile', () => {
  it('asks for the window and half an hour at each end, or the margin that is given', async () => {
    const { asked, context, judgement } = await ask({});
    expect(asked).toMatchObject([
      { orders: ['o.csv'], statements: ['w.csv', 'a.zip'], mappings: [], zone: 'Asia/Shanghai', fromMs: context.since - 1_800_000 },
    ]);
    expect(judgement).toMatchObject({ status: 'ok', code: 'ok' });
    const wide = await ask({}, { ...NAMED, margin: '2h', mappings: ['m.yaml'] });
    expect(wide.asked).toMatchObject([{ mappings: ['m.yaml'], fromMs: wide.context.since - 7_200_000 }]);
  });

  it.each([
    ['duplicate_charge', 'fail', 'duplicate-charge'],
    ['paid_not_recorded', 'fail', 'paid-not-recorded'],
    ['status_mismatch', 'fail', 'status-mismatch'],
    ['missing_at_provider', 'fail', 'missing'],
    ['missing_here', 'fail', 'missing'],
    ['refund_mismatch', 'fail', 'refund'],
    ['reversal_open', 'fail', 'refund'],
    ['amount_mismatch', 'fail', 'amount'],
    ['currency_mismatch', 'fail', 'amount'],
    ['dispute', 'warn', 'dispute'],
    ['fee_mismatch', 'warn', 'fee'],
    ['duplicate_row', 'ok', 'carried'],
    ['cross_day', 'ok', 'carried'],
  ])('%s is %s', async (name, status, code) => {
    const { judgement, facts } = await ask({ counts: { [name]: 2 }, valueAtRisk: { CNY: '20.00' }, differences: [one(name)] });
    expect(judgement).toMatchObject({ status, code });
    expect(facts.value).toEqual({ CNY: '20.00' });
  });

  it('says the worst first, and waits for the statement of the next day', async () => {
    expect(
      (await ask({ counts: { fee_mismatch: 9, duplicate_charge: 1 }, differences: [one('duplicate_charge')] })).judgement,
    ).toMatchObject({
      code: 'duplicate-charge',
      data: { count: 1, order: 'A1' },
    });
    expect((await ask({ counts: { missing_at_provider: 3 }, waiting: 3 })).judgement).toMatchObject({ status: 'warn', code: 'waiting' });
    expect((await ask({ counts: { missing_at_provider: 3 }, waiting: 2 })).judgement).toMatchObject({
      status: 'fail',
      code: 'missing',
      data: { count: 1 },
    });
  });

  it('cannot tell of a time that a side does not cover, or in which there is nothing', async () => {
    const gap = { side: 'statements', list: 'alipay', fromMs: Date.UTC(2026, 10, 27, 10), toMs: Date.UTC(2026, 10, 27, 11) } as const;
    expect((await ask({ uncovered: [gap] })).judgement).toMatchObject({
      status: 'unknown',
      code: 'statements-uncovered',
      data: { list: ' (alipay)', from: '2026-11-27T10:00Z', to: '2026-11-27T11:00Z' },
      unlock: expect.stringContaining('statements (alipay) that cover 2026-11-27T10:00Z to 2026-11-27T11:00Z'),
    });
    expect((await ask({ uncovered: [{ ...gap, side: 'orders', list: '' }] })).judgement).toMatchObject({
      code: 'orders-uncovered',
      unlock: expect.stringContaining('an extract of the orders'),
    });
    expect((await ask({ isEmpty: true })).judgement).toMatchObject({ status: 'unknown', code: 'empty' });
    // What was found is found.
    const found = await ask({ uncovered: [gap], counts: { duplicate_charge: 1 }, differences: [one('duplicate_charge')] });
    expect(found.judgement).toMatchObject({ status: 'fail', code: 'duplicate-charge' });
    // What is missing where the other side ends is not known to be missing.
    const beyond = { uncovered: [gap], counts: { missing_here: 4 }, outside: 4 };
    expect((await ask(beyond)).judgement).toMatchObject({ status: 'unknown', code: 'statements-uncovered' });
    expect((await ask({ ...beyond, outside: 3 })).judgement).toMatchObject({ status: 'fail', code: 'missing', data: { count: 1 } });
  });

  it('cannot tell without the package, with a file that does not add up, or away from the operator', async () => {
    const error = (code: string): OorError => new OorError({ code, message: 'm', hint: 'npm install -g x', exitCode: ExitCode.usage });
    await expect(ask(error('missing-package'))).rejects.toMatchObject({ reason: 'missing-tool', unlock: 'npm install -g x' });
    await expect(ask(error('unreadable-file'))).rejects.toMatchObject({ reason: 'io', message: 'm' });
    await expect(probeAndJudge(reconcile, fakeHost(), NAMED)).rejects.toBeInstanceOf(HostError);
  });

  it('runs for no file that is not named', () => {
    for (const params of [{}, { orders: ['a'] }, { orders: [], statements: ['b'] }, { orders: ['a'], statements: [''] }])
      expect(v.safeParse(reconcile.params, params).success).toBe(false);
    expect(v.safeParse(reconcile.params, reconcile.example).success).toBe(true);
  });
});

describe.skipIf(!hasDuckdb)('reconcile on files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oor-check-reconcile-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const file = (name: string, ...rows: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, ['order_no,provider_ref,kind,amount,currency,status,time,fee', ...rows, ''].join('\n'));
    return path;
  };
  const paid = (ref: string): string => `A1,${ref},payment,19.98,CNY,paid,${minutesAgo(5)},`;
  const others = [90, 60, 30].map((minutes) => `B${minutes},B${minutes},payment,1.00,CNY,paid,${minutesAgo(minutes)},`);
  const deps = {
    readFile: async (path: string) => readFileSync(path, 'utf8'),
    nowMs: Date.now(),
    workbench: async () => await openWorkbench({ signal: new AbortController().signal }),
  };
  const askFiles = async (orders: string, statement: string) =>
    await probeAndJudge(
      reconcile,
      { ...realContext(), reconcile: async (request: ReconcileRequest) => await reconcileFor(deps, request) },
      { orders: [orders], statements: [statement] },
    );

  it('agrees, differs, and cannot tell of a file that is no table', async () => {
    const orders = file('o.csv', ...others, paid('R1'));
    expect((await askFiles(orders, file('same.csv', ...others, paid('R1')))).judgement).toMatchObject({ status: 'ok', code: 'ok' });
    const twice = await askFiles(orders, file('twice.csv', ...others, paid('R1'), paid('Z1')));
    expect(twice.judgement).toMatchObject({ status: 'fail', code: 'duplicate-charge', data: { order: 'A1', value: '19.98 CNY' } });
    await expect(askFiles(orders, file('bad.csv', 'A1'))).rejects.toMatchObject({ reason: 'io' });
  });
});
