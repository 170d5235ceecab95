import type { Removed } from '../engine/events.ts';

/** What was removed by one rule, and the lines of the entry, from 1, where its marks stand; the first of them, where there are many. */
export interface RemovedAt extends Removed {
  readonly lines: readonly number[];
}

const MAX_LINES = 100;
/** Marks of the redactor, which name their rule; a card number keeps its ends, or has a name that stands for it. */
const MARK =
  /\[SECRET:([a-z0-9-]{1,40})\]|\[(TRACK[123]|PIN-BLOCK|CVV|PIN|CARD-MESSAGE)\]|\[PAN:(masked)\]|\[PAN:[\w-]{1,80}\]|\d{6}\*{3,9}\d{4}/g;

/** The ledger of an entry. A rule without a mark in it stood in lines that are not in the entry: outside its window, or cut. */
export function removedAt(text: string, removed: readonly Removed[]): readonly RemovedAt[] {
  if (removed.length === 0) return [];
  const lines = new Map<string, number[]>();
  let line = 1;
  let from = 0;
  for (const { 0: mark, 1: secret, 2: card, 3: masked, index } of text.matchAll(MARK)) {
    for (let end = text.indexOf('\n', from); end !== -1 && end < index; end = text.indexOf('\n', from)) {
      line += 1;
      from = end + 1;
    }
    const rule = secret ?? card?.toLowerCase() ?? (masked === undefined ? 'pan' : 'pan-mask');
    const known = lines.get(rule) ?? [];
    lines.set(rule, known);
    if (known.length < MAX_LINES && known.at(-1) !== line) known.push(line);
    from = Math.max(from, index + mark.length);
  }
  return removed.map(({ rule, count }) => ({ rule, count, lines: lines.get(rule) ?? [] }));
}
