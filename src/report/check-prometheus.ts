/** The text format for node_exporter's textfile collector; write it with `--output`, which renames it into place. */
import type { Status } from '../checks/check.ts';
import type { CheckReport, CheckRow } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';

const NUMBERS: Readonly<Record<Status, number>> = { ok: 0, warn: 1, fail: 2, unknown: 3, skipped: -1, 'not-applicable': -1 };

export function renderCheckPrometheus(report: CheckReport): string {
  const { rows } = report;
  return [
    family('oor_check_status', 'Status of a check: 0 ok, 1 warn, 2 fail, 3 unknown, -1 skipped or not applicable.'),
    ...rows.map((row) => sample('oor_check_status', labelsOf(row), NUMBERS[row.status])),
    family('oor_check_value', 'What the check measured, in the unit of the label.'),
    ...rows.flatMap((row) => {
      const value = numeric(row.value);
      return value === undefined ? [] : [sample('oor_check_value', { ...labelsOf(row), unit: row.unit ?? '' }, value)];
    }),
    family('oor_check_duration_seconds', 'How long the check took.'),
    ...rows.map((row) => sample('oor_check_duration_seconds', labelsOf(row), row.durationMs / 1_000)),
    family('oor_check_last_run_timestamp_seconds', 'When the checks last ran to their end.'),
    sample('oor_check_last_run_timestamp_seconds', {}, report.endedAt / 1_000),
  ].join('');
}

function family(name: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
}

/** `step` keeps two steps that use one check on one target apart. */
function labelsOf({ id, step, target, host }: CheckRow): Readonly<Record<string, string>> {
  return { id, step, target: target ?? '', host };
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const shown = Object.entries(labels).map(([key, text]) => `${key}="${labelValue(text)}"`);
  return `${name}${shown.length === 0 ? '' : `{${shown.join(',')}}`} ${value}\n`;
}

function labelValue(text: string): string {
  return escapeControlInLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function numeric(value: CheckRow['value']): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
