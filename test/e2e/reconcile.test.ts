import { execFileSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../adapters/processes.ts';
import { hasDuckdb } from '../duckdb.ts';
import { HEADER, type Planted, plantOrders } from '../payments/reconcile/planted.ts';
import { type Desk, openDesk } from './oor.ts';
import { KEY, startPty } from './pty.ts';

interface Found {
  readonly files: readonly { readonly rows: number; readonly assumed: readonly string[] }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly (Planted & {
    readonly action: string;
    readonly provider_ref: string;
    readonly value: string;
    readonly reason: string;
  })[];
  readonly value_at_risk: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
});
afterAll(() => desk.leave());

const file = (name: string, text: string | Buffer): string => {
  writeFileSync(join(desk.folder, name), text);
  return name;
};

async function reconcile(orders: readonly string[], statements: readonly string[], ...more: readonly string[]) {
  return await desk.run(['reconcile', '--orders', ...orders, '--statements', ...statements, ...more]);
}

async function found(orders: readonly string[], statements: readonly string[], ...more: readonly string[]): Promise<Found> {
  const ran = await reconcile(orders, statements, '--json', ...more);
  if (ran.status !== 0 && ran.status !== 1) throw new Error(`exit ${ran.status}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as Found;
}

function plant(count: number, options?: Parameters<typeof plantOrders>[2]): readonly Planted[] {
  const [orders, statements] = ['orders.csv', 'statements.csv'].map((name) => openSync(join(desk.folder, name), 'w')) as [number, number];
  const planted = plantOrders(
    count,
    { orders: (line) => writeSync(orders, line), statements: (line) => writeSync(statements, line) },
    options,
  );
  closeSync(orders);
  closeSync(statements);
  return planted;
}

interface Repairs {
  readonly digest: string;
  readonly approval: { readonly proposed_by: string; readonly approved_by: string };
  readonly repairs: readonly { readonly idempotency_key: string; readonly value: string }[];
}

function asJsonLines(name: string): string {
  const [header = '', ...rows] = readFileSync(join(desk.folder, name), 'utf8').trimEnd().split('\n');
  const columns = header.split(',');
  const shown = rows.map((cells) => JSON.stringify(Object.fromEntries(cells.split(',').map((cell, at) => [columns[at], cell]))));
  return file(`${name}.jsonl`, `${shown.join('\n')}\n`);
}

type Write = (line: string) => void;

const keys = (differences: readonly Planted[]): readonly string[] =>
  differences.map(({ class: name, order_no }) => `${name} ${order_no}`).sort();
const row = (...cells: readonly string[]): string => `${cells.join(',')}\n`;

describe.skipIf(!hasDuckdb)('oor reconcile', () => {
  it('finds in ten thousand orders what was planted, and nothing else', async () => {
    const planted = plant(10_000);
    expect(new Set(planted.map(({ class: name }) => name)).size).toBe(12);
    const { differences } = await found(['orders.csv'], ['statements.csv']);
    expect(keys(differences)).toEqual(keys(planted));
  });

  it.each([1, 20_261_128, 77, 4242])('finds what was drawn by chance (%i), of two channels after a switch', async (seed) => {
    const sides = ['orders.csv', 'statements.csv', 'other.csv'].map((name) => openSync(join(desk.folder, name), 'w'));
    const [orders, statements, others] = sides.map((side) => (line: string) => void writeSync(side, line)) as [Write, Write, Write];
    const planted = plantOrders(3000, { orders, statements, others }, { every: 3, seed });
    for (const side of sides) closeSync(side);
    const { differences } = await found(['orders.csv'], ['statements.csv', 'other.csv']);
    expect(keys(differences)).toEqual(keys(planted));
    const doubles = differences.filter(({ class: name }) => name === 'duplicate_charge').map(({ reason }) => reason);
    expect(doubles).toContain('across-channels');
    expect(doubles).toEqual([...doubles].sort());
  });

  it('takes one number for one whatever blanks are around it, with the sieve and without', async () => {
    // The first rows always go on to the database.
    const paid = (no: string, ref: string): string => row(no, ref, 'payment', '10.00', 'CNY', 'paid', '2026-11-27T10:00:00Z', '');
    const rows = Array.from({ length: 1500 }, (_, at) => paid(`B${at}`, `T${at}`)).join('');
    const last = row('Z9', 'TZ9', 'payment', '10.00', 'CNY', 'paid', '2026-11-27T12:00:00Z', '');
    for (const blank of ['\t', '\u3000', ' \t'])
      for (const doubled of ['orders', 'statements']) {
        const text = (side: string): string => HEADER + rows + paid('A1', 'R1') + (side === doubled ? paid(`A1${blank}`, 'R2') : '') + last;
        const [orders, statements] = [file('o.csv', text('orders')), file('s.csv', text('statements'))];
        const sieved = await found([orders], [statements]);
        const whole = await found([orders], [asJsonLines(statements)]);
        expect(sieved.differences).toHaveLength(1);
        expect(sieved.differences).toEqual(whole.differences);
        expect(sieved.counts).toEqual(whole.counts);
      }
  });

  it.each([
    ['order_no', '\u00a0=1', 'R1'],
    ['provider_ref', 'A1', '\u2003+cmd'],
    ['provider_ref', 'A1', '=1'],
  ])('says that the %s is a formula', async (column, no, ref) => {
    const good = file('o.csv', HEADER + row('A1', 'R1', 'payment', '1.00', 'CNY', 'paid', '', ''));
    const bad = file('s.csv', HEADER + row(no, ref, 'payment', '1.00', 'CNY', 'paid', '', ''));
    for (const each of [bad, asJsonLines(bad)]) {
      const { status, stderr } = await reconcile([good], [each]);
      expect(status).toBe(65);
      expect(stderr).toContain(`${column} begins like a formula of a spreadsheet`);
    }
  });

  it('says the same of JSON lines, which are compared whole', async () => {
    plant(2000);
    const csv = await found(['orders.csv'], ['statements.csv']);
    const whole = await found([asJsonLines('orders.csv')], [asJsonLines('statements.csv')]);
    expect(whole.differences).toEqual(csv.differences);
    expect(whole.files.map(({ rows }) => rows)).toEqual(csv.files.map(({ rows }) => rows));
  });

  it.each(['csv', 'jsonl'])('knows words that stand far from the beginning (%s)', async (format) => {
    const many = (last: string): string =>
      HEADER +
      Array.from({ length: 9000 }, (_, at) => row(`A${at}`, `R${at}`, 'payment', '1.00', 'CNY', at < 8000 ? 'paid' : last, '', '')).join(
        '',
      );
    const given = (name: string, last: string): string => {
      file(`${name}.csv`, many(last));
      return format === 'csv' ? `${name}.csv` : asJsonLines(`${name}.csv`);
    };
    const { counts, files } = await found([given('o', 'captured')], [given('s', 'approved')]);
    expect(counts).toEqual({});
    expect(files.map(({ rows }) => rows)).toEqual([9000, 9000]);
    const { status, stderr } = await reconcile([given('o', 'captured')], [given('s', 'blurred')]);
    expect(status).toBe(65);
    expect(stderr).toContain(`row ${format === 'csv' ? 8002 : 8001}: status "blurred" is a word that oor does not know; 999 more rows`);
  });

  it('reads a table with an empty line all the same', async () => {
    const paid = (order: string): string => row(order, '', 'payment', '1.00', 'CNY', 'paid', '', '');
    const orders = file('o.csv', `${HEADER}${paid('A1')}\n${paid('A2')}`);
    const { counts } = await found([orders], [file('s.csv', HEADER + paid('A1'))]);
    expect(counts).toEqual({ missing_at_provider: 1 });
  });

  it('says the later charge, its value and the repair', async () => {
    const orders = file('o.csv', HEADER + row('A1', 'R1', 'payment', '19.98', 'CNY', 'paid', '2026-11-27T10:00:00Z', ''));
    const first = file('wechat.csv', HEADER + row('A1', 'R1', 'payment', '19.98', 'CNY', 'success', '2026-11-27T10:00:00Z', ''));
    const second = file('alipay.csv', HEADER + row('A1', 'Z9', 'payment', '19.98', 'CNY', 'success', '2026-11-27T18:00:20+08:00', ''));
    const { differences, value_at_risk } = await found([orders], [first, second]);
    expect(differences).toMatchObject([
      {
        class: 'duplicate_charge',
        order_no: 'A1',
        provider_ref: 'Z9',
        value: '19.98',
        action: 'refund-later-charge',
        reason: 'across-channels',
      },
    ]);
    expect(value_at_risk).toEqual({ CNY: '19.98' });
  });

  it('finds an order by the transaction id where the statement does not name it', async () => {
    const orders = file('o.csv', HEADER + row('A1', 'R1', 'payment', '5.00', 'CNY', 'unpaid', '2026-11-27T10:00:00Z', ''));
    const statements = file('s.csv', HEADER + row('', 'R1', 'payment', '5.00', 'CNY', 'success', '2026-11-27T10:00:00Z', ''));
    const { differences } = await found([orders], [statements]);
    expect(differences).toMatchObject([{ class: 'paid_not_recorded', order_no: 'A1' }]);
  });

  it('calls cross-day what only one side covers, when the days are cut apart', async () => {
    const spread = (from: number, count: number): string =>
      Array.from({ length: count }, (_, at) => {
        const time = new Date(from + at * 600_000).toISOString();
        return row(`A${time.slice(5, 16)}`, '', 'payment', '1.00', 'CNY', 'paid', time, '');
      }).join('');
    const orders = file('o.csv', HEADER + spread(Date.UTC(2026, 10, 27), 144));
    const statements = file('s.csv', HEADER + spread(Date.UTC(2026, 10, 26, 16), 144));
    const { counts, notes } = await found([orders], [statements]);
    expect(counts).toEqual({ cross_day: 96 });
    expect(notes.join()).toContain('begin 8.0 h after');
    const same = file('same.csv', HEADER + spread(Date.UTC(2026, 10, 27), 143));
    expect((await found([orders], [same])).counts).toEqual({ missing_at_provider: 1 });
  });

  it('reads tabs, JSON lines, GBK and gzip, and says what it assumed', async () => {
    const header = 'order_no\tprovider_ref\tkind\tamount\tcurrency\tstatus\ttime\tfee\n';
    const orders = file('o.tsv', `${header}A1\tR1\tpayment\t1,234.50\tCNY\tpaid\t2026-11-27 10:00:00\t\n`);
    const jsonl = file(
      's.jsonl',
      '{"order_no":"A1","provider_ref":"R1","amount":1234.5,"currency":"CNY","status":"success","time":"2026-11-27T02:00:00Z"}\n',
    );
    const { differences, files } = await found([orders], [jsonl], '--tz', '+08:00');
    expect(differences).toEqual([]);
    expect(files[1]?.assumed.join()).toContain('every row is a payment');
    // 支付成功 in GBK
    const gbk = Buffer.concat([
      Buffer.from(`${HEADER}A1,R1,payment,1234.50,CNY,`),
      Buffer.from('d6a7b8b6b3c9b9a6', 'hex'),
      Buffer.from(',2026-11-27 10:00:00,\n'),
    ]);
    const packed = file('s.csv.gz', gzipSync(gbk));
    const read = await found([orders], [packed], '--tz', 'Asia/Shanghai');
    expect(read.differences).toEqual([]);
    expect(read.files[1]?.assumed.join()).toContain('gb18030');
  });

  it('reads JSON behind a byte order mark, numbers with a tab behind, and Chinese columns and kinds', async () => {
    const orders = file(
      'o.csv',
      HEADER + row('A1', 'R1', 'payment', '1.50', 'CNY', 'paid', '', '') + row('A1', 'R2', 'refund', '1.50', 'CNY', 'paid', '', ''),
    );
    const objects = [
      { order_no: 'A1', provider_ref: 'R1', kind: 'payment', amount: 1.5, currency: 'CNY', status: 'paid' },
      { order_no: 'A1', provider_ref: 'R2', kind: 'refund', amount: 1.5, currency: 'CNY', status: 'paid' },
    ];
    const jsonl = `\uFEFF${objects.map((each) => JSON.stringify(each)).join('\n')}\n`;
    const tabs = `${HEADER}A1\t,"R1\t",payment,1.50,CNY,paid\t,,\nA1\t,R2\t,refund,1.50,CNY,paid,,\n`;
    const chinese = '订单号,流水号,业务类型,支付金额,币种,状态,时间\nA1,R1,支付,1.50,人民币,支付成功,\nA1,R2,退款,1.50,人民币,成功,\n';
    for (const [name, text] of [
      ['s.jsonl', jsonl],
      ['s.jsonl.gz', gzipSync(jsonl)],
      ['s.csv', tabs],
      ['z.csv', chinese],
    ] as const) {
      const { differences, files } = await found([orders], [file(name, text)]);
      expect({ name, differences, rows: files[1]?.rows }).toEqual({ name, differences: [], rows: 2 });
    }
  });

  it('says that one side is in another zone', async () => {
    const lines = (hour: number): string =>
      Array.from({ length: 9 }, (_, at) => row(`A${at}`, '', 'payment', '1', 'CNY', 'paid', `2026-11-27 ${hour}:00:0${at}`, '')).join('');
    const { notes } = await found([file('o.csv', HEADER + lines(10))], [file('s.csv', HEADER + lines(18))]);
    expect(notes.join()).toContain('8.0 h later');
  });

  it('lets no card number out', async () => {
    const orders = file('o.csv', HEADER + row('A1', '4111111111111111', 'payment', '1.00', 'CNY', 'paid', '', ''));
    const statements = file('s.csv', HEADER + row('6221558812340000', '5555555555554444', 'payment', '1.00', 'CNY', 'success', '', ''));
    for (const format of ['json', 'csv', 'html', 'md', 'text']) {
      const { stdout, stderr, status } = await reconcile([orders], [statements], '--format', format);
      expect(status).toBe(1);
      expect(stdout).toContain('A1');
      expect(stdout + stderr).not.toMatch(/4111111111111111|5555555555554444/);
    }
  });

  const WECHAT_COLUMNS =
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,' +
    '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
  const wechat = (count: number): string => {
    const line = (
      ref: string,
      order: string,
      state: string,
      paid: string,
      refund: readonly [string, string, string],
      fee: string,
    ): string =>
      `\`${['2026-11-27 00:30:00', 'wx1', '1900', '0', '', ref, order, 'o1', 'JSAPI', state, 'CMB', 'CNY', paid, '0.00', refund[0], refund[0], refund[1], '0.00', '', refund[2], 'tea, milk', '', fee, '0.60%', paid, refund[1], ''].join(',`')}\n`;
    const none = ['0', '0.00', ''] as const;
    return `\uFEFF${WECHAT_COLUMNS}\n${line('42001', 'A1', 'SUCCESS', '10.00', none, '0.06000')}${line('42002', 'A2', 'SUCCESS', '20.00', none, '0.12000')}${line('42001', 'A1', 'REFUND', '0.00', ['50001', '3.00', 'SUCCESS'], '-0.02000')}总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n\`${count},\`30.00,\`3.00,\`0.00,\`0.16000,\`30.00,\`3.00\n`;
  };

  it('reads a bill of WeChat Pay, and refuses one that does not add up with the numbers', async () => {
    const orders = file(
      'o.csv',
      `${HEADER}${row('A1', '42001', 'payment', '10.00', 'CNY', 'paid', '2026-11-26T16:30:00Z', '0.06')}${row('A2', '42002', 'payment', '20.00', 'CNY', 'unpaid', '2026-11-26T16:30:00Z', '')}`,
    );
    const { differences, files } = await found([orders], [file('bill.csv', wechat(3))]);
    expect(differences).toMatchObject([
      { class: 'paid_not_recorded', order_no: 'A2', value: '20.00' },
      { class: 'refund_mismatch', order_no: 'A1', value: '3.00', reason: 'refund-only-there' },
    ]);
    expect(files[1]).toMatchObject({ format: 'wechat', rows: 3, zone: '+08:00' });
    const refused = await reconcile([orders], [file('bill.csv', wechat(4))]);
    expect(refused).toMatchObject({ status: 65, stdout: '' });
    expect(refused.stderr).toContain('bill.csv: line 6: control total 总交易单数 is 4 in the file and 3 by its rows');
    const cut = await reconcile([orders], [file('bill.csv', wechat(3).split('总交易单数')[0] ?? '')]);
    expect(cut.status).toBe(65);
    expect(cut.stderr).toContain('ends before its totals');
  });

  it('reads a bill of Alipay in GBK', async () => {
    // 支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,商家实收（元）,服务费（元）,退款批次号/请求号 and rows of 交易 and 退款
    const head =
      'd6a7b8b6b1a6bdbbd2d7bac52cc9ccbba7b6a9b5a5bac52cd2b5cef1c0e0d0cd2ccdeab3c9cab1bce42cb6a9b5a5bdf0b6eea3a8d4aaa3a92cc9ccbcd2cab5cad5a3a8d4aaa3a92cb7fecef1b7d1a3a8d4aaa3a92ccdcbbfeec5fab4cebac52fc7ebc7f3bac50a';
    const [trade, refund] = ['bdbbd2d7', 'cdcbbfee'].map((hex) => Buffer.from(hex, 'hex'));
    const [sum, each] = ['bacfbcc6a3ba', 'b1caa3acc9ccbcd2cab5cad5b9b2'].map((hex) => Buffer.from(hex, 'hex'));
    const bill = (received: string): Buffer =>
      Buffer.concat(
        [
          '#x\n',
          Buffer.from(head, 'hex'),
          '2026A\t,A1\t,',
          trade ?? '',
          ',2026-11-27 10:00:00,8.00,8.00,-0.05,\n2026A\t,A1\t,',
          refund ?? '',
          ',2026-11-27 11:00:00,-8.00,-8.00,0.05,RF1\n#',
          trade ?? '',
          sum ?? '',
          '1',
          each ?? '',
          `${received}`,
          Buffer.from('d4aa0a', 'hex'),
        ].map((part) => Buffer.from(part as string)),
      );
    const orders = file('o.csv', HEADER + row('A1', '2026A', 'payment', '8.00', 'CNY', 'paid', '2026-11-27T02:00:00Z', '0.05'));
    const { differences, files } = await found([orders], [file('alipay.csv', bill('8.00'))]);
    expect(differences).toMatchObject([{ class: 'refund_mismatch', order_no: 'A1', value: '8.00' }]);
    expect(files[1]).toMatchObject({ format: 'alipay', encoding: 'gb18030' });
    const { status, stderr } = await reconcile([orders], [file('alipay.csv', bill('9.00'))]);
    expect(status).toBe(65);
    expect(stderr).toContain('is 9.00 in the file and 8.00 by its rows');
  });

  const good = row('A1', 'R1', 'payment', '1.00', 'CNY', 'paid', '2026-11-27T10:00:00Z', '');
  const bad: readonly (readonly [what: string, text: string | Buffer, says: string])[] = [
    [
      'an amount finer than its currency',
      HEADER + good + row('A2', 'R2', 'payment', '1.005', 'CNY', 'paid', '', ''),
      'row 3: amount "1.005"',
    ],
    ['a word that nobody knows', HEADER + good + row('A2', 'R2', 'payment', '1.00', 'CNY', 'blurred', '', ''), 'row 3: status "blurred"'],
    ['a time that is none', HEADER + row('A2', 'R2', 'payment', '1.00', 'CNY', 'paid', 'yesterday', ''), 'row 2: time "yesterday"'],
    ['a repeated header', HEADER + good + HEADER + good, 'row 3: the header is repeated'],
    ['a formula', HEADER + good + row('=cmd|1', 'R2', 'payment', '1.00', 'CNY', 'paid', '', ''), 'row 3: order_no begins like a formula'],
    ['a short line', `${HEADER}${good}A2,R2\n`, 'line 3: 2 cells where the header has 8'],
    ['an open quote', `${HEADER}${good}"A2,R2,payment,1.00,CNY,paid,,\n`, 'line 3: a quote is not closed'],
    ['a zero byte', `${HEADER}${good}A\0,R2,payment,1.00,CNY,paid,,\n`, 'line 3: there is a zero byte'],
    ['a million columns', `${'a,'.repeat(1_000_000)}\n`, 'more than 1000 columns'],
    ['a line without an end', HEADER + good + 'A'.repeat(3_000_000), 'line 3 is longer than'],
    ['a missing column', 'order_no,amount\nA1,1\n', 'there is no column currency'],
    [
      'two encodings',
      Buffer.concat([Buffer.from(HEADER + good.repeat(30_000)), Buffer.from([0xd6, 0xa7, 0xff, 0x0a])]),
      'not in one encoding',
    ],
    ['too many cells', `${HEADER}${good}${'x,'.repeat(500_000)}\n`, 'line 3: more cells than the 8 of the header'],
    [
      'a letter of another encoding',
      Buffer.from(`${HEADER}${good}A\u00e92,R2,payment,1.00,CNY,paid,,\n`, 'latin1'),
      'line 3: it is neither UTF-8',
    ],
    ['a formula behind a tab', `${HEADER}${good}"\t=cmd|1",R2,payment,1.00,CNY,paid,,\n`, 'row 3: order_no begins like a formula'],
    [
      'a formula of wide signs',
      HEADER + good + row('＝cmd|1', 'R2', 'payment', '1.00', 'CNY', 'paid', '', ''),
      'row 3: order_no begins like a',
    ],
    ['a word that an object inherits', HEADER + row('A1', 'R1', 'constructor', '1.00', 'CNY', 'paid', '', ''), 'row 2: kind "constructor"'],
    ['JSON that is cut off', '{"order_no":"A1","amount":1,"currency":"CNY"}\n\n{"order_no":\n', 'line 3: it is no JSON object'],
    ['JSON that is no object', '{"order_no":"A1","amount":1,"currency":"CNY"}\n[1,2]\n', 'line 2: it is no JSON object'],
    ['an array of JSON', '[{"order_no":"A1","amount":1,"currency":"CNY"}]\n', 'line 1: it is an array of JSON'],
    ['lines of an old Mac', (HEADER + good).replaceAll('\n', '\r'), 'line 1: its lines end with CR alone'],
    ['a note to a spreadsheet', `sep=,\n${HEADER}${good}`, 'line 1: "sep=," is a note to a spreadsheet'],
    ['one column', 'hello\nworld\n', 'line 1: there is only one column'],
    ['nothing', '', 'it is empty'],
    ['a gzip file that is cut off', gzipSync(Buffer.from(HEADER + good.repeat(1000))).subarray(0, 60), 'cut off'],
  ];
  it.each(bad)('refuses %s, with the file and the row, and prints nothing else', async (_what, text, says) => {
    const statements = file('bad.csv', text);
    const { status, stdout, stderr } = await reconcile([file('o.csv', HEADER + good)], [statements]);
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toContain('bad.csv: ');
    expect(stderr).toContain(says);
  });

  /** Long to read, soon written. */
  const endless = (name: string, format: 'csv' | 'jsonl'): string => {
    const [cells, object] = [good, `${JSON.stringify({ order_no: 'A1', amount: '1.00', currency: 'CNY', status: 'paid' })}\n`];
    return file(`${name}.${format}`, format === 'csv' ? HEADER + cells.repeat(1_500_000) : object.repeat(1_500_000));
  };
  it.each(['csv', 'jsonl'] as const)('leaves nothing behind, stopped by Ctrl-C (%s)', async (format) => {
    const tmp = mkdtempSync(join(desk.folder, 'tmp-'));
    const files = ['o', 's'].map((name) => endless(name, format)) as [string, string];
    const { child, ended } = desk.start(['reconcile', '--orders', files[0], '--statements', files[1], '--json', '--repairs', 'left.json'], {
      TMPDIR: tmp,
    });
    // In the middle of it: it has a folder to work in.
    expect(await waitFor(() => child.exitCode !== null || readdirSync(tmp).length > 0)).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, stdout: '' });
    expect(readdirSync(tmp)).toEqual([]);
    expect(existsSync(join(desk.folder, 'left.json'))).toBe(false);
  });

  it('says at a terminal how far it is, and takes the line away', async () => {
    const [orders, statements] = ['o', 's'].map((name) => endless(name, 'jsonl')) as [string, string];
    const pty = startPty({
      argv: desk.argv(['reconcile', '--orders', orders, '--statements', statements]),
      cwd: desk.folder,
      env: desk.env,
    });
    try {
      await pty.waitForOutput(/reading \d+ of \d+ MiB, \d+ MiB\/s, about \d+ s left/);
      pty.type(KEY.ctrlC);
      expect(await pty.exit()).toMatchObject({ exitCode: 130 });
      expect(pty.history()).not.toContain('MiB/s');
    } finally {
      pty.kill();
    }
  });

  const double = (): readonly [orders: string, statements: string] => [
    file('o.csv', HEADER + row('A1', 'R1', 'payment', '19.98', 'CNY', 'paid', '2026-11-27T10:00:00Z', '')),
    file(
      's.csv',
      HEADER + ['R1', 'Z9'].map((ref) => row('A1', ref, 'payment', '19.98', 'CNY', 'success', '2026-11-27T10:00:00Z', '')).join(''),
    ),
  ];

  it('writes the repairs for two people to approve, once', async () => {
    const [orders, statements] = double();
    const ran = await reconcile([orders], [statements], '--repairs', 'repairs.json', '--json');
    expect(ran.status).toBe(1);
    expect(statSync(join(desk.folder, 'repairs.json')).mode & 0o777).toBe(0o600);
    const read = (): Repairs => JSON.parse(readFileSync(join(desk.folder, 'repairs.json'), 'utf8')) as Repairs;
    const { repairs, digest } = read();
    expect(ran.stderr).toContain(digest);
    expect(repairs).toMatchObject([
      {
        class: 'duplicate_charge',
        order_no: 'A1',
        provider_ref: 'Z9',
        action: 'refund-later-charge',
        evidence: [
          { file: 'o.csv', row: 2 },
          { file: 's.csv', row: 2 },
          { file: 's.csv', row: 3 },
        ],
        approval: { proposed_by: '', approved_by: '' },
      },
    ]);
    const again = await reconcile([orders], [statements], '--repairs', 'again.json');
    expect(again.status).toBe(1);
    expect((JSON.parse(readFileSync(join(desk.folder, 'again.json'), 'utf8')) as Repairs).repairs[0]?.idempotency_key).toBe(
      repairs[0]?.idempotency_key,
    );
    const taken = await reconcile([orders], [statements], '--repairs', 'repairs.json');
    expect(taken).toMatchObject({ status: 2, stdout: '' });
    expect(read().digest).toBe(digest);
    const check = async (change: (file: Repairs) => Repairs): Promise<number | null> => {
      file('filled.json', JSON.stringify(change(read())));
      return (await desk.run(['reconcile', '--check-repairs', 'filled.json'])).status;
    };
    const signed = (proposed_by: string, approved_by: string) => (before: Repairs) => ({
      ...before,
      approval: { proposed_by, approved_by },
    });
    expect(await check((same) => same)).toBe(1);
    expect(await check(signed('Li', 'LI '))).toBe(1);
    expect(await check(signed('Li', 'Wang'))).toBe(0);
    expect(await check((before) => ({ ...before, repairs: before.repairs.map((each) => ({ ...each, value: '1999.80' })) }))).toBe(9);
    file('filled.json', '{}');
    expect((await desk.run(['reconcile', '--check-repairs', 'filled.json'])).status).toBe(65);
  });

  it('lets no card number into the repairs and the SQL', async () => {
    const orders = file('o.csv', HEADER + row('6221558812340000', '4111111111111111', 'payment', '1.00', 'CNY', 'paid', '', ''));
    const statements = file('s.csv', HEADER + row('B2', '5555555555554444', 'payment', '1.00', 'CNY', 'success', '', ''));
    await reconcile([orders], [statements], '--repairs', 'card.json');
    const written = readFileSync(join(desk.folder, 'card.json'), 'utf8');
    expect((JSON.parse(written) as Repairs).repairs).toHaveLength(2);
    const odd = file('4111111111111111.csv', `${HEADER.trimEnd()},4111111111111111\n`);
    const { stdout } = await reconcile([odd], [statements], '--print-sql');
    const wrong = file('bad.csv', HEADER + row('B2', 'R', 'payment', '4111111111111111', '4111111111111111', 'success', '', ''));
    const { stderr } = await reconcile([orders], [wrong]);
    expect(stderr).toContain('row 2');
    for (const text of [written, stdout, stderr]) expect(text).not.toMatch(/4111111111111111|5555555555554444/);
  });

  it('prints the SQL that it would run', async () => {
    plant(100);
    const { stdout, status } = await reconcile(['orders.csv'], ['statements.csv'], '--print-sql');
    expect(status).toBe(0);
    expect(stdout).toContain("FROM read_csv('orders.csv'");
    expect(stdout).toContain('CREATE TABLE differences AS');
  });
});

describe('oor reconcile without its package', () => {
  it('says how to install it, and prints the SQL all the same', () => {
    const alone = join(desk.folder, 'alone');
    for (const part of ['bin', 'dist', 'package.json', 'playbooks']) cpSync(part, join(alone, part), { recursive: true });
    const orders = file('o.csv', HEADER + row('A1', 'R1', 'payment', '1.00', 'CNY', 'paid', '', ''));
    const start = (...more: readonly string[]): string =>
      execFileSync(process.execPath, [join(alone, 'bin/oor.js'), 'reconcile', '--orders', orders, '--statements', orders, ...more], {
        cwd: desk.folder,
        env: desk.env,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(start('--print-sql')).toContain('CREATE TABLE differences AS');
    expect(() => start()).toThrow(/npm install -g @duckdb\/node-api@/);
  });
});
