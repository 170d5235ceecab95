/** A person at a real pseudo-terminal, from the first question to the end, and a terminal that is as it was before. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { causesOfSite, type Desk, openDesk, parseRun, type RunResult, type Stack, startStack } from './oor.ts';
import { KEY, type Pty, startPty } from './pty.ts';

/** Notes the mode of the terminal before and after; the exit code stays. */
const WATCHED = 'stty -g > "$0.before"; "$@"; code=$?; stty -g > "$0.after"; exit $code';
const QUESTION = 'What do people see?';
const CONSENT = 'Apply it now?';
/** Of one wait; a whole test has three times as much. */
const PATIENCE_MS = 120_000;
const TEST_MS = 3 * PATIENCE_MS;

describe('a person at a terminal', () => {
  let desk: Desk;
  let stack: Stack;
  let pty: Pty;
  let runs = 0;

  beforeEach(() => {
    desk = openDesk();
  });

  afterEach(async () => {
    pty?.kill();
    await stack?.stop();
    endSoaks();
    desk.leave();
  });

  function open(args: readonly string[]): Pty {
    runs += 1;
    const argv = ['bash', '-c', WATCHED, join(desk.folder, `tty${runs}`), ...desk.argv(args)];
    pty = startPty({ argv, cwd: desk.folder, env: desk.env, columns: 110, rows: 40 });
    return pty;
  }

  async function expectEnd(code: number): Promise<void> {
    const { exitCode } = await pty.exit(PATIENCE_MS);
    const [before, after] = ['before', 'after'].map((moment) => readFileSync(join(desk.folder, `tty${runs}.${moment}`), 'utf8'));
    expect(after).toBe(before);
    expect(pty.cursorIsVisible()).toBe(true);
    expect({ exitCode, screen: pty.screen() }).toEqual({ exitCode: code, screen: pty.screen() });
  }

  /** The question is the last thing on the screen and takes keys: what is typed earlier is thrown away. */
  async function asked(text: string): Promise<void> {
    const sameBlock = '(?:(?!\\n[^ \\d❯])[\\s\\S])*';
    await pty.waitFor(new RegExp(`(?:^|\\n)\\? ${sameBlock}${text.replaceAll('?', '\\?')}${sameBlock}q save and quit\\s*$`), PATIENCE_MS);
  }

  async function choose(key: string): Promise<void> {
    pty.type(key);
    // The mark moves before Enter takes it; yes is the first.
    await pty.waitFor(`❯ ${key === 'y' ? '1' : key}`, PATIENCE_MS);
    pty.type(KEY.enter);
  }

  async function known(key: string): Promise<void> {
    while (!new RegExp(`"type":"step.finished","data":\\{"key":"${key}"`).test(readJournal())) await sleep(20);
  }

  async function result(id: string): Promise<RunResult> {
    return parseRun(await desk.run(['report', id, '--json']));
  }

  function readJournal(): string {
    const file = desk.kept().find((name) => name.endsWith('journal.jsonl'));
    return file === undefined ? '' : readFileSync(file, 'utf8');
  }

  function sessionId(): string {
    return /sessions\/([^/]+)\/journal/.exec(desk.kept().find((name) => name.endsWith('journal.jsonl')) ?? '')?.[1] ?? '';
  }

  /** The watch over the entry after a fix goes on in the background; here there is nothing left to watch. */
  function endSoaks(): void {
    for (const file of desk.kept().filter((name) => name.endsWith('/lock') && existsSync(name))) {
      const pid = Number(/"pid":\s*(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]);
      if (pid > 0) process.kill(pid, 'SIGKILL');
    }
  }

  it(
    'answers, goes back, adds a note, quits, resumes and ends',
    async () => {
      stack = await startStack(desk, 'app-down');
      open(['run', '--profile', stack.profile]);
      await asked(QUESTION);
      await choose('3');
      await asked(CONSENT);
      pty.type('b');
      await asked(QUESTION);
      pty.type('n');
      await pty.waitFor(/^(?![\s\S]*q save and quit\s*$)/, PATIENCE_MS);
      pty.type(`card 4111 1111 1111 1111 tried twice${KEY.enter}`);
      await pty.waitFor('noted:', PATIENCE_MS);
      await asked(QUESTION);
      await choose('4');
      await asked(CONSENT);
      pty.type('q');
      await expectEnd(4);
      expect(pty.screen()).toContain(`resume with: oor resume ${sessionId()}`);
      const journal = readJournal();
      expect(journal).toMatch(/"answer\.given".*"value":"timeouts"[\s\S]*"answer\.withdrawn"[\s\S]*"note\.added"[\s\S]*"value":"errors"/);
      expect(journal).toContain('tried twice');
      expect(journal.replaceAll(/[ -]/g, '')).not.toContain('4111111111111111');

      open(['resume', sessionId()]);
      await asked(CONSENT);
      // A stray Enter consents to nothing.
      pty.type(KEY.enter);
      await expectEnd(1);
      expect(readJournal().startsWith(journal)).toBe(true);
      const ended = await result(sessionId());
      expect(ended).toMatchObject({ verdict: 'fault', outcome: 'fault-found' });
      expect(causesOfSite(ended)[0]?.id).toBe('app.down');
    },
    TEST_MS,
  );

  it(
    'consents to the fix: applied, validated, healthy, exit 0',
    async () => {
      stack = await startStack(desk, 'app-down');
      open(['run', '--profile', stack.profile]);
      await asked(QUESTION);
      await choose('1');
      await asked(CONSENT);
      expect(pty.screen()).toContain('Start the application');
      await choose('y');
      await expectEnd(0);
      const ended = await result(sessionId());
      expect(ended).toMatchObject({ verdict: 'healthy', outcome: 'fixed', exit_code: 0 });
      expect(ended.causes.find(({ id }) => id === 'app.down')?.state).toBe('fixed');
    },
    TEST_MS,
  );

  it(
    'm stops the bleeding first: the channel is switched, payments flow, the cause stays open',
    async () => {
      stack = await startStack(desk, 'bank-down');
      open(['run', '--profile', stack.profile]);
      await asked(QUESTION);
      await known('entry');
      pty.type('m');
      await pty.waitFor('Send payments through the backup channel', PATIENCE_MS);
      await asked(CONSENT);
      await choose('y');
      await pty.waitForOutput('its signal came true', PATIENCE_MS);
      await asked(QUESTION);
      await choose('4');
      await expectEnd(1);
      const ended = await result(sessionId());
      expect(ended).toMatchObject({ verdict: 'fault', outcome: 'mitigated', exit_code: 1 });
      expect(causesOfSite(ended)[0]).toMatchObject({ id: 'provider.down', component: 'bank', state: 'mitigated' });
      const { checks } = JSON.parse((await desk.run(['check', 'entry', '--profile', stack.profile, '--json'])).stdout) as {
        checks: readonly { readonly status: string }[];
      };
      expect(checks[0]?.status).toBe('ok');
    },
    TEST_MS,
  );

  it(
    'Ctrl-C at a question and while checks run: 130, and it can go on',
    async () => {
      stack = await startStack(desk, 'app-down');
      open(['run', '--profile', stack.profile]);
      await asked(QUESTION);
      pty.type(KEY.ctrlC);
      await expectEnd(130);
      expect(pty.screen().split(`resume with: oor resume ${sessionId()}`)).toHaveLength(2);
      await desk.run(['sessions', 'delete', sessionId()]);

      open(['run', '--profile', stack.profile, '--answer', 'symptom=errors']);
      await known('entry');
      pty.type(KEY.ctrlC);
      await expectEnd(130);
      expect(pty.screen()).toContain(`resume with: oor resume ${sessionId()}`);

      open(['resume', sessionId()]);
      await asked(CONSENT);
      pty.type(KEY.enter);
      await expectEnd(1);
    },
    TEST_MS,
  );
});
