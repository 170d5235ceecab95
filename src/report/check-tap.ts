/** TAP version 14 (testanything.org/tap-version-14-specification.html): a test point a check, the details as a YAML block. */
import { type CheckReport, type CheckRow, countStatuses, describeCounts } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';

export function renderCheckTap(report: CheckReport): string {
  const plan = report.rows.length === 0 ? '1..0 # SKIP nothing was selected' : `1..${report.rows.length}`;
  const points = report.rows.map((row, index) => renderPoint(row, index + 1));
  return ['TAP version 14', plan, ...points, `# ${describeCounts(countStatuses(report))}`].map((line) => `${line}\n`).join('');
}

function renderPoint(row: CheckRow, number: number): string {
  const { status, summary } = row;
  const description = `${number} - ${tap(row.step)}: ${tap(summary.en)}`;
  if (status === 'skipped' || status === 'not-applicable') return `ok ${number} - ${tap(row.step)} # SKIP ${tap(summary.en)}`;
  const details = detailsOf(row).map(([name, value]) => `  ${name}: ${yaml(value)}`);
  const passed = status === 'ok' || status === 'warn';
  return [`${passed ? 'ok' : 'not ok'} ${description}`, '  ---', ...details, '  ...'].join('\n');
}

function detailsOf(row: CheckRow): readonly (readonly [name: string, value: string | number | boolean])[] {
  const found: readonly (readonly [string, string | number | boolean | null | undefined])[] = [
    ['status', row.status],
    ['check', row.id],
    ['host', row.host],
    ['target', row.target],
    ['code', row.code],
    ['value', row.value],
    ['unit', row.unit],
    ['threshold', row.threshold],
    ['threshold_source', row.thresholdSource],
    ['warn', row.bounds?.warn],
    ['fail', row.bounds && Number.isFinite(row.bounds.crit) ? row.bounds.crit : null],
    ['clear', row.clear],
    ['held_by_hysteresis', row.held ? true : null],
    ['duration_ms', row.durationMs],
    ['attempts', row.attempts.length > 1 ? row.attempts.map(({ status }) => status).join(' ') : null],
    ['unlock', row.unlock],
  ];
  return found.flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value] as const]));
}

/** A bare `#` would begin a directive. */
function tap(text: string): string {
  return escapeControlInLine(text).replace(/[\\#]/g, '\\$&');
}

/** JSON scalars are YAML scalars; one line each, so that no text can end the block. */
function yaml(value: string | number | boolean): string {
  return JSON.stringify(typeof value === 'string' ? escapeControlInLine(value) : value);
}
