import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ACTIONS, actionFor, CLASS_NAMES, CLASSES, type DifferenceClass } from '../../../src/payments/reconcile/classes.ts';
import { checkRepairs, makeRepairs } from '../../../src/payments/reconcile/repairs.ts';
import { type Difference, type DifferenceRow, describeFeeDrift, readDifferences } from '../../../src/payments/reconcile/result.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const anytime = { fromMs: undefined, toMs: undefined };

function difference(more: Partial<Difference> = {}): Difference {
  return {
    class: 'duplicate_charge',
    reason: 'charged-again',
    order_no: 'A1',
    provider_ref: 'Z9',
    at: null,
    action: 'refund-later-charge',
    value: '1.00',
    currency: 'CNY',
    ...more,
  };
}

describe('repairs', () => {
  it('bear a key that tells the transaction, and stays the same', () => {
    const differences = [difference(), difference({ provider_ref: 'Z8' }), difference({ order_no: 'A2' }), difference()];
    const make = () => makeRepairs({ files: [], differences, evidence: [] }, sha256).repairs.map(({ idempotency_key }) => idempotency_key);
    expect(new Set(make()).size).toBe(4);
    expect(make()).toEqual(make());
    expect(make()[3]).toBe(`${make()[0]}-2`);
  });

  it('say in both languages what would be done, and that nothing was', () => {
    const [repair] = makeRepairs({ files: [], differences: [difference()], evidence: [] }, sha256).repairs;
    expect(repair?.dry_run.en).toMatch(/order A1, transaction Z9, 1.00 CNY.*refund the later charge.*Nothing was sent/);
    expect(repair?.dry_run['zh-CN']).toMatch(/重复扣款.*A1.*退还后一笔扣款.*未发送/);
  });

  it('are approved by two people, of the whole file or of one repair', () => {
    const made = makeRepairs({ files: [], differences: [difference(), difference({ order_no: 'A2' })], evidence: [] }, sha256);
    const check = (file: typeof made) => checkRepairs(JSON.stringify(file), sha256);
    const names = (proposed_by: string, approved_by: string) => ({ proposed_by, approved_by });
    expect(check(made)).toMatchObject({ state: 'read', repairs: 2, approved: 0, alone: [] });
    expect(check(made).open).toHaveLength(2);
    expect(check({ ...made, approval: names('Li Na', 'Ｗang') })).toMatchObject({ approved: 2, open: [], alone: [] });
    const own = made.repairs.map((repair, at) => (at === 0 ? { ...repair, approval: names('', 'li  na ') } : repair));
    expect(check({ ...made, approval: names('Li Na', 'Wang'), repairs: own })).toMatchObject({
      approved: 1,
      alone: [made.repairs[0]?.idempotency_key],
    });
    expect(check({ ...made, repairs: made.repairs.slice(1) }).state).toBe('changed');
  });

  it('are approved by names alone: blanks are none, and one name in two ways is one', () => {
    const made = makeRepairs({ files: [], differences: [difference()], evidence: [] }, sha256);
    const check = (proposed_by: string, approved_by: string) =>
      checkRepairs(JSON.stringify({ ...made, approval: { proposed_by, approved_by } }), sha256);
    for (const blank of ['', '  ', '\u200b', '\u3000', '-', '...', '\u00a0\n'])
      expect([check(blank, 'Wang'), check('Li', blank)]).toMatchObject([
        { approved: 0, open: { length: 1 } },
        { approved: 0, open: { length: 1 } },
      ]);
    for (const same of ['li na', ' LI  NA', 'Ｌｉ Ｎａ', 'Li\u200b Na', 'Li.Na', 'L\u0131 Na'])
      expect(check('Li Na', same)).toMatchObject({ approved: 0, alone: { length: 1 } });
    for (const [one, two] of [
      ['José', 'Jose\u0301'],
      ['STRASSE', 'straße'],
      ['李娜', '李娜 '],
    ] as const)
      expect(check(one, two)).toMatchObject({ approved: 0, alone: { length: 1 } });
    expect(check('李娜', '王芳')).toMatchObject({ approved: 1, open: [], alone: [] });
  });

  it('are a file of its own keys and types, and what is none of them is named', () => {
    const made = makeRepairs({ files: [], differences: [difference()], evidence: [[{ file: 'o.csv', row: 2 }]] }, sha256);
    const [repair] = made.repairs;
    const problem = (file: unknown) => checkRepairs(typeof file === 'string' ? file : JSON.stringify(file), sha256).problem;
    expect(problem(made)).toBeNull();
    expect(problem(`\uFEFF${JSON.stringify(made)}`)).toBeNull();
    const approval = (value: unknown): unknown => ({ ...made, approval: value });
    const own = (value: object): unknown => ({ ...made, repairs: [{ ...repair, ...value }] });
    for (const [file, says] of [
      ['no JSON', 'it is no JSON'],
      ['[]', 'the whole is no object'],
      ['null', 'the whole is no object'],
      [{ repairs: [] }, 'digest is missing'],
      [{ ...made, kind: 'other' }, 'kind is not "oor-repairs"'],
      [{ ...made, note: 1 }, 'the whole has the key "note", which means nothing here'],
      [approval({ a: 'Li', b: 'Wang' }), 'approval has the key "a"'],
      [approval({ proposed_by: 'Li', approved_by: 'Wang', approver: 'Wu' }), 'approval has the key "approver"'],
      [approval({ proposed_by: 'Li' }), 'approval.approved_by is missing'],
      [approval({ proposed_by: 'Li', approved_by: 7 }), 'approval.approved_by is no text'],
      [approval({ proposed_by: 'Li', approved_by: ['Wang'] }), 'approval.approved_by is no text'],
      [approval(null), 'approval is no object'],
      [approval([]), 'approval is no object'],
      [own({ approval: { proposed_by: null, approved_by: '' } }), 'repairs[0].approval.proposed_by is no text'],
      [own({ evidence: 'o.csv' }), 'repairs[0].evidence is no list'],
      [own({ evidence: [{ file: 'o.csv', row: '2' }] }), 'repairs[0].evidence[0].row is no number'],
      [own({ value: 1 }), 'repairs[0].value is no text'],
      [{ ...made, repairs: [null] }, 'repairs[0] is no object'],
      [{ ...made, repairs: {} }, 'repairs is no list'],
    ] as const)
      expect(problem(file)).toContain(says);
  });

  it('never charge anybody: what is unknown is asked for', () => {
    const actions = CLASSES.flatMap((name) => [true, false].map((nearEnd) => actionFor({ class: name, nearEnd })));
    const texts = Object.values(ACTIONS).flatMap((action) => [action.en, action['zh-CN']]);
    expect(texts.filter((text) => /re-?charge|charge (?:again|the customer)|collect|pay again|重新扣款|再次扣款|补扣/i.test(text))).toEqual(
      [],
    );
    expect(actions.every((action) => action in ACTIONS)).toBe(true);
    for (const name of ['status_mismatch', 'reversal_open', 'paid_not_recorded'] as const)
      expect(ACTIONS[actionFor({ class: name, nearEnd: false })].en).toMatch(/^query/);
    expect(Object.keys(CLASS_NAMES)).toEqual([...CLASSES]);
  });
});

