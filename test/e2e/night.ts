/** A small site of its own for a person at a terminal: a file is the health of the payments, and checks and fixes take as long as they are told. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { commandLine } from '../adapters/processes.ts';
import type { Desk } from './oor.ts';
import { type Pty, startPty } from './pty.ts';

/** Of one wait. */
export const PATIENCE_MS = 120_000;
/** Notes the mode of the terminal before and after, though Ctrl-C ends what it starts; the exit code stays. It ends with its terminal, as a shell does. */
const WATCHED = 'trap : INT; stty -g > "$0.before"; "$@"; code=$?; stty -g > "$0.after"; exit $code';

export interface NightOptions {
  readonly questions?: readonly string[];
  /** A check that takes so many seconds; its number tells its process from others. */
  readonly slowCheck?: string;
  readonly slowFix?: string;
  readonly more?: readonly string[];
}

export const QUESTIONS = {
  select:
    '{ id: pick, ask: { en: What do people see?, zh-CN: 用户看到什么？ }, type: select, options: [{ value: slow, label: { en: It is slow, zh-CN: 很慢 } }, { value: down, label: { en: It is down, zh-CN: 无法访问 } }] }',
  confirm: '{ id: sure, ask: { en: Do other banks work?, zh-CN: 其他银行正常吗？ }, type: confirm }',
  text: '{ id: words, ask: { en: What changed today?, zh-CN: 今天有什么变更？ }, type: text }',
  number: '{ id: count, ask: { en: How many failed?, zh-CN: 失败多少笔？ }, type: number, min: 0, max: 100000 }',
  instruct: '{ id: look, instruct: { en: Open the dashboard of the bank., zh-CN: 打开银行的监控面板。 } }',
} as const;

const SLOW = 'take-time';

/** From now on what took its time does this. */
export function takeTime(folder: string, script: string): void {
  writeFileSync(join(folder, SLOW), script);
}

export function hurry(folder: string): void {
  takeTime(folder, 'echo done\n');
}

/** Writes the playbook and the health; the path of the playbook. */
export function writeNight(folder: string, { questions = [], slowCheck, slowFix, more = [] }: NightOptions = {}): string {
  const health = join(folder, 'health');
  writeFileSync(health, 'down\n');
  writeFileSync(join(folder, 'good'), 'up\n');
  writeFileSync(join(folder, SLOW), 'exec sleep "$1"\n');
  const slow =
    slowCheck === undefined
      ? []
      : [`{ id: slow, uses: file.value, with: { argv: [sh, ${join(folder, SLOW)}, "${slowCheck}"], want: done }, timeout: 5m }`];
  const run = slowFix === undefined ? `[cp, ${join(folder, 'good')}, ${health}]` : `[sh, ${join(folder, SLOW)}, "${slowFix}"]`;
  const lines = [
    'oor: 1',
    'id: night',
    'title: { en: Night, zh-CN: 夜班 }',
    'phases:',
    '  confirm:',
    '    steps:',
    `      - { id: entry, uses: file.value, with: { file: ${health}, want: up }, scope: entry }`,
    ...questions.map((question) => `      - ${question}`),
    ...(slow.length + more.length > 0 ? ['  software:', '    steps:', ...[...slow, ...more].map((step) => `      - ${step}`)] : []),
    'causes:',
    '  app.down:',
    '    title: { en: The application is down, zh-CN: 应用未运行 }',
    '    class: software',
    '    prior: common',
    '    evidence: [{ when: checks.entry.fail, supports: decisive }]',
    '    explains: [entry]',
    '    fix: restart',
    'fixes:',
    '  restart:',
    '    title: { en: Start the application, zh-CN: 启动应用 }',
    '    effect: write',
    `    run: { argv: ${run}, timeout: 5m }`,
    '    rollback: { none: { en: it stays up, zh-CN: 保持运行 } }',
    '    signal: { steps: [entry], within: 2s }',
    'validate: { steps: [entry], soak: 0s }',
  ];
  const file = join(folder, 'night.yaml');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

export interface Sitting {
  readonly pty: Pty;
  /** The process that a person talks to. */
  pid(): Promise<number>;
  /** A question is the last thing on the screen and takes keys. */
  asked(text: string): Promise<void>;
  /** It has ended so, and the terminal is as it was before. */
  ended(code: number): Promise<void>;
}

export interface SittingOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
}

let sittings = 0;

/** A person starts it in a terminal that is watched. */
export function sit(desk: Desk, { args, env = {}, columns = 110, rows = 40 }: SittingOptions): Sitting {
  sittings += 1;
  const mode = join(desk.folder, `tty${sittings}`);
  const pty = startPty({
    argv: ['bash', '-c', WATCHED, mode, ...desk.argv(args)],
    cwd: desk.folder,
    env: { ...desk.env, ...env },
    columns,
    rows,
  });
  return {
    pty,
    pid: () => childOf(pty.pid),
    asked: (text) => asked(pty, text),
    async ended(code) {
      const { exitCode } = await pty.exit(PATIENCE_MS);
      const [before, after] = ['before', 'after'].map((moment) => readFileSync(`${mode}.${moment}`, 'utf8'));
      expect(after).toBe(before);
      expect(pty.cursorIsVisible()).toBe(true);
      expect({ exitCode, screen: pty.screen() }).toEqual({ exitCode: code, screen: pty.screen() });
    },
  };
}

/** What is typed earlier is thrown away. */
export async function asked(pty: Pty, text: string): Promise<void> {
  const wanted = text.replace(/[.*+?()|[\]]/g, '\\$&');
  await pty.waitFor(
    new RegExp(`(?:^|\\n)\\? (?:(?!\\n\\? )[\\s\\S])*${wanted}(?:(?!\\n\\? )[\\s\\S])*(?:save\\s+and\\s+quit|保存并退出)\\s*(?:> ?)?$`),
    PATIENCE_MS,
  );
}

/** Before it becomes a program a child of the shell is the shell, with all of its arguments: only the name in front tells. */
async function childOf(pid: number): Promise<number> {
  for (;;) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    if (child && /^\S*\/node(?: |$)/.test(commandLine(Number(child)))) return Number(child);
    await sleep(20);
  }
}

export function readJournal(desk: Desk): string {
  const file = desk.kept().find((name) => name.endsWith('journal.jsonl'));
  return file === undefined ? '' : readFileSync(file, 'utf8');
}

export async function journalHas(desk: Desk, text: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!readJournal(desk).includes(text)) {
    if (performance.now() > until) throw new Error(`the journal never had ${text}:\n${readJournal(desk)}`);
    await sleep(20);
  }
}

/** The health was looked at. */
export async function entryIsKnown(desk: Desk): Promise<void> {
  await journalHas(desk, '"type":"step.finished","data":{"key":"entry"');
}

export function sessionOf(desk: Desk): string {
  return /sessions\/([^/]+)\/journal/.exec(desk.kept().find((name) => name.endsWith('journal.jsonl')) ?? '')?.[1] ?? '';
}

/** Is a process with this argument running? */
export function runs(argument: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .some((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(argument);
      } catch {
        return false;
      }
    });
}

export async function starts(argument: string): Promise<void> {
  await expect.poll(() => runs(argument), { timeout: PATIENCE_MS }).toBe(true);
}

export async function isGone(argument: string): Promise<void> {
  await expect.poll(() => runs(argument), { timeout: PATIENCE_MS }).toBe(false);
}

/** Of a `sleep` that no other test has. */
export function uniqueSeconds(): string {
  return `${250 + Math.floor(Math.random() * 40)}.${process.pid}${Math.floor(Math.random() * 1_000_000)}`;
}
