import type { CodeEntry, CodeTable } from '../payments/codes/code-entry.ts';
import { findTable, lookUp } from '../payments/codes/codes.ts';

/** What a response code says, in the words of the code tables. */
export interface AnswerCode {
  readonly table: string;
  readonly code: string;
  readonly who: CodeEntry['who'];
  readonly money_moved: CodeEntry['moneyMoved'];
  readonly retry: CodeEntry['retry'];
  readonly outcome: CodeEntry['outcome'];
}

/** Which table reads field 39 of a dialect; of one that a user wrote down, none. */
const CODE_TABLES: Readonly<Record<string, string>> = {
  'iso87-ascii': 'iso8583-1987',
  'iso87-binary': 'iso8583-1987',
  'iso87-ebcdic': 'iso8583-1987',
  iso93: 'iso8583-1993',
  'unionpay-pos': 'unionpay-pos',
};

export function findCode(
  dialect: string | null | undefined,
  code: string | undefined,
): { readonly table: CodeTable; readonly entry: CodeEntry } | undefined {
  const table = findTable(CODE_TABLES[dialect ?? ''] ?? '');
  const entry = table === undefined || code === undefined ? undefined : lookUp(table, code);
  return table && entry && { table, entry };
}

export function answerCode(dialect: string | undefined, code: string | undefined): AnswerCode | undefined {
  const found = findCode(dialect, code);
  if (found === undefined || code === undefined) return undefined;
  const { who, moneyMoved, retry, outcome } = found.entry;
  return { table: found.table.id, code, who, money_moved: moneyMoved, retry, outcome };
}
