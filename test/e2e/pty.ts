/** A program on a real pseudo-terminal, and the screen a person would see. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { build } from 'esbuild';

export interface PtyOptions {
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** Added to a small, fixed environment; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Pty {
  readonly pid: number;
  /**
   * The first whole screen with the text; rejects with the last one when there is none in time. What `screen()` gives
   * after it may be a later one already.
   */
  waitFor(text: string | RegExp, timeoutMs?: number): Promise<string>;
  /** Resolves when the text is in all that was ever written, wherever the screen has scrolled since. */
  waitForOutput(text: string | RegExp, timeoutMs?: number): Promise<void>;
  type(keys: string): void;
  /** What is visible, right ends trimmed, empty lines below dropped. */
  screen(): string;
  /** Visible lines and all that scrolled away. */
  history(): string;
  /** Every byte written so far, escape sequences included. */
  raw(): string;
  cursorIsVisible(): boolean;
  resize(columns: number, rows: number): void;
  signal(name: NodeJS.Signals): void;
  /** The end of the program; a missing end rejects, with the screen. */
  exit(timeoutMs?: number): Promise<{ readonly exitCode: number; readonly signal: number }>;
  /** Closes the window: the program gets SIGHUP, and reading from and writing to its terminal fails from then on. */
  hangUp(): void;
  /** Ends the program if it still runs. Call it after each test. */
  kill(): void;
}

export const KEY = {
  enter: '\r',
  up: '\x1b[A',
  down: '\x1b[B',
  home: '\x1b[H',
  end: '\x1b[F',
  escape: '\x1b',
  tab: '\t',
  backspace: '\x7f',
  ctrlC: '\x03',
  ctrlD: '\x04',
  ctrlZ: '\x1a',
} as const;

/** What ends a hang. */
const PATIENCE_MS = 120_000;

export function startPty({ argv, cwd, env = {}, columns = 100, rows = 30 }: PtyOptions): Pty {
  const [file = '', ...args] = argv;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
  const child = spawn(file, args, {
    // It becomes TERM, whatever the environment says.
    name: env['TERM'] ?? 'xterm-256color',
    cols: columns,
    rows,
    cwd: cwd ?? tmpdir(),
    env: { ...baseEnvironment(), ...env },
  });
  const watchers = new Set<() => void>();
  let raw = '';
  let ended: { exitCode: number; signal: number } | undefined;
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.onData((data) => {
    raw += data;
    terminal.write(data, changed);
  });
  terminal.onData((answer) => {
    if (!ended) child.write(answer);
  });
  child.onExit(({ exitCode, signal }) => {
    // What it wrote before is on the screen first.
    terminal.write('', () => {
      ended = { exitCode, signal: signal ?? 0 };
      changed();
    });
  });

  const screen = (): string => readLines(terminal, terminal.buffer.active.baseY);
  const until = <T>(what: string, timeoutMs: number, look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        const found = look();
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const stop = (): void => {
        clearTimeout(timer);
        watchers.delete(settle);
      };
      const timer = setTimeout(() => {
        stop();
        reject(
          new Error(
            `no ${what} within ${timeoutMs} ms${ended ? ` (exit ${ended.exitCode}, signal ${ended.signal})` : ''}; the screen:\n${screen()}`,
          ),
        );
      }, timeoutMs);
      watchers.add(settle);
      settle();
    });
  const holds = (text: string, wanted: string | RegExp): true | undefined =>
    (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) || undefined;

  return {
    pid: child.pid,
    waitFor: (text, timeoutMs = PATIENCE_MS) =>
      until(`${String(text)} on the screen`, timeoutMs, () => {
        // Nobody sees a picture that is still being drawn.
        if (terminal.modes.synchronizedOutputMode) return undefined;
        const shown = screen();
        return holds(shown, text) && shown;
      }),
    waitForOutput: async (text, timeoutMs = PATIENCE_MS) =>
      void (await until(`${String(text)} in the output`, timeoutMs, () => holds(raw, text))),
    type: (keys) => child.write(keys),
    screen,
    history: () => readLines(terminal, 0),
    raw: () => raw,
    cursorIsVisible: () => raw.lastIndexOf('\x1b[?25l') <= raw.lastIndexOf('\x1b[?25h'),
    resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows);
      child.resize(newColumns, newRows);
    },
    signal: (name) => process.kill(child.pid, name),
    exit: (timeoutMs = PATIENCE_MS) => until('end of the program', timeoutMs, () => ended),
    // Every pty of this platform has it; the type names only what Windows has too.
    hangUp: () => (child as unknown as { destroy(): void }).destroy(),
    kill() {
      if (!ended) child.kill('SIGKILL');
      terminal.dispose();
    },
  };
}

/** Compiles a TypeScript program and all it imports into one file that plain Node can run; the path of that file. */
export async function compileProgram(entry: string): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'oor-pty-')), 'program.mjs');
  const banner = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    logLevel: 'warning',
    banner: { js: banner },
  });
  return outfile;
}

/** Nothing of the machine that runs the tests: neither its colours and language nor its being a CI. */
function baseEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = tmpdir() } = process.env;
  return { PATH, HOME, TERM: 'xterm-256color', LANG: 'en_US.UTF-8' };
}

function readLines(terminal: InstanceType<typeof xterm.Terminal>, from: number): string {
  const buffer = terminal.buffer.active;
  const to = buffer.baseY + terminal.rows;
  const lines = Array.from({ length: to - from }, (_, index) => buffer.getLine(from + index)?.translateToString(true) ?? '');
  return lines.join('\n').trimEnd();
}
