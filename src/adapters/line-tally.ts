import type { SearchRequest, SearchResult } from '../ports.ts';

const MAX_KEPT = 10_000;
const FIRST_BYTES = 64 * 1024;
/** Listed in any case. */
const NEWEST = 5;

export interface LineTally {
  lines: number;
  /** A line that matches these patterns, by their places in the request; `start` to `end` of the content is what is kept of it. */
  add(patterns: readonly number[], offset: number, content: Buffer, start: number, end: number): void;
  result(): Omit<SearchResult, 'bytesRead' | 'complete'>;
}

/** What was counted, and the newest lines. As bytes: as strings, millions of matches would be work for the garbage collector. */
export function createTally({ patterns, maxKept = MAX_KEPT, maxListed = MAX_KEPT }: SearchRequest): LineTally {
  const names = Object.keys(patterns);
  const counts = names.map(() => 0);
  /** Two shelves hold the newest lines: when one is full, the other is emptied. */
  let newest = createShelf();
  let older = createShelf();
  const combinations = createCombinations(names);
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
      newest.add(combinations.numberOf(matching), offset, content, start, end);
    },
    result: () => {
      const fromOlder = Math.max(0, older.size() - newest.size());
      const size = fromOlder + newest.size();
      const step = Math.ceil(size / Math.max(1, maxListed));
      const places = Array.from({ length: size }, (_, place) => place).filter((place) => place % step === 0 || place >= size - NEWEST);
      return {
        lines: tally.lines,
        matches,
        byPattern: Object.fromEntries(names.map((name, index) => [name, counts[index] as number])),
        kept: places.map((place) => {
          const line = place < fromOlder ? older.lineAt(newest.size() + place) : newest.lineAt(place - fromOlder);
          return { offset: line.offset, text: line.text, patterns: combinations.namesOf(line.combination) };
        }),
      };
    },
  };
  return tally;
}

function createShelf() {
  let bytes = Buffer.alloc(0);
  // Arrays of numbers only: nothing in them for the garbage collector to follow.
  const ends: number[] = [];
  const offsets: number[] = [];
  const combinations: number[] = [];
  let used = 0;
  return {
    size: () => ends.length,
    clear(): void {
      for (const list of [ends, offsets, combinations]) list.length = 0;
      used = 0;
    },
    add(combination: number, offset: number, content: Buffer, start: number, end: number): void {
      const needed = used + end - start;
      if (needed > bytes.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(needed, bytes.length * 2, FIRST_BYTES));
        bytes.copy(grown, 0, 0, used);
        bytes = grown;
      }
      content.copy(bytes, used, start, end);
      used = needed;
      ends.push(used);
      offsets.push(offset);
      combinations.push(combination);
    },
    lineAt: (place: number) => ({
      offset: offsets[place] as number,
      text: bytes.toString('utf8', ends[place - 1] ?? 0, ends[place]),
      combination: combinations[place] as number,
    }),
  };
}

/** A number for each group of patterns that matched together; there are few. */
function createCombinations(names: readonly string[]) {
  const known = names.map((name) => [name]);
  const numbers = new Map<string, number>();
  return {
    numberOf(patterns: readonly number[]): number {
      if (patterns.length === 1) return patterns[0] as number;
      const key = patterns.join();
      const number = numbers.get(key) ?? known.push(patterns.map((pattern) => names[pattern] as string)) - 1;
      numbers.set(key, number);
      return number;
    },
    namesOf: (number: number): readonly string[] => known[number] as readonly string[],
  };
}
