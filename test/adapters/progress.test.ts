import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProgress } from '../../src/adapters/progress.ts';
import { formatPhase, formatStatusLine, type LineStyle, type PhaseCount, type StepStatus } from '../../src/adapters/progress-lines.ts';
import type { ProgressOptions } from '../../src/adapters/progress-port.ts';
import { measure } from '../../src/adapters/terminal-layout.ts';
import { PHASES } from '../../src/checks/check.ts';
import { escapeControl } from '../../src/report/escape.ts';
import { wordsIn } from '../../src/report/words.ts';
import { compileProgram, KEY, type Pty, startPty } from '../e2e/pty.ts';

const TLS = { id: 'tls.cert@bank', title: 'Certificate', phase: 'network' };
const DNS = { id: 'net.dns', title: 'Names', phase: 'network' };
const DISK = { id: 'disk.space', title: 'Disk space', phase: 'hardware' };
const finished = (
  step: { readonly id: string; readonly title: string },
  status: StepStatus,
  summary = 'as it should be',
  durationMs = 240,
) => ({
  ...step,
  status,
  summary,
  durationMs,
});

let program = '';
let pty: Pty | undefined;

beforeAll(async () => {
  program = await compileProgram(fileURLToPath(new URL('../fixtures/progress-harness.ts', import.meta.url)));
});
afterAll(() => rmSync(dirname(program), { recursive: true, force: true }));
afterEach(() => pty?.kill());

type Event = readonly [method: string, argument?: unknown];
interface Show {
  readonly language?: 'en' | 'zh-CN';
  readonly ascii?: boolean;
  readonly colour?: boolean;
  readonly verbose?: boolean;
  readonly columns?: number;
}

function play(events: readonly Event[], { columns = 100, ...plan }: Show = {}): Pty {
  pty = startPty({ argv: [process.execPath, program], columns, env: { HARNESS: JSON.stringify({ events, ...plan }) } });
  return pty;
}

async function ending(terminal: Pty): Promise<string> {
  await terminal.waitForOutput('BYE');
  expect(await terminal.exit()).toEqual({ exitCode: 0, signal: 0 });
  expect(terminal.cursorIsVisible()).toBe(true);
  return terminal.history();
}

