import { describe, expect, it } from 'vitest';
import type { Layout } from '../../../src/payments/reconcile/layout.ts';
import { type Row, readRows } from '../../../src/payments/reconcile/table-rows.ts';

const layout = (format: Layout['format']): Layout => ({
  format,
  delimiter: ',',
  header: ['a', 'b'],
  columns: {},
  zone: 'UTC',
  words: { kind: [], status: [], currency: [] },
  assumed: [],
});

async function* cut(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

async function rowsOf(text: string, length: number, format: Layout['format'] = 'csv'): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const rows of readRows(cut(text, length), layout(format))) all.push(...rows);
  return all;
}

describe.each([1, 2, 3, 5, 1000])('rows of a text in pieces of %i', (length) => {
  it('keeps every cell as it stands, in quotes or not, with either end of a line', async () => {
    const text = '\uFEFFa,b\r\n1, 2 \r\n\r\n"x,""y""","p\nq"\n,""\n"",5"6\r\nz,';
    expect(await rowsOf(text, length)).toEqual([
      ['1', ' 2 '],
      ['x,"y"', 'p\nq'],
      ['', ''],
      ['', '5"6'],
      ['z', ''],
    ]);
  });

  it('reads JSON lines, long numbers too', async () => {
    const text = '{"a": 12345678901234567890, "b": "x", "c": 1}\n\n{"b": null}\r\n{"a": {"d": 1}, "b": true}';
    expect(await rowsOf(text, length, 'jsonl')).toEqual([
      ['12345678901234567890', 'x'],
      ['', ''],
      ['{"d":1}', 'true'],
    ]);
  });

  it.each([
    ['a,b\n"x\ny",2\n1,2,3\n', 'line 4: 3 cells where the header has 2'],
    ['a,b\n1,2\n"x,3\n', 'line 3: a quote is not closed'],
    ['a,b\n1,2\n"x"y,3\n', 'line 3: it is no line of this table'],
  ])('names the line of what is no row', async (text, says) => {
    await expect(rowsOf(text, length)).rejects.toThrow(says);
  });
});
