/** A table for a ticket: what is not ok first. Text from outside can neither break the table nor become a link or a mention. */

import { describeReason, type Status, withUnit } from '../checks/check.ts';
import type { Language } from '../ports.ts';
import { type CheckReport, type CheckRow, countStatuses, describeCounts } from './check-report.ts';
import { code, markdown } from './markdown-text.ts';

const ORDER: readonly Status[] = ['fail', 'unknown', 'warn', 'ok'];

export function renderCheckMarkdown(report: CheckReport, language: Language): string {
  const rows = ORDER.flatMap((status) => report.rows.filter((row) => row.status === status));
  const time = new Date(report.startedAt).toISOString();
  const head = `## oor check${report.site === '' ? '' : `: ${markdown(report.site)}`}\n\n${describeCounts(countStatuses(report))} (${time})\n`;
  if (rows.length === 0) return head;
  return `${head}\n| status | check | host | result | value | threshold |\n| --- | --- | --- | --- | --- | --- |\n${rows.map((row) => renderRow(row, language)).join('')}`;
}

function renderRow(row: CheckRow, language: Language): string {
  const { status, step, host, summary, value, unit, threshold, thresholdSource, unlock } = row;
  const cells = [
    status === 'ok' ? 'ok' : `**${status}**`,
    code(step),
    code(host),
    `${markdown(summary[language] ?? summary.en)}${unlock === null || status === 'ok' ? '' : ` → ${markdown(describeReason(unlock, language))}`}`,
    value === null ? '' : markdown(withUnit(value, unit, language)),
    threshold === null ? '' : markdown(`${withUnit(threshold, unit, language)} (${describeReason(thresholdSource ?? '?', language)})`),
  ];
  return `| ${cells.join(' | ')} |\n`;
}
