import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTerminalOperator, type TerminalOperatorOptions } from '../../src/adapters/terminal-operator.ts';
import type { Question } from '../../src/ports.ts';
import { escapeControl } from '../../src/report/escape.ts';
import { compileProgram, KEY, type Pty, startPty } from '../e2e/pty.ts';

const BASE = {
  id: 'who',
  text: { en: 'Who says so?', 'zh-CN': '谁报告支付失败？' },
  skippable: true,
  canGoBack: true,
  canMitigate: true,
} as const;
const SELECT: Question = {
  ...BASE,
  type: 'select',
  help: { en: 'Read the alert first.', 'zh-CN': '请先查看告警。' },
  options: [
    { value: 'alert', label: { en: 'Our own monitoring', 'zh-CN': '自有监控' } },
    { value: 'customer', label: { en: 'Customers or merchants', 'zh-CN': '客户或商户' } },
    { value: 'unknown', label: { en: "Don't know", 'zh-CN': '不清楚' } },
  ],
};
const CONFIRM: Question = { ...BASE, id: 'seen', type: 'confirm', text: { en: 'Do other banks work?' } };
const CONSENT: Question = { ...BASE, id: 'fix:restart', type: 'confirm', text: { en: 'Restart nginx on gw?' }, skippable: false };
const TYPED: Question = { ...CONSENT, type: 'text', text: { en: 'End 40 sessions of main?' }, mustEqual: 'end sessions' };
const TEXT: Question = { ...BASE, id: 'change', type: 'text', text: { en: 'What changed today?', 'zh-CN': '今天有什么变更？' } };
const NUMBER: Question = { ...BASE, id: 'failed', type: 'number', text: { en: 'How many failed?' }, min: 0, max: 100 };

let program = '';
let pty: Pty | undefined;

beforeAll(async () => {
  program = await compileProgram(fileURLToPath(new URL('../fixtures/terminal-harness.ts', import.meta.url)));
});
afterAll(() => rmSync(dirname(program), { recursive: true, force: true }));
afterEach(() => pty?.kill());

const BACKGROUND = {
  progress: ['checks 12/60', 'checks 13/60', 'checks 14/60'],
  reason: 'asked now: 0.42 bit in about 20 s, about app.down',
  status: ['payments down, since 02:14:05Z', 'cause: 91% app.down', '12 of 60 checks done'],
  why: [
    'Ranking',
    ...Array.from({ length: 40 }, (_, index) => `  ${index + 1}. cause number ${index + 1}`),
    'Most information per second: ask the bank',
  ],
};

interface Show {
  readonly background?: typeof BACKGROUND & { readonly table?: readonly string[] };
  readonly language?: 'en' | 'zh-CN';
  readonly ascii?: boolean;
  readonly accessible?: boolean;
  readonly colour?: boolean;
  readonly pauseMs?: number;
  readonly columns?: number;
  readonly rows?: number;
}

function ask(questions: readonly Question[], { columns, rows, ...plan }: Show = {}): Pty {
  const env = { HARNESS: JSON.stringify({ questions, ...plan }) };
  pty = startPty({ argv: [process.execPath, program], env, ...(columns && { columns }), ...(rows && { rows }) });
  return pty;
}

/** Waits for the end and returns what `ask` gave; fails unless the terminal was left as it was found. */
async function replies(terminal: Pty): Promise<unknown[]> {
  await terminal.waitForOutput('BYE');
  expect(await terminal.exit()).toEqual({ exitCode: 0, signal: 0 });
  const raw = terminal.raw();
  const given = [...raw.matchAll(/REPLY (\{.*\})\r/g)].map(([, json = '']) => JSON.parse(json) as unknown);
  const modes = [...raw.matchAll(/TTY (.*)\r/g)].map(([, mode]) => mode);
  expect(new Set(modes)).toEqual(new Set(['sane']));
  expect(terminal.cursorIsVisible()).toBe(true);
  return given;
}

