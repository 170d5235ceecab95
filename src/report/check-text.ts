/** The result of `oor check` for a person: one line a check, the counts last. */

import { describeReason, type Status, withUnit } from '../checks/check.ts';
import type { Language, Text } from '../ports.ts';
import { type CheckReport, type CheckRow, countStatuses, describeCounts } from './check-report.ts';
import { escapeControlInLine } from './escape.ts';
import { wordsIn } from './words.ts';

export interface CheckTextOptions {
  readonly language: Language;
  readonly ascii: boolean;
  /** Only what is not ok. */
  readonly quiet: boolean;
}

export function renderCheckText(report: CheckReport, options: CheckTextOptions): string {
  const hidden: readonly Status[] = options.quiet ? ['ok', 'skipped', 'not-applicable'] : [];
  // What the profile does not name is counted and not listed.
  const rows = report.rows.filter(({ status, code }) => !hidden.includes(status) && (status !== 'not-applicable' || code !== null));
  const counts = options.quiet ? [] : [describeCounts(countStatuses(report), options.language)];
  return [...rows.map((row) => describeRow(row, options)), ...counts].map((line) => `${line}\n`).join('');
}

const MARKS: Readonly<Record<Status, readonly [ascii: string, fancy: string]>> = {
  ok: ['[ok]  ', '✔ ok  '],
  warn: ['[warn]', '! warn'],
  fail: ['[FAIL]', '✘ FAIL'],
  unknown: ['[????]', '? unkn'],
  skipped: ['[skip]', '- skip'],
  'not-applicable': ['[n/a] ', '- n/a '],
};

/** Of one width each, as those in English are. */
const MARKS_ZH: Readonly<Record<Status, string>> = {
  ok: '✔ 正常',
  warn: '! 警告',
  fail: '✘ 失败',
  unknown: '? 未知',
  skipped: '- 跳过',
  'not-applicable': '- 无关',
};

function describeRow(row: CheckRow, { language, ascii }: CheckTextOptions): string {
  const mark = !ascii && language === 'zh-CN' ? MARKS_ZH[row.status] : MARKS[row.status][ascii ? 0 : 1];
  const line = `${mark}  ${escapeControlInLine(row.step)}  ${inLanguage(row.summary, language)}`;
  const graded = row.status === 'warn' || row.status === 'fail';
  const bound =
    row.threshold === null || !graded
      ? ''
      : ` (${wordsIn(language)('threshold', { value: withUnit(row.threshold, row.unit, language), source: describeReason(row.thresholdSource ?? '?', language) })})`;
  const held = row.held && row.clear !== null ? ` [${wordsIn(language)('held', { value: withUnit(row.clear, row.unit, language) })}]` : '';
  const failed = row.attempts.filter(({ status }) => status === 'fail').length;
  const seen = row.status === 'fail' || failed === 0 ? '' : ` [${wordsIn(language)('unconfirmed', { failed, n: row.attempts.length })}]`;
  const unlock = row.unlock === null || row.status === 'ok' ? '' : ` -> ${describeReason(row.unlock, language)}`;
  return `${line}${escapeControlInLine(`${bound}${held}${seen}${unlock}`)}`;
}

function inLanguage(text: Text, language: Language): string {
  return escapeControlInLine(text[language] ?? text.en);
}
