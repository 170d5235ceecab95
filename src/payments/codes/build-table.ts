import type { Bilingual, CodeEntry, CodeTable } from './code-entry.ts';
import { SITUATIONS, type Situation } from './situations.ts';

/** Code, meaning in English and Chinese, the situation it stands for, and what differs from that situation. */
export type CodeRow = readonly [code: string, en: string, zh: string, situation: Situation, but?: RowDetails];

type RowDetails = Partial<Omit<CodeEntry, 'code' | 'meaning'>>;

interface TableDetails {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly title: Bilingual;
  readonly field: string;
  /** Where the meanings come from; a row may name another. */
  readonly source: string;
}

export function buildTable({ field, source, ...table }: TableDetails, rows: readonly CodeRow[]): CodeTable {
  const entries = rows.map(
    ([code, en, zh, situation, but]): CodeEntry => ({
      code,
      field,
      meaning: { en, 'zh-CN': zh },
      ...SITUATIONS[situation],
      certainty: 'documented',
      source,
      ...but,
    }),
  );
  return { ...table, entries };
}

/** Rows of another field of the same answer. */
export function inField(field: string, rows: readonly CodeRow[]): CodeRow[] {
  return rows.map(([code, en, zh, situation, but]): CodeRow => [code, en, zh, situation, { field, ...but }]);
}

/** A meaning that practice knows and the sources do not settle. */
export const PRACTICE: RowDetails = { certainty: 'field-knowledge', source: 'operational practice; the public sources do not settle it' };

export function say(en: string, zh: string): Bilingual {
  return { en, 'zh-CN': zh };
}