const answered = (value: unknown): unknown => ({ kind: 'answer', value, source: 'operator' });

describe('each key on a real terminal', () => {
  it.each<[string, Question, string, unknown]>([
    ['select by arrows', SELECT, KEY.down + KEY.down + KEY.enter, answered('customer')],
    ['select by number', SELECT, `3${KEY.enter}`, answered('unknown')],
    ['select by End', SELECT, KEY.end + KEY.enter, answered('unknown')],
    ['confirm yes', CONFIRM, `y${KEY.enter}`, answered(true)],
    ['confirm no', CONFIRM, `2${KEY.enter}`, answered(false)],
    ['confirm by "n, Enter"', CONFIRM, `n${KEY.enter}`, answered(false)],
    ['consent is No by itself', CONSENT, KEY.enter, answered(false)],
    ['consent given', CONSENT, `y${KEY.enter}`, answered(true)],
    ['consent typed', TYPED, `end sessions${KEY.enter}`, answered('end sessions')],
    ['typed consent refused', TYPED, KEY.enter, answered('')],
    ['a text', TEXT, `deployed 2.4.1${KEY.enter}`, answered('deployed 2.4.1')],
    ['a text, mended by Backspace', TEXT, `ax${KEY.backspace}b${KEY.enter}`, answered('ab')],
    ['a text, with Tab ignored', TEXT, `a${KEY.tab}b${KEY.enter}`, answered('ab')],
    ['a Chinese text', TEXT, `升级了网关${KEY.enter}`, answered('升级了网关')],
    ['a number', NUMBER, `12.5${KEY.enter}`, answered(12.5)],
    ['back', SELECT, 'b', { kind: 'back' }],
    ['back in a text', TEXT, `:b${KEY.enter}`, { kind: 'back' }],
    ['a note', SELECT, `nchecked the logs${KEY.enter}`, { kind: 'note', text: 'checked the logs' }],
    ['a note after a confirm', CONFIRM, `nasked the bank${KEY.enter}`, { kind: 'note', text: 'asked the bank' }],
    ['a note in a text', TEXT, `:n${KEY.enter}checked the logs${KEY.enter}`, { kind: 'note', text: 'checked the logs' }],
    ['skip', SELECT, `snobody knows${KEY.enter}`, { kind: 'skip', reason: 'nobody knows' }],
    ['mitigate', SELECT, 'm', { kind: 'mitigate' }],
    ['mitigate at a number', NUMBER, `m${KEY.enter}`, { kind: 'mitigate' }],
    ['not knowing a number', NUMBER, `s${KEY.enter}${KEY.enter}`, { kind: 'skip', reason: "Don't know" }],
    ['not knowing a text', TEXT, `:s${KEY.enter}${KEY.enter}`, { kind: 'skip', reason: "Don't know" }],
    ['not knowing yes or no', CONFIRM, `3${KEY.enter}`, { kind: 'skip', reason: "Don't know" }],
    ['quit', SELECT, 'q', { kind: 'quit' }],
    ['quit in a text', TEXT, `:q${KEY.enter}`, { kind: 'quit' }],
    ['end of input', SELECT, KEY.ctrlD, { kind: 'quit' }],
    ['end of input in a text', TEXT, KEY.ctrlD, { kind: 'quit' }],
  ])('%s', async (_, question, keys, reply) => {
    const terminal = ask([question]);
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(keys);
    expect(await replies(terminal)).toEqual([reply]);
  });

  it('three questions in a row, and the line that stays of each', async () => {
    const terminal = ask([SELECT, NUMBER, SELECT]);
    await terminal.waitFor('Who says so?');
    terminal.type(`1${KEY.enter}`);
    await terminal.waitFor('? How many failed? (from 0 to 100)');
    terminal.type(`7${KEY.enter}`);
    await terminal.waitFor(/^\? Who says so\?/m);
    terminal.type(`sasleep${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered('alert'), answered(7), { kind: 'skip', reason: 'asleep' }]);
    expect(terminal.history()).toContain('✔ Who says so?  Our own monitoring');
    expect(terminal.history()).toContain('✔ How many failed? (from 0 to 100)  7');
    expect(terminal.history()).toContain('- Who says so?  skipped: asleep');
    expect(terminal.history()).not.toContain('save and quit');
  });
});

describe('what is refused stays on the screen with the reason', () => {
  it('an answer, a choice of nothing, an inexact consent', async () => {
    const terminal = ask([NUMBER, SELECT, TYPED]);
    await terminal.waitFor('How many failed?');
    terminal.type(`120${KEY.enter}`);
    await terminal.waitFor('! A number from 0 to 100 is expected.');
    await terminal.waitFor(/^> 120$/m);
    terminal.type(`${KEY.backspace}${KEY.enter}`);
    await terminal.waitFor('Who says so?');
    terminal.type(KEY.enter);
    await terminal.waitFor('! Nothing is chosen yet');
    terminal.type('s');
    await terminal.waitFor('Why is it skipped?');
    terminal.type(`asleep${KEY.enter}`);
    await terminal.waitFor('To go ahead, type exactly: end sessions');
    terminal.type(`end session${KEY.enter}`);
    await terminal.waitFor('! That is not the exact text; nothing was done.');
    terminal.type(`end sessions${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered(12), { kind: 'skip', reason: 'asleep' }, answered('end sessions')]);
  });

  it('Escape leaves a note, and what was typed of it is gone', async () => {
    const terminal = ask([SELECT]);
    await terminal.waitFor('Who says so?');
    terminal.type('nnever mind');
    await terminal.waitFor('> never mind');
    terminal.type(KEY.escape);
    await terminal.waitFor('1  Our own monitoring');
    terminal.type(`1${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered('alert')]);
  });

  it('help shows the text of the question and its keys, and goes away again', async () => {
    const terminal = ask([SELECT]);
    await terminal.waitFor('Who says so?');
    terminal.type('?');
    await terminal.waitFor('Read the alert first.');
    await terminal.waitFor('skip this question; a reason is asked');
    terminal.type('?');
    const screen = await terminal.waitFor(/Who says so\?\n {2}1 {2}Our/);
    expect(screen).not.toContain('Read the alert');
    terminal.type('q');
    await replies(terminal);
  });
});

describe('every key at every kind of question', () => {
  it.each<[string, Question, string, string]>([
    ['a choice', SELECT, '', ''],
    ['yes or no', CONFIRM, '', ''],
    ['a consent', CONSENT, '', ''],
    ['a typed consent', TYPED, ':', KEY.enter],
    ['a text', TEXT, ':', KEY.enter],
    ['a number', NUMBER, '', KEY.enter],
  ])('%s: ? b n s m i w q', async (_, question, before, after) => {
    const terminal = ask(Array<Question>(5).fill(question), { background: BACKGROUND });
    const standing = /save\s+and\s+quit\s*(?:> ?)?$/;
    const press = (key: string): void => terminal.type(`${before}${key}${after}`);
    const replied = async (count: number): Promise<void> => {
      await terminal.waitForOutput(new RegExp(`(?:REPLY[^\\n]*\\n[\\s\\S]*?){${count}}TTY`));
      await terminal.waitFor(standing);
    };
    await terminal.waitFor(standing);
    press('?');
    await terminal.waitFor('oor resume goes on here');
    press('i');
    await terminal.waitFor('12 of 60 checks done');
    await terminal.waitFor(standing);
    press('w');
    await terminal.waitFor('ask the bank');
    await terminal.waitFor(standing);
    press('b');
    await replied(1);
    press('n');
    await terminal.waitFor('Note for the record');
    terminal.type(`called the bank${KEY.enter}`);
    await replied(2);
    press('s');
    await terminal.waitFor(question.skippable ? 'Why is it skipped?' : 'Why not?');
    terminal.type(`asleep${KEY.enter}`);
    await replied(3);
    press('m');
    await replied(4);
    press('q');
    expect(await replies(terminal)).toEqual([
      { kind: 'back' },
      { kind: 'note', text: 'called the bank' },
      { kind: 'skip', reason: 'asleep' },
      { kind: 'mitigate' },
      { kind: 'quit' },
    ]);
  });
});

describe('what lies behind the question', () => {
  it.each<[string, Question, string, string]>([
    ['at a choice', SELECT, '', ''],
    ['at yes or no', CONFIRM, '', ''],
    ['at a consent', CONSENT, '', ''],
    ['at a typed consent', TYPED, ':', KEY.enter],
    ['at a text', TEXT, ':', KEY.enter],
    ['at a number', NUMBER, '', KEY.enter],
  ])('i and w %s: it stays on the screen, whole, and the question comes back', async (_, question, before, after) => {
    const terminal = ask([question], { background: BACKGROUND, rows: 16 });
    const screen = await terminal.waitFor(/save\s+and\s+quit/);
    expect(screen).toContain('asked now: 0.42 bit');
    terminal.type(`${before}i${after}`);
    await terminal.waitFor(/cause: 91% app\.down\n12 of 60 checks done\n[\s\S]*save\s+and\s+quit/);
    terminal.type(`${before}w${after}`);
    await terminal.waitFor(/40\. cause number 40\nMost information per second: ask the bank\n[\s\S]*save\s+and\s+quit/);
    expect(terminal.history()).toMatch(/Ranking\n {2}1\. cause number 1\n/);
    terminal.type(`${before}q${after}`);
    expect(await replies(terminal)).toEqual([{ kind: 'quit' }]);
  });

  it('what was marked stays marked', async () => {
    const terminal = ask([SELECT], { background: BACKGROUND });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type('2');
    await terminal.waitFor('❯ 2');
    terminal.type('i');
    await terminal.waitFor(/12 of 60 checks done\n[\s\S]*❯ 2[\s\S]*save and quit/);
    terminal.type(KEY.enter);
    expect(await replies(terminal)).toEqual([answered('customer')]);
  });

  it('the checks go on in a line above it, and what is being typed is left alone', async () => {
    const terminal = ask([TEXT], { background: BACKGROUND });
    await terminal.waitFor(/^checks 12\/60\n[\s\S]*save\s+and\s+quit/);
    terminal.type('half an ans');
    terminal.signal('SIGUSR1');
    await terminal.waitFor(/^checks 13\/60\n[\s\S]*> half an ans$/);
    terminal.signal('SIGUSR1');
    await terminal.waitFor(/^checks 14\/60\n[\s\S]*> half an ans$/);
    terminal.type(`wer${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered('half an answer')]);
    expect(terminal.history()).not.toContain('checks 1');
  });

  it.each([10, 16, 30, 60])('the checks stand above it, as many as there is room for on %d lines, and are gone with it', async (rows) => {
    const table = Array.from({ length: 40 }, (_, index) => `  row ${index + 1}`);
    const terminal = ask([SELECT], { background: { ...BACKGROUND, table }, rows });
    const screen = await terminal.waitFor(/save and quit/);
    const lines = screen.split('\n');
    const listed = lines.filter((line) => line.startsWith('  row ')).length;
    expect(lines.findIndex((line) => line.startsWith('checks 1'))).toBe(listed);
    expect(listed).toBe(Math.max(0, Math.min(16, rows - lines.length + listed - 3)));
    terminal.type('2');
    terminal.signal('SIGUSR1');
    await terminal.waitFor(/checks 13\/60\n[\s\S]*❯ 2/);
    terminal.type(KEY.enter);
    expect(await replies(terminal)).toEqual([answered('customer')]);
    expect(terminal.history()).not.toContain('row 1');
  });

  it('in plain text: lines, and nothing is redrawn', async () => {
    const terminal = ask([SELECT], { background: BACKGROUND, accessible: true });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.signal('SIGUSR1');
    terminal.type('i\r');
    await terminal.waitFor(/12 of 60 checks done\n>$/);
    terminal.type('w\r');
    await terminal.waitFor(/ask the bank\n>$/);
    terminal.type('2\r');
    expect(await replies(terminal)).toEqual([answered('customer')]);
    expect(terminal.raw()).not.toContain('\x1b');
    expect(terminal.raw()).not.toContain('checks 13');
  });
});

