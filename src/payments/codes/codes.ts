/** Answer codes of message standards and providers: what they mean, who acts, whether money moved, whether it may be tried again. */
import { ADYEN } from './adyen.ts';
import { ALIPAY } from './alipay.ts';
import type { CodeEntry, CodeTable, Outcome } from './code-entry.ts';
import { ISO8583_1987 } from './iso8583-1987.ts';
import { ISO8583_1993 } from './iso8583-1993.ts';
import { PAYPAL } from './paypal.ts';
import { STRIPE } from './stripe.ts';
import { UNIONPAY_ONLINE } from './unionpay-online.ts';
import { UNIONPAY_POS } from './unionpay-pos.ts';
import { WECHAT_V3 } from './wechat-v3.ts';

export const CODE_TABLES: readonly CodeTable[] = [
  ISO8583_1987,
  ISO8583_1993,
  UNIONPAY_POS,
  UNIONPAY_ONLINE,
  ALIPAY,
  WECHAT_V3,
  STRIPE,
  ADYEN,
  PAYPAL,
];

export interface CodeAnswer {
  readonly table: CodeTable;
  readonly entry: CodeEntry;
}

/** By id or alias. */
export function findTable(name: string): CodeTable | undefined {
  return TABLES.get(normalise(name));
}

/** The answer of one table; a code without a row of its own is answered by the row of its class, where the standard has classes. */
export function lookUp(table: CodeTable, code: string): CodeEntry | undefined {
  return findExact(table, code) ?? (/^\d{3}$/.test(code.trim()) ? findExact(table, `${code.trim().charAt(0)}xx`) : undefined);
}

/** What every table that has a row for the code says. Which one applies, only the caller can know. */
export function lookUpEverywhere(code: string): CodeAnswer[] {
  return CODE_TABLES.flatMap((table) => {
    const entry = findExact(table, code);
    return entry ? [{ table, entry }] : [];
  });
}

/** undefined: no such table, or the table does not know the code. */
export function outcomeOf(tableName: string, code: string): Outcome | undefined {
  const table = findTable(tableName);
  return table && lookUp(table, code)?.outcome;
}

const TABLES: ReadonlyMap<string, CodeTable> = new Map(
  CODE_TABLES.flatMap((table) => [table.id, ...table.aliases].map((name) => [normalise(name), table])),
);

const ROWS: ReadonlyMap<CodeTable, ReadonlyMap<string, CodeEntry>> = new Map(
  CODE_TABLES.map((table) => [table, new Map(table.entries.map((entry) => [normalise(entry.code), entry]))]),
);

/** `40004/ACQ.TRADE_NOT_EXIST`, as logs write two fields: the last one is the more exact, if the table knows them all. */
function findExact(table: CodeTable, code: string): CodeEntry | undefined {
  const rows = ROWS.get(table);
  const parts = code
    .trim()
    .split('/')
    .map((part) => rows?.get(normalise(part)));
  return parts.every((entry) => entry !== undefined) ? parts.at(-1) : undefined;
}

/** Providers differ in case between products and log formats; digits are compared as they stand, 5 is not 05. */
function normalise(text: string): string {
  return text.trim().toLowerCase();
}
