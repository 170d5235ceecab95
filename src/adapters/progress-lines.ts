import type { Language } from '../ports.ts';
import { measure, padTo, truncate, wrap } from './terminal-layout.ts';

export type StepStatus = 'ok' | 'warn' | 'fail' | 'unknown' | 'skipped' | 'not-applicable';

export interface LineStyle {
  readonly language: Language;
  readonly ascii: boolean;
  /** Columns to keep within; undefined leaves long lines whole. */
  readonly columns?: number;
  paint(status: StepStatus, text: string): string;
}

/** course: how long each try took, null for one that was lost. share: of 1. */
export type Picture =
  | { readonly kind: 'course'; readonly values: readonly (number | null)[] }
  | { readonly kind: 'share'; readonly share: number };

export interface FinishedLine {
  readonly id: string;
  readonly title: string;
  readonly status: StepStatus;
  readonly summary: string;
  readonly durationMs: number;
  readonly value?: string;
  readonly limit?: string;
  readonly picture?: Picture;
}

export interface RunningStep {
  readonly id: string;
  readonly elapsedMs: number;
  /** 0: none. */
  readonly timeoutMs: number;
}

export interface PhaseCount {
  readonly id: string;
  readonly done: number;
  readonly total: number;
  readonly worst: StepStatus;
}

/** Symbol and word, so that no status is told by colour alone. */
export function markStatus(status: StepStatus, { language, ascii }: Pick<LineStyle, 'language' | 'ascii'>): string {
  if (ascii) return ASCII_MARKS[status];
  return `${SYMBOLS[status]} ${WORDS[status][language]}`;
}

export function formatFinished({ id, title, status, summary, durationMs }: FinishedLine, style: LineStyle): string {
  const mark = padTo(markStatus(status, style), markWidth(style), style.language);
  const rest = `${title}: ${summary} (${id} ${formatSeconds(durationMs)})`;
  if (style.columns === undefined) return `${style.paint(status, mark)}  ${rest}`;
  const [first = '', ...more] = wrap(`${mark}  ${rest}`, style.columns, style.language, 2);
  return [style.paint(status, first.slice(0, mark.length)) + first.slice(mark.length), ...more].join('\n');
}

/** One step, one line: a newline in a summary must not fake a second result. */
export function makeStepSafe<Step extends FinishedLine>(step: Step, makeSafe: (text: string) => string): Step {
  const inLine = (text: string): string => makeSafe(text).replace(/\s+/g, ' ').trim();
  const { value, limit } = step;
  return {
    ...step,
    id: inLine(step.id),
    title: inLine(step.title),
    summary: inLine(step.summary),
    ...(value !== undefined && { value: inLine(value) }),
    ...(limit !== undefined && { limit: inLine(limit) }),
  };
}

/** Its lines stay lines, whatever else is made visible. */
export function makeNoteSafe(text: string, makeSafe: (text: string) => string): string {
  return text
    .split('\n')
    .map((line) => makeSafe(line))
    .join('\n');
}

/** The one line that is redrawn: how far each phase is, what runs, how long it may. Never wider than `columns`. */
export function formatStatusLine(
  phases: readonly PhaseCount[],
  running: readonly RunningStep[],
  style: LineStyle & { readonly columns: number },
  clock?: Elapsed,
): string {
  const { language, columns } = style;
  const progress = formatPhases(phases, style);
  const slowest = [...running].sort((one, other) => other.elapsedMs - one.elapsedMs);
  const names = slowest.map(
    ({ id, elapsedMs, timeoutMs }) => `${id} ${formatSeconds(elapsedMs)}${timeoutMs > 0 ? `/${formatSeconds(timeoutMs)}` : ''}`,
  );
  const candidates = names.map((_, index) => {
    const hidden = names.length - 1 - index;
    return `${names.slice(0, index + 1).join(', ')}${hidden > 0 ? ` +${hidden}` : ''}`;
  });
  const named = [...candidates.map((names) => `${RUNNING[language]}${names}`).reverse(), ...candidates.slice(0, 1)].map(
    (names) => `${progress}  ${names}`,
  );
  const lines = named.length > 0 ? named : [progress];
  const line = lines.find((each) => measure(each, language) <= columns) ?? truncate(lines.at(-1) ?? progress, columns, language);
  const timed = clock ? `${formatClock(clock, language)}  ${line}` : line;
  return measure(timed, language) <= columns ? timed : line;
}

export interface Elapsed {
  readonly ms: number;
  /** Since the first payment failed, not since the run began. */
  readonly ofIncident: boolean;
}

/** `incident 1:02:03`; `run 0:04` as long as nobody knows when it began. */
function formatClock({ ms, ofIncident }: Elapsed, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const time = `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(seconds % 60)}`;
  return `${CLOCKS[ofIncident ? 'incident' : 'run'][language]} ${time}`;
}

