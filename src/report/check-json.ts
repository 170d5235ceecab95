/** `oor check --json`: one object, keys fixed by the contract with pipelines; and the same objects one a line. */
import type { JsonObject } from '../ports.ts';
import { type CheckReport, type CheckRow, countStatuses } from './check-report.ts';
import { jsonLine } from './json-text.ts';

export function renderCheckJson(report: CheckReport, exitCode: number): string {
  const { rows, ...summary } = summarise(report, exitCode);
  return jsonLine({ ...summary, checks: rows }, 2);
}

/** Every check a line, the result of all last. */
export function renderCheckJsonLines(report: CheckReport, exitCode: number): string {
  const { rows, ...summary } = summarise(report, exitCode);
  const lines = [...rows.map((row) => ({ schema_version: 1, type: 'check', ...row })), { type: 'result', ...summary }];
  return lines.map((line) => jsonLine(line)).join('');
}

function summarise(report: CheckReport, exitCode: number): JsonObject & { readonly rows: readonly JsonObject[] } {
  const counts = countStatuses(report);
  return {
    schema_version: 1,
    tool: report.tool,
    site: report.site,
    verdict: exitCode === 0 ? 'healthy' : exitCode === 1 ? 'fault' : 'unknown',
    exit_code: exitCode,
    started_at: new Date(report.startedAt).toISOString(),
    // Of all checks together, as the clock on the wall saw it.
    duration_ms: report.endedAt - report.startedAt,
    counts,
    rows: report.rows.map(rowAsJson),
  };
}

function rowAsJson(row: CheckRow): JsonObject {
  return {
    id: row.id,
    step: row.step,
    phase: row.phase,
    target: row.target,
    host: row.host,
    status: row.status,
    code: row.code,
    summary: row.summary.en,
    value: row.value,
    unit: row.unit,
    threshold: row.threshold,
    threshold_source: row.thresholdSource,
    clear: row.clear,
    held_by_hysteresis: row.held,
    duration_ms: row.durationMs,
    attempts: row.attempts.map(({ at, ...attempt }) => ({ at: new Date(at).toISOString(), ...attempt })),
    unlock: row.unlock,
  };
}
