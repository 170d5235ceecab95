/** JUnit XML as CI servers read it: fail -> failure, unknown -> error, skipped and not-applicable -> skipped, warn passes and says so. */
import { describeReason } from '../checks/check.ts';
import type { Language } from '../ports.ts';
import { type CheckReport, type CheckRow, countStatuses } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';

/** Ids are the same in all languages, sentences are not. `name`: of the command whose result this is. */
export function renderCheckJunit(report: CheckReport, language: Language, name = 'oor check'): string {
  const suites = [...new Set(report.rows.map(({ phase }) => phase))].map((phase) => renderSuite(report, phase, language));
  const attributes = countAttributes(report);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(name)}"${attributes}>\n${suites.join('')}</testsuites>\n`;
}

function renderSuite(report: CheckReport, phase: string, language: Language): string {
  const rows = report.rows.filter((row) => row.phase === phase);
  const timestamp = new Date(report.startedAt).toISOString().slice(0, 19);
  const head = `  <testsuite name="${xml(phase)}"${countAttributes({ ...report, rows })} timestamp="${timestamp}">\n`;
  return `${head}${rows.map((row) => renderCase(row, language)).join('')}  </testsuite>\n`;
}

function countAttributes(report: CheckReport): string {
  const counts = countStatuses(report);
  const time = report.rows.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const skipped = counts.skipped + counts['not-applicable'];
  return ` tests="${report.rows.length}" failures="${counts.fail}" errors="${counts.unknown}" skipped="${skipped}" time="${seconds(time)}"`;
}

function renderCase(row: CheckRow, language: Language): string {
  const lines = [
    `    <testcase classname="${xml(row.id)}" name="${xml(row.step)}" time="${seconds(row.durationMs)}">`,
    '      <properties>',
    ...propertiesOf(row, language).map(([name, value]) => `        <property name="${name}" value="${xml(value)}"/>`),
    '      </properties>',
    ...outcomeOf(row, language),
    '    </testcase>',
  ];
  return `${lines.join('\n')}\n`;
}

function propertiesOf(row: CheckRow, language: Language): readonly (readonly [name: string, value: string])[] {
  const { title, host, target, status, value, unit, threshold, thresholdSource, bounds, clear, held, attempts, unlock } = row;
  const found: readonly (readonly [string, unknown])[] = [
    ['status', status],
    ['title', title[language] ?? title.en],
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
    ['unlock', unlock === null ? null : describeReason(unlock, language)],
    ['warning', status === 'warn' ? summaryOf(row, language) : null],
  ];
  return found.flatMap(([name, given]) => (given === null || given === undefined ? [] : [[name, String(given)] as const]));
}

function outcomeOf(row: CheckRow, language: Language): readonly string[] {
  const { status, code, unlock } = row;
  const type = xml(code ?? status);
  const message = xml(summaryOf(row, language));
  switch (status) {
    case 'fail':
      return [`      <failure type="${type}" message="${message}">${message}</failure>`];
    case 'unknown':
      return [
        `      <error type="${type}" message="${message}">${unlock === null ? message : xml(describeReason(unlock, language))}</error>`,
      ];
    case 'skipped':
    case 'not-applicable':
      return [`      <skipped message="${message}"/>`];
    default:
      return [`      <system-out>${message}</system-out>`];
  }
}

function summaryOf({ summary }: CheckRow, language: Language): string {
  return summary[language] ?? summary.en;
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
