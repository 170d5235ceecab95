/** Whatever interrupts a person at a terminal, wherever: the terminal is as it was, nothing is left running, and the session goes on. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  asked,
  hurry,
  isGone,
  journalHas,
  type NightOptions,
  PATIENCE_MS,
  QUESTIONS,
  readJournal,
  runs,
  type Sitting,
  sessionOf,
  sit,
  starts,
  uniqueSeconds,
  writeNight,
} from './night.ts';
import { type Desk, openDesk, parseRun } from './oor.ts';
import { KEY, type Pty, startPty } from './pty.ts';

const TEST_MS = 4 * PATIENCE_MS;

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

interface Place {
  readonly name: string;
  readonly night: (seconds: string) => NightOptions;
  readonly args?: readonly string[];
  /** Brings the run there. */
  readonly reach: (sitting: Sitting, seconds: string) => Promise<void>;
}

const CONSENT = 'Apply it now?';
const consent = async ({ pty, asked: at }: Sitting): Promise<void> => {
  await at(CONSENT);
  pty.type('y');
  await pty.waitFor('❯ 1');
  pty.type(KEY.enter);
};

const PLACES: readonly Place[] = [
  { name: 'a choice', night: () => ({ questions: [QUESTIONS.select] }), reach: ({ asked: at }) => at('What do people see?') },
  { name: 'yes or no', night: () => ({ questions: [QUESTIONS.confirm] }), reach: ({ asked: at }) => at('Do other banks work?') },
  {
    name: 'a half-typed text',
    night: () => ({ questions: [QUESTIONS.text] }),
    reach: async ({ pty, asked: at }) => {
      await at('What changed today?');
      pty.type('half an answer');
      await pty.waitFor(/> half an answer$/);
    },
  },
  { name: 'a number', night: () => ({ questions: [QUESTIONS.number] }), reach: ({ asked: at }) => at('How many failed?') },
  {
    name: 'something to do by hand',
    night: () => ({ questions: [QUESTIONS.instruct] }),
    reach: ({ asked: at }) => at('Open the dashboard'),
  },
  { name: 'a consent', night: () => ({}), reach: ({ asked: at }) => at(CONSENT) },
  {
    name: 'a running check',
    night: (seconds) => ({ slowCheck: seconds }),
    reach: async ({ pty }, seconds) => {
      await starts(seconds);
      await pty.waitFor(/~ running +slow/, PATIENCE_MS);
    },
  },
  {
    name: 'a running fix',
    night: (seconds) => ({ slowFix: seconds }),
    reach: async (sitting, seconds) => {
      await consent(sitting);
      await starts(seconds);
      // What is done is shown before it is done.
      await sitting.pty.waitForOutput(new RegExp(`\\$ sh \\S+ ${seconds}`), PATIENCE_MS);
    },
  },
];

async function bring({ night, args = [], reach }: Place): Promise<{ readonly sitting: Sitting; readonly seconds: string }> {
  const seconds = uniqueSeconds();
  const sitting = sit(desk, { args: ['run', writeNight(desk.folder, night(seconds)), ...args] });
  open.push(sitting.pty);
  await reach(sitting, seconds);
  return { sitting, seconds };
}

/** What was known is in the record, and the run can be brought to its end from there. */
async function goesOn(seconds: string): Promise<void> {
  await isGone(seconds);
  const id = sessionOf(desk);
  const before = readJournal(desk);
  hurry(desk.folder);
  const ended = await desk.run(['resume', id, '--json', '--no-input']);
  expect(parseRun(ended)).toMatchObject({ session: id, verdict: 'fault' });
  expect(readJournal(desk).startsWith(before)).toBe(true);
  await isGone(seconds);
}

/** Each of them stands for others: single keys, a line, a question about a change, work by others, a change under way. */
const TELLING = PLACES.filter(({ name }) =>
  ['a choice', 'a half-typed text', 'a consent', 'a running check', 'a running fix'].includes(name),
);

describe.each(PLACES)('at $name', (place) => {
  it(
    'Ctrl-C saves, says how to go on, and leaves with 130',
    async () => {
      const { sitting, seconds } = await bring(place);
      sitting.pty.type(KEY.ctrlC);
      await sitting.ended(130);
      expect(sitting.pty.history()).toContain(`resume with: oor resume ${sessionOf(desk)}`);
      await goesOn(seconds);
    },
    TEST_MS,
  );
});

describe.each(TELLING)('at $name', (place) => {
  it(
    'Ctrl-C twice leaves at once, as the signal would have it',
    async () => {
      const { sitting, seconds } = await bring(place);
      sitting.pty.type(KEY.ctrlC + KEY.ctrlC);
      await sitting.ended(130);
      await goesOn(seconds);
    },
    TEST_MS,
  );

  it(
    'SIGHUP: 129',
    async () => {
      const { sitting, seconds } = await bring(place);
      process.kill(await sitting.pid(), 'SIGHUP');
      await sitting.ended(129);
      await goesOn(seconds);
    },
    TEST_MS,
  );

  it(
    'a window that is closed ends it, and leaves nothing behind',
    async () => {
      const { sitting, seconds } = await bring(place);
      const pid = await sitting.pid();
      sitting.pty.hangUp();
      await expect.poll(() => existsSync(`/proc/${pid}/fd/0`), { timeout: PATIENCE_MS }).toBe(false);
      await goesOn(seconds);
    },
    TEST_MS,
  );

  it(
    'a window made narrow and wide again: whole lines, and it still takes keys',
    async () => {
      const { sitting, seconds } = await bring(place);
      const { pty } = sitting;
      pty.resize(40, 24);
      await pty.waitFor(/\S/, PATIENCE_MS);
      pty.resize(160, 50);
      await pty.waitFor(/\S/, PATIENCE_MS);
      pty.type(KEY.ctrlC);
      await sitting.ended(130);
      await goesOn(seconds);
    },
    TEST_MS,
  );
});