/** One line for a phase that is over. */
export function formatPhase(
  {
    id,
    worst,
    counts,
    durationMs,
  }: { readonly id: string; readonly worst: StepStatus; readonly counts: ReadonlyMap<StepStatus, number>; readonly durationMs: number },
  style: LineStyle,
): string {
  const mark = padTo(markStatus(worst, style), markWidth(style), style.language);
  const text = `${mark}  ${namePhase(id, style.language)}: ${formatCounts(counts, style.language)} (${formatSeconds(durationMs)})`;
  const line = style.columns === undefined ? text : truncate(text, style.columns, style.language);
  return style.paint(worst, line.slice(0, mark.length)) + line.slice(mark.length);
}

/** `28 ok, 2 FAIL`: every status that occurred. */
export function formatCounts(counts: ReadonlyMap<StepStatus, number>, language: Language): string {
  const order: readonly StepStatus[] = ['fail', 'warn', 'unknown', 'ok', 'skipped', 'not-applicable'];
  return order.flatMap((status) => (counts.get(status) ? [`${counts.get(status)} ${WORDS[status][language]}`] : [])).join(', ');
}

/** A phase of which nothing ran may end a moment before it is said to have begun. */
export function formatSeconds(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return Number.isInteger(seconds) || seconds >= 100 ? `${Math.round(seconds)}s` : `${seconds.toFixed(1)}s`;
}

/** The worse of two; what says nothing about health never outweighs what does. */
export function worseOf(one: StepStatus, other: StepStatus): StepStatus {
  const order: readonly StepStatus[] = ['not-applicable', 'skipped', 'ok', 'unknown', 'warn', 'fail'];
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}

function formatPhases(phases: readonly PhaseCount[], style: LineStyle & { readonly columns: number }): string {
  const done = phases.reduce((sum, phase) => sum + phase.done, 0);
  const total = phases.reduce((sum, phase) => sum + phase.total, 0);
  const named = phases.filter(({ id, total: steps }) => id !== '' && steps > 0);
  const whole = named
    .map(
      (phase) =>
        `${namePhase(phase.id, style.language)} ${phase.done >= phase.total ? phaseMark(phase.worst, style) : `${phase.done}/${phase.total}`}`,
    )
    .join('  ');
  return whole !== '' && measure(whole, style.language) <= style.columns * 0.6 ? whole : `${done}/${total}`;
}

/** In English its id is the word for it. */
function namePhase(id: string, language: Language): string {
  return language === 'en' ? id : (PHASES_ZH[id] ?? id);
}

const PHASES_ZH: Readonly<Record<string, string>> = {
  confirm: '确认',
  evidence: '取证',
  hardware: '硬件',
  software: '软件',
  network: '网络',
  verify: '验证原因',
  fix: '修复',
  validate: '验收',
};

function phaseMark(worst: StepStatus, { ascii }: LineStyle): string {
  return ascii ? ASCII_MARKS[worst] : SYMBOLS[worst];
}

export function markRunning({ language, ascii }: Pick<LineStyle, 'language' | 'ascii'>): string {
  return ascii ? '[run]' : `~ ${RUNS[language]}`;
}

export function markWidth(style: LineStyle): number {
  const statuses = Object.keys(SYMBOLS) as StepStatus[];
  return Math.max(
    ...statuses.filter((status) => status !== 'not-applicable').map((status) => measure(markStatus(status, style), style.language)),
  );
}

const SYMBOLS: Readonly<Record<StepStatus, string>> = {
  ok: '\u2714',
  fail: '\u2718',
  warn: '!',
  unknown: '?',
  skipped: '-',
  'not-applicable': '-',
};
const ASCII_MARKS: Readonly<Record<StepStatus, string>> = {
  ok: '[ok]',
  fail: '[FAIL]',
  warn: '[warn]',
  unknown: '[????]',
  skipped: '[skip]',
  'not-applicable': '[n/a]',
};
const WORDS: Readonly<Record<StepStatus, Readonly<Record<Language, string>>>> = {
  ok: { en: 'ok', 'zh-CN': '正常' },
  fail: { en: 'FAIL', 'zh-CN': '失败' },
  warn: { en: 'warn', 'zh-CN': '警告' },
  unknown: { en: 'unknown', 'zh-CN': '未知' },
  skipped: { en: 'skip', 'zh-CN': '跳过' },
  'not-applicable': { en: 'n/a', 'zh-CN': '不适用' },
};
const CLOCKS = { incident: { en: 'incident', 'zh-CN': '故障已持续' }, run: { en: 'run', 'zh-CN': '已运行' } } as const;
const RUNS: Readonly<Record<Language, string>> = { en: 'running', 'zh-CN': '运行' };
const RUNNING: Readonly<Record<Language, string>> = { en: 'running: ', 'zh-CN': '运行中: ' };
