import { describe, expect, it } from 'vitest';
import { fitsMapping, type Mapping, makeTimeReader } from '../../../src/payments/reconcile/mapping.ts';
import { readBill, refusal } from './read-bill.ts';

const PLAIN: Mapping = {
  name: 'acme',
  skip: 0,
  header: true,
  columns: { order_no: 'Ref', amount: 'Value', time: ['Date', 'Time'], kind: 'Type', status: 'State' },
  constants: { currency: 'EUR' },
  unit: 'major',
  decimal: '.',
  negative: 'refuse',
  time: { format: 'DD/MM/YYYY HH:mm', zone: 'Europe/Lisbon' },
  words: { kind: { Compra: 'payment', Devolucao: 'refund', Saldo: 'skip' }, status: { OK: 'paid', KO: 'unpaid' }, currency: {} },
};
const HEAD = 'Ref;Value;Date;Time;Type;State\n';
const read = async (text: string, mapping: Partial<Mapping> = {}): Promise<readonly string[]> =>
  (await readBill(text, {}, { ...PLAIN, ...mapping })).rows;

describe('a mapping', () => {
  it('renames columns, joins them, explains words, gives constants and zones', async () => {
    const text = `${HEAD}A1;12.50;01/07/2026;10:00;Compra;OK\nA1;-2.50;02/07/2026;10:00;Devolucao;OK\nA2;3.00;01/01/2026;10:00;Compra;KO\n;9;;;Saldo;OK\n`;
    const { rows, ending, format } = await readBill(text, {}, PLAIN);
    expect(rows).toEqual([
      'A1,,payment,12.50,EUR,success,2026-07-01T09:00:00Z,',
      'A1,,refund,2.50,EUR,success,2026-07-02T09:00:00Z,',
      'A2,,payment,3.00,EUR,failed,2026-01-01T10:00:00Z,',
    ]);
    expect(format).toBe('acme');
    expect(ending).toMatchObject({ delimiter: ';' });
    expect(ending.assumed.join()).toContain('1 row of Saldo');
  });

  it('skips notes before the header and comments among rows', async () => {
    const text = `Report of ACME\n"2026;"\n${HEAD}# note\nA1;1;01/07/2026;10:00;Compra;OK\n`;
    expect(await read(text, { skip: 2, comment: '#' })).toHaveLength(1);
  });

  it('reads minor units, a decimal comma, brackets and signs behind', async () => {
    const row = (value: string): string => `${HEAD}A1;${value};01/07/2026;10:00;Devolucao;OK\n`;
    const amount = async (value: string, mapping: Partial<Mapping>): Promise<string | undefined> =>
      (await read(row(value), mapping))[0]?.split(',')[3];
    expect(await amount('1250', { unit: 'minor' })).toBe('12.50');
    expect(await amount('1250', { unit: 'minor', constants: { currency: 'JPY' } })).toBe('1250');
    expect(await amount('1.234,50', { decimal: ',' })).toBe('1234.50');
    expect(await amount('(12.50)', {})).toBe('12.50');
    expect(await amount('12.50-', {})).toBe('12.50');
  });

  it('says what a payment of a negative amount is, or refuses it', async () => {
    const text = `${HEAD}A1;-2.50;01/07/2026;10:00;Compra;OK\n`;
    expect((await read(text, { negative: 'reversal' }))[0]).toContain('A1,,reversal,2.50');
    expect(await refusal(text, {}, PLAIN)).toContain('line 2: a payment of "-2.50"');
  });

  it('refuses JSON that is nested deeper than any order', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}\n`;
    expect(await refusal(deep, {}, PLAIN)).toBe('line 1: it is no JSON object');
  });

  it('reads a table without a header by numbers, and JSON lines by paths, long numbers whole', async () => {
    const numbers = { header: false, columns: { order_no: 1, amount: 2 }, time: { format: 'iso' } } as const;
    expect(await read('A1|5.00\nA2|6.00\n', numbers)).toEqual(['A1,,payment,5.00,EUR,success,,', 'A2,,payment,6.00,EUR,success,,']);
    const json = { columns: { order_no: 'order.id', amount: 'amount', time: 'at' }, time: { format: 'unix-ms' }, unit: 'minor' } as const;
    expect(await read('{"order":{"id":9007199254740993123},"amount":1250,"at":1782900000000}\n', json)).toEqual([
      '9007199254740993123,,payment,12.50,EUR,success,2026-07-01T10:00:00.000Z,',
    ]);
    const lines = await readBill('{"order":{"id":"1"},"amount":1,"at":0}\n', {}, { ...PLAIN, ...json });
    expect([lines.ending.delimiter, (await readBill('A1|5.00\n', {}, { ...PLAIN, ...numbers })).ending.delimiter]).toEqual(['', '|']);
  });

  it('holds the line that sums up against the rows', async () => {
    const totals = { begins: 'Total', count: 2, sum: 3 };
    const text = (sum: string): string =>
      `${HEAD}A1;12.50;01/07/2026;10:00;Compra;OK\nA2;-2.50;01/07/2026;10:00;Devolucao;OK\nTotal;2;${sum}\n`;
    expect(await read(text('10.00'), { totals })).toHaveLength(2);
    expect(await refusal(text('10.01'), {}, { ...PLAIN, totals })).toContain(
      'control total sum is 10.0100 in the file and 10.0000 by its rows',
    );
    expect(await refusal(text('ten'), {}, { ...PLAIN, totals })).toContain('control total sum "ten" is no number');
    expect(await refusal(text('10.00').replace('Total;2', 'Total;two'), {}, { ...PLAIN, totals })).toContain('control total count "two"');
    expect(await refusal(text('10.00').replace(';10.00', ''), {}, { ...PLAIN, totals })).toContain('control total sum "-" is no number');
    expect(await refusal(text('10.00').split('Total')[0] ?? '', {}, { ...PLAIN, totals })).toContain(
      'it ends before its totals, after 2 rows',
    );
  });

  it('refuses words, times and rows that it does not explain, with the line', async () => {
    const row = (cells: string): string => `${HEAD}A0;1;01/07/2026;10:00;Compra;OK\n${cells}\n`;
    expect(await refusal(row('A1;1;01/07/2026;10:00;Taxa;OK'), {}, PLAIN)).toContain(
      'line 3: kind "Taxa" is a word that the mapping does not explain',
    );
    expect(await refusal(row('A1;1;01/07/2026;10:00;Compra;??'), {}, PLAIN)).toContain('status "??"');
    expect(await refusal(row('A1;1;2026-07-01;10:00;Compra;OK'), {}, PLAIN)).toContain(
      'time "2026-07-01 10:00" does not look like DD/MM/YYYY HH:mm',
    );
    expect(await refusal(row('A1;1;31/02/2026;10:00;Compra;OK'), {}, PLAIN)).toContain('is no time');
    expect(await refusal(row('A1;1.005;01/07/2026;10:00;Compra;OK'), {}, PLAIN)).toContain('amount "1.005" is no amount of EUR');
    expect(await refusal(row('A1;1;01/07/2026;10:00;constructor;OK'), {}, PLAIN)).toContain('kind "constructor" is a word');
    expect(await refusal(row('A1;1;01/07/2026;10:00;Compra;constructor'), {}, PLAIN)).toContain('status "constructor" is a word');
    expect(await refusal(row('A1;1'), {}, PLAIN)).toContain('line 3: 2 cells where the header has 6');
    expect(await refusal(row(HEAD.trim()), {}, PLAIN)).toContain('line 3: the header is repeated');
    expect(await refusal(row('=1+1;1;01/07/2026;10:00;Compra;OK'), {}, PLAIN)).toContain('formula');
  });

  it('is for files that have its columns, or that it names', () => {
    const file = { head: `${HEAD}A1;1\n`, name: 'x/acme-1.csv', side: 'statements' } as const;
    expect(fitsMapping(PLAIN, file)).toBe(true);
    expect(fitsMapping(PLAIN, { ...file, head: 'Ref;Value\n' })).toBe(false);
    expect(fitsMapping({ ...PLAIN, side: 'orders' }, file)).toBe(false);
    expect(fitsMapping({ ...PLAIN, files: ['acme-*.csv'] }, { ...file, head: '' })).toBe(true);
    expect(fitsMapping({ ...PLAIN, files: ['acme-?.csv'] }, file)).toBe(false);
  });
});

describe('times', () => {
  it('of another unit than the mapping says are refused, with the row', async () => {
    const unix = { columns: { order_no: 'Ref', amount: 'Value', time: 'At' }, time: { format: 'unix' } } as const;
    const text = (at: string): string => `Ref;Value;At\nA1;1;1782900000\nA2;1;${at}\n`;
    for (const at of ['1782900000000', '99999999999999'])
      expect(await refusal(text(at), {}, { ...PLAIN, ...unix })).toContain(`line 3: time "${at}" does not look like unix`);
    expect(await refusal(text('99999999999999'), {}, { ...PLAIN, ...unix, time: { format: 'unix-ms' } })).not.toContain('line 2');
    expect(makeTimeReader('unix-ms')('99999999999999')).toBe('5138-11-16T09:46:39.999Z');
  });

  it.each([
    ['YYYYMMDDHHmmss', '20261127093000', '2026-11-27 09:30:00'],
    ['M/D/YY h', '11/7/26 h', '2026-11-07 00:00:00'],
    ['MM/DD/YYYY hh:mm A', '11/27/2026 12:05 AM', '2026-11-27 00:05:00'],
    ['MM/DD/YYYY hh:mm A', '11/27/2026 1:05 pm', '2026-11-27 13:05:00'],
    ['unix', '1782900000', '2026-07-01T10:00:00.000Z'],
  ])('%s reads %s', (format, text, iso) => {
    expect(makeTimeReader(format)(text)).toBe(iso);
  });
});
