/** `uses: reconcile` in a playbook: files that the profile names, the window of the incident, the value at risk in the report. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDuckdb } from '../duckdb.ts';
import { type Desk, openDesk } from './oor.ts';

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
  mkdirSync(join(desk.folder, 'tmp'));
  const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const header = 'order_no,provider_ref,kind,amount,currency,status,time,fee\n';
  const row = (no: string, ref: string, minutes: number): string => `${no},${ref},payment,19.98,CNY,paid,${at(minutes)},\n`;
  write('o.csv', header + row('A1', 'R1', 10) + row('A2', 'R2', 300));
  write('s.csv', header + row('A1', 'R1', 10) + row('A1', 'Z1', 9) + row('A2', 'R2', 300) + row('A2', 'Z2', 299));
  // What a quick look at the tables of the day sees: nothing wrong.
  write('quick.csv', header + row('A1', 'R1', 10));
  write('cut.csv', 'order_no,amount\nA1,1\n');
  const path = (name: string): string => join(desk.folder, name);
  const settlement = (more: string): string =>
    `oor: 1\nsettlement:\n  - { name: daily, orders: ${path('quick.csv')}, statement: ${path('quick.csv')}, currency: CNY${more} }\n`;
  const named = (statement: string): string => settlement(`, reconcile: { orders: [${path('o.csv')}], statements: [${path(statement)}] }`);
  write('named.yaml', named('s.csv'));
  write('cut.yaml', named('cut.csv'));
  const every = (from: number, to: number, state: string): string =>
    Array.from({ length: (from - to) / 5 + 1 }, (_, index) =>
      row(`B${from - 5 * index}`, '', from - 5 * index).replace('paid', state),
    ).join('');
  write('late.csv', header + every(60, 5, 'paid'));
  write('whole.csv', header + every(200, 65, 'unpaid') + every(60, 5, 'paid'));
  const sides = (orders: string, statements: string): string =>
    settlement(`, reconcile: { orders: [${path(orders)}], statements: [${path(statements)}] }`);
  write('late.yaml', sides('late.csv', 'late.csv'));
  write('half.yaml', sides('whole.csv', 'late.csv'));
  write('half-here.yaml', sides('late.csv', 'whole-paid.csv'));
  write('whole-paid.csv', header + every(200, 5, 'paid'));
  write('both.yaml', sides('whole.csv', 'whole.csv'));
  write('unnamed.yaml', settlement(''));
});
afterAll(() => desk.leave());

const write = (name: string, text: string): void => writeFileSync(join(desk.folder, name), text);

interface Row {
  readonly id: string;
  readonly status: string;
  readonly code: string | null;
  readonly summary: string;
  readonly unlock: string | null;
}

async function check(profile: string, ...more: readonly string[]): Promise<Row | undefined> {
  const args = ['check', 'reconciled', '--playbook', 'orders', '--profile', profile, '--json', ...more];
  const { stdout } = await desk.run(args, { TMPDIR: join(desk.folder, 'tmp') });
  return (JSON.parse(stdout) as { readonly checks: readonly Row[] }).checks.find(({ id }) => id === 'reconcile');
}

describe.skipIf(!hasDuckdb)('the step `uses: reconcile`', () => {
  it('counts what differs in the window and its margin', async () => {
    expect(await check('named.yaml')).toMatchObject({
      status: 'fail',
      code: 'duplicate-charge',
      summary: expect.stringContaining('1 payment was charged twice'),
    });
    expect(await check('named.yaml', '--since', '6h')).toMatchObject({
      code: 'duplicate-charge',
      summary: expect.stringContaining('39.96 CNY'),
    });
  });

  it('is unknown for a time that the files do not cover, and says which side lacks which part', async () => {
    expect(await check('named.yaml', '--since', '3h', '--until', '2h')).toMatchObject({
      status: 'unknown',
      code: 'empty',
      summary: expect.stringContaining('nothing was compared'),
    });
    expect(await check('late.yaml', '--since', '3h')).toMatchObject({
      status: 'unknown',
      code: 'orders-uncovered',
      summary: expect.stringMatching(/the files of the orders do not cover \S+Z to \S+Z/),
      unlock: expect.stringContaining('an extract of the orders that covers'),
    });
    expect(await check('half.yaml', '--since', '3h')).toMatchObject({
      status: 'unknown',
      code: 'statements-uncovered',
      unlock: expect.stringContaining('statements that cover'),
    });
    // Orders that the extract of the orders does not reach are not missing.
    expect(await check('half-here.yaml', '--since', '3h')).toMatchObject({ status: 'unknown', code: 'orders-uncovered' });
    expect(await check('both.yaml', '--since', '3h')).toMatchObject({ status: 'ok', code: 'ok' });
    expect(await check('late.yaml', '--since', '40m')).toMatchObject({ status: 'ok', code: 'ok' });
  });

  it('is unknown for a file that is not what it should be, and never runs for files that nobody named', async () => {
    expect(await check('cut.yaml')).toMatchObject({ status: 'unknown', summary: expect.stringContaining('there is no column currency') });
    expect(await check('unnamed.yaml')).toMatchObject({ status: 'skipped' });
    expect(readdirSync(join(desk.folder, 'tmp'))).toEqual([]);
  });

  it('names the cause and puts the value at risk into the report', async () => {
    const ran = await desk.run(['run', 'orders', '--no-input', '--profile', 'named.yaml', '--json'], { TMPDIR: join(desk.folder, 'tmp') });
    expect(ran.status).toBe(1);
    const report = JSON.parse(ran.stdout) as { readonly causes: readonly { readonly id: string }[] };
    expect(report.causes.map(({ id }) => id)).toEqual(['data.duplicates']);
    const text = await desk.run(['run', 'orders', '--no-input', '--profile', 'named.yaml'], { TMPDIR: join(desk.folder, 'tmp') });
    expect(text.stdout + text.stderr).toContain('0 of unknown outcome, 19.98 CNY at risk');
  });
});

describe('the step without the package', () => {
  it('is unknown, and says how to install it', () => {
    const alone = join(desk.folder, 'alone');
    for (const part of ['bin', 'dist', 'package.json', 'playbooks']) cpSync(part, join(alone, part), { recursive: true });
    const args = [join(alone, 'bin/oor.js'), 'check', 'reconciled', '--playbook', 'orders', '--profile', 'named.yaml', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: desk.folder, env: desk.env, encoding: 'utf8' });
    const [row] = (JSON.parse(stdout) as { readonly checks: readonly Row[] }).checks;
    expect(row).toMatchObject({ status: 'unknown', unlock: expect.stringContaining('npm install -g @duckdb/node-api@') });
  });
});
