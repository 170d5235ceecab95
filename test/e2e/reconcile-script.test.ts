/** What `oor reconcile --print-sql` prints, run by the database itself: it finds what oor finds, and needs nothing of oor. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../adapters/zip-writer.ts';
import { hasDuckdb } from '../duckdb.ts';
import { alipayDetail, alipaySummary, unionPayZm, wechatBill } from '../payments/reconcile/bills-of-providers.ts';
import { gbk } from '../payments/reconcile/gbk.ts';
import { HEADER, plantOrders } from '../payments/reconcile/planted.ts';
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

const reconcile = async (orders: readonly string[], statements: readonly string[], ...more: readonly string[]) =>
  await desk.run(['reconcile', '--orders', ...orders, '--statements', ...statements, ...more], { TMPDIR: join(desk.folder, 'tmp') });

/** What a script answers, in the folder from which the files were named. */
const PROGRAM = `
  const { DuckDBInstance } = require(process.argv[1]);
  DuckDBInstance.create(':memory:').then(async (instance) => {
    const connection = await instance.connect();
    const read = await connection.runAndReadAll(require('node:fs').readFileSync(process.argv[2], 'utf8'));
    console.log(JSON.stringify(read.getRowObjectsJson()));
  }).catch((error) => {
    console.error(String(error));
    process.exitCode = 1;
  });`;

const runScript = (script: string) => {
  const path = join(desk.folder, 'tmp', 'script.sql');
  writeFileSync(path, script);
  const database = createRequire(import.meta.url).resolve('@duckdb/node-api');
  return spawnSync(process.execPath, ['-e', PROGRAM, database, path], { cwd: desk.folder, env: desk.env, encoding: 'utf8' });
};

interface Difference {
  readonly class: string;
  readonly reason: string;
  readonly order_no: string;
  readonly provider_ref: string;
  readonly currency: string;
}
const show = (list: readonly (Difference & { readonly at?: string | null; readonly moved_at?: string | null })[]): readonly string[] =>
  list
    .map((each) => [each.class, each.reason, each.order_no, each.provider_ref, each.currency, each.at ?? each.moved_at ?? ''].join(' '))
    .sort();

/** Both ways; what oor finds. */
async function bothWays(orders: readonly string[], statements: readonly string[], ...more: readonly string[]) {
  const { stderr, ...both } = await bothWaysMasked(orders, statements, ...more);
  expect(stderr).toBe('');
  return both;
}