describe('the value at risk', () => {
  it('is summed up in minor units, with the decimals of each currency', () => {
    const row = (currency: string, minor: number, name: DifferenceClass = 'missing_here'): DifferenceRow => {
      return [name, '', 'A', '', currency, String(minor), null, 'false'];
    };
    const rows = [
      row('JPY', 1980),
      row('JPY', 20),
      row('KWD', 1),
      row('KWD', 999),
      row('CNY', 1010),
      row('CLF', 5),
      row('CNY', 7, 'duplicate_row'),
    ];
    const { value_at_risk, differences } = readDifferences(rows, anytime);
    expect(value_at_risk).toEqual({ JPY: '2000', KWD: '1.000', CNY: '10.10', CLF: '0.0005' });
    expect(differences.find(({ currency }) => currency === 'KWD')?.value).toBe('0.001');
  });
});

describe('fees within rounding', () => {
  it('are told when they all go one way', () => {
    const drift = (orders: number, minor: number) => describeFeeDrift([{ currency: 'CNY', orders, minor }]);
    expect([drift(10_000, 290), drift(20, 20), drift(0, 0)]).toEqual([[], [], []]);
    expect(drift(10_000, -9_000).join()).toContain('90.00 CNY less than is booked here');
    expect(drift(900, 900).join()).toContain('9.00 CNY more than is booked here');
  });
});
