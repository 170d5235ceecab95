import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sieveRows } from '../../src/adapters/row-sieve.ts';
import { sniffLayout } from '../../src/payments/reconcile/layout.ts';
import { planSieve } from '../../src/payments/reconcile/sieve-plan.ts';
import { hasDuckdb } from '../duckdb.ts';
import { HEADER, plantOrders } from '../payments/reconcile/planted.ts';
import { type Desk, openDesk } from './oor.ts';

/** The built thread. */
const PROGRAM = join(process.cwd(), 'dist', 'row-sieve-thread.js');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-sieve-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Numbers of the rows that are left of each side. */
async function left(count: number, every: number): Promise<readonly (readonly string[])[]> {
  const sides = (['orders', 'statements'] as const).map((side) => ({ side, path: join(folder, `${side}-${count}-${every}.csv`) }));
  const files = sides.map(({ path }) => openSync(path, 'w')) as [number, number];
  plantOrders(count, { orders: (text) => writeSync(files[0], text), statements: (text) => writeSync(files[1], text) }, { every });
  for (const file of files) closeSync(file);
  const plans = sides.map(({ side, path }, at) => {
    const layout = sniffLayout(readFileSync(path, 'utf8').slice(0, 100_000), { side, zone: undefined });
    const plan = 'message' in layout ? undefined : planSieve({ side, number: at + 1, path, layout });
    if (!plan) throw new Error(`${path} is no plain table`);
    return plan;
  });
  const target = join(folder, `left-${count}-${every}`);
  mkdirSync(target);
  const signal = new AbortController().signal;
  const sieved = await sieveRows(plans, { program: PROGRAM, folder: target, signal, onRead: () => undefined });
  if (!sieved) throw new Error('not sieved');
  expect(sieved.map(({ rows }) => rows)).toEqual(sides.map(({ path }) => readFileSync(path, 'utf8').trimEnd().split('\n').length - 1));
  return sieved.map(({ path }) => {
    const [header, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(`${header}\n`).toBe(HEADER);
    return rows.map((row) => row.split(',', 1)[0] as string);
  });
}

describe('the sieve in its threads', () => {
  it.each([
    ['few', 40_000, 100],
    ['many', 6000, 3],
  ])('leaves what differs, and little else, where %s orders do', async (_what, count, every) => {
    const sides = await left(count, every);
    const sampled = 1000;
    for (const numbers of sides) {
      const isUnlike = (number: string): boolean => Number(number.slice(2, 11)) % every === 0;
      const orders = new Set(numbers.map((number) => number.slice(0, 11)));
      const others = numbers.filter((number) => !isUnlike(number) && Number(number.slice(2, 11)) > sampled);
      // Some 850 share a bucket in the first pass, and few of them in the second; of many unlike orders there is one pass.
      expect(others.length).toBeLessThan(every === 100 ? 150 : count / 2);
      // What is unlike is found on one side at least; the shapes that are alike on purpose may be left out.
      expect(orders.size).toBeGreaterThan((0.6 * count) / every);
    }
  });
});

/** Cells as a bill may have them: the usual, and what only the database reads. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  amount: ['10.00', '10', '10.000', '1,000.00', '¥10.00', ' 10.00 ', '+10.00', '99999999999.99'],
  currency: ['CNY', 'cny', ' CNY'],
  status: ['paid', 'SUCCESS', 'unpaid', 'refunded', 'pending', ' paid'],
  time: ['2026-11-27T10:00:00Z', '2026-11-27 18:00:00+08:00', '2026-11-27T10:00:00.25Z', '2026-11-27T10:00:00-03:30', ''],
  fee: ['0.06', '', '-0.06', '0.07', '0.060'],
  kind: ['payment', 'payment', 'payment', 'refund', 'reversal', '支付'],
};

/** mulberry32, by the seed of the test. */
function chance(seed: number): (choices: number) => number {
  let state = seed;
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % choices;
  };
}

describe.skipIf(!hasDuckdb)('oor reconcile of rows in all forms', () => {
  let desk: Desk;
  beforeAll(() => {
    desk = openDesk();
  });
  afterAll(() => desk.leave());

  const COLUMNS = HEADER.trim().split(',');

  /** The usual rows, of which the first always go on, then rows by chance. */
  function draw(seed: number): readonly [orders: string[][], statements: string[][]] {
    const pick = chance(seed);
    const usual = (at: number): string[] => [`B${at}`, `T${at}`, 'payment', '10.00', 'CNY', 'paid', '2026-11-27T10:00:00Z', '0.06'];
    const sides: [string[][], string[][]] = [[], []];
    for (let at = 0; at < 4000; at++) for (const side of sides) side.push(usual(at));
    for (let at = 0; at < 300; at++) {
      const cells = COLUMNS.map((column) => CELLS[column]?.[pick(12) === 0 ? pick(CELLS[column].length) : 0] ?? '');
      const number = pick(40) === 0 ? '' : `A${pick(20) === 0 ? pick(300) : at}${pick(30) === 0 ? '\u3000' : ''}`;
      const row = [number, pick(30) === 0 && number !== '' ? '' : `R${pick(25) === 0 ? pick(300) : at}`, ...cells.slice(2)];
      const other = row.map((cell, column) =>
        pick(60) === 0 && column > 1 ? (CELLS[COLUMNS[column] as string]?.[pick(3)] as string) : cell,
      );
      if (pick(40) !== 0) sides[0].push(row);
      if (pick(40) !== 0) sides[1].push(other);
      if (pick(40) === 0) sides[pick(2)]?.push(row);
    }
    return sides;
  }

  const quoted = (cell: string): string => (/[",]/.test(cell) ? `"${cell}"` : cell);
  const write = (name: string, text: string): string => {
    writeFileSync(join(desk.folder, name), text);
    return name;
  };

  it.each([7, 1812, 20_261_129])('says the same with the sieve and without (%i)', async (seed) => {
    const sides = draw(seed);
    const csv = sides.map((rows, at) => write(`${at}.csv`, HEADER + rows.map((row) => `${row.map(quoted).join(',')}\n`).join('')));
    const json = sides.map((rows, at) => {
      const lines = rows.map((row) => JSON.stringify(Object.fromEntries(row.map((cell, column) => [COLUMNS[column], cell]))));
      return write(`${at}.jsonl`, `${lines.join('\n')}\n`);
    });
    const [sieved, whole] = await Promise.all(
      [csv, json].map(async ([orders, statements]) => {
        const ran = await desk.run(['reconcile', '--orders', orders as string, '--statements', statements as string, '--json']);
        if (ran.status !== 1) throw new Error(`exit ${ran.status}: ${ran.stderr}`);
        return JSON.parse(ran.stdout) as { readonly differences: readonly unknown[]; readonly counts: object; readonly notes: unknown };
      }),
    );
    expect(sieved?.differences.length).toBeGreaterThan(20);
    expect([sieved?.differences, sieved?.counts, sieved?.notes]).toEqual([whole?.differences, whole?.counts, whole?.notes]);
  });
});
