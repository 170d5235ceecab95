/** Progress at a terminal: findings and phases that are over scroll by; below them a table of what is under way, and one line for the whole. */
import type { Ora } from 'ora';
import { onSuspend } from './job-control.ts';
import { createBoard } from './progress-board.ts';
import {
  type Elapsed,
  formatCounts,
  formatFinished,
  formatPhase,
  formatSeconds,
  formatStatusLine,
  type LineStyle,
  makeNoteSafe,
  makeStepSafe,
  type StepStatus,
} from './progress-lines.ts';
import type { Progress, ProgressOptions, ProgressOutput } from './progress-port.ts';
import { formatTable, type TableStyle } from './progress-table.ts';

export interface LiveOptions extends ProgressOptions {
  readonly makeSafe: (text: string) => string;
  readonly now: () => number;
}

type Print = (style: LineStyle) => string;

export function createLiveProgress(options: LiveOptions): Progress {
  const { output, language, verbose = false, makeSafe, now } = options;
  const board = createBoard(now);
  let impactAt: number | undefined;
  const clock = (): Elapsed => ({ ms: impactAt === undefined ? board.elapsedMs() : now() - impactAt, ofIncident: impactAt !== undefined });
  const drawLine = (style: LineStyle & { readonly columns: number }): string =>
    formatStatusLine(board.phases(), board.running(), style, clock());
  const screen = createScreen(options, { line: drawLine, table: (style) => formatTable(board.rows('quiet'), style) });
  const onResize = (): void => screen.show();
  output.on('resize', onResize);
  const unwatch = onSuspend({ before: screen.leave, after: screen.comeBack });
  return {
    planned: board.plan,
    started(step) {
      board.start({ ...step, id: makeSafe(step.id) });
      screen.show();
    },
    finished(step) {
      const safe = makeStepSafe(step, makeSafe);
      const phase = board.finish(safe);
      if (verbose || !QUIET.includes(step.status)) screen.print((style) => formatFinished(safe, style));
      if (phase) screen.print((style) => formatPhase(phase, style));
    },
    decided(step) {
      const phase = board.decide(step);
      if (phase) screen.print((style) => formatPhase(phase, style));
    },
    note: (text) => screen.print(() => makeNoteSafe(text, makeSafe)),
    impact(agoMs) {
      impactAt = now() - agoMs;
    },
    line: (columns) =>
      board.counts().size + board.running().length === 0
        ? ''
        : drawLine({ language, ascii: options.ascii, paint: (_, text) => text, columns }),
    table(columns, rows) {
      const style = { ...screen.style(), columns };
      const over = board.over().map((phase) => formatPhase(phase, style));
      return [...over, ...formatTable(board.rows('all'), { ...style, rows: rows - over.length, tight: true })].slice(0, Math.max(0, rows));
    },
    pause: screen.pause,
    resume: screen.resume,
    stop() {
      output.removeListener('resize', onResize);
      unwatch();
      screen.stop(board.counts().size > 0 ? `${formatCounts(board.counts(), language)} (${formatSeconds(board.elapsedMs())})` : '');
    },
  };
}

/** Only counted: they ask for nothing. */
const QUIET: readonly StepStatus[] = ['ok', 'skipped', 'not-applicable'];

interface Drawing {
  line(style: LineStyle & { readonly columns: number }): string;
  table(style: TableStyle): string[];
}

/** Most checks that are listed at once, and the lines left to what scrolls by. */
const MOST_ROWS = 24;
const ROWS_KEPT = 6;

/** The lines at the bottom and those above them. Text waits while a question is on the screen and until the packages are loaded. */
function createScreen(options: LiveOptions, draw: Drawing) {
  const { output } = options;
  const pencil = createPencil(options, draw);
  const waiting: Print[] = [];
  let spinner: Ora | undefined;
  let paused = false;
  let away = false;
  let stopped = false;
  const flush = (): void => {
    inOneWrite(output, () => {
      for (const print of waiting.splice(0)) output.write(`${print(pencil.style())}\n`);
    });
  };
  const show = (): void => {
    const wanted = !paused && !away && !stopped && hasWidth(output);
    if (wanted) spinner?.start();
    // Not when it stands still: ora would move the cursor out of the question.
    else if (spinner?.isSpinning) spinner.stop();
  };
  const loaded = loadPackages(options, pencil).then((packages) => {
    if (stopped) return;
    spinner = packages.spinner;
    pencil.colour(packages.paint);
    if (!paused) flush();
    show();
  });
  // Without its packages it still prints what it has at the end.
  loaded.catch(() => {});
  return {
    show,
    style: pencil.style,
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
    /** The process is about to be stopped. */
    leave(): void {
      away = true;
      show();
    },
    comeBack(): void {
      away = false;
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

/** What is drawn, in the width and the colours of the moment. */
function createPencil({ output, language, ascii }: LiveOptions, draw: Drawing) {
  let paint: LineStyle['paint'] = (_, text) => text;
  const columns = (kept: number): number => Math.max(16, (output.columns || 80) - kept);
  const style = (): LineStyle => ({ language, ascii, paint, columns: columns(1) });
  return {
    style,
    colour(chosen: LineStyle['paint']): void {
      paint = chosen;
    },
    // A blank, the frame and two more stand before the text.
    line: (): string => draw.line({ ...style(), columns: columns(5) }),
    table(): string {
      const rows = Math.min(MOST_ROWS, Math.max(0, (output.rows || 24) - ROWS_KEPT));
      const lines = draw.table({ ...style(), columns: columns(1), rows });
      return lines.map((line) => `${line}\n`).join('');
    },
  };
}

/** Between two writes of one picture the terminal shows what is typed (`^C`): it would shift a row, which then stays when the picture goes. */
function inOneWrite<T>(output: ProgressOutput, draw: () => T): T {
  output.cork?.();
  try {
    return draw();
  } finally {
    output.uncork?.();
  }
}

function hasWidth({ columns }: ProgressOutput): boolean {
  return columns !== undefined && columns > 0;
}

async function loadPackages(
  { output, colour, ascii }: LiveOptions,
  draw: { readonly line: () => string; readonly table: () => string },
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
    prefixText: draw.table,
    suffixText: draw.line,
  });
  const render = spinner.render.bind(spinner);
  spinner.render = () => inOneWrite(output, render);
  return { spinner, paint: (status, text) => colours[status](text) };
}
