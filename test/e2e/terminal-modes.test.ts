/** What a person and a pipeline see of one and the same run: streams, widths, languages, plain terminals. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  entryIsKnown,
  PATIENCE_MS,
  QUESTIONS,
  readJournal,
  type Sitting,
  type SittingOptions,
  sessionOf,
  sit,
  starts,
  uniqueSeconds,
  writeNight,
} from './night.ts';
import { type Desk, openDesk } from './oor.ts';
import { KEY, type Pty, startPty } from './pty.ts';

const TEST_MS = 3 * PATIENCE_MS;
const CONSENT = 'Apply it now?';

let desk: Desk;
let open: Pty[];

beforeEach(() => {
  desk = openDesk();
  open = [];
});

afterEach(() => {
  for (const pty of open) pty.kill();
  desk.leave();
});

function start(options: SittingOptions): Sitting {
  const sitting = sit(desk, options);
  open.push(sitting.pty);
  return sitting;
}

describe('stdout', () => {
  it.each([
    ['text', [], /FAULT FOUND/],
    ['--json', ['--json'], /^\{[\s\S]*"verdict": "fault"[\s\S]*\}\n$/],
    ['--jsonl', ['--jsonl'], /^(?:\{.*\}\n)+$/],
    ['--format md', ['--format', 'md'], /^# /],
  ] as const)(
    '%s: the result and nothing else, while a person is asked on the terminal',
    async (_, flags, expected) => {
      const file = writeNight(desk.folder, { questions: [QUESTIONS.select] });
      const out = join(desk.folder, 'out');
      const command = desk
        .argv(['run', file, ...flags])
        .map((word) => `'${word}'`)
        .join(' ');
      const pty = startPty({ argv: ['bash', '-c', `${command} > ${out}`], cwd: desk.folder, env: desk.env, columns: 100, rows: 40 });
      open.push(pty);
      await pty.waitFor(/What do people see\?[\s\S]*save and quit\s*$/, PATIENCE_MS);
      pty.type('1');
      await pty.waitFor('❯ 1', PATIENCE_MS);
      pty.type(KEY.enter);
      await pty.waitFor(/Apply it now\?[\s\S]*save and quit\s*$/, PATIENCE_MS);
      pty.type(KEY.enter);
      expect((await pty.exit(PATIENCE_MS)).exitCode).toBe(1);
      const text = readFileSync(out, 'utf8');
      expect(text).toMatch(expected);
      expect(text).not.toMatch(/[\x1b\x07]|What do people see\?.*save and quit|~ running/);
    },
    TEST_MS,
  );

  it('off a terminal neither stream holds an escape sequence, in any mode', async () => {
    const file = writeNight(desk.folder);
    for (const flags of [[], ['--accessible'], ['--ascii'], ['--lang', 'zh-CN'], ['--json'], ['--jsonl']]) {
      const { stdout, stderr } = await desk.run(['run', file, '--no-input', ...flags]);
      expect(`${stdout}${stderr}`).not.toMatch(/\x1b|\x07/);
    }
  });
});

describe('the screen of a run', () => {
  it(
    'is there before the checks are: what is looked at, since when, what runs; then a line for each phase that is over',
    async () => {
      const seconds = uniqueSeconds();
      const more = ['{ id: load, uses: cpu.load }'];
      const { pty, ended } = start({ args: ['run', writeNight(desk.folder, { slowCheck: seconds, more })] });
      await starts(seconds);
      await pty.waitFor(/~ running +slow +.*\d+(\.\d)?s\/300s/, PATIENCE_MS);
      await pty.waitFor(/run 0:\d\d {2}confirm ✘ {2}software \d\/2/, PATIENCE_MS);
      // The live line can be drawn before the line of the phase has scrolled by.
      await expect.poll(() => pty.history(), { timeout: PATIENCE_MS }).toMatch(/✘ FAIL +.*health/);
      await expect.poll(() => pty.history(), { timeout: PATIENCE_MS }).toMatch(/✘ FAIL +confirm: 1 FAIL \(/);
      pty.type(KEY.ctrlC);
      await ended(130);
      expect(pty.history()).not.toContain('~ running');
    },
    TEST_MS,
  );

  it(
    'behind a question it goes on: a line each for phases that are over, what failed, what runs, and one for the whole',
    async () => {
      const seconds = uniqueSeconds();
      const night = { questions: [QUESTIONS.select], slowCheck: seconds };
      const { pty, ended, asked } = start({ args: ['run', writeNight(desk.folder, night)] });
      await asked('What do people see?');
      await entryIsKnown(desk);
      await pty.waitFor(/confirm .*running: slow \d+(\.\d)?s\/300s\n[\s\S]*\? What do people see\?/, PATIENCE_MS);
      const table = /✘ FAIL +confirm: 1 FAIL \(.*\n {2}✘ FAIL +entry .*\n {2}~ running +slow .*s\/300s\n.*running: slow/;
      await pty.waitFor(table, PATIENCE_MS);
      pty.type('w');
      await pty.waitFor(/Ranking\n {2}1\. \d+% app\.down[\s\S]*\+ entry ×100[\s\S]*save and quit\s*$/, PATIENCE_MS);
      pty.type('i');
      await pty.waitFor(
        /payments down[\s\S]*cause: \d+% app\.down[\s\S]*1 of 2 checks done, 1 failed, 1 running[\s\S]*save and quit\s*$/,
        PATIENCE_MS,
      );
      pty.type('q');
      await ended(4);
    },
    TEST_MS,
  );

  it.each([40, 80, 200])(
    'at %d columns nothing is wider than the window, at a question and while checks run',
    async (columns) => {
      const seconds = uniqueSeconds();
      const night = { questions: [QUESTIONS.select], slowCheck: seconds, more: ['{ id: load, uses: cpu.load }'] };
      const { pty, ended, asked } = start({ args: ['run', writeNight(desk.folder, night)], columns });
      await asked('What do people see?');
      pty.type('1');
      await pty.waitFor('❯ 1', PATIENCE_MS);
      pty.type(KEY.enter);
      await pty.waitFor(/(?:running|\[run\]) +slow/, PATIENCE_MS);
      const screen = await pty.waitFor(/s\/300s/, PATIENCE_MS);
      const rows = screen.split('\n').filter((line) => /^ {2}[~✔]/.test(line));
      expect(rows.length).toBeGreaterThan(0);
      // The time stands at the right edge, so that a line that wraps would not end with it.
      for (const row of rows) expect(row).toMatch(/\d+(\.\d)?s\/\d+s$/);
      pty.type(KEY.ctrlC);
      await ended(130);
    },
    TEST_MS,
  );
});

describe('the deadline of the run', () => {
  it.each([
    ['a question', [QUESTIONS.select]],
    ['a consent', []],
  ])(
    'calls %s off: nothing is changed, and the verdict is told',
    async (_, questions) => {
      const { pty, ended } = start({ args: ['run', writeNight(desk.folder, { questions }), '--deadline', '5s'] });
      await ended(1);
      expect(pty.history()).toContain('FAULT FOUND');
      expect(readJournal(desk)).toContain('"type":"deadline.passed"');
      expect(readFileSync(join(desk.folder, 'health'), 'utf8')).toBe('down\n');
    },
    TEST_MS,
  );
});

describe('what is changed', () => {
  it(
    'every command is shown before it runs; of one that fails the last lines, and where the rest is; no secret in either',
    async () => {
      const secret = 'correct-horse-battery-4711';
      writeFileSync(join(desk.folder, 'site.yaml'), 'oor: 1\ncaches: [{ name: redis, kind: redis, url: { env: NIGHT_SECRET } }]\n');
      const file = writeNight(desk.folder, { slowFix: secret });
      writeFileSync(join(desk.folder, 'take-time'), 'for i in $(seq 1 60); do echo "line $i of $1"; done; exit 3\n');
      const env = { NIGHT_SECRET: secret };
      const { pty, ended, asked } = start({ args: ['run', file, '--profile', 'site.yaml'], env });
      await asked(CONSENT);
      expect(pty.screen()).toMatch(/effect: write\n *target: \S+\n *sh \S+take-time \S+\n *rollback: it stays up/);
      pty.type('y');
      await pty.waitFor('❯ 1', PATIENCE_MS);
      pty.type(KEY.enter);
      await ended(5);
      const shown = pty.history();
      expect(shown).toMatch(/\$ sh \S+take-time /);
      expect(shown).toMatch(/restart: failed, exit 3; the last lines of its output:\n +line 41 of [\s\S]*\n +line 60 of /);
      expect(shown).not.toContain('line 40 of');
      expect(shown).toMatch(new RegExp(`40 lines more; all of it: oor report ${sessionOf(desk)}`));
      expect(pty.raw() + readJournal(desk)).not.toContain(secret);
    },
    TEST_MS,
  );

  it(
    'the last screen: the cause, what was changed, how much is known, what to type next, the bundle; the verdict last',
    async () => {
      const { pty, ended, asked } = start({ args: ['run', writeNight(desk.folder), '--bundle', 'night.tar.gz'] });
      await asked(CONSENT);
      pty.type('y');
      await pty.waitFor('❯ 1', PATIENCE_MS);
      pty.type(KEY.enter);
      await ended(0);
      const id = sessionOf(desk);
      const lines = pty.history().split('\n');
      const at = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
      const order = [
        /\[app\.down\]/,
        /restart: applied and validated/,
        /^FIXED and validated/,
        new RegExp(`^\\d+ results in session ${id}.*oor report ${id}`),
        /night\.tar\.gz/,
      ];
      expect(order.map(at)).toEqual(order.map(at).toSorted((one, other) => one - other));
      expect(order.map(at)).not.toContain(-1);
    },
    TEST_MS,
  );
});

describe('Chinese', () => {
  it(
    'columns stand under each other, and a session begun in English is gone on with in Chinese',
    async () => {
      const file = writeNight(desk.folder, {
        questions: [QUESTIONS.select],
        more: ['{ id: load, uses: cpu.load }', '{ id: up, uses: host.uptime }'],
      });
      const first = start({ args: ['run', file] });
      await first.asked('What do people see?');
      await entryIsKnown(desk);
      first.pty.type('q');
      await first.ended(4);
      const second = start({ args: ['resume', sessionOf(desk), '--lang', 'zh-CN'], columns: 80 });
      await second.asked('用户看到什么？');
      // Whoever takes over first reads how it stands.
      expect(second.pty.history()).toMatch(/支付 中断[\s\S]*app\.down {2}应用未运行[\s\S]*检查已完成 \d\/3/);
      expect(second.pty.screen()).toMatch(/1 {2}很慢\n {2}2 {2}无法访问\n {2}3 {2}不清楚\n {2}方向键或数字/);
      second.pty.type('？');
      await second.pty.waitFor('w  原因排名', PATIENCE_MS);
      second.pty.type('w');
      await second.pty.waitFor('原因排名\n', PATIENCE_MS);
      await second.asked('用户看到什么？');
      second.pty.type('3');
      await second.pty.waitFor('❯ 3', PATIENCE_MS);
      second.pty.type(KEY.enter);
      await second.asked('现在执行');
      second.pty.type(KEY.enter);
      await second.ended(1);
      expect(second.pty.history()).toContain('发现故障');
      // Ids and what other programs read stay as they are.
      expect(readJournal(desk)).toContain('"type":"question.skipped"');
      expect(second.pty.history()).toContain('app.down');
    },
    TEST_MS,
  );

  it(
    'the table while checks run: every row ends at the same column',
    async () => {
      const seconds = uniqueSeconds();
      const more = ['{ id: load, uses: cpu.load }', '{ id: up, uses: host.uptime }'];
      const { pty, ended } = start({
        args: ['run', writeNight(desk.folder, { slowCheck: seconds, more }), '--lang', 'zh-CN'],
        columns: 80,
      });
      const screen = await pty.waitFor(/~ 运行 +slow[\s\S]*✔ 正常/, PATIENCE_MS);
      const rows = screen.split('\n').filter((line) => /^ {2}[~✔] /.test(line));
      expect(rows.length).toBeGreaterThan(1);
      expect(new Set(rows.map((row) => stringWidth(row))).size).toBe(1);
      pty.type(KEY.ctrlC);
      await ended(130);
    },
    TEST_MS,
  );
});

describe('terminals that can little', () => {
  it.each([
    ['--accessible', ['--accessible'], {}],
    ['TERM=dumb', [], { TERM: 'dumb' }],
  ] as const)(
    '%s: lines, numbered choices read from a line, no cursor moves',
    async (_, flags, env) => {
      const { pty, ended, asked } = start({ args: ['run', writeNight(desk.folder, { questions: [QUESTIONS.select] }), ...flags], env });
      await asked('What do people see?');
      await entryIsKnown(desk);
      pty.type('w\r');
      await pty.waitFor(/app\.down[\s\S]*>$/, PATIENCE_MS);
      pty.type('1\r');
      await asked(CONSENT);
      pty.type('\r');
      await ended(1);
      // Colours may stand in the result at a terminal that has them; nothing moves.
      expect(pty.raw()).not.toMatch(/\x1b\[[0-9;?]*[A-LN-Za-ln-z]/);
      expect(pty.history()).toMatch(/✘ FAIL +.*health/);
    },
    TEST_MS,
  );

  it.each([
    ['--ascii', ['--ascii'], {}],
    ['LC_ALL=C', [], { LC_ALL: 'C' }],
  ] as const)(
    '%s: no character beyond ASCII',
    async (_, flags, env) => {
      const night = { questions: [QUESTIONS.confirm], slowCheck: uniqueSeconds() };
      const { pty, ended, asked } = start({ args: ['run', writeNight(desk.folder, night), ...flags], env });
      await asked('Do other banks work?');
      await entryIsKnown(desk);
      pty.type('w');
      await pty.waitFor('app.down', PATIENCE_MS);
      await asked('Do other banks work?');
      pty.type('2');
      await pty.waitFor('> 2', PATIENCE_MS);
      pty.type(KEY.enter);
      await pty.waitFor(/\[run\] +slow/, PATIENCE_MS);
      pty.type(KEY.ctrlC);
      await ended(130);
      expect(pty.raw()).not.toMatch(/[^\x00-\x7f]/);
    },
    TEST_MS,
  );

  it(
    'NO_COLOR: no colour, and nothing is lost with it; no title, no bell',
    async () => {
      const plain = start({ args: ['run', writeNight(desk.folder)], env: { NO_COLOR: '1' } });
      await plain.asked(CONSENT);
      plain.pty.type(KEY.enter);
      await plain.ended(1);
      expect(plain.pty.raw()).not.toMatch(/\x1b\[[\d;]*m/);
      expect(plain.pty.history()).toMatch(/✘ FAIL/);
      expect(plain.pty.raw()).not.toMatch(/\x07|\x1b\]/);
    },
    TEST_MS,
  );
});

describe('tmux', () => {
  it(
    'shows the same',
    async (context) => {
      if (!existsSync('/usr/bin/tmux')) context.skip('tmux is not installed');
      const tmux = startPty({
        argv: [
          'tmux',
          '-L',
          `oor-${process.pid}`,
          '-f',
          '/dev/null',
          'new-session',
          '-x',
          '100',
          '-y',
          '30',
          desk.argv(['run', writeNight(desk.folder, { questions: [QUESTIONS.select] })]).join(' '),
        ],
        cwd: desk.folder,
        env: desk.env,
        columns: 100,
        rows: 30,
      });
      open.push(tmux);
      await tmux.waitFor(/\? What do people see\?\n {2}1 {2}It is slow\n[\s\S]*save and quit/, PATIENCE_MS);
      tmux.type('2');
      await tmux.waitFor('❯ 2', PATIENCE_MS);
      tmux.type(KEY.enter);
      await tmux.waitFor(/Apply it now\?[\s\S]*save and quit/, PATIENCE_MS);
      tmux.type(KEY.enter);
      await tmux.exit(PATIENCE_MS);
      expect(readJournal(desk)).toContain('"exit_code":1');
    },
    TEST_MS,
  );
});