/** The same, where the script numbers what it masks. */
async function bothWaysMasked(orders: readonly string[], statements: readonly string[], ...more: readonly string[]) {
  const told = await reconcile(orders, statements, '--json', ...more);
  if (told.status !== 1) throw new Error(`exit ${told.status}: ${told.stderr}`);
  const { differences } = JSON.parse(told.stdout) as { differences: readonly (Difference & { readonly at: string | null })[] };
  const printed = await reconcile(orders, statements, '--print-sql', ...more);
  expect(printed.status).toBe(0);
  const ran = runScript(printed.stdout);
  expect(ran.stderr).toBe('');
  const found = show(JSON.parse(ran.stdout) as readonly Difference[]);
  expect(found.map((line) => line.replace(/(\*\d{4})#\d+/g, '$1')).sort()).toEqual(show(differences));
  return { script: printed.stdout, stderr: printed.stderr, differences };
}

const row = (...cells: readonly string[]): string => `${cells.join(',')}\n`;
const order = (no: string, amount: string, status = 'paid', currency = 'CNY', time = '2026-11-27T02:00:00Z'): string =>
  row(no, `T${no}`, 'payment', amount, currency, status, time, '');

describe.skipIf(!hasDuckdb)('the script of oor reconcile', { timeout: 60_000 }, () => {
  it('finds what oor finds, of two channels after a switch', async () => {
    const sides = ['orders.csv', 'statements.csv', 'other.csv'].map((name) => openSync(join(desk.folder, name), 'w'));
    const [orders, statements, others] = sides.map((side) => (line: string) => void writeSync(side, line)) as [Write, Write, Write];
    const planted = plantOrders(3000, { orders, statements, others }, { every: 3, seed: 7 });
    for (const side of sides) closeSync(side);
    const { differences } = await bothWays(['orders.csv'], ['statements.csv', 'other.csv']);
    expect(differences).toHaveLength(planted.length);
  });

  const plain = HEADER + order('支付单1', '1.00') + order('A"2,', '2.00').replace('A"2,,TA"2,', '"A""2,",R2') + order("A'3", '3.00');
  it.each([
    ['packed', 'gz.dat', gzipSync(plain)],
    ['packed, with a byte order mark', 'marked.csv.gz', gzipSync(`\uFEFF${plain}`)],
    ['in UTF-16', 'u.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(plain, 'utf16le')])],
    ['in GBK', 'g.csv', gbk(plain.replaceAll('\n', '\r\n'))],
    ['in GBK and packed', 'g.csv.gz', gzipSync(gbk(plain))],
    ['in an archive', 'a.zip', makeZip([{ name: 'day/a.csv', bytes: Buffer.from(plain.trimEnd()) }])],
    ['with other ends of lines', 'crlf.csv', plain.replaceAll('\n', '\r\n')],
    ['parted by semicolons', 's.csv', 'order_no;amount;currency;status\nX;1.00;CNY;paid\n"支付单1";2.00;CNY;paid\n'],
    ['with a line end in a cell', 'l.csv', `${plain}${row('"A\n5"', 'R5', 'payment', '1.00', 'CNY', 'paid', '', '')}`],
    ['not packed, with the name of what is', 'plain.csv.gz', plain],
    ['whose name is a pattern', 'o[1].csv', plain],
    ['with a quote in its name', "o'1.csv", plain],
  ])('reads orders %s', async (_how, name, content) => {
    file('o1.csv', HEADER + order('WRONG', '1.00'));
    const statements = file('st.csv', HEADER + order('支付单1', '1.00') + order("A'3", '9.00') + order('Z', '7.00'));
    const { differences, script } = await bothWays([file(name, content)], [statements]);
    expect(differences.map(({ order_no: no }) => no)).toContain('Z');
    expect(differences.map(({ order_no: no }) => no)).not.toContain('WRONG');
    for (const [, path = ''] of script.matchAll(/read_(?:csv|json)\('((?:[^']|'')*)'/g))
      expect(readFileSync(join(desk.folder, path.replaceAll("''", "'").replaceAll('[[]', '[')))).toBeInstanceOf(Buffer);
  });

  it.each([
    ['', 'j.jsonl'],
    ['\uFEFF', 'm.jsonl'],
    ['', 'plain.jsonl.gz'],
  ])('reads JSON lines that begin with "%s"', async (mark, name) => {
    const object = (no: string, amount: number): string =>
      `{"order_no": ${no}, "amount": ${amount}, "currency": "CNY", "status": "paid", "fee": null, "more": {"a": [1]}}\n`;
    const lines = mark + object('12345678901234567891', 1.5) + object('"B"', 20) + object('"C"', 3);
    const statements = file(
      'st.csv',
      HEADER + order('12345678901234567891', '1.50') + order('B', '21.00') + order('C', '3.00').replace('TC', ''),
    );
    const { differences } = await bothWays([file(name, lines)], [statements]);
    expect(differences.map((each) => `${each.class} ${each.order_no}`)).toEqual(['amount_mismatch B']);
  });

  it('holds the rows of bills that are no tables of the database, and names no file of theirs', async () => {
    const orders = file('o.csv', HEADER + order('W1', '10.00') + order('W2', '5.00', 'unpaid') + order('Z1', '8.00') + order('X', '1.00'));
    const wechat = file(
      'w.csv',
      wechatBill('ALL', [
        { state: 'SUCCESS', ref: '4201', order: 'W1', amount: '10.00', fee: '0.06000' },
        { state: 'SUCCESS', ref: '4202', order: 'W2', amount: '5.00', fee: '0.03000' },
      ]),
    );
    const alipay = file(
      'a.zip',
      makeZip([
        {
          name: gbk('业务明细.csv'),
          bytes: gbk(alipayDetail([{ business: '交易', ref: '2026Z1', order: 'Z1', amount: '8.50', fee: '-0.05' }])),
        },
        { name: gbk('业务明细(汇总).csv'), bytes: gbk(alipaySummary(1, 0)) },
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
    const unionpay = file('INN26112788ZM_777290058110097', gbk(unionPayZm([payment])));
    const { script, differences } = await bothWays([orders], [wechat, alipay, unionpay]);
    expect(differences.map((each) => `${each.class} ${each.order_no}`).sort()).toEqual([
      'amount_mismatch Z1',
      'missing_at_provider X',
      'missing_here U1',
      'paid_not_recorded W2',
    ]);
    expect([...script.matchAll(/read_\w+\('([^']*)'/g)].map(([, path]) => path)).not.toContain('w.csv');
    expect(script).toContain('a.zip: 业务明细.csv');
  });

  it('knows words that stand far from the beginning of a file', async () => {
    const many = Array.from({ length: 6000 }, (_, at) => order(`M${at}`, '1.00')).join('');
    const late = order('L1', '1.000', 'closed', 'KWD') + order('L2', '100', 'paid', 'JPY');
    const statements = file('st.csv', HEADER + many + order('L1', '1.000', 'success', 'KWD') + order('L2', '101', 'success', 'JPY'));
    const { differences } = await bothWays([file('o.csv', HEADER + many + late)], [statements]);
    expect(differences.map((each) => `${each.class} ${each.order_no}`)).toEqual(['paid_not_recorded L1', 'amount_mismatch L2']);
  });

  it('tells what moved in the window', async () => {
    const at = (hoursAgo: number): string => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    const orders = file('o.csv', HEADER + order('OLD', '1.00', 'paid', 'CNY', at(9)) + order('IN', '1.00', 'paid', 'CNY', at(2)));
    const statements = file('st.csv', HEADER + order('OLD', '2.00', 'paid', 'CNY', at(9)) + order('IN', '2.00', 'paid', 'CNY', at(2)));
    const { differences } = await bothWays([orders], [statements], '--since', '3h');
    expect(differences.map((each) => each.order_no)).toEqual(['IN']);
  });

  it.each([
    ['a word', order('B', '1.00', 'vielleicht'), 'status_text', 'vielleicht'],
    ['an amount', order('B', '1.001'), 'amount_text', '1.001'],
    ['a formula', order('=B', '1.00'), 'order_no_text', '=B'],
  ])('stops at %s that is not understood, and shows the row', async (_what, wrong, column, text) => {
    const orders = file('o.csv', HEADER + order('A', '1.00') + wrong);
    const statements = file('st.csv', HEADER + order('A', '2.00'));
    expect((await reconcile([orders], [statements])).status).toBe(65);
    const { stdout } = await reconcile([orders], [statements], '--print-sql');
    const ran = runScript(stdout);
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 1, stdout: '' });
    expect(ran.stderr).toContain('1 rows are not understood');
    const shown = runScript(`${stdout.slice(0, stdout.indexOf('CREATE TABLE understood'))}SELECT * FROM not_understood;`);
    expect(JSON.parse(shown.stdout)).toMatchObject([{ file: 'o.csv', row: '2', [column]: text }]);
  });

  it.each([
    [
      'more cells',
      Buffer.from([0xff, 0xfe]),
      `${HEADER}${order('A', '1.00')}${order('B', '1.00,')}`,
      'line 3: 9 cells where the header has 8',
    ],
    ['an open quote', Buffer.from([0xff, 0xfe]), `${HEADER}"${order('A', '1.00')}${order('B', '1.00')}`, 'line 2: a quote is not closed'],
    ['text behind a quote', Buffer.from([0xff, 0xfe]), `${HEADER}${order('"A"b', '1.00')}`, 'line 2: it is no line of this table'],
    [
      'a line that is no object',
      Buffer.from([0xff, 0xfe]),
      '{"order_no":"1","amount":1,"currency":"CNY","status":"paid"}\nnull\n',
      'line 2',
    ],
  ])('prints nothing of a file with %s, as oor refuses it', async (_what, mark, text, says) => {
    const orders = file('bad.csv', Buffer.concat([mark, Buffer.from(text, 'utf16le')]));
    const statements = file('st.csv', HEADER + order('A', '1.00'));
    expect((await reconcile([orders], [statements])).status).toBe(65);
    const { status, stdout, stderr } = await reconcile([orders], [statements], '--print-sql');
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toContain(`bad.csv: ${says}`);
  });

  it('masks card numbers in rows, names and columns, says so, and runs all the same', async () => {
    const PAN = '4111111111111111';
    const wechat = file('w.csv', wechatBill('ALL', [{ state: 'SUCCESS', ref: PAN, order: 'W1', amount: '1.00', fee: '0.00000' }]));
    const name = file(`${PAN}.csv`, `${HEADER.trimEnd()},password,${PAN}\n${order('W1', '2.00').trimEnd()},a,b\n`);
    const headed = file('h.csv', `${HEADER.trimEnd()},password,${PAN}\n${order('H1', '2.00').trimEnd()},a,b\n`);
    const { script } = await bothWaysMasked([name, headed], [wechat]);
    expect(script).not.toContain(PAN);
    expect(script).toContain("'password': 'VARCHAR', 'column_10': 'VARCHAR'");
    expect(script).toContain('In 1 of these cells a card number or a secret is masked');
  });

  // As they are shown they are one.
  const CARDS = ['4111110001081111', '4111110001161111', '4111110001241111'] as const;
  const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

  it('tells masked order numbers apart, and finds those of one side on the other', async () => {
    const [agrees, differs, absent] = CARDS;
    const orders = utf16(HEADER + order(agrees, '1.00') + order(differs, '2.00') + order(`"\t${absent}"`, '3.00').replace(/T"[^,]*/, 'R'));
    const paid = (no: string, amount: string) => ({ state: 'SUCCESS', ref: `T${no}`, order: no, amount, fee: '0' }) as const;
    const bill = wechatBill('ALL', [paid(agrees, '1.00'), paid(differs, '9.00')]);
    const { differences, script, stderr } = await bothWaysMasked([file('o.csv', orders)], [file('w.csv', bill)]);
    expect(differences.map((each) => each.class)).toEqual(['missing_at_provider', 'amount_mismatch']);
    for (const card of CARDS) expect(script).not.toContain(card);
    expect(stderr).toBe(
      '9 order numbers and transaction ids in the script are masked: no row of a file that it names is found by them, so that it may tell other differences than oor\n',
    );
  });

  it('says that masked order numbers are not found in a file that the database reads', async () => {
    const orders = file('o.csv', utf16(HEADER + order(CARDS[0], '1.00').replace(/,T\d+/, ',R1')));
    const statements = file('st.csv', HEADER + order(CARDS[0], '1.00').replace(/,T\d+/, ',R2'));
    expect((await reconcile([orders], [statements])).status).toBe(0);
    const { stdout, stderr } = await reconcile([orders], [statements], '--print-sql', '--lang', 'zh-CN');
    expect(stderr).toBe('脚本中有 1 个订单号或流水号已掩码：脚本所指文件中的行不能由其匹配，因此结果可能与 oor 不同\n');
    const last = stdout.slice(stdout.lastIndexOf('\n-- 1 order numbers'));
    expect(last).toMatch(/^\n-- 1 order numbers and transaction ids above are masked.*\n\n-- What is reported\nSELECT [^;]*;\n$/);
    expect(JSON.parse(runScript(stdout).stdout)).not.toEqual([]);
  });
});

type Write = (line: string) => void;
