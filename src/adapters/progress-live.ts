/** Progress at a terminal: findings scroll by, below them one line says what runs. */
import type { Ora } from 'ora';
import {
  formatCounts,
  formatFinished,
  formatSeconds,
  formatStatusLine,
  type LineStyle,
  makeStepSafe,
  type PhaseCount,
  type StepStatus,
  worseOf,
} from './progress-lines.ts';
import type { FinishedStep, Progress, ProgressOptions, ProgressOutput, StartedStep } from './progress-port.ts';

export interface LiveOptions extends ProgressOptions {
  readonly makeSafe: (text: string) => string;
  readonly now: () => number;
}

type Print = (style: LineStyle) => string;

export function createLiveProgress(options: LiveOptions): Progress {
  const { output, language, verbose = false, makeSafe, now } = options;
  const board = createBoard(now);
  const screen = createScreen(options, (style) =>
    formatStatusLine(board.phases(), board.running(), { ...style, columns: style.columns ?? 80 }),
  );
  const onResize = (): void => screen.show();
  output.on('resize', onResize);
  return {
    planned: board.plan,
    started(step) {
      board.start({ ...step, id: makeSafe(step.id) });
      screen.show();
    },
    finished(step) {
      const safe = makeStepSafe(step, makeSafe);
      board.finish(safe);
      if (verbose || !QUIET.includes(step.status)) screen.print((style) => formatFinished(safe, style));
    },
    note: (text) => screen.print(() => makeSafe(text)),
    pause: screen.pause,
    resume: screen.resume,
    stop() {
      output.removeListener('resize', onResize);
      screen.stop(board.counts().size > 0 ? `${formatCounts(board.counts(), language)} (${formatSeconds(board.elapsedMs())})` : '');
    },
  };
}

/** Only counted: they ask for nothing. */
const QUIET: readonly StepStatus[] = ['ok', 'skipped', 'not-applicable'];

/** What ran, runs and shall run. */
function createBoard(now: () => number) {
  const startedAt = now();
  const running = new Map<string, StartedStep & { readonly since: number }>();
  const phases = new Map<string, { planned: number; started: number; done: number; worst: StepStatus }>();
  const counts = new Map<StepStatus, number>();
  const phaseOf = (id = '') => {
    const phase = phases.get(id) ?? { planned: 0, started: 0, done: 0, worst: 'not-applicable' };
    phases.set(id, phase);
    return phase;
  };
  return {
    plan(planned: readonly { readonly id: string; readonly steps: number }[]): void {
      for (const { id, steps } of planned) phaseOf(id).planned = steps;
    },
    start(step: StartedStep): void {
      running.set(step.id, { ...step, since: now() });
      phaseOf(step.phase).started += 1;
    },
    finish({ id, status, phase }: FinishedStep): void {
      const entry = phaseOf(phase ?? running.get(id)?.phase);
      // A step may end without having started: its condition was not met.
      if (!running.delete(id)) entry.started += 1;
      entry.done += 1;
      entry.worst = worseOf(entry.worst, status);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    },
    counts: () => counts,
    elapsedMs: () => now() - startedAt,
    running: () => [...running.values()].map(({ id, since, timeoutMs }) => ({ id, timeoutMs, elapsedMs: now() - since })),
    phases: (): PhaseCount[] =>
      [...phases].map(([id, { planned, started, done, worst }]) => ({ id, done, worst, total: Math.max(planned, started) })),
  };
}

/** The line at the bottom and the lines above it. Text waits while a question is on the screen and until the packages are loaded. */
function createScreen(options: LiveOptions, drawStatus: (style: LineStyle) => string) {
  const { output, language, ascii } = options;
  const waiting: Print[] = [];
  let paint: LineStyle['paint'] = (_, text) => text;
  let spinner: Ora | undefined;
  let paused = false;
  let stopped = false;
  const style = (): LineStyle => ({ language, ascii, paint, columns: Math.max(16, (output.columns || 80) - 1) });
  // Frame and two spaces stand before the text.
  const drawLine = (): string => drawStatus({ ...style(), columns: Math.max(16, (output.columns || 80) - 4) });
  const flush = (): void => {
    for (const print of waiting.splice(0)) output.write(`${print(style())}\n`);
  };
  const show = (): void => {
    const wanted = !paused && !stopped && hasWidth(output);
    if (wanted) spinner?.start();
    // Not when it stands still: ora would move the cursor out of the question.
    else if (spinner?.isSpinning) spinner.stop();
  };
  const loaded = loadPackages(options, drawLine).then((packages) => {
    if (stopped) return;
    ({ spinner, paint } = packages);
    if (!paused) flush();
    show();
  });
  // Without its packages it still prints what it has at the end.
  loaded.catch(() => {});
  return {
    show,
    print(print: Print): void {
      waiting.push(print);
      if (spinner && !paused) flush();
    },
    pause(): void {
      paused = true;
      show();
    },
    resume(): void {
      paused = false;
      if (spinner) flush();
      show();
    },
    stop(lastLine: string): void {
      if (stopped) return;
      stopped = true;
      show();
      flush();
      if (lastLine) output.write(`${lastLine}\n`);
    },
  };
}

function hasWidth({ columns }: ProgressOutput): boolean {
  return columns !== undefined && columns > 0;
}

async function loadPackages(
  { output, colour, ascii }: LiveOptions,
  drawLine: () => string,
): Promise<{ readonly spinner: Ora; readonly paint: LineStyle['paint'] }> {
  const [{ default: createOra }, { Chalk }] = await Promise.all([import('ora'), import('chalk')]);
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const colours: Readonly<Record<StepStatus, (text: string) => string>> = {
    ok: chalk.green,
    fail: chalk.red.bold,
    warn: chalk.yellow,
    unknown: chalk.magenta,
    skipped: chalk.dim,
    'not-applicable': chalk.dim,
  };
  const frames = ascii
    ? ['-', '\\', '|', '/']
    : ['\u280b', '\u2819', '\u2839', '\u2838', '\u283c', '\u2834', '\u2826', '\u2827', '\u2807', '\u280f'];
  const spinner = createOra({
    stream: output,
    // Otherwise it swallows Ctrl-C.
    discardStdin: false,
    isEnabled: true,
    // Colour is decided by our caller; ora and its chalk would ask the environment.
    color: false,
    spinner: { interval: 100, frames: frames.map((frame) => chalk.cyan(frame)) },
    text: '',
    suffixText: drawLine,
  });
  return { spinner, paint: (status, text) => colours[status](text) };
}
