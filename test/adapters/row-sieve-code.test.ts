import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT, addWord, BATCH_ROWS, clearTables, createSieveMemory, PIECE_BYTES } from '../../src/adapters/row-sieve-memory.ts';
import { createQuickReader } from '../../src/adapters/row-sieve-scan.ts';
import { NotSievable } from '../../src/adapters/row-sieve-split.ts';
import type { SievePlan } from '../../src/ports.ts';
import { PLAN, scan } from './row-sieve-scanned.ts';

/** Cells as they may stand in a file without quotes, the usual and the hostile. */
const CELLS: Readonly<Record<keyof SievePlan['places'], readonly string[]>> = {
  order_no: [
    'A1',
    'OD000000017',
    'ABCDEFGHIJKLMNOP',
    'ABCDEFGHIJKLMNOPQRS',
    '订单1',
    ' A1',
    'A1\t',
    '\u3000A1',
    'A1\u3000',
    '=A1',
    '-5',
    '＝A1',
    'A',
    'ABCD',
    '',
  ],
  provider_ref: ['R1', '4200000000001a', '', ' R1 ', '@R', 'xyzw', '微', 'R'.repeat(300)],
  kind: ['payment', 'refund', 'Payment', ' payment', 'odd', '', 'paymentx', 'payment '],
  amount: [
    '1.00',
    '99999999999.99',
    '42949672.96',
    '10',
    '0.01',
    '1.005',
    '1.500',
    '99999999999.99',
    '123456789012',
    '12345678901234567890',
    '.5',
    '5.',
    '-1.00',
    '+1',
    '1e3',
    '',
    ' 7.00',
    '7.00 ',
    '0.12345',
    '3.1234',
  ],
  currency: ['CNY', 'cny', 'JPY', 'XXX', '', 'CNYX', 'KWD'],
  status: ['paid', 'success', 'refunded', 'unpaid', 'failed', 'a-word-longer-than-sixteen', '', 'PAID', 'pai'],
  time: [
    'Z',
    '-03:30',
    '.250+08:00',
    '',
    '.5',
    '.123456Z',
    '.1234567',
    '.Z',
    '+08:00',
    '-03:30',
    '.250+08:00',
    '+0800',
    '+24:00',
    '+23:75',
    '+08:00 ',
    '+08',
    'z',
    '.',
    '+08:0x',
  ],
  fee: ['', '0.06', '-0.06', '0', '--1', 'x', '1.005', ' 0.06'],
};

const ROLES = Object.keys(CELLS) as (keyof SievePlan['places'])[];
/** Each row at a time of its own, in whatever zone: of equal times either may be the first. */
const timeOf = (row: number, rest: string, isOdd: boolean): string => {
  const two = (number: number): string => String(number).padStart(2, '0');
  if (isOdd) return `2026-11-27T10:${row % 7}:00${rest}`;
  const minute = `${two((row % 30) + 30 * (row % 2))}:${two(Math.floor(row / 30) % 60)}`;
  return `2026-11-${10 + (row % 19)}${row % 2 ? ' ' : 'T'}${two(row % 24)}:${minute}${rest}`;
};

const rowOf = fc.record({
  picks: fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
  // Most cells of most rows are usual ones, so that most rows are.
  odd: fc.array(fc.nat(15), { minLength: 10, maxLength: 10 }),
  end: fc.constantFrom('\n', '\n', '\n', '\r\n'),
});

interface Table {
  readonly plan: SievePlan;
  readonly bare: string;
  readonly quoted: string;
}

const tableOf = fc
  .record({
    rows: fc.array(rowOf, { minLength: 1, maxLength: 400 }),
    order: fc.shuffledSubarray([...ROLES, 'a', 'b'], { minLength: 10, maxLength: 10 }),
    delimiter: fc.constantFrom(',', '\t', ';', '|'),
    without: fc.subarray(['provider_ref', 'kind', 'status', 'time', 'fee']),
    isOpen: fc.boolean(),
  })
  .map(({ rows, order, delimiter, without, isOpen }): Table => {
    const columns = order.filter((column) => !without.includes(column));
    const places = Object.fromEntries(columns.flatMap((column, at) => (column.length > 1 ? [[column, at] as const] : [])));
    const cells = rows.map(({ picks, odd }, row) =>
      columns.map((column, at) => {
        if (column.length === 1) return column.repeat((picks[at] as number) % 40);
        const words = CELLS[column as keyof typeof CELLS];
        const isOdd = odd[at] === 0;
        const cell = words[isOdd ? (picks[at] as number) % words.length : (picks[at] as number) % Math.min(3, words.length)] as string;
        if (column === 'time') return cell === '' ? '' : timeOf(row, cell, isOdd && (picks[at] as number) % 3 === 0);
        return column === 'order_no' && !isOdd ? `${cell}${row}` : cell;
      }),
    );
    const lines = (show: (cell: string) => string): string => {
      const text = cells.map((row, at) => row.map(show).join(delimiter) + (rows[at]?.end ?? '')).join('');
      return isOpen ? text.replace(/\r?\n$/, '') : text;
    };
    const bare = lines((cell) => (cell.includes(delimiter) ? cell.replaceAll(delimiter, '') : cell));
    const quoted = lines((cell) => `"${cell.replaceAll(delimiter, '')}"`);
    const words = {
      kind: without.includes('kind') ? { '': 0 } : PLAN.words.kind,
      status: without.includes('status') ? { '': 0 } : PLAN.words.status,
      currency: { ...PLAN.words.currency, kwd: 27 },
    };
    return { plan: { ...PLAN, delimiter, cells: columns.length, places: places as SievePlan['places'], words }, bare, quoted };
  });

