/** The Monitoring Plugins interface: worst state and numbers on the first line, what is not ok below it, exit 0/1/2/3. */
import { type CheckReport, type CheckRow, countStatuses, describeCounts } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';

const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

/** CRITICAL > UNKNOWN > WARNING > OK; UNKNOWN when nothing could be checked. */
export function nagiosExit(report: CheckReport): 0 | 1 | 2 | 3 {
  const counts = countStatuses(report);
  if (counts.fail > 0) return 2;
  if (counts.unknown > 0) return 3;
  if (counts.warn > 0) return 1;
  return counts.ok > 0 ? 0 : 3;
}

export function renderCheckNagios(report: CheckReport): string {
  const exit = nagiosExit(report);
  const order = ['fail', 'unknown', 'warn'];
  const findings = report.rows
    .filter(({ status }) => order.includes(status))
    .sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
  const [worst] = findings;
  const head = `OOR ${STATES[exit]} - ${describeCounts(countStatuses(report))}${worst ? `: ${line(worst)}` : ''}`;
  const perfdata = report.rows.map(perfdataOf).filter((text) => text !== '');
  const first = `${head}${perfdata.length === 0 ? '' : ` | ${perfdata.join(' ')}`}`;
  const rest = findings.map((row) => `[${STATES[row.status === 'fail' ? 2 : row.status === 'warn' ? 1 : 3]}] ${line(row)}${unlock(row)}`);
  return [first, ...rest].map((text) => `${text}\n`).join('');
}

/** When the checks did not even begin. */
export function renderNagiosError(message: string): string {
  return `OOR UNKNOWN - ${plain(message)}\n`;
}

function line({ step, summary }: CheckRow): string {
  return `${plain(step)}: ${plain(summary.en)}`;
}

function unlock(row: CheckRow): string {
  return row.unlock === null ? '' : ` -> ${plain(row.unlock)}`;
}

/** A bar would begin the performance data. */
function plain(text: string): string {
  return escapeControlInLine(text).replaceAll('|', '/');
}

/** Units of measurement that the interface knows; others are left out, as its parsers refuse them. */
const UNITS = ['s', 'us', 'ms', '%', 'B', 'KB', 'MB', 'GB', 'TB', 'c'];

/** `'label'=value[unit];[warn];[crit];[min];[max]`; the last two where the unit tells them. */
function perfdataOf({ step, value, unit, bounds }: CheckRow): string {
  if (typeof value !== 'number' || !(Math.abs(value) < MOST)) return '';
  const label = plain(step).replaceAll('=', '_').replaceAll("'", "''");
  const shown = `'${label}'=${decimal(value)}${unit !== null && UNITS.includes(unit) ? unit : ''}`;
  const ends = unit === '%' ? ';0;100' : '';
  if (!bounds || bounds.unit !== (unit ?? '')) return ends === '' ? shown : `${shown};;${ends}`;
  // Where less is worse, the range that is fine begins at the bound.
  const range = bounds.warn > bounds.crit ? (bound: number) => `${decimal(bound)}:` : decimal;
  const crit = Number.isFinite(bounds.crit) ? range(bounds.crit) : '';
  return `${shown};${range(bounds.warn)};${crit}${ends}`;
}

/** From here on a number is written with an exponent, which no parser of performance data takes. */
const MOST = 1e21;

/** Never an exponent. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(Math.abs(value) < 1 ? 9 : 0) : text;
}
