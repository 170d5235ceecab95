// The screens in README.md, taken from the built program on a real pseudo-terminal: docs/*.svg. Run after what is on a screen has changed.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTER = '\r';
const COLUMNS = 110;
const ROWS = 34;
const PATIENCE_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'oor-screens-'));
// Commands on a screen show where the program lies.
const program = join(folder, 'oor');
for (const part of ['bin', 'dist', 'playbooks', 'package.json']) cpSync(join(root, part), join(program, part), { recursive: true });

/** `oor` alone: what people see, and what is proposed. */
async function shootStart() {
  const terminal = open([]);
  await terminal.until(/What do people see/);
  terminal.type('cards are declined at the terminals');
  await sleep(300);
  terminal.type(ENTER);
  await terminal.until(/Where do we start/);
  await terminal.keep('docs/start.svg');
  terminal.leave();
}

/** A fault of the embedded stack: the first screen, the ranking by `w`, the answer. */
async function shootRun() {
  const terminal = open(['run', '--sandbox=tls-expired']);
  await terminal.until(/What do people see\?/);
  await sleep(1_500);
  await terminal.keep('docs/first-screen.svg');
  // By then the probes have seen it.
  await terminal.until(/network [✔✘!?]/);
  terminal.type('w');
  await sleep(1_000);
  await terminal.keep('docs/question.svg');
  terminal.type(`2${ENTER}`);
  await terminal.until(/Apply it now\?/);
  terminal.type(`y${ENTER}`);
  await terminal.until(/report again with/);
  await sleep(500);
  await terminal.keep('docs/answer.svg');
  terminal.leave();
}

function open(args) {
  const screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true, scrollback: 2_000 });
  const child = spawn(process.execPath, [join(program, 'bin', 'oor.js'), ...args], {
    name: 'xterm-256color',
    cols: COLUMNS,
    rows: ROWS,
    cwd: folder,
    env: {
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
      HOME: folder,
      TERM: 'xterm-256color',
      LANG: 'en_US.UTF-8',
      OOR_STATE_DIR: join(folder, 'state'),
    },
  });
  child.onData((data) => screen.write(data));
  screen.onData((answer) => child.write(answer));
  const lines = () => Array.from({ length: ROWS }, (_, row) => screen.buffer.active.getLine(screen.buffer.active.viewportY + row));
  const text = () =>
    lines()
      .map((line) => line?.translateToString(true) ?? '')
      .join('\n');
  return {
    type: (keys) => child.write(keys),
    async until(pattern) {
      for (const end = Date.now() + PATIENCE_MS; !pattern.test(text()); await sleep(50)) {
        if (Date.now() > end) throw new Error(`${pattern} never came:\n${text()}`);
      }
    },
    /** Without empty lines below. */
    async keep(file) {
      const rows = lines().map(cellsOf);
      while (rows.length > 0 && rows.at(-1).every(({ text: each }) => each.trim() === '')) rows.pop();
      await writeFile(join(root, file), asSvg(rows));
      process.stdout.write(`${file}\n`);
    },
    leave: () => child.kill('SIGKILL'),
  };
}

const PALETTE = [
  '#1b1f24',
  '#e5534b',
  '#57ab5a',
  '#c69026',
  '#539bf5',
  '#b083f0',
  '#39c5cf',
  '#adbac7',
  '#768390',
  '#ff938a',
  '#6bc46d',
  '#daaa3f',
  '#6cb6ff',
  '#dcbdfb',
  '#56d4dd',
  '#f0f3f6',
];
const INK = '#d1d7e0';
const PAPER = '#1b1f24';

/** Runs of one look, each with its column. */
function cellsOf(line) {
  const runs = [];
  for (let column = 0; line && column < line.length; column++) {
    const cell = line.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const ink = cell.isFgPalette() && cell.getFgColor() < 16 ? PALETTE[cell.getFgColor()] : INK;
    const look = {
      ink: cell.isDim() ? '#8b949e' : ink,
      bold: cell.isBold() !== 0,
      underline: cell.isUnderline() !== 0,
      inverse: cell.isInverse() !== 0,
    };
    const wide = cell.getWidth() === 2;
    const last = runs.at(-1);
    const text = cell.getChars() || ' ';
    if (last && !wide && !last.wide && JSON.stringify(last.look) === JSON.stringify(look)) {
      last.text += text;
      last.cells += 1;
    } else runs.push({ column, text, cells: cell.getWidth(), wide, look });
  }
  return runs;
}

const WIDTH = 8.4;
const HEIGHT = 18;
const MARGIN = 14;

/** Each run is as wide as its cells, whatever font is there. */
function asSvg(rows) {
  const width = Math.ceil(COLUMNS * WIDTH + 2 * MARGIN);
  const height = rows.length * HEIGHT + 2 * MARGIN;
  const drawn = rows.flatMap((runs, row) => runs.map((run) => drawRun(run, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    ...drawn.filter((each) => each !== ''),
    '</svg>\n',
  ].join('\n');
}

function drawRun({ column, text, cells, look }, row) {
  if (text.trim() === '' && !look.inverse) return '';
  const start = text.length - text.trimStart().length;
  const shown = look.inverse ? text : text.trim();
  const at = look.inverse ? column : column + start;
  const span = look.inverse ? cells : cells - (text.length - shown.length);
  const [x, y] = [(MARGIN + at * WIDTH).toFixed(1), MARGIN + row * HEIGHT];
  const back = look.inverse ? `<rect x="${x}" y="${y}" width="${(span * WIDTH).toFixed(1)}" height="${HEIGHT}" fill="${look.ink}"/>` : '';
  const style = `${look.bold ? ' font-weight="700"' : ''}${look.underline ? ' text-decoration="underline"' : ''}`;
  const ink = look.inverse ? PAPER : look.ink;
  return `${back}<text x="${x}" y="${y + 13}" fill="${ink}" textLength="${(span * WIDTH).toFixed(1)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${style}>${escapeXml(shown)}</text>`;
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

try {
  await shootStart();
  await shootRun();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
