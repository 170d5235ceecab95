/** Workflow commands of GitHub Actions: fail -> error, warn -> warning, unknown -> notice. */
import { withUnit } from '../checks/check.ts';
import { type CheckReport, type CheckRow, countStatuses, describeCounts } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';

const LEVELS: Readonly<Record<string, string>> = { fail: 'error', warn: 'warning', unknown: 'notice' };

export function renderCheckGithub(report: CheckReport): string {
  const annotations = report.rows.flatMap((row) => {
    const level = LEVELS[row.status];
    return level === undefined ? [] : [annotate(level, row)];
  });
  return [...annotations, `oor check: ${describeCounts(countStatuses(report))}`].map((line) => `${line}\n`).join('');
}

function annotate(level: string, { step, host, summary, threshold, unit, thresholdSource, unlock }: CheckRow): string {
  const bound = threshold === null ? '' : ` (threshold ${withUnit(threshold, unit, 'en')}, ${thresholdSource ?? '?'})`;
  const message = `${summary.en}${bound}${unlock === null ? '' : ` -> ${unlock}`}`;
  return `::${level} title=${property(`${step} on ${host}`)}::${data(message)}`;
}

/** As escapeData of actions/toolkit; line breaks were made visible before. */
export function data(text: string): string {
  return escapeControlInLine(text).replaceAll('%', '%25');
}

export function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