describe('interruption', () => {
  it.each([
    ['a choice', SELECT, ''],
    ['a half-typed text', TEXT, 'half'],
    ['a note', SELECT, 'nhalf'],
  ])('Ctrl-C at %s tells and quits', async (_, question, typed) => {
    const terminal = ask([question]);
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(typed + KEY.ctrlC);
    expect(await replies(terminal)).toEqual([{ kind: 'quit' }]);
    expect(terminal.raw().match(/INTERRUPT/g)).toHaveLength(1);
    expect(terminal.raw()).not.toContain('SIGINT');
  });

  it.each([
    ['a choice', SELECT, `2${KEY.enter}`],
    ['a consent', CONSENT, `y${KEY.enter}`],
    ['a text', TEXT, `half${KEY.enter}`],
    ['a key that shows something', SELECT, 'i'],
  ])('Ctrl-C in one breath with what ends %s is not lost, and nothing was answered', async (_, question, typed) => {
    const terminal = ask([question], { background: BACKGROUND });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(typed + KEY.ctrlC);
    expect(await replies(terminal)).toEqual([{ kind: 'quit' }]);
    expect(terminal.raw().match(/INTERRUPT/g)).toHaveLength(1);
  });

  it.each([
    ['with keys', SELECT, false],
    ['with a line', TEXT, false],
    ['in plain text', SELECT, true],
  ])('an aborted signal ends the question %s, and the next one works', async (_, question, accessible) => {
    const terminal = ask([question, NUMBER], { accessible });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.signal('SIGUSR2');
    await terminal.waitFor('REJECTED Error: called off');
    await terminal.waitFor('How many failed?');
    terminal.type(`5${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered(5)]);
  });

  it('Ctrl-Z where nothing can stop the program leaves the question usable', async () => {
    const terminal = ask([SELECT]);
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(KEY.ctrlZ);
    await terminal.waitForOutput('\x1b[?25h\r\n');
    await terminal.waitForOutput(/\?25h\r\n[\s\S]*Who says so/);
    // Without Enter: single keys arrive only when the terminal is in the mode of the prompt again.
    terminal.type('2');
    await terminal.waitFor('❯ 2');
    terminal.type(KEY.enter);
    expect(await replies(terminal)).toEqual([answered('customer')]);
  });

  it('Ctrl-Z under a shell stops the program with a sane terminal, and fg brings the question back', async () => {
    const env = { HARNESS: JSON.stringify({ questions: [SELECT] }), PS1: 'shell> ' };
    pty = startPty({ argv: ['bash', '--norc', '--noprofile', '-i'], env });
    await pty.waitFor('shell>');
    pty.type(`${process.execPath} ${program}\r`);
    await pty.waitFor(/save\s+and\s+quit/);
    pty.type(KEY.ctrlZ);
    await pty.waitForOutput('Stopped');
    pty.type('stty -a | grep -c " icanon"; echo STATE\r');
    await pty.waitFor(/\n1\nSTATE/);
    pty.type('fg\r');
    await pty.waitForOutput(/fg\r\n[\s\S]*Who says so/);
    pty.type('2');
    await pty.waitFor('❯ 2');
    pty.type(KEY.enter);
    await pty.waitForOutput('"value":"customer"');
    await pty.waitForOutput('BYE');
    pty.type('exit\r');
    await pty.exit();
  });
});

describe('screens', () => {
  it('40 columns: nothing is torn or too wide, and the keys still work', async () => {
    const terminal = ask([SELECT], { columns: 40 });
    const screen = await terminal.waitFor(/save\s+and\s+quit/);
    expect(screen).toBe(
      [
        '? Who says so?',
        '  1  Our own monitoring',
        '  2  Customers or merchants',
        "  3  Don't know",
        '  arrows or number, Enter  ? help',
        '  b back  n note  s skip',
        '  m stop the bleeding  q save and quit',
      ].join('\n'),
    );
    terminal.type(KEY.down + KEY.enter);
    expect(await replies(terminal)).toEqual([answered('alert')]);
    expect(terminal.history()).toMatch(/^✔ Who says so\? {2}Our own monitoring\n/);
  });

  it('a window made narrower while a question stands: the question is drawn again, whole', async () => {
    const terminal = ask([SELECT]);
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.resize(40, 30);
    await terminal.waitFor(
      /\? Who says so\?\n {2}1 {2}Our own monitoring\n {2}2 .*\n {2}3 .*\n {2}arrows or number, Enter {2}\? help\n {2}b back {2}n note {2}s skip\n.*quit$/,
    );
    terminal.type(KEY.down + KEY.enter);
    expect(await replies(terminal)).toEqual([answered('alert')]);
  });

  it('Chinese at 40 columns', async () => {
    const terminal = ask([SELECT, TEXT], { columns: 40, language: 'zh-CN' });
    const screen = await terminal.waitFor('保存并退出');
    expect(screen).toBe(
      [
        '? 谁报告支付失败？',
        '  1  自有监控',
        '  2  客户或商户',
        '  3  不清楚',
        '  方向键或数字，Enter 确认  ? 帮助',
        '  b 返回  n 备注  s 跳过  m 先止血',
        '  q 保存并退出',
      ].join('\n'),
    );
    terminal.type('？');
    await terminal.waitFor('请先查看告警。');
    terminal.type(`3${KEY.enter}`);
    await terminal.waitFor('今天有什么变更？');
    // Longer than the line: 24 characters on 48 columns.
    terminal.type('昨晚升级了支付网关并且更换了银行的证书和域名解析');
    await terminal.waitFor('域名解析');
    terminal.type(KEY.enter);
    expect(await replies(terminal)).toEqual([answered('unknown'), answered('昨晚升级了支付网关并且更换了银行的证书和域名解析')]);
    expect(terminal.history()).toContain('✔ 谁报告支付失败？  不清楚');
    expect(terminal.history().match(/今天有什么变更/g)).toHaveLength(1);
  });

  it('more choices and help than rows: the marked one is always visible and nothing scrolls away', async () => {
    const options = Array.from({ length: 40 }, (_, index) => ({
      value: `v${index + 1}`,
      label: { en: `Choice ${index + 1} ${'long '.repeat(20)}` },
    }));
    const terminal = ask([{ ...SELECT, options }], { columns: 60, rows: 12 });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(`?${KEY.end}`);
    await terminal.waitFor(/❯ 41 {2}Don't know/);
    terminal.type(KEY.up);
    await terminal.waitFor(/❯ 40 {2}Choice 40/);
    expect(terminal.history().match(/Who says so/g)).toHaveLength(1);
    terminal.type(`17${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered('v17')]);
  });

  it('ASCII only', async () => {
    const terminal = ask([SELECT], { ascii: true });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(KEY.down + KEY.enter);
    await replies(terminal);
    expect(terminal.raw()).toContain('> 1  Our own monitoring');
    expect(terminal.raw()).not.toMatch(/[^\x00-\x7f]/);
  });

  it('colour only when asked for', async () => {
    const plain = ask([SELECT]);
    await plain.waitFor(/save\s+and\s+quit/);
    plain.type('q');
    await replies(plain);
    expect(plain.raw()).not.toMatch(/\x1b\[[0-9;]*m/);
    const coloured = ask([SELECT], { colour: true });
    await coloured.waitFor(/save\s+and\s+quit/);
    coloured.type(KEY.down + KEY.enter);
    await replies(coloured);
    expect(coloured.raw()).toContain('\x1b[1m? Who says so?');
  });

  it('hostile text of a playbook and of a paste reaches the terminal as visible characters only', async () => {
    const hostile = { en: 'Ok?\x1b]0;owned\x07\x1b[2J\u202e\u009b31m' };
    const terminal = ask([{ ...SELECT, text: hostile, help: hostile, options: [{ value: 'x', label: hostile }] }, TEXT]);
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type('?');
    await terminal.waitFor('goes on here');
    terminal.type(`1${KEY.enter}`);
    await terminal.waitFor('What changed today?');
    terminal.type(`a\u202eb\u200b${KEY.enter}`);
    expect(await replies(terminal)).toEqual([answered('x'), answered('a\u202eb\u200b')]);
    // The replies of the test program are JSON and may hold what was typed.
    const shown = terminal.raw().replace(/REPLY .*\r\n/g, '');
    expect(shown).not.toMatch(/\x1b\]|\x07|\x1b\[2J|[\u202e\u200b\u009b]/);
    expect(shown).toContain('\\x1b]0;owned\\x07');
    expect(shown).toContain('> a?b?');
  });
});

describe('plain text (--accessible, TERM=dumb)', () => {
  it('asks with numbers, reads lines, never moves the cursor', async () => {
    const terminal = ask([SELECT, CONSENT, TYPED, NUMBER], { accessible: true, columns: 60 });
    const screen = await terminal.waitFor(/save\s+and\s+quit/);
    expect(screen).toContain(['? Who says so?', '  1  Our own monitoring', '  2  Customers or merchants', "  3  Don't know"].join('\n'));
    terminal.type('?\r');
    await terminal.waitFor('Read the alert first.');
    terminal.type('s\r');
    await terminal.waitFor('Why is it skipped?');
    terminal.type(':\r');
    await terminal.waitFor(/> :\n\? Who says so\?\n>$/);
    terminal.type('2\r');
    await terminal.waitFor('Restart nginx on gw?');
    terminal.type('y\r');
    await terminal.waitFor('type exactly: end sessions');
    terminal.type('end sessions\r');
    await terminal.waitFor('How many failed?');
    terminal.type('lots\r');
    await terminal.waitFor('! A number is expected');
    terminal.type('n many\r');
    expect(await replies(terminal)).toEqual([
      answered('customer'),
      answered(true),
      answered('end sessions'),
      { kind: 'note', text: 'many' },
    ]);
    expect(terminal.raw()).not.toContain('\x1b');
  });

  it('end of input saves and quits', async () => {
    const terminal = ask([SELECT], { accessible: true });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(KEY.ctrlD);
    expect(await replies(terminal)).toEqual([{ kind: 'quit' }]);
  });
});

describe.each([false, true])('what was typed before the question is no answer to it (accessible: %s)', (accessible) => {
  const enter = accessible ? '\r' : KEY.enter;

  it('in one go with the answer before', async () => {
    const terminal = ask([SELECT, CONSENT], { accessible });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(`2${enter}y${enter}y${enter}yes${enter}`);
    await terminal.waitFor('Restart nginx on gw?');
    terminal.type(enter);
    expect(await replies(terminal)).toEqual([answered('customer'), answered(false)]);
  });

  it('while the checks run', async () => {
    const terminal = ask([SELECT, CONSENT], { accessible, pauseMs: 400 });
    await terminal.waitFor(/save\s+and\s+quit/);
    terminal.type(`2${enter}`);
    await terminal.waitFor('TTY sane');
    terminal.type('y\ryes\ry\r1\ry');
    await terminal.waitFor('Restart nginx on gw?');
    if (accessible) terminal.type(KEY.backspace);
    terminal.type(enter);
    expect(await replies(terminal)).toEqual([answered('customer'), answered(false)]);
  });
});

describe.each([false, true])('a window that is closed ends the questions, with nothing answered (accessible: %s)', (accessible) => {
  it.each([
    ['while a question stands', 0, 'Who says so?'],
    ['between two questions', 1000, 'TTY sane'],
  ])('%s', async (_, pauseMs, moment) => {
    const log = join(mkdtempSync(join(tmpdir(), 'oor-hang-up-')), 'log');
    const questions = pauseMs ? [TEXT, SELECT] : [SELECT, TEXT];
    pty = startPty({
      argv: [process.execPath, program],
      env: { HARNESS: JSON.stringify({ questions, accessible, pauseMs }), HARNESS_LOG: log },
    });
    if (pauseMs) {
      await pty.waitFor(/save\s+and\s+quit/);
      pty.type(`x${KEY.enter}`);
    }
    await pty.waitFor(moment);
    pty.hangUp();
    await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 120_000 }).toContain('BYE');
    const quit = 'REPLY {"kind":"quit"}\nTTY gone\n';
    const first = pauseMs ? 'REPLY {"kind":"answer","value":"x","source":"operator"}\nTTY sane\n' : quit;
    expect(readFileSync(log, 'utf8').replaceAll('SIGHUP\n', '')).toBe(`${first}${quit}BYE\n`);
    rmSync(dirname(log), { recursive: true });
  });
});

