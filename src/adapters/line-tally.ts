import type { FoundLine, SearchRequest, SearchResult } from '../ports.ts';

const MAX_KEPT = 10_000;
const FIRST_BYTES = 64 * 1024;

export interface LineTally {
  lines: number;
  /** A line that matches these patterns, by their places in the request; `start` to `end` of the content is what is kept of it. */
  add(patterns: readonly number[], offset: number, content: Buffer, start: number, end: number): void;
  result(): Omit<SearchResult, 'bytesRead' | 'complete'>;
}

/** What was counted, and the newest lines. As bytes: as strings, millions of matches would be work for the garbage collector. */
export function createTally({ patterns, maxKept = MAX_KEPT }: SearchRequest): LineTally {
  const names = Object.keys(patterns);
  const counts = names.map(() => 0);
  /** Two shelves hold the newest lines: when one is full, the other is emptied. */
  let newest = createShelf();
  let older = createShelf();
  let matches = 0;
  const tally: LineTally = {
    lines: 0,
    add(matching, offset, content, start, end) {
      matches += 1;
      for (const pattern of matching) counts[pattern] = (counts[pattern] as number) + 1;
      if (maxKept === 0) return;
      if (newest.size() === maxKept) {
        [newest, older] = [older, newest];
        newest.clear();
      }
      newest.add(matching, offset, content, start, end);
    },
    result: () => ({
      lines: tally.lines,
      matches,
      byPattern: Object.fromEntries(names.map((name, index) => [name, counts[index] as number])),
      kept: [...older.list(names, newest.size()), ...newest.list(names, 0)],
    }),
  };
  return tally;
}

function createShelf() {
  let bytes = Buffer.alloc(0);
  let used = 0;
  let lines: { readonly offset: number; readonly end: number; readonly patterns: readonly number[] }[] = [];
  return {
    size: () => lines.length,
    clear(): void {
      lines = [];
      used = 0;
    },
    add(patterns: readonly number[], offset: number, content: Buffer, start: number, end: number): void {
      const needed = used + end - start;
      if (needed > bytes.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(needed, bytes.length * 2, FIRST_BYTES));
        bytes.copy(grown, 0, 0, used);
        bytes = grown;
      }
      content.copy(bytes, used, start, end);
      used = needed;
      lines.push({ offset, end: used, patterns });
    },
    /** Without the oldest. */
    list: (names: readonly string[], without: number): FoundLine[] =>
      lines.slice(without).map(({ offset, end, patterns }, index) => ({
        offset,
        text: bytes.toString('utf8', lines[index + without - 1]?.end ?? 0, end),
        patterns: patterns.map((pattern) => names[pattern] as string),
      })),
  };
}
