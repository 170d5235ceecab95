/** `oor` alone and `oor init`, as somebody who never saw them types. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Desk, openDesk } from './oor.ts';
import { KEY, type Pty, startPty } from './pty.ts';

let desk: Desk;
let pty: Pty | undefined;
beforeAll(() => {
  desk = openDesk();
});
afterEach(() => pty?.kill());
afterAll(() => desk.leave());

function open(args: readonly string[], env: Readonly<Record<string, string>> = {}): Pty {
  pty = startPty({ argv: desk.argv(args), cwd: desk.folder, env: { ...desk.env, ...env } });
  return pty;
}

test.each([
  [
    'en_US.UTF-8',
    'What do people see?',
    'swipes fail at the tils',
    'Where do we start?',
    /❯ The POS switch centre is abnormal \(pos-switch\) {2}heard: .*till/,
  ],
  [
    'zh_CN.UTF-8',
    '用户看到什么现象？',
    '重复扣款',
    '从哪里开始？',
    /❯ 支付异常：失败、中断、金额错误 \(payment-exceptions\) {2}听到：.*重复扣款/,
  ],
])('%s: what people see, then the playbooks that fit', async (LANG, asked, said, where, proposal) => {
  const screen = open(['--deadline', '2s'], { LANG });
  await screen.waitFor(asked);
  screen.type(`${said}${KEY.enter}`);
  await screen.waitFor(where);
  await screen.waitFor(proposal);
  screen.type(KEY.ctrlC);
  expect((await screen.exit()).exitCode).toBe(4);
});

test('what was said is the symptom of the run, also where nothing is redrawn', async () => {
  const screen = open(['--accessible', '--deadline', '2s']);
  await screen.waitFor('What do people see?');
  screen.type(`the site is slow${KEY.enter}`);
  await screen.waitFor('Where do we start?');
  screen.type(`1${KEY.enter}`);
  for (;;) {
    const journal = desk.kept().find((name) => name.endsWith('journal.jsonl'));
    const [first, ...rest] = journal === undefined ? [] : readFileSync(journal, 'utf8').split('\n');
    if (rest.length > 0) {
      expect(JSON.parse(first ?? '').data).toMatchObject({ symptom: 'the site is slow', playbook: { id: 'payment-gateway' } });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('oor init: Enter takes what was found, and nothing is written before the end', async () => {
  const file = join(desk.folder, 'oor.yaml');
  rmSync(file, { force: true });
  const screen = open(['init'], { LANG: 'zh_CN.UTF-8' });
  await screen.waitFor('客户访问哪个地址');
  screen.type(KEY.enter);
  await screen.waitFor('站点名称');
  expect(existsSync(file)).toBe(false);
  // How many it asks depends on what runs on this machine.
  for (let answered = 1; !screen.screen().includes('已写入'); answered++) {
    await screen.waitFor(new RegExp(`(?:\\n✔ [\\s\\S]*?){${answered}}(?:已写入|保存并退出\\n>$)`));
    if (!screen.screen().includes('已写入')) screen.type(KEY.enter);
  }
  await screen.waitFor('已写入 oor.yaml');
  expect((await screen.exit()).exitCode).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('oor: 1');
});

test('oor init: leaving writes nothing', async () => {
  const screen = open(['init', 'other.yaml']);
  await screen.waitFor('Which address do customers reach?');
  screen.type(`:q${KEY.enter}`);
  expect((await screen.exit()).exitCode).toBe(4);
  expect(existsSync(join(desk.folder, 'other.yaml'))).toBe(false);
});

test.each<[string, string[], Record<string, string>, RegExp]>([
  ['--ascii', ['--ascii'], {}, /^[\x00-\x7f]*$/],
  ['NO_COLOR', [], { NO_COLOR: '1' }, /^(?:(?!\x1b\[[\d;]*m)[\s\S])*$/],
])('%s is kept from the first question on, and Enter takes the first playbook', async (_, args, env, holds) => {
  const screen = open(args, env);
  await screen.waitFor('What do people see?');
  screen.type(`swipes fail at the tils${KEY.enter}`);
  await screen.waitFor(/Where do we start\?[\s\S]*[>❯] 1 {2}The POS switch centre is abnormal \(pos-switch\) {2}heard: .*till/);
  expect(screen.raw()).toMatch(holds);
  screen.type(KEY.enter);
  await screen.waitForOutput('Which terminals fail?');
});