describe('without a terminal', () => {
  function build(change: Partial<TerminalOperatorOptions> = {}): ReturnType<typeof createTerminalOperator> {
    const streams = { input: new PassThrough(), output: new PassThrough() };
    return createTerminalOperator({
      ...streams,
      language: 'en',
      ascii: false,
      accessible: false,
      colour: false,
      escape: escapeControl,
      matches: () => true,
      onInterrupt: () => {},
      ...change,
    });
  }

  it.each([true, false])('nobody answers, at once, whatever the pipe holds (accessible: %s)', async (accessible) => {
    const input = new PassThrough();
    input.write('1\n');
    expect(await build({ input, accessible }).ask(SELECT, new AbortController().signal)).toEqual({ kind: 'nobody' });
  });

  it.each([true, false])('a terminal that is gone quits (accessible: %s)', async (accessible) => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const reply = build({ input, accessible }).ask(SELECT, new AbortController().signal);
    input.end();
    expect(await reply).toEqual({ kind: 'quit' });
    expect(await build({ input, accessible }).ask(SELECT, new AbortController().signal)).toEqual({ kind: 'quit' });
  });

  it.each([true, false])('a terminal that breaks while a question stands quits (accessible: %s)', async (accessible) => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    const reply = build({ input, output, accessible }).ask(SELECT, new AbortController().signal);
    await new Promise((resolve) => output.once('data', resolve));
    input.destroy(new Error('read EIO'));
    expect(await reply).toEqual({ kind: 'quit' });
    expect(input.listenerCount('error')).toBe(0);
  });

  it('an aborted signal asks nothing', async () => {
    await expect(build().ask(SELECT, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('the output outlives the question', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    const operator = build({ input, output });
    const shown = (): Promise<unknown> =>
      new Promise((resolve) => output.on('data', (chunk) => String(chunk).includes('save and quit') && resolve(chunk)));
    const first = operator.ask(SELECT, new AbortController().signal);
    await shown();
    input.write('q');
    expect(await first).toEqual({ kind: 'quit' });
    const second = operator.ask(SELECT, new AbortController().signal);
    await shown();
    input.write('b');
    expect(await second).toEqual({ kind: 'back' });
    expect(output.writableEnded).toBe(false);
  });
});
