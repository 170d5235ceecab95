/** The checks of the phases that are under way, one line each. */
import { formatSeconds, type LineStyle, markRunning, markStatus, markWidth, type Picture, type StepStatus } from './progress-lines.ts';
import { measure, padTo, truncate } from './terminal-layout.ts';

export interface TableRow {
  readonly id: string;
  readonly state: StepStatus | 'running';
  readonly value?: string;
  readonly limit?: string;
  readonly picture?: Picture;
  readonly elapsedMs: number;
  /** 0: none. */
  readonly timeoutMs: number;
}

export interface TableStyle extends LineStyle {
  readonly columns: number;
  /** Lines that there is room for. */
  readonly rows: number;
  /** No wider than what it shows: a window that is made narrower tears long lines, and what is torn cannot be taken back. */
  readonly tight?: boolean;
}

/** Cells of a picture. */
const PICTURE = 12;
/** Below these widths a column gives way, the least needed first. */
const WIDE_ENOUGH = { picture: 76, limit: 60, value: 48 };
const ID_SHARE = 0.4;

/** What went wrong; what runs, longest first; then what ended last. What there is no room for is counted. */
export function formatTable(rows: readonly TableRow[], style: TableStyle): string[] {
  const running = rows.filter(({ state }) => state === 'running').toSorted((one, other) => other.elapsedMs - one.elapsedMs);
  const ended = rows.filter(({ state }) => state !== 'running').toReversed();
  const bad = (['fail', 'warn'] as const).flatMap((status) => ended.filter(({ state }) => state === status));
  const ordered = [...bad, ...running, ...ended.filter(({ state }) => state !== 'fail' && state !== 'warn')];
  const room = Math.max(0, ordered.length > style.rows ? style.rows - 1 : style.rows);
  const shown = ordered.slice(0, room);
  const hidden = ordered.length - shown.length;
  const widths = measureColumns(shown, style);
  const lines = shown.map((row) => formatRow(row, widths, style));
  return hidden > 0 && style.rows > 0 ? [...lines, truncate(`  ${MORE[style.language](hidden)}`, style.columns, style.language)] : lines;
}

const MORE = { en: (count: number) => `+${count} more`, 'zh-CN': (count: number) => `另有 ${count} 项` };
const LIMIT = { en: 'limit ', 'zh-CN': '阈值 ' };

interface Widths {
  readonly mark: number;
  readonly id: number;
  readonly picture: number;
  readonly value: number;
  readonly limit: number;
  /** Where the time ends. */
  readonly edge: number;
}

function measureColumns(rows: readonly TableRow[], style: TableStyle): Widths {
  const { columns, language } = style;
  const widest = (text: (row: TableRow) => string, least: number): number =>
    columns < least ? 0 : Math.max(0, ...rows.map((row) => measure(text(row), language)));
  const mark = markWidth(style);
  const id = Math.min(Math.floor(columns * ID_SHARE), Math.max(0, ...rows.map(({ id }) => measure(id, language))));
  const picture = columns < WIDE_ENOUGH.picture || !rows.some(({ picture }) => picture) ? 0 : PICTURE;
  // What a result was is worth more than its bound, and the time stands in every row.
  const time = Math.max(0, ...rows.map((row) => timeOf(row).length));
  const room = columns - 2 * GAP - mark - cellsWidth(id, picture) - time;
  const narrow = (wanted: number, room: number): number => (wanted <= room ? wanted : room < LEAST_CELL ? 0 : room);
  const value = narrow(
    widest(({ value = '' }) => value, WIDE_ENOUGH.value),
    room - GAP,
  );
  const limit = narrow(
    widest((row) => limitOf(row, style), WIDE_ENOUGH.limit),
    room - cellsWidth(value) - GAP,
  );
  const edge = style.tight ? Math.min(columns, 2 * GAP + mark + cellsWidth(id, picture, value, limit) + time) : columns;
  return { mark, id, picture, value, limit, edge };
}

const GAP = 2;
/** Less of a text tells nothing. */
const LEAST_CELL = 6;

function cellsWidth(...widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + (width === 0 ? 0 : width + GAP), 0);
}

function timeOf({ elapsedMs, timeoutMs }: TableRow): string {
  return `${formatSeconds(elapsedMs)}${timeoutMs > 0 ? `/${formatSeconds(timeoutMs)}` : ''}`;
}

function formatRow(row: TableRow, widths: Widths, style: TableStyle): string {
  const { language, columns } = style;
  const mark = padTo(row.state === 'running' ? markRunning(style) : markStatus(row.state, style), widths.mark, language);
  const cell = (text: string, width: number): string[] => (width === 0 ? [] : [padTo(truncate(text, width, language), width, language)]);
  const time = timeOf(row);
  const cells = [
    ...cell(row.id, widths.id),
    ...cell(row.picture ? drawPicture(row.picture, style) : '', widths.picture),
    ...cell(row.value ?? '', widths.value),
    ...cell(limitOf(row, style), widths.limit),
  ];
  const left = `  ${mark}  ${cells.join('  ')}`;
  const room = widths.edge - measure(left, language) - measure(time, language);
  const line = truncate(room >= 2 ? `${left}${' '.repeat(room)}${time}` : `${left}  ${time}`, columns, language);
  const painted = line.slice(2, 2 + mark.length);
  return row.state === 'running' ? line : `${line.slice(0, 2)}${style.paint(row.state, painted)}${line.slice(2 + mark.length)}`;
}

function limitOf({ limit }: TableRow, { language }: TableStyle): string {
  return limit === undefined ? '' : `${LIMIT[language]}${limit}`;
}

/** Braille has one width in every terminal; block elements are two columns wide in many Chinese ones. */
const LEVELS = { unicode: ['\u28c0', '\u28e4', '\u28f6', '\u28ff'], ascii: ['_', '-', '=', '#'] } as const;
const LOST = 'x';

/** A lost try is an x, whatever the colours; a share is a bar. */
export function drawPicture(picture: Picture, { ascii }: Pick<LineStyle, 'ascii'>): string {
  const levels = ascii ? LEVELS.ascii : LEVELS.unicode;
  if (picture.kind === 'share') {
    const full = Math.round(Math.min(1, Math.max(0, picture.share)) * PICTURE);
    return levels[3].repeat(full) + levels[0].repeat(PICTURE - full);
  }
  const most = Math.max(...picture.values.map((value) => value ?? 0));
  return picture.values
    .slice(-PICTURE)
    .map((value) => (value === null ? LOST : levels[most === 0 ? 0 : Math.min(3, Math.floor((value / most) * 3.999))]))
    .join('');
}