describe('at a terminal', () => {
  it('findings stay, what is ok is counted, one line says what runs and how long it may', async () => {
    const terminal = play([
      [
        'planned',
        [
          { id: 'hardware', steps: 1 },
          { id: 'network', steps: 7 },
        ],
      ],
      ['started', { ...DISK, timeoutMs: 5000 }],
      ['started', { ...DNS, timeoutMs: 5000 }],
      ['started', { ...TLS, timeoutMs: 10_000 }],
      ['finished', finished(DISK, 'ok')],
      ['finished', finished(DNS, 'fail', 'bank.test does not resolve')],
      ['go'],
      ['finished', finished(TLS, 'unknown', 'no answer within 10s', 10_000)],
      ['stop'],
    ]);
    const screen = await terminal.waitFor(/hardware ✔ {2}network 1\/7 {2}running: tls\.cert@bank \d+\.\ds\/10s$/);
    expect(screen).toMatch(
      /^✔ ok {7}hardware: 1 ok \(\d+(\.\d)?s\)\n✘ FAIL {5}Names: bank\.test does not resolve \(net\.dns 0\.2s\)\n {2}~ running {2}tls\.cert@bank +\d+\.\ds\/10s\n/,
    );
    terminal.signal('SIGUSR2');
    const history = await ending(terminal);
    expect(history).toContain('? unknown  Certificate: no answer within 10s (tls.cert@bank 10s)');
    expect(history).toMatch(/1 FAIL, 1 unknown, 1 ok \(\d/);
    expect(history).not.toContain('Disk space');
    expect(history).not.toContain('running');
  });

  it('the seconds go on while nothing happens', async () => {
    const terminal = play([['started', { ...TLS, timeoutMs: 9000 }], ['go'], ['stop']]);
    await terminal.waitFor('network 0/1  running: tls.cert@bank');
    await terminal.waitFor(/running: tls\.cert@bank [1-9]\d*(\.\d)?s\/9s/);
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('leaves the screen to a question and shows afterwards what came meanwhile', async () => {
    const terminal = play([
      ['started', { ...TLS, timeoutMs: 9000 }],
      ['started', { ...DNS, timeoutMs: 9000 }],
      ['wait', 400],
      ['pause'],
      ['say', 'Restart nginx? '],
      ['finished', finished(DNS, 'warn', 'slow')],
      ['started', { ...DISK, timeoutMs: 5000 }],
      ['note', 'a note'],
      ['go'],
      ['resume'],
      ['go'],
      ['stop'],
    ]);
    await terminal.waitFor('Restart nginx?');
    const question = terminal.screen();
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(terminal.screen()).toBe(question);
    expect(question).not.toContain('slow');
    expect(terminal.cursorIsVisible()).toBe(true);
    terminal.type('y\r');
    await terminal.waitFor('Restart nginx? y');
    terminal.signal('SIGUSR2');
    await terminal.waitFor(/Restart nginx\? y\n! warn {5}Names: slow.*\na note\n[\s\S]*running: /);
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('what others write does not mix with the line', async () => {
    const terminal = play([
      ['started', { ...TLS, timeoutMs: 9000 }],
      ['wait', 400],
      ['say', 'first\n'],
      ['wait', 150],
      ['say', 'second\n'],
      ['go'],
      ['stop'],
    ]);
    await terminal.waitFor(/^first\nsecond\n[\s\S]*running: tls/);
    terminal.signal('SIGUSR2');
    expect(await ending(terminal)).toMatch(/^first\nsecond\n/);
  });

  it('what is ok stands in the table with its value, bound and picture until its phase is over; then a line for the phase', async () => {
    const terminal = play([
      [
        'planned',
        [
          { id: 'hardware', steps: 3 },
          { id: 'network', steps: 1 },
        ],
      ],
      ['started', { ...DISK, timeoutMs: 5000 }],
      ['started', { ...TLS, timeoutMs: 9000 }],
      ['finished', { ...finished(DISK, 'ok'), value: '71%', limit: '90%', picture: { kind: 'share', share: 0.71 } }],
      ['go'],
      ['decided', { id: 'net.ups', phase: 'hardware', status: 'not-applicable' }],
      ['finished', finished({ ...DISK, id: 'disk.io' }, 'warn', 'slow')],
      ['go'],
      ['stop'],
    ]);
    await terminal.waitFor(
      / {2}~ running {2}tls\.cert@bank +[\d.]+s\/9s\n {2}✔ ok {7}disk\.space +⣿{9}⣀{3} {2}71% {2}limit 90% +0\.2s\/5s\n/,
    );
    terminal.signal('SIGUSR2');
    const screen = await terminal.waitFor(/! warn {5}Disk space: slow.*\n! warn {5}hardware: 1 warn, 1 ok, 1 n\/a \(.*\)\n {2}~ running/);
    expect(screen).not.toContain('71%');
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('the clock is that of the incident as soon as its beginning is known', async () => {
    const terminal = play([['started', { ...TLS, timeoutMs: 0 }], ['go'], ['impact', 3_723_000], ['go'], ['stop']]);
    await terminal.waitFor(/run 0:0\d {2}/);
    terminal.signal('SIGUSR2');
    await terminal.waitFor(/incident 1:02:0\d {2}/);
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('more checks than rows: the table stays within the window', async () => {
    const many = Array.from({ length: 60 }, (_, index): Event => ['started', { ...TLS, id: `check.${index}`, timeoutMs: 9000 }]);
    const terminal = play([...many, ['go'], ['stop']]);
    const count = (text: string) => text.match(/~ running/g)?.length;
    const listed = count(await terminal.waitFor(/\+\d+ more\n.*running: /));
    expect(listed).toBeLessThan(30);
    // Nothing of it has scrolled away.
    await expect.poll(() => count(terminal.history())).toBe(listed);
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('Ctrl-C still interrupts', async () => {
    const terminal = play([['started', { ...TLS, timeoutMs: 9000 }], ['go'], ['stop']]);
    await terminal.waitFor('running');
    terminal.type(KEY.ctrlC);
    await terminal.waitFor('SIGINT');
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('stops before its packages are loaded, and twice, without losing a finding', async () => {
    const history = await ending(
      play([['started', { ...TLS, timeoutMs: 9000 }], ['finished', finished(TLS, 'fail', 'expired')], ['stop'], ['stop']]),
    );
    expect(history).toMatch(/^✘ FAIL {5}Certificate: expired/);
    expect(history.match(/1 FAIL/g)).toHaveLength(1);
  });

  it('40 columns and a window made narrower: the line never wraps', async () => {
    const terminal = play([
      [
        'planned',
        [
          { id: 'hardware', steps: 12 },
          { id: 'network', steps: 7 },
        ],
      ],
      ['started', { ...TLS, timeoutMs: 9000 }],
      ['started', { ...DNS, timeoutMs: 9000 }],
      ['go'],
      ['finished', finished(TLS, 'fail', 'the certificate of bank.test expired 3 days ago')],
      ['stop'],
    ]);
    await terminal.waitFor('hardware 0/12  network 0/7  running: ');
    terminal.resize(40, 20);
    await terminal.waitFor(/0\/19 {2}tls\.cert@bank \d\.\ds\/9s \+1$/);
    terminal.signal('SIGUSR2');
    await terminal.waitFor(/✘ FAIL {5}Certificate: the certificate\n {2}of bank\.test expired 3 days ago\n {2}\(tls\.cert@bank 0\.2s\)/);
    await ending(terminal);
  });

  it('a window of no width ends the line instead of running for ever', async () => {
    const terminal = play([['started', { ...TLS, timeoutMs: 9000 }], ['go'], ['finished', finished(TLS, 'fail', 'expired')], ['stop']]);
    await terminal.waitFor('running');
    const shrunk = spawnSync('stty', ['-F', `/proc/${terminal.pid}/fd/0`, 'columns', '0'], { encoding: 'utf8' });
    expect(shrunk.stderr).toBe('');
    await new Promise((resolve) => setTimeout(resolve, 300));
    terminal.signal('SIGUSR2');
    await ending(terminal);
    expect(terminal.raw()).toContain('expired');
  });

  it('Chinese, verbose', async () => {
    const terminal = play(
      [
        ['started', { ...TLS, title: '证书', timeoutMs: 9000 }],
        ['finished', finished({ ...DISK, title: '磁盘空间' }, 'ok', '已用 45 %')],
        ['finished', finished({ ...DNS, title: '域名' }, 'fail', '无法解析')],
        ['go'],
        ['stop'],
      ],
      {
        language: 'zh-CN',
        verbose: true,
        columns: 60,
      },
    );
    await terminal.waitFor(
      /✔ 正常 {2}磁盘空间: 已用 45 % \(disk\.space 0\.2s\)\n✘ 失败 {2}域名: 无法解析 \(net\.dns 0\.2s\)\n[\s\S]*运行中: tls\.cert@bank/,
    );
    terminal.signal('SIGUSR2');
    await ending(terminal);
  });

  it('ASCII only', async () => {
    const terminal = play(
      [['started', { ...TLS, timeoutMs: 9000 }], ['finished', finished(DNS, 'unknown', 'no resolver')], ['go'], ['stop']],
      { ascii: true },
    );
    await terminal.waitFor(/\[\?{4}\] {2}Names: no resolver/);
    await terminal.waitFor('running');
    terminal.signal('SIGUSR2');
    await ending(terminal);
    expect(terminal.raw()).not.toMatch(/[^\x00-\x7f]/);
  });

  it('colours the mark, and only when asked', async () => {
    const events: Event[] = [['started', { ...TLS, timeoutMs: 9000 }], ['finished', finished(DNS, 'fail')], ['go'], ['stop']];
    // What is shown while it runs; off a terminal there is no colour.
    const shown = async (terminal: Pty): Promise<Pty> => {
      await terminal.waitFor('running');
      terminal.signal('SIGUSR2');
      await ending(terminal);
      return terminal;
    };
    const plain = await shown(play(events));
    expect(plain.raw()).not.toMatch(/\x1b\[[0-9;]*m/);
    const coloured = await shown(play(events, { colour: true }));
    expect(coloured.raw()).toMatch(/\x1b\[31m.*✘ FAIL {3}.*\x1b\[39m.*Names/);
  });
});

describe('off a terminal', () => {
  function record(change: Partial<ProgressOptions> = {}) {
    const written: string[] = [];
    const output = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    const progress = createProgress({
      output,
      language: 'en',
      ascii: false,
      colour: true,
      animated: false,
      escape: escapeControl,
      ...change,
    });
    return { progress, text: () => written.join('') };
  }

  it.each([false, true])('one line for each finished step and no escape sequence (animated: %s)', (animated) => {
    const { progress, text } = record({ animated });
    progress.planned([{ id: 'network', steps: 2 }]);
    progress.started({ ...TLS, timeoutMs: 9000 });
    progress.finished(finished(TLS, 'ok', '30 days left'));
    progress.finished(finished(DNS, 'skipped', 'needs net.route', 0));
    progress.note('a note');
    progress.stop();
    expect(text()).toBe(
      '✔ ok       Certificate: 30 days left (tls.cert@bank 0.2s)\n- skip     Names: needs net.route (net.dns 0s)\na note\n',
    );
  });

  it.each<[StepStatus, string]>([
    ['ok', '[ok]    '],
    ['fail', '[FAIL]  '],
    ['warn', '[warn]  '],
    ['skipped', '[skip]  '],
    ['unknown', '[????]  '],
    ['not-applicable', '[n/a]   '],
  ])('%s in ASCII is %s', (status, mark) => {
    const { progress, text } = record({ ascii: true });
    progress.finished(finished(TLS, status, 'x'));
    expect(text()).toBe(`${mark}Certificate: x (tls.cert@bank 0.2s)\n`);
  });

  it('keeps lines until a question is answered', () => {
    const { progress, text } = record();
    progress.pause();
    progress.finished(finished(TLS, 'ok'));
    expect(text()).toBe('');
    progress.resume();
    expect(text()).toContain('Certificate');
  });

  it('hostile text makes neither escape sequences nor a second line', () => {
    const hostile = 'x\x1b[2J\r\n✔ ok all fine\u202e';
    for (const change of [{}, { escape: undefined }]) {
      const { progress, text } = record(change as Partial<ProgressOptions>);
      progress.finished(finished({ id: hostile, title: hostile }, 'fail', hostile));
      expect(text()).not.toMatch(/[^\P{C}\n]/u);
      expect(text().trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

describe('the line that is redrawn', () => {
  const style = (columns: number, change: Partial<LineStyle> = {}) =>
    ({ language: 'en', ascii: false, paint: (_: StepStatus, text: string) => text, columns, ...change }) as const;
  const phase = (id: string, done: number, total: number, worst: StepStatus = 'ok'): PhaseCount => ({ id, done, total, worst });
  const running = [
    { id: 'net.dns', elapsedMs: 300, timeoutMs: 5000 },
    { id: 'tls.cert', elapsedMs: 2100, timeoutMs: 10_000 },
  ];

  it('shows finished phases by their worst status, the longest runner first', () => {
    const phases = [phase('confirm', 4, 4, 'fail'), phase('evidence', 3, 7), phase('software', 0, 0)];
    expect(formatStatusLine(phases, running, style(90))).toBe('confirm ✘  evidence 3/7  running: tls.cert 2.1s/10s, net.dns 0.3s/5s');
    expect(formatStatusLine(phases, running, style(90, { ascii: true }))).toContain('confirm [FAIL]  evidence');
  });

  it('calls a phase in Chinese as the reports do', () => {
    const told = PHASES.map((id) => formatPhase({ id, worst: 'ok', counts: new Map(), durationMs: 0 }, style(90, { language: 'zh-CN' })));
    const say = wordsIn('zh-CN');
    expect(told.map((line) => line.match(/ {2}(\S+):/)?.[1])).toEqual(PHASES.map((id) => say(`phase_${id}`)));
  });

  it('names fewer runners, then only the count of steps, as the window gets narrower', () => {
    const phases = [phase('confirm', 4, 4), phase('evidence', 3, 7)];
    expect(formatStatusLine(phases, running, style(60))).toBe('confirm ✔  evidence 3/7  running: tls.cert 2.1s/10s +1');
    expect(formatStatusLine(phases, running, style(36))).toBe('7/11  running: tls.cert 2.1s/10s +1');
    expect(formatStatusLine(phases, running, style(30))).toBe('7/11  tls.cert 2.1s/10s +1');
    for (let columns = 16; columns < 100; columns += 1) {
      expect(measure(formatStatusLine(phases, running, style(columns)), 'en')).toBeLessThanOrEqual(columns);
    }
  });
});