/** All but where rows lie. Words by their first appearance are the same in both. */
function told(text: string, plan: SievePlan, size: number): unknown {
  try {
    const { marks, buckets, refs, files } = scan(text, size, plan);
    const [file] = files;
    return {
      marks: [...marks.entries()].filter(([, mark]) => mark !== 0),
      buckets,
      refs,
      fees: file?.fees,
      ends: file?.ends,
      words: file?.words,
    };
  } catch (error) {
    if (error instanceof NotSievable) return 'not sievable';
    throw error;
  }
}

describe('the code that is made for the columns of a file', () => {
  it('reads a row as it is read with patience, whatever stands in it', () => {
    let read = 0;
    fc.assert(
      fc.property(tableOf, fc.integer({ min: 500, max: PIECE_BYTES }), ({ plan, bare, quoted }, size) => {
        const quick = told(bare, plan, size);
        // In quotes no row is a usual one.
        expect(quick).toEqual(told(quoted, plan, PIECE_BYTES));
        if (quick !== 'not sievable') read += 1;
      }),
      { numRuns: 60 },
    );
    expect(read).toBeGreaterThan(40);
  });

  const usual = ['A1', 'R1', 'payment', '1.00', 'CNY', 'paid', '2026-11-27T10:00:00Z', '0.06'];

  it('reads the usual rows one behind the other, as many as there is room for', () => {
    const text = `${usual.join(',')}\n`;
    expect([readAlone(text), readAlone(text.repeat(300)), readAlone(text.repeat(256).trimEnd())]).toEqual([1, BATCH_ROWS, 255]);
    expect(readAlone(`${usual.join(',')}\r\n`)).toBe(1);
  });

  it.each(['A1', '订单', '2026112700017'])('reads %s by itself', (number) => {
    expect(readAlone(`${['', number, ...usual.slice(2)].join(',').slice(1)}\n`.replace(',payment', `,${number},payment`))).toBe(1);
  });

  const odd: readonly (readonly [place: number, cell: string])[] = [
    ...['', ' A1', 'A1 ', '=A1', '＝A1', 'A1\u3000', '"A1"'].map((cell) => [0, cell] as const),
    ...['+R', 'R '].map((cell) => [1, cell] as const),
    ...['Payment', 'pay', 'paymentx', ''].map((cell) => [2, cell] as const),
    ...['', '.5', '5.', '1.005', '123456789012', '1.12345', '-1', '1e3', '1 '].map((cell) => [3, cell] as const),
    ...[
      '2026-11-27',
      '2026-02-29T10:00:00',
      '2026-11-27T10:00:60',
      '2026-11-27T10:00:00.',
      '2026-11-27T10:00:00.1234567',
      '2026-11-27T10:00:00+24:00',
    ].map((cell) => [6, cell] as const),
    ...['1969-12-31T23:59:59', '1970-01-01T00:00:00+00:01', '2026-11-27T10:00:00+0800', '2026-11-27T10:00:00Zx'].map(
      (cell) => [6, cell] as const,
    ),
    ...['--1', 'x', '0.001'].map((cell) => [7, cell] as const),
  ];
  it.each(odd)('stops where cell %i is %j', (place, cell) => {
    const row = usual.map((each, at) => (at === place ? cell : each));
    expect(readAlone(`${usual.join(',')}\n${row.join(',')}\n`)).toBe(1);
  });

  it('stops where a row has other cells than the header, and where it is not whole', () => {
    const text = usual.join(',');
    expect([readAlone(`${text},x\n`), readAlone('A1,R1\n'), readAlone(text), readAlone(`${text}\r`), readAlone(`${text}\rx\n`)]).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });
});

/** By the code alone, which has met the words of usual rows: how many rows it takes. */
function readAlone(text: string): number {
  const memory = createSieveMemory(1 << 12, 0);
  clearTables(memory);
  for (const [column, word] of ['payment', 'paid', 'CNY'].entries())
    addWord(memory, column, Buffer.from(word), [0, 0, 10][column] as number);
  const { read } = createQuickReader(PLAN, memory);
  const length = memory.content.write(text);
  memory.content[length] = 10;
  return read(AT.content, AT.content + length);
}
