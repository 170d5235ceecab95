/** JUnit XML as CI servers read it: fail -> failure, unknown -> error, skipped and not-applicable -> skipped, warn passes and says so. */
import { type CheckReport, type CheckRow, countStatuses } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';

/** `name`: of the command whose result this is. */
export function renderCheckJunit(report: CheckReport, name = 'oor check'): string {
  const suites = [...new Set(report.rows.map(({ phase }) => phase))].map((phase) => renderSuite(report, phase));
  const attributes = countAttributes(report);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(name)}"${attributes}>\n${suites.join('')}</testsuites>\n`;
}

function renderSuite(report: CheckReport, phase: string): string {
  const rows = report.rows.filter((row) => row.phase === phase);
  const timestamp = new Date(report.startedAt).toISOString().slice(0, 19);
  const head = `  <testsuite name="${xml(phase)}"${countAttributes({ ...report, rows })} timestamp="${timestamp}">\n`;
  return `${head}${rows.map(renderCase).join('')}  </testsuite>\n`;
}

function countAttributes(report: CheckReport): string {
  const counts = countStatuses(report);
  const time = report.rows.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const skipped = counts.skipped + counts['not-applicable'];
  return ` tests="${report.rows.length}" failures="${counts.fail}" errors="${counts.unknown}" skipped="${skipped}" time="${seconds(time)}"`;
}

function renderCase(row: CheckRow): string {
  const lines = [
    `    <testcase classname="${xml(row.id)}" name="${xml(row.step)}" time="${seconds(row.durationMs)}">`,
    '      <properties>',
    ...propertiesOf(row).map(([name, value]) => `        <property name="${name}" value="${xml(value)}"/>`),
    '      </properties>',
    ...outcomeOf(row),
    '    </testcase>',
  ];
  return `${lines.join('\n')}\n`;
}

function propertiesOf(row: CheckRow): readonly (readonly [name: string, value: string])[] {
  const { title, host, target, status, value, unit, threshold, thresholdSource, bounds, clear, held, attempts, unlock } = row;
  const found: readonly (readonly [string, unknown])[] = [
    ['status', status],
    ['title', title.en],
    ['host', host],
    ['target', target],
    ['value', value],
    ['unit', unit],
    ['threshold', threshold],
    ['threshold_source', thresholdSource],
    ['threshold_warn', bounds?.warn],
    ['threshold_fail', finite(bounds?.crit)],
    ['clear', clear],
    ['held_by_hysteresis', held ? true : null],
    ['attempts', attempts.length > 1 ? attempts.map((attempt) => attempt.status).join(' ') : null],
    ['unlock', unlock],
    ['warning', status === 'warn' ? row.summary.en : null],
  ];
  return found.flatMap(([name, given]) => (given === null || given === undefined ? [] : [[name, String(given)] as const]));
}

function outcomeOf({ status, code, summary, unlock }: CheckRow): readonly string[] {
  const type = xml(code ?? status);
  const message = xml(summary.en);
  switch (status) {
    case 'fail':
      return [`      <failure type="${type}" message="${message}">${message}</failure>`];
    case 'unknown':
      return [`      <error type="${type}" message="${message}">${xml(unlock ?? summary.en)}</error>`];
    case 'skipped':
    case 'not-applicable':
      return [`      <skipped message="${message}"/>`];
    default:
      return [`      <system-out>${message}</system-out>`];
  }
}

/** Infinity: it never fails. */
function finite(bound: number | undefined): number | undefined {
  return bound !== undefined && Number.isFinite(bound) ? bound : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** XML 1.0 has no place for U+FFFE and U+FFFF, not even as references. */
function xml(text: string): string {
  return escapeControlInLine(text)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
