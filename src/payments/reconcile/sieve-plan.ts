/** How the sieve reads a file of which the layout is known. Pure. */
import type { SievePlan } from '../../ports.ts';
import { findCurrency } from '../money/currencies.ts';
import type { State } from '../orders/state.ts';
import { KINDS, type Layout, readWord } from './layout.ts';
import type { Source } from './load-sql.ts';

const STATE_NUMBERS: Readonly<Record<State, number>> = { paid: 0, refunded: 1, unpaid: 2, pending: 3 };

/** undefined: it is none of the plain forms; the database reads it whole. */
export function planSieve({ side, path, layout }: Source): SievePlan | undefined {
  // What is not named here would be read in another way than by the SQL.
  const { format, delimiter, header, columns, words, zone: _zone, assumed: _assumed, ...others } = layout;
  if (format !== 'csv' || !/^[,;|\t]$/.test(delimiter) || Object.keys(others).length > 0) return undefined;
  const at = (column: keyof typeof columns): number => header.indexOf(columns[column] ?? '');
  const places = Object.fromEntries(Object.keys(columns).map((column) => [column, at(column as keyof typeof columns)]));
  if (new Set(Object.values(places)).size < Object.keys(places).length || [at('order_no'), at('amount'), at('currency')].includes(-1))
    return undefined;
  return {
    side,
    path,
    delimiter,
    cells: header.length,
    places: places as SievePlan['places'],
    words: {
      kind: columns.kind === undefined ? { '': 0 } : meanings(words.kind, (word) => KINDS.indexOf(readWord('kind', word) as never)),
      status:
        columns.status === undefined
          ? { '': STATE_NUMBERS.paid }
          : meanings(words.status, (word) => STATE_NUMBERS[readWord('status', word) as State] ?? -1),
      currency: meanings(words.currency, numberOfCurrency),
    },
  };
}

function meanings(words: readonly string[], meaningOf: (word: string) => number): Readonly<Record<string, number>> {
  return Object.fromEntries(words.map((word) => [word, meaningOf(word)] as const).filter(([, meaning]) => meaning >= 0));
}

/** Its letters, and its decimals in the last three bits. */
function numberOfCurrency(word: string): number {
  const currency = findCurrency(word);
  if (!currency) return -1;
  const letters = [...currency.code].reduce((sum, letter) => sum * 32 + letter.charCodeAt(0) - 64, 0);
  return letters * 8 + currency.exponent;
}

/** The words that were met in the whole file. */
export function withWords(layout: Layout, met: Layout['words']): Layout {
  const join = (column: keyof Layout['words']): readonly string[] => [...new Set([...layout.words[column], ...met[column]])];
  return { ...layout, words: { kind: join('kind'), status: join('status'), currency: join('currency') } };
}
