import { describe, expect, it } from 'vitest';
import type { Layout } from '../../../src/payments/reconcile/layout.ts';
import { loadSql, TABLES_SQL } from '../../../src/payments/reconcile/load-sql.ts';
import { hasDuckdb } from '../../duckdb.ts';

const LAYOUT: Layout = {
  format: 'csv',
  delimiter: ',',
  header: ['no', 'amount', 'currency'],
  columns: { order_no: 'no', amount: 'amount', currency: 'currency' },
  zone: 'UTC',
  words: { kind: [], status: [], currency: ['cny'] },
  assumed: [],
};
const BLANKS = ['', ' ', '\t', '\r', '\n', '\u3000', ' \u3000\r\n\t', '\u00a0', '\u2003', '\u0300'];

describe.skipIf(!hasDuckdb)('the SQL that reads a file', () => {
  it('takes away the blanks at both ends of a cell that the sieve takes away, and no others', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:', {})).connect();
    const cells = BLANKS.flatMap((before) => BLANKS.flatMap((after) => ['A 1', '单', ''].map((text) => before + text + after)));
    const rows = cells.map((cell, at) => `('${cell}', '${at}', 'CNY')`).join(', ');
    await connection.run(
      `${TABLES_SQL}; CREATE TABLE cells AS SELECT * FROM (VALUES ${rows}, (NULL, '${cells.length}', 'CNY')) AS t (no, amount, currency)`,
    );
    await connection.run(loadSql({ side: 'statements', number: 1, path: '', relation: 'cells', layout: LAYOUT }));
    const read = await connection.runAndReadAll('SELECT order_no FROM statements ORDER BY minor');
    const trimmed = cells.map((cell) => cell.replace(/^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g, ''));
    const found = read.getRowObjectsJson() as readonly { readonly order_no: string }[];
    expect(found.map(({ order_no }) => order_no)).toEqual([...trimmed, '']);
    connection.closeSync();
  });

  it('reads amounts of twelve digits before the point, and says so of longer ones', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:', {})).connect();
    const amounts = ['99999999999.99', '999999999999.99', '9999999999999.99', '0.01', '1.005'];
    const rows = amounts.map((amount, at) => `('${at}', '${amount}', 'CNY')`).join(', ');
    await connection.run(`${TABLES_SQL}; CREATE TABLE cells AS SELECT * FROM (VALUES ${rows}) AS t (no, amount, currency)`);
    await connection.run(loadSql({ side: 'statements', number: 1, path: '', relation: 'cells', layout: LAYOUT }));
    const read = await connection.runAndReadAll('SELECT minor, unread FROM statements ORDER BY order_no');
    const found = read.getRowObjectsJson() as readonly { readonly minor: string | null; readonly unread: boolean }[];
    expect(found.map(({ minor, unread }) => [minor, unread])).toEqual([
      ['9999999999999', false],
      ['99999999999999', false],
      [null, true],
      ['1', false],
      [null, true],
    ]);
    connection.closeSync();
  });
});
