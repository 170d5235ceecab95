/** `oor ... --json 2>/dev/null | jq .` for every command that has it: one JSON value, or one a line where it is a stream, and nothing beside it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNight } from './night.ts';
import { type Desk, openDesk, parseRun } from './oor.ts';

const ORDERS = 'order_no,provider_ref,kind,amount,currency,status,time,fee\n1,p1,payment,10.00,CNY,paid,2026-11-28T00:00:00Z,0.10\n';
/** An echo request: 0800, network management 301. */
const ECHO = '303830308220000000000000040000000000000031313238303231343035303030303031333031';

let desk: Desk;
let session: string;

beforeAll(async () => {
  desk = openDesk();
  session = parseRun(await desk.run(['run', writeNight(desk.folder), '--no-input', '--json'])).session;
  for (const name of ['orders.csv', 'statement.csv']) writeFileSync(join(desk.folder, name), ORDERS);
  for (const name of ['one.tar.gz', 'two.tar.gz']) await desk.run(['bundle', 'create', session, '--out', name]);
});
afterAll(() => desk.leave());

const COMMANDS: readonly (readonly [line: string, codes: readonly number[]])[] = [
  ['run night.yaml --no-input', [1]],
  ['resume SESSION --no-input', [1, 2]],
  ['check --playbook night.yaml', [1]],
  ['check --list', [0]],
  ['check cpu.load --explain', [0]],
  ['sessions', [0]],
  ['sessions show SESSION', [0]],
  ['report SESSION', [0]],
  ['bundle create SESSION --out three.tar.gz', [0]],
  ['bundle verify one.tar.gz', [0, 11]],
  ['bundle inspect one.tar.gz', [0]],
  ['bundle analyze one.tar.gz', [0, 1]],
  ['bundle diff one.tar.gz two.tar.gz', [0]],
  [`decode ${ECHO}`, [0, 1]],
  ['decode --table unionpay-online 34', [0]],
  ['playbook list', [0]],
  ['playbook lint', [0]],
  ['playbook show pos-switch', [0]],
  ['playbook graph pos-switch', [0]],
  ['playbook schema', [0]],
  ['playbook coverage', [0]],
  ['report SESSION --template handover', [0]],
  ['drill --list', [0]],
  ['help', [0]],
  ['help tls.expired', [0]],
  ['completion zsh', [0]],
  ['notify', [2]],
  ['sandbox faults', [0]],
  ['doctor', [0, 1]],
  // What cannot be done is JSON too.
  ['run no-such-playbook --no-input', [2]],
  ['report no-such-session', [2]],
  ['check no.such.check', [2]],
  ['chek', [2]],
  ['run --no-such-flag', [2]],
];

describe('every command with --json', () => {
  it.each(COMMANDS)('oor %s', async (line, codes) => {
    const { stdout, status } = await desk.run([...line.replace('SESSION', session).split(' '), '--json']);
    expect(codes).toContain(status);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stdout).not.toMatch(/\x1b|\x07/);
  });

  it('sandbox start, which stays', async () => {
    const [node = '', ...argv] = desk.argv(['sandbox', 'start', '--json']);
    const child = spawn(node, argv, { cwd: desk.folder, env: desk.env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(JSON.parse(String(line))).toMatchObject({ schema_version: 1, profile: expect.stringContaining('oor.yaml') });
  });

  it('an error has its version, its code, what is wrong, and what to type', async () => {
    const { stdout } = await desk.run(['report', 'no-such-session', '--json']);
    const text = expect.stringMatching(/\S/);
    expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, error: { code: text, message: text, hint: text }, exit_code: 2 });
  });

  it('reconcile', async (context) => {
    const line = ['reconcile', '--orders', 'orders.csv', '--statements', 'statement.csv', '--json'];
    const { stdout, stderr } = await desk.run(line);
    if (/not installed/.test(stderr + stdout)) context.skip('the database package is not installed');
    expect(() => JSON.parse(stdout)).not.toThrow();
  });

  it('follow, and redact beside its text: one object a line', async () => {
    const { stdout } = await desk.run(['follow', session, '--json']);
    for (const line of stdout.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    const redacted = await desk.run(['redact', 'orders.csv', '--json']);
    expect(redacted.stdout).toBe(ORDERS);
    for (const line of redacted.stderr.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('through jq itself, with what is said thrown away', (context) => {
    if (spawnSync('jq', ['--version']).error) context.skip('jq is not installed');
    const command = desk
      .argv(['run', 'night.yaml', '--no-input', '--json'])
      .map((word) => `'${word}'`)
      .join(' ');
    const { stdout, status } = spawnSync('bash', ['-c', `${command} 2>/dev/null | jq -r .verdict`], {
      cwd: desk.folder,
      env: desk.env,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: 'fault\n', status: 0 });
  });
});
