/** What is mistyped at 3 a.m. is answered with what was meant. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

const SESSION = '20261128-031200-abc123';
let desk: Desk;
beforeAll(() => {
  desk = openDesk();
  for (const part of ['', 'sessions', `sessions/${SESSION}`]) mkdirSync(join(desk.stateDir, part), { mode: 0o700, recursive: true });
  writeFileSync(join(desk.stateDir, `sessions/${SESSION}/journal.jsonl`), '', { mode: 0o600 });
});
afterAll(() => desk.leave());

test.each([
  ['a command', ['rnu'], 'did you mean run?'],
  ['a command with its arguments', ['chekc', 'disk.space'], 'did you mean check?'],
  ['a flag', ['run', '--alow-fix', 'x'], 'Did you mean --allow-fix?'],
  ['a flag of a command', ['check', '--retry-fro', '5s'], 'Did you mean --retry-for?'],
  ['a check', ['check', 'disk.spcae'], 'did you mean disk.space?'],
  ['a playbook', ['run', 'payment-gatway'], 'did you mean payment-gateway?'],
  ['a fix', ['run', '--no-input', '--allow-fix', 'strat-app'], 'did you mean start-app?'],
  ['a fix of one target', ['run', '--no-input', '--allow-fix', 'strat-app@paygw'], 'did you mean start-app?'],
  ['a fault', ['run', '--sandbox=tls-expird'], 'did you mean tls-expired?'],
  ['a cause', ['help', 'tls.expird'], 'did you mean tls.expired?'],
  ['a topic', ['help', 'exit-code'], 'did you mean exit-codes?'],
  ['an action', ['bundle', 'verfy', 'x'], 'did you mean verify?'],
  ['a letter of a session', ['report', '20261128-031200-abc124'], `did you mean ${SESSION}?`],
  ['the end of a session', ['report', 'abc123'], `did you mean ${SESSION}?`],
  ['the beginning of a session', ['follow', '20261128-0312'], `did you mean ${SESSION}?`],
])('%s', async (_what, argv, meant) => {
  const { status, stdout, stderr } = await desk.run(argv);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(meant);
});

test('what is near nothing is not guessed at', async () => {
  const { stderr } = await desk.run(['report', '19990101-000000-ffffff']);
  expect(stderr).not.toContain('did you mean');
  expect(stderr).toContain('oor sessions');
});
