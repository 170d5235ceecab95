/** What orders and statements differ in: for a terminal, a ticket, a spreadsheet, a browser. */
import type { Language } from '../ports.ts';
import { csvCell } from './csv-timeline.ts';
import { escapeControlInLine } from './escape.ts';
import { html } from './html.ts';
import { renderPage } from './html-page.ts';
import { section, table } from './html-parts.ts';
import { code, markdown } from './markdown-text.ts';

export interface ReconcileReport {
  readonly files: readonly { readonly file: string; readonly side: string; readonly rows: number; readonly assumed: readonly string[] }[];
  /** Classes that were found, with their numbers; the worst first. */
  readonly counts: readonly (readonly [name: string, count: number])[];
  /** In words, of each class. */
  readonly class_names: Readonly<Record<string, string>>;
  readonly differences: readonly ReportedDifference[];
  readonly value_at_risk: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

interface ReportedDifference {
  readonly class: string;
  readonly reason: string;
  readonly reason_text: string;
  readonly order_no: string;
  readonly provider_ref: string;
  readonly at: string | null;
  readonly action: string;
  readonly action_text: string;
  readonly value: string;
  readonly currency: string;
}

/** A terminal is for the first look; files hold all. */
const SHOWN = 20;

export function renderReconcileText(report: ReconcileReport, language: Language): string {
  const say = WORDS[language];
  const shown = report.differences.slice(0, SHOWN);
  const left = report.differences.length - shown.length;
  return [
    ...about(report, say).map(escapeControlInLine),
    '',
    report.counts.length === 0 ? say.none : `${say.differences}: ${report.differences.length}   ${say.risk}: ${riskOf(report)}`,
    ...report.counts.map(([name, count]) => `  ${String(count).padStart(8)}  ${name}: ${report.class_names[name]}`),
    ...shown.flatMap((difference) => [
      '',
      escapeControlInLine(
        `${difference.class}  ${difference.order_no || '-'}  ${difference.provider_ref || '-'}  ${difference.value} ${difference.currency}  (${difference.reason_text})`,
      ),
      `    ${difference.action_text}`,
    ]),
    ...(left > 0 ? ['', say.more(left)] : []),
    '',
  ].join('\n');
}

export function renderReconcileMarkdown(report: ReconcileReport, language: Language): string {
  const say = WORDS[language];
  const rows = report.differences.map(
    ({ class: name, reason_text, order_no, provider_ref, value, currency, action_text }) =>
      `| **${name}** | ${code(order_no)} | ${code(provider_ref)} | ${markdown(`${value} ${currency}`)} | ${markdown(reason_text)} | ${markdown(action_text)} |\n`,
  );
  const counts = report.counts.map(([name, count]) => `- ${name} (${report.class_names[name]}): ${count}\n`).join('');
  const head = `## oor reconcile\n\n${about(report, say)
    .map((line) => `- ${markdown(line)}\n`)
    .join('')}\n`;
  if (rows.length === 0) return `${head}${say.none}\n`;
  const heads = `| ${say.heads.join(' | ')} |\n|${' --- |'.repeat(say.heads.length)}\n`;
  return `${head}${say.risk}: ${markdown(riskOf(report))}\n\n${counts}\n${heads}${rows.join('')}`;
}

const CSV_COLUMNS = ['class', 'reason', 'order_no', 'provider_ref', 'at', 'value', 'currency', 'action'] as const;

export function renderReconcileCsv({ differences }: ReconcileReport): string {
  const rows = [CSV_COLUMNS, ...differences.map((difference) => CSV_COLUMNS.map((name) => difference[name] ?? ''))];
  return `\uFEFF${rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

export function renderReconcileHtml(report: ReconcileReport, language: Language): string {
  const say = WORDS[language];
  const rows = report.differences.map(({ class: name, reason_text, order_no, provider_ref, value, currency, action_text }) => [
    name,
    order_no,
    provider_ref,
    `${value} ${currency}`,
    reason_text,
    action_text,
  ]);
  const counts = report.counts.map(([name, count]) => [`${name}: ${report.class_names[name]}`, count] as const);
  return renderPage(
    language,
    'oor reconcile',
    html`<main>
<h1>oor reconcile</h1>
${section('files', say.files, html`<ul>${about(report, say).map((line) => html`<li>${line}</li>`)}</ul>`)}
${section('counts', say.differences, html`<p>${say.risk}: ${riskOf(report)}</p>`, table(say.differences, [say.heads[0] ?? '', '#'], counts))}
${section('list', say.list, rows.length === 0 ? html`<p>${say.none}</p>` : table(say.list, say.heads, rows))}
</main>`,
  );
}

function about({ files, notes }: ReconcileReport, { file: describe, and }: (typeof WORDS)[Language]): readonly string[] {
  const lines = files.map(({ file, side, rows, assumed }) => [describe(side, file, rows), ...assumed].join(and));
  return [...lines, ...notes];
}

function riskOf({ value_at_risk }: ReconcileReport): string {
  const parts = Object.entries(value_at_risk).map(([currency, value]) => `${value} ${currency}`);
  return parts.length === 0 ? '0' : parts.join(', ');
}

const WORDS = {
  en: {
    none: 'Orders and statements agree.',
    differences: 'Differences',
    risk: 'Value at risk',
    files: 'Files',
    list: 'What to do',
    file: (side: string, file: string, rows: number) => `${side}: ${file}, ${rows} ${rows === 1 ? 'row' : 'rows'}`,
    and: '; ',
    heads: ['class', 'order', 'provider reference', 'value', 'reason', 'repair'],
    more: (left: number) => `... and ${left} more: --json or --format csv, html, md has them all`,
  },
  'zh-CN': {
    none: '订单与账单一致。',
    differences: '差异',
    risk: '涉险金额',
    files: '文件',
    list: '处理',
    file: (side: string, file: string, rows: number) => `${side === 'orders' ? '订单' : '账单'}：${file}，${rows} 行`,
    and: '；',
    heads: ['类别', '订单', '渠道流水号', '金额', '原因', '处理'],
    more: (left: number) => `…… 另有 ${left} 条：--json 或 --format csv、html、md 列出全部`,
  },
} as const;
