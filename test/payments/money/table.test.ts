import { describe, expect, it } from 'vitest';
import { readTable } from '../../../src/payments/money/table.ts';

describe('tables', () => {
  it('a bill of WeChat Pay: backticks, commas in names, a second header with the sums', () => {
    const bill = [
      '交易时间,商户订单号,商品名称,订单金额',
      '`2026-11-27 10:00:00,`A1,`tea, green,`12.00',
      '`2026-11-27 10:01:00,`A2,`tea,`8.00',
      '总交易单数,应结订单总金额',
      '`2,`20.00',
      '',
    ].join('\r\n');
    const { columns, rows, footer, ragged } = readTable(`\uFEFF${bill}`);
    expect(columns).toEqual(['交易时间', '商户订单号', '商品名称', '订单金额']);
    expect(rows.map(({ line, cells }) => [line, cells['商品名称'], cells['订单金额']])).toEqual([
      [2, 'tea, green', '12.00'],
      [3, 'tea', '8.00'],
    ]);
    expect({ footer, ragged }).toEqual({ footer: [{ 总交易单数: '2', 应结订单总金额: '20.00' }], ragged: 0 });
  });

  it('a bill of Alipay: notes around the table, ids that end with a tab', () => {
    const { rows, notes } = readTable(
      '#账号：[2088]\n支付宝交易号,商户订单号,订单金额（元）\n2026112722001\t,A1\t,0.01\n#交易合计：1笔，金额0.01\n',
    );
    expect(rows.map(({ cells }) => cells)).toEqual([{ 支付宝交易号: '2026112722001', 商户订单号: 'A1', '订单金额（元）': '0.01' }]);
    expect(notes).toEqual(['#账号：[2088]', '#交易合计：1笔，金额0.01']);
  });

  it.each([['a;b\n1;2\n'], ['a\tb\n1\t2\n'], ['a|b\n1|2'], ['"a","b"\n"1","2"\n'], ['{"a":1,"b":"2"}\n']])('%j', (text) => {
    expect(readTable(text).rows.map(({ cells }) => cells)).toEqual([{ a: '1', b: '2' }]);
  });

  it('quoted cells with quotes, delimiters and line ends', () => {
    const { rows } = readTable('a,b\n"x ""y"", z","two\nlines"\n3,4\n');
    expect(rows.map(({ line, cells }) => [line, cells['a'], cells['b']])).toEqual([
      [2, 'x "y", z', 'two\nlines'],
      [4, '3', '4'],
    ]);
  });

  it('rows that do not fit are counted, and nothing is an empty table', () => {
    expect(readTable('a,b\n1,2,3\n4,5\n')).toMatchObject({ ragged: 1, rows: [{ cells: { a: '4' } }] });
    expect(readTable('')).toMatchObject({ columns: [], rows: [] });
    expect(readTable('{"a":1}\n[oops\n')).toMatchObject({ ragged: 1, rows: [{ cells: { a: '1' } }] });
  });
});
