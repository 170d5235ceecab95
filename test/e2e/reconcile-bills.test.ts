/** Files of providers through the whole command. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../adapters/zip-writer.ts';
import { hasDuckdb } from '../duckdb.ts';
import {
  adyenSettlement,
  alipayDetail,
  alipaySummary,
  stripeReport,
  UNIONPAY_PAN,
  unionPayZm,
  unionPayZme,
  wechatBill,
  wechatFunds,
} from '../payments/reconcile/bills-of-providers.ts';
import { gbk } from '../payments/reconcile/gbk.ts';
import { type Desk, openDesk } from './oor.ts';

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
  mkdirSync(join(desk.folder, 'tmp'));
});
afterAll(() => desk.leave());

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(desk.folder, name), content);
  return name;
};

interface Found {
  readonly files: readonly {
    readonly file: string;
    readonly format: string;
    readonly encoding: string;
    readonly zone: string;
    readonly delimiter: string | null;
    readonly rows: number;
    readonly assumed: readonly string[];
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly { readonly class: string; readonly order_no: string; readonly value: string }[];
  readonly value_at_risk: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

const run = async (orders: readonly string[], statements: readonly string[], ...more: readonly string[]) =>
  await desk.run(['reconcile', '--orders', ...orders, '--statements', ...statements, ...more], { TMPDIR: join(desk.folder, 'tmp') });

async function found(orders: readonly string[], statements: readonly string[], ...more: readonly string[]): Promise<Found> {
  const ran = await run(orders, statements, '--json', ...more);
  if (ran.status !== 0 && ran.status !== 1) throw new Error(`exit ${ran.status}: ${ran.stdout}${ran.stderr}`);
  return JSON.parse(ran.stdout) as Found;
}

const HEADER = 'order_no,provider_ref,kind,amount,currency,status,time,fee\n';
const order = (no: string, amount: string, time = '2026-11-27T02:00:00Z', status = 'paid', ref = '', currency = 'CNY'): string =>
  `${no},${ref},payment,${amount},${currency},${status},${time},\n`;
const keys = ({ differences }: Found): readonly string[] => differences.map(({ class: name, order_no }) => `${name} ${order_no}`).sort();

const left = (): readonly string[] => readdirSync(join(desk.folder, 'tmp'));

describe.skipIf(!hasDuckdb)('oor reconcile with the files of providers', () => {
  it('takes the bills of all channels together, whatever they are packed in', async () => {
    const orders = file(
      'orders.csv',
      HEADER +
        order('W1', '10.00', '2026-11-26T16:30:00Z') +
        order('W2', '20.00', '2026-11-26T16:30:00Z', 'unpaid') +
        order('Z1', '8.00') +
        order('U1', '19.99') +
        order('X1', '5.00'),
    );
    const wechat = file(
      'wechat.csv.gz',
      gzipSync(
        wechatBill('ALL', [
          { state: 'SUCCESS', ref: '4201', order: 'W1', amount: '10.00', fee: '0.06000' },
          { state: 'SUCCESS', ref: '4202', order: 'W2', amount: '20.00', fee: '0.12000' },
        ]),
      ),
    );
    const alipay = file(
      'alipay.zip',
      makeZip([
        {
          name: gbk('bills/20886_20261127_业务明细.csv'),
          bytes: gbk(alipayDetail([{ business: '交易', ref: '2026Z1', order: 'Z1', amount: '8.00', fee: '-0.05' }])),
        },
        { name: gbk('bills/20886_20261127_业务明细(汇总).csv'), bytes: gbk(alipaySummary(1, 0)) },
      ]),
    );
    const payment = {
      type: '01',
      trace: '000001',
      time: '1127100000',
      minor: 1999,
      query: '202611271000000000018',
      order: 'U1',
      fee: 12,
      shop: '茶庄',
    };
    const unionpay = file(
      'unionpay.zip',
      makeZip([
        {
          name: 'INN26112788ZM_777290058110097',
          bytes: gbk(unionPayZm([payment, { ...payment, trace: '000002', query: '202611271000000000028' }])),
        },
        {
          name: 'INN26112788ZME_777290058110097',
          bytes: gbk(unionPayZme([{ code: 'E22', trace: '000009', time: '1120100000', minor: 700 }])),
        },
        { name: 'RD2010261127', bytes: Buffer.from('something else') },
      ]),
    );
    const answer = await found([orders], [wechat, alipay, unionpay]);
    expect(keys(answer)).toEqual(['dispute ', 'duplicate_charge U1', 'missing_at_provider X1', 'paid_not_recorded W2']);
    expect(answer.files.map(({ format, encoding, zone, delimiter }) => [format, encoding, zone, delimiter])).toEqual([
      ['csv', 'utf-8', 'UTC', ','],
      ['wechat.gz', 'utf-8', '+08:00', ','],
      ['alipay.zip', 'gb18030', '+08:00', ','],
      ['unionpay-zm.zip', 'gb18030', '+08:00', null],
      ['unionpay-zme.zip', 'utf-8', '+08:00', null],
    ]);
    expect(answer.files[2]?.file).toContain('alipay.zip: bills/20886_20261127_业务明细.csv');
    expect(answer.notes.join()).toContain('RD2010261127 is left out');
    const text = await run([orders], [wechat, alipay, unionpay]);
    expect(text.stdout).not.toContain(UNIONPAY_PAN);
    expect(text.stdout).toContain('control totals hold');
  });

  it('refuses an archive whose summary says another number, with both', async () => {
    const zip = file(
      'wrong.zip',
      makeZip([
        { name: gbk('业务明细(汇总).csv'), bytes: gbk(alipaySummary(2, 0)) },
        {
          name: gbk('业务明细.csv'),
          bytes: gbk(alipayDetail([{ business: '交易', ref: '2026Z1', order: 'Z1', amount: '8.00', fee: '0.00' }])),
        },
      ]),
    );
    const { status, stdout, stderr } = await run([file('o.csv', HEADER + order('Z1', '8.00'))], [zip]);
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toContain('wrong.zip: control total 交易订单总笔数 is 2 in the summary and 1 by the rows');
  });

  it('does not count a payment twice that the bill of trades and that of funds both list', async () => {
    const orders = file('o.csv', HEADER + order('W1', '10.00', '2026-11-26T16:30:00Z'));
    const trades = file('t.csv', wechatBill('SUCCESS', [{ state: 'SUCCESS', ref: '4201', order: 'W1', amount: '10.00', fee: '0.06000' }]));
    const funds = file('f.csv', wechatFunds([{ name: '交易', type: '交易', inward: true, amount: '10.00', ref: '4201', voucher: 'W1' }]));
    const both = await found([orders], [trades, funds]);
    expect(both.differences).toEqual([]);
    expect(both.notes.join()).toContain('f.csv lists the same payments');
    expect((await found([orders], [funds])).differences).toEqual([]);
  });

  describe('and two lists of one day', () => {
    const paidAt = (day: number) => `2026-11-${day} 09:00:00`;
    const paid = (day = 27) =>
      ({ state: 'SUCCESS', ref: `42W${day}`, order: `W${day}`, amount: '10.00', fee: '0', time: paidAt(day) }) as const;
    const back = (day = 27, of = day) =>
      ({ ...paid(of), state: 'REFUND', refund: { ref: `50W${day}`, amount: '4.00', time: paidAt(day) } }) as const;
    const flow = (name: string, days: readonly number[], kinds: string): string => {
      const of = (day: number) => [
        ...(kinds.includes('p')
          ? [{ name: '交易', type: '交易', inward: true, amount: '10.00', ref: `42W${day}`, voucher: `W${day}` }]
          : []),
        ...(kinds.includes('r')
          ? [{ name: '退款', type: '退款', inward: false, amount: '4.00', ref: `42W${day}`, voucher: `50W${day}` }]
          : []),
      ];
      let at = 0;
      const dayOf = days.flatMap((day) => of(day).map(() => day));
      return file(
        name,
        wechatFunds(days.flatMap(of)).replace(/2026-11-27/g, () => `2026-11-${dayOf[at++]}`),
      );
    };
    const bill = (name: string, ...given: Parameters<typeof wechatBill>): string => file(name, wechatBill(...given));
    const orders = (): string =>
      file(
        'o.csv',
        HEADER +
          [26, 27, 28]
            .map(
              (day) =>
                order(`W${day}`, '10.00', `2026-11-${day}T01:00:00Z`) +
                order(`W${day}`, '4.00', `2026-11-${day}T01:00:00Z`).replace('payment', 'refund'),
            )
            .join(''),
      );

    it.each([
      [
        'a bill of refunds',
        () => [bill('t.csv', 'REFUND', [back()]), flow('f.csv', [27], 'pr')],
        'f.csv: it lists payments or refunds that t.csv does not list',
      ],
      [
        'a bill of payments',
        () => [bill('t.csv', 'SUCCESS', [paid()]), flow('f.csv', [27], 'pr')],
        'f.csv: it lists payments or refunds that t.csv does not list',
      ],
      [
        'the flow named first',
        () => [flow('f.csv', [27], 'pr'), bill('t.csv', 'SUCCESS', [paid()])],
        'f.csv: it lists payments or refunds that t.csv does not list',
      ],
      [
        'a day with refunds only',
        () => [bill('t.csv', 'ALL', [back()]), flow('f.csv', [27], 'r')],
        'f.csv: it lists what t.csv lists too, and days',
      ],
      [
        'one day of several',
        () => [bill('t.csv', 'ALL', [paid(), back()]), flow('f.csv', [27, 28], 'pr')],
        'f.csv: it lists what t.csv lists too, and days',
      ],
      [
        'a day between',
        () => [bill('t.csv', 'ALL', [paid(26)]), bill('u.csv', 'ALL', [paid(28)]), flow('f.csv', [26, 27, 28], 'p')],
        'f.csv: it lists what t.csv, u.csv lists too, and days',
      ],
    ])('refuses %s beside the flow that lists more', async (_what, files, says) => {
      const { status, stdout, stderr } = await run([orders()], files());
      expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
      expect(stderr).toContain(says);
      expect(stderr).toContain('or this file alone');
    });

    it.each([
      ['bills of payments and of refunds', () => [bill('t.csv', 'SUCCESS', [paid()]), bill('u.csv', 'REFUND', [back()])], 'pr', [27]],
      ['a bill of refunds', () => [bill('t.csv', 'REFUND', [back()])], 'r', [27]],
      ['a bill for each day', () => [bill('t.csv', 'ALL', [paid(), back()]), bill('u.csv', 'ALL', [paid(28), back(28)])], 'pr', [27, 28]],
      ['bills of the days that moved', () => [bill('t.csv', 'ALL', [paid(26)]), bill('u.csv', 'ALL', [paid(28)])], 'p', [26, 28]],
      ['a bill of all kinds, where nothing went back on the account', () => [bill('t.csv', 'ALL', [paid(), back()])], 'p', [27]],
    ] as const)('counts %s, and not the flow', async (_what, bills, kinds, days) => {
      const both = await found([orders()], [...bills(), flow('f.csv', days, kinds)]);
      expect(both.notes.join()).toContain('f.csv lists the same payments');
      expect(both.differences).toEqual((await found([orders()], bills())).differences);
    });

    it.each([
      ['payments here and refunds there', () => bill('t.csv', 'REFUND', [back()]), 'p', 27],
      ['refunds of another day', () => bill('t.csv', 'REFUND', [back(28, 27)]), 'r', 27],
      ['refunds of payments of that day', () => bill('t.csv', 'ALL', [paid(28), back(28, 26)]), 'p', 26],
    ] as const)('counts both, with %s', async (_what, trades, kinds, day) => {
      const both = await found([orders()], [trades(), flow('f.csv', [day], kinds)]);
      expect(both.notes.join()).not.toContain('f.csv lists the same payments');
      expect(both.files.map(({ file: name }) => name)).toContain('f.csv');
    });
  });

  it('leaves out no list of another day, of the other side, or of a mapping that bears the name of a provider', async () => {
    const trades = (name: string, order_: string, day: string): string => {
      const row = { state: 'SUCCESS', ref: `42${order_}`, order: order_, amount: '10.00', fee: '0.06000', time: `2026-11-${day} 09:00:00` };
      return file(name, wechatBill('ALL', [{ ...row, state: 'SUCCESS' }]));
    };
    const funds = file('f.csv', wechatFunds([{ name: '交易', type: '交易', inward: true, amount: '10.00', ref: '42W1', voucher: 'W1' }]));
    const orders = file('o.csv', HEADER + order('W1', '10.00') + order('W2', '10.00'));
    const days = await found([orders], [trades('t.csv', 'W2', '26'), funds]);
    expect({ differences: days.differences, notes: days.notes.filter((note) => note.includes('same payments')) }).toEqual({
      differences: [],
      notes: [],
    });
    // What the shop books from its trades against what moved on the account.
    const sides = await found([trades('t.csv', 'W2', '27')], [funds]);
    expect(keys(sides)).toEqual(['missing_at_provider W2', 'missing_here W1']);
    const mapping = file(
      'wechat.yaml',
      'oor: 1\nside: statements\nfiles: ["own-*"]\ncolumns: { order_no: No, amount: Sum }\nconstants: { currency: CNY }\n',
    );
    const own = await found([orders], [file('own-1.csv', 'No;Sum\nW2;10.00\n'), funds], '--mapping', mapping);
    expect(own.differences).toEqual([]);
  });

  it('finds the orders of Stripe by the number that the shop keeps', async () => {
    const orders = file(
      'o.csv',
      HEADER +
        order('S1', '45.91', '2026-11-27T09:00:31Z', 'paid', 'pi_1', 'EUR') +
        order('S2', '5.00', '2026-11-27T09:00:31Z', 'paid', 'pi_2', 'EUR'),
    );
    const stripe = file(
      'stripe.csv',
      stripeReport([
        { category: 'charge', gross: '45.91', fee: '0.94', source: 'ch_1', charge: 'ch_1', intent: 'pi_1' },
        { category: 'charge', gross: '5.00', fee: '0.30', source: 'ch_2', charge: 'ch_2', intent: 'pi_2' },
        { category: 'refund', gross: '-5.00', source: 're_2', charge: 'ch_2', intent: 'pi_2' },
        { category: 'payout', gross: '-44.00', source: 'po_1' },
      ]),
    );
    const answer = await found([orders], [stripe]);
    expect(keys(answer)).toEqual(['refund_mismatch S2']);
  });

  it('says that a file lists payouts and no payments, and takes a day without any', async () => {
    const orders = file('o.csv', HEADER + order('S1', '45.91'));
    const payouts = await found([orders], [file('stripe.csv', stripeReport([{ category: 'payout', gross: '-44.00', source: 'po_1' }]))]);
    expect(payouts.notes.join()).toContain('stripe.csv lists no movements of orders');
    expect(keys(payouts)).toEqual(['missing_at_provider S1']);
    const quiet = await found([file('none.csv', HEADER)], [file('w.csv', wechatBill('ALL', []))]);
    expect(quiet).toMatchObject({ differences: [], counts: {} });
  });

  it('takes captures in parts for one payment, and a chargeback of Adyen for a dispute', async () => {
    const orders = file(
      'o.csv',
      HEADER +
        order('A1', '50.00', '2026-11-27T09:22:31Z', 'paid', '', 'EUR') +
        order('A2', '20.00', '2026-11-27T09:22:31Z', 'paid', '', 'EUR'),
    );
    const adyen = file(
      'adyen.csv',
      adyenSettlement([
        { type: 'Settled', psp: 'PSP1', order: 'A1', modification: 'M1', gross: '45.99', net: '45.10' },
        { type: 'Settled', psp: 'PSP1', order: 'A1', modification: 'M2', gross: '4.01', net: '3.90' },
        { type: 'Settled', psp: 'PSP2', order: 'A2', modification: 'M3', gross: '20.00', net: '20.00' },
        { type: 'Chargeback', psp: 'PSP2', order: 'A2', modification: 'C1', gross: '-20.00', net: '-35.00' },
        { type: 'MerchantPayout', net: '-34.00' },
      ]),
    );
    expect(keys(await found([orders], [adyen]))).toEqual(['dispute A2']);
  });

  it('reads any table by a mapping, and suggests one where it has none', async () => {
    const orders = file('o.csv', HEADER + order('A1', '12.50', '2026-11-27T10:00:00Z', 'paid', '', 'EUR'));
    const table = 'Bestell-Nr;Betrag;Datum;Stand\nA1;12,50;27.11.2026 11:00;ok\n';
    const statement = file('bank.csv', table);
    const refused = await run([orders], [statement]);
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 65, stdout: '' });
    expect(refused.stderr).toContain('bank.csv: line 1: there is no column');
    expect(refused.stderr).toContain('order_no: "Bestell-Nr"');
    expect(refused.stderr).toContain('amount: "Betrag"');
    expect(refused.stderr).toContain('--mapping');
    expect(refused.stderr).toContain('format: "DD.MM.YYYY HH:mm"');
    const mapping = file(
      'bank.yaml',
      'oor: 1\ncolumns: { order_no: Bestell-Nr, amount: Betrag, time: Datum, status: Stand }\nconstants: { currency: EUR }\ndecimal: ","\ntime: { format: "DD.MM.YYYY HH:mm", zone: Europe/Berlin }\nwords: { status: { ok: paid } }\n',
    );
    const answer = await found([orders], [statement], '--mapping', mapping);
    expect(answer).toMatchObject({ differences: [], notes: [] });
    expect(answer.files[1]).toMatchObject({ format: 'bank', delimiter: ';', zone: 'Europe/Berlin' });
    expect(answer.files[1]?.assumed.join()).toContain('no totals of its own');
    const wrong = await run([orders], [statement], '--mapping', file('bad.yaml', 'oor: 1\ncolumns: { amount: Betrag, colour: x }\n'));
    expect(wrong.status).toBe(65);
    expect(wrong.stderr).toContain('bad.yaml:2:28: error: unknown key colour');
    const idle = await run([orders], [file('plain.csv', HEADER + order('A1', '12.50'))], '--mapping', mapping);
    expect(idle.stderr).toContain('bank.yaml: the mapping fits none of the files');
  });

  it('shows a mapping in its help', async () => {
    const { stdout, status } = await desk.run(['reconcile', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('columns: { order_no: Ref');
  });

  it.each([
    ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(HEADER + order('支付单1', '1.00'), 'utf16le')])],
    ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(HEADER + order('支付单1', '1.00'), 'utf16le').swap16()])],
    ['gb18030', gbk(HEADER + order('支付单1', '1.00'))],
    ['utf-8', Buffer.from(`\uFEFF${HEADER}${order('支付单1', '1.00')}`)],
  ])('reads %s', async (encoding, bytes) => {
    const answer = await found([file('o.csv', HEADER + order('支付单1', '1.00'))], [file('s.csv', bytes)]);
    expect(answer.differences).toEqual([]);
    expect(answer.files[1]?.encoding).toBe(encoding);
  });

  it('reads GB 18030 whose Chinese begins after a megabyte', async () => {
    const rows = HEADER + Array.from({ length: 30_000 }, (_, index) => order(`A${index}`, '1.00')).join('') + order('支付单1', '1.00');
    const answer = await found([file('o.csv', rows)], [file('s.csv', gbk(rows))]);
    expect(answer.differences).toEqual([]);
    expect(answer.files[1]?.encoding).toBe('gb18030');
  });

  const detail = gbk(alipayDetail([{ business: '交易', ref: '2026Z1', order: 'Z1', amount: '8.00', fee: '0.00' }]));
  const zip = makeZip([{ name: 'a.csv', bytes: detail }]);
  const bad: readonly (readonly [what: string, name: string, bytes: Buffer | string, says: string])[] = [
    ['a zip that is cut off', 'bad.zip', zip.subarray(0, zip.length - 30), 'cut off'],
    ['a zip with a name that leads out', 'bad.zip', makeZip([{ name: '../x.csv', bytes: detail }]), 'leads out of it: "../x.csv"'],
    ['a zip that is encrypted', 'bad.zip', makeZip([{ name: 'a.csv', bytes: detail, flags: 1 }]), 'is encrypted'],
    ['a bomb', 'bad.zip', makeZip([{ name: 'a.csv', bytes: Buffer.alloc(8 * 1024 * 1024, 'a') }]), 'is a bomb'],
    ['an archive in an archive', 'bad.zip', makeZip([{ name: 'a.zip', bytes: zip }]), 'bad.zip: a.zip: it is an archive in an archive'],
    ['a zip of nothing', 'bad.zip', makeZip([]), 'there is no table of payments in it'],
    [
      'a member that is no table',
      'bad.zip',
      makeZip([{ name: 'notes.txt', bytes: Buffer.from('hello\nworld\n') }]),
      'bad.zip: notes.txt: line 1: there is only one column',
    ],
    [
      'a member that is cut off',
      'bad.zip',
      makeZip([{ name: 'a.csv', bytes: detail.subarray(0, detail.length - 300) }]),
      'bad.zip: a.csv: line',
    ],
    [
      'a bill of a wrong encoding',
      'bad.csv',
      Buffer.concat([Buffer.from(wechatBill('ALL', [])), Buffer.from([0xff, 0xff, 0x0a])]),
      'bad.csv: ',
    ],
    [
      'a bill with a zero byte',
      'bad.csv',
      wechatBill('ALL', [{ state: 'SUCCESS', ref: '42', order: 'W\0', amount: '1.00', fee: '0.00000' }]),
      'bad.csv: line 2: there is a zero byte',
    ],
    [
      'a bill with a formula',
      'bad.csv',
      wechatBill('ALL', [{ state: 'SUCCESS', ref: '42', order: '=cmd|x', amount: '1.00', fee: '0.00000' }]),
      'bad.csv: line 2: a cell begins like a formula',
    ],
    [
      'a bill that was joined to itself',
      'bad.csv',
      wechatBill('ALL', [])
        .repeat(2)
        .replace(/(?!^)\uFEFF/g, ''),
      'bad.csv: line 4: the header is repeated',
    ],
  ];
  it.each(bad)('refuses %s, with the file, exit 65, and leaves nothing', async (_what, name, bytes, says) => {
    const { status, stdout, stderr } = await run([file('o.csv', HEADER + order('Z1', '8.00'))], [file(name, bytes)]);
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toContain(name);
    expect(stderr).toContain(says);
    expect(left()).toEqual([]);
  });

  const PAN = '4111111111111111';
  const COLUMNS = ['order_no', 'provider_ref', 'kind', 'amount', 'currency', 'status', 'time', 'fee'];
  it.each(COLUMNS)('lets no card number out that stands in %s', async (column) => {
    const cells: Record<string, string> = {
      order_no: 'A1',
      provider_ref: 'R1',
      kind: 'payment',
      amount: '1.00',
      currency: 'CNY',
      status: 'paid',
      time: '',
      fee: '',
    };
    const bad_ = `${HEADER}${COLUMNS.map((name) => (name === column ? PAN : cells[name])).join(',')}\n`;
    const named = `${HEADER.trim()},card ${PAN}\n${COLUMNS.map((name) => cells[name]).join(',')},${PAN}\n`;
    const orders = file('o.csv', HEADER + order('A2', '1.00'));
    for (const format of ['text', 'json', 'csv', 'html', 'md'])
      for (const statement of [file('bad.csv', bad_), file('named.csv', named)]) {
        const { stdout, stderr, status } = await run([orders], [statement], '--format', format);
        expect([0, 1, 65]).toContain(status);
        expect(stdout + stderr).not.toContain(PAN);
      }
    const sql = await run([orders], [file('named.csv', named)], '--print-sql');
    expect(sql.stdout + sql.stderr).not.toContain(PAN);
  });

  it('lets no card number of a bill out, whatever is wrong with it', async () => {
    const orders = file('o.csv', HEADER + order('A2', '1.00'));
    const rows = [{ state: 'SUCCESS', ref: PAN, order: PAN, amount: '1.00', fee: '0.00000' }] as const;
    for (const text of [
      wechatBill('ALL', rows),
      wechatBill('ALL', [{ ...rows[0], amount: PAN.slice(0, 16) }]),
      wechatBill('ALL', [{ ...rows[0], state: PAN as 'SUCCESS' }]),
    ]) {
      const { stdout, stderr } = await run([orders], [file('bad.csv', text)], '--json');
      expect(stdout + stderr).not.toContain(PAN);
    }
  });

  describe('and a window', () => {
    const hour = 3_600_000;
    const at = (hoursAgo: number): string => new Date(Date.now() - hoursAgo * hour).toISOString();
    it('tells what moved in it and in the half hour at each end, and says so', async () => {
      const orders = file(
        'o.csv',
        HEADER +
          order('OLD', '1.00', at(9)) +
          order('EDGE', '2.00', at(3.3)) +
          order('IN', '4.00', at(2)) +
          order('LATE', '8.00', at(0.2)) +
          order('BOTH', '1.00', at(2)),
      );
      const statements = file('s.csv', HEADER + order('BOTH', '1.00', at(2)));
      const whole = await found([orders], [statements]);
      expect(whole.differences.map(({ order_no }) => order_no).sort()).toEqual(['EDGE', 'IN', 'LATE', 'OLD']);
      const some = await found([orders], [statements], '--since', '3h', '--until', '1h');
      expect(some.differences.map(({ order_no }) => order_no).sort()).toEqual(['EDGE', 'IN']);
      expect(some.value_at_risk).toEqual({ CNY: '6.00' });
      expect(some.notes.join('; ')).toMatch(/the files were compared whole.*30 min at each end.*2 differences lie outside/);
      expect((await run([orders], [statements], '--since', '1h', '--until', '3h')).status).toBe(2);
    });

    it('takes bare times for those of --tz', async () => {
      const orders = file(
        'o.csv',
        HEADER +
          order('A1', '10.00', '2026-11-27 00:30:00') +
          order('A2', '10.00', '2026-11-27 08:30:00') +
          order('A3', '10.00', '2026-11-27 23:30:00'),
      );
      const bill = file(
        'w.csv',
        wechatBill(
          'ALL',
          ['00:30:00', '08:30:00', '23:30:00'].map((time, index) => ({
            state: 'SUCCESS',
            ref: `42${index}`,
            order: `A${index + 1}`,
            amount: '10.00',
            fee: '0.06000',
            time: `2026-11-27 ${time}`,
          })),
        ),
      );
      expect((await found([orders], [bill], '--tz', 'Asia/Shanghai')).notes).toEqual([]);
      expect((await found([orders], [bill])).notes.join()).toContain('8.0 h');
    });

    it('says that an extract of a UTC day does not cover a bill of a Beijing day', async () => {
      const day = Date.UTC(2026, 10, 27);
      const times = (from: number): readonly string[] =>
        Array.from({ length: 48 }, (_, index) => new Date(from + index * hour * 0.5).toISOString());
      const orders = file(
        'utc.csv',
        HEADER +
          times(day)
            .map((time) => order(`A${time}`, '10.00', time))
            .join(''),
      );
      const bill = file(
        'beijing.csv',
        wechatBill(
          'ALL',
          times(day - 8 * hour).map((time, index) => ({
            state: 'SUCCESS',
            ref: `42${index}`,
            order: `A${time}`,
            amount: '10.00',
            fee: '0.06000',
            time: new Date(Date.parse(time) + 8 * hour).toISOString().slice(0, 19).replace('T', ' '),
          })),
        ),
      );
      const { counts, notes } = await found([orders], [bill]);
      expect(counts).toEqual({ cross_day: 32 });
      expect(notes.join()).toContain('the days of the orders begin 8.0 h after those of the statements');
    });
  });
});