describe('Ctrl-Z under a shell', () => {
  it.each(PLACES.filter(({ name }) => ['a choice', 'a half-typed text', 'a running check'].includes(name)))(
    'at $name: the shell gets its terminal in order, and fg brings it back',
    async ({ night, reach }) => {
      const seconds = uniqueSeconds();
      const file = writeNight(desk.folder, night(seconds));
      const pty = startPty({
        argv: ['bash', '--norc', '--noprofile', '-i'],
        cwd: desk.folder,
        env: { ...desk.env, PS1: 'shell> ' },
        columns: 110,
        rows: 40,
      });
      open.push(pty);
      await pty.waitFor('shell>', PATIENCE_MS);
      pty.type('stty -g > before\r');
      pty.type(`${desk.argv(['run', file]).join(' ')}\r`);
      await reach({ pty, pid: async () => 0, asked: (text) => asked(pty, text), ended: async () => {} }, seconds);
      pty.type(KEY.ctrlZ);
      await pty.waitForOutput(/Stopped[\s\S]*shell> /, PATIENCE_MS);
      expect(pty.cursorIsVisible()).toBe(true);
      pty.type('stty -g > stopped; echo NOTED\r');
      await pty.waitFor(/\nNOTED/, PATIENCE_MS);
      expect(readFileSync(join(desk.folder, 'stopped'), 'utf8')).toBe(readFileSync(join(desk.folder, 'before'), 'utf8'));
      const written = pty.raw().length;
      pty.type('fg\r');
      await expect.poll(() => /running|save and quit/.test(pty.raw().slice(written)), { timeout: PATIENCE_MS }).toBe(true);
      pty.type(KEY.ctrlC);
      await pty.waitForOutput(/resume with: oor resume [\s\S]*shell> /, PATIENCE_MS);
      pty.type('stty -g > after; echo "NOTED TWICE"\r');
      await pty.waitFor(/\nNOTED TWICE/, PATIENCE_MS);
      expect(readFileSync(join(desk.folder, 'after'), 'utf8')).toBe(readFileSync(join(desk.folder, 'before'), 'utf8'));
      expect(pty.cursorIsVisible()).toBe(true);
      await goesOn(seconds);
    },
    TEST_MS,
  );
});

describe('at the export', () => {
  const bundle = 'night.tar.gz';

  /** Stopped between the verdict and the bundle, so that what is typed always comes before its end. */
  /** Stopped between the verdict and the file. A fast machine writes it before the stop arrives: then once more. */
  async function exporting(): Promise<Sitting> {
    for (let tries = 0; tries < 40; tries += 1) {
      for (const left of [desk.stateDir, join(desk.folder, bundle)]) rmSync(left, { recursive: true, force: true });
      const sitting = sit(desk, { args: ['run', writeNight(desk.folder), '--answer', 'fix:restart=no', '--bundle', bundle] });
      open.push(sitting.pty);
      const pid = await sitting.pid();
      await sitting.pty.waitForOutput('FAULT FOUND', PATIENCE_MS);
      if (!stop(pid)) continue;
      if (!existsSync(join(desk.folder, bundle))) return sitting;
      process.kill(pid, 'SIGCONT');
      await sitting.pty.exit();
    }
    throw new Error('the bundle was always written before the run could be stopped');
  }

  function stop(pid: number): boolean {
    try {
      return process.kill(pid, 'SIGSTOP');
    } catch {
      return false;
    }
  }

  it.each([
    ['Ctrl-C', KEY.ctrlC],
    ['Ctrl-C twice', KEY.ctrlC + KEY.ctrlC],
  ])(
    '%s: no half bundle, the record is whole, and it is said how to export it',
    async (_, keys) => {
      const sitting = await exporting();
      sitting.pty.type(keys);
      process.kill(await sitting.pid(), 'SIGCONT');
      await sitting.ended(130);
      expect(existsSync(join(desk.folder, bundle))).toBe(false);
      const id = sessionOf(desk);
      if (keys === KEY.ctrlC) expect(sitting.pty.history()).toContain(`export it with: oor bundle create ${id}`);
      const again = await desk.run(['bundle', 'create', id, '--out', bundle]);
      expect({ status: again.status, stderr: again.stderr }).toMatchObject({ status: 0 });
      expect(existsSync(join(desk.folder, bundle))).toBe(true);
    },
    TEST_MS,
  );
});

describe('what is left of a fix that was cut off', () => {
  it(
    'is said when it is offered again: its effect is unknown, and nothing was rolled back by itself',
    async () => {
      const place = PLACES.find(({ name }) => name === 'a running fix');
      if (!place) throw new Error('no such place');
      const { sitting, seconds } = await bring(place);
      sitting.pty.type(KEY.ctrlC);
      await sitting.ended(130);
      expect(readJournal(desk)).not.toContain('fix.rolled-back');
      const resumed = sit(desk, { args: ['resume', sessionOf(desk)] });
      open.push(resumed.pty);
      await resumed.asked(CONSENT);
      expect(resumed.pty.screen()).toContain('It was interrupted the last time; its effect is unknown.');
      resumed.pty.type('q');
      await resumed.ended(4);
      expect(runs(seconds)).toBe(false);
      await journalHas(desk, '"type":"session.interrupted"');
    },
    TEST_MS,
  );
});
