/** Where in a file that is ordered by time a window begins: by bisection, with some twenty small reads whatever the size. */
import type { Host } from '../ports.ts';
import { countBytes } from './log-lines.ts';

const BLOCK_BYTES = 64 * 1024;
/** The first look at a place; most lines are far shorter. */
const GLANCE_BYTES = 4 * 1024;
/** So far a line with a time is looked for behind a place; stack traces are shorter. What lies behind a longer gap is read through. */
const FARTHEST_BYTES = 1024 * 1024;
/** Two guesses, one on either side of the place, leave no more than a block between them. */
const GUESS_BYTES = BLOCK_BYTES * 0.45;
/** Several writers of one log are this far out of order, at most. */
const DISORDER_MS = 10_000;
/** So far before the place found lines are read one by one, for those that disorder put there. */
const MARGIN_BYTES = 256 * 1024;
/** A line that is cut behind this still shows its time. */
const TIME_CHARACTERS = 400;
/** Places looked at beside those of the bisection, to see whether the file is ordered at all. */
const CONTROLS = 8;

export type TimeOf = (line: string) => number | undefined;

export interface TimedLine {
  /** Of its first byte. */
  readonly offset: number;
  readonly at: number;
}

export interface LocateRequest {
  readonly path: string;
  readonly size: number;
  readonly timeOf: TimeOf;
  /** Ascending. */
  readonly times: readonly number[];
}

/**
 * For each time the offset of the first line that is not older, give or take the disorder of the file; the size when there is none.
 * null: the file is not ordered by time.
 */
export async function locateTimes(host: Host, { path, size, timeOf, times }: LocateRequest): Promise<readonly number[] | null> {
  const seen: TimedLine[] = [];
  const look = async (offset: number, end: number): Promise<TimedLine | null> => {
    const found = await firstTimedLine(host, { path, offset, end, timeOf });
    if (found) seen.push(found);
    return found;
  };
  for (let control = 0; control < CONTROLS; control++) {
    await look(Math.floor((size * control) / CONTROLS), size);
  }
  const offsets: number[] = [];
  for (const time of times) {
    offsets.push(await scanBlock(host, { path, timeOf, time, ...(await bisect({ time, seen, size, look })) }));
  }
  return isOrdered(seen) ? offsets : null;
}

interface Bisection {
  readonly time: number;
  readonly seen: readonly TimedLine[];
  readonly size: number;
  look(offset: number, end: number): Promise<TimedLine | null>;
}

interface Bracket {
  readonly low: number;
  /** The first line known not to be older. */
  readonly known: number;
}

async function bisect({ time, seen, size, look }: Bisection): Promise<Bracket> {
  let low = seen.reduce((best, line) => (line.at < time && line.offset > best.offset ? line : best), { offset: 0, at: Number.NaN });
  let known = seen.reduce((best, line) => (line.at >= time && line.offset < best.offset && line.offset >= low.offset ? line : best), {
    offset: size,
    at: Number.NaN,
  });
  let high = known.offset;
  let mayGuess = true;
  while (high - low.offset > BLOCK_BYTES) {
    const width = high - low.offset;
    const guess: number | undefined = mayGuess ? guessPlace(time, low, known, high) : undefined;
    const middle = guess ?? low.offset + Math.floor(width / 2);
    const found = await look(middle, high);
    if (found === null) high = middle;
    else if (found.at < time) low = found;
    else {
      known = found;
      high = middle;
    }
    // After a guess that helped less than halving, halving has its turn: no file takes more than twice as many looks.
    mayGuess = guess === undefined || high - low.offset <= width / 2;
  }
  return { low: low.offset, known: known.offset };
}

/** Logs grow evenly, by and large: to the side of the likely place that is farther away, so that the next guess closes the other one. */
function guessPlace(time: number, low: TimedLine, known: TimedLine, high: number): number | undefined {
  const likely = low.offset + ((known.offset - low.offset) * (time - low.at)) / (known.at - low.at);
  const place = Math.floor(likely + (high - likely > likely - low.offset ? GUESS_BYTES : -GUESS_BYTES));
  return place > low.offset && place < high ? place : undefined;
}

/** From the margin on, the first line that is not older. */
async function scanBlock(
  host: Host,
  { path, timeOf, time, low, known }: Bracket & { readonly path: string; readonly timeOf: TimeOf; readonly time: number },
): Promise<number> {
  let offset = Math.max(0, low - MARGIN_BYTES);
  let skipFirst = offset > 0;
  while (offset < known) {
    const { text, bytesRead } = await host.readFile(path, { offset, maxBytes: BLOCK_BYTES });
    const wanted = (line: string): boolean => (timeOf(line) ?? Number.NEGATIVE_INFINITY) >= time;
    const found = findLine(text, { skipFirst, whole: bytesRead < BLOCK_BYTES, wanted });
    if (found) return Math.min(known, offset + countBytes(text.slice(0, found.index)));
    const last = text.lastIndexOf('\n');
    if (bytesRead < BLOCK_BYTES) return known;
    skipFirst = last < 0;
    offset += last < 0 ? bytesRead : countBytes(text.slice(0, last + 1));
  }
  return known;
}

interface Look {
  readonly path: string;
  readonly offset: number;
  readonly end: number;
  readonly timeOf: TimeOf;
}

/** The first line with a time that begins behind `offset` (or at 0) and before `end`. */
async function firstTimedLine(host: Host, { path, offset, end, timeOf }: Look): Promise<TimedLine | null> {
  let at = offset;
  let inLine = offset > 0;
  let bytes = GLANCE_BYTES;
  while (at < end) {
    if (at - offset >= FARTHEST_BYTES) return null;
    const { text, bytesRead } = await host.readFile(path, { offset: at, maxBytes: bytes });
    if (bytesRead === 0) return null;
    const found = findLine(text, { skipFirst: inLine, whole: bytesRead < bytes, wanted: (line) => timeOf(line) !== undefined });
    if (found) {
      const start = at + countBytes(text.slice(0, found.index));
      return start < end ? { offset: start, at: timeOf(found.line) as number } : null;
    }
    const last = text.lastIndexOf('\n');
    inLine = last < 0;
    at += last < 0 ? bytesRead : countBytes(text.slice(0, last + 1));
    bytes = BLOCK_BYTES;
  }
  return null;
}

interface Wanted {
  readonly skipFirst: boolean;
  /** The text ends where the file does. */
  readonly whole: boolean;
  wanted(line: string): boolean;
}

function findLine(text: string, { skipFirst, whole, wanted }: Wanted): { readonly index: number; readonly line: string } | undefined {
  let index = skipFirst ? text.indexOf('\n') + 1 : 0;
  if (skipFirst && index === 0) return undefined;
  while (index < text.length) {
    const end = text.indexOf('\n', index);
    const line = end < 0 ? text.slice(index) : text.slice(index, end);
    if (end < 0 && !whole && line.length < TIME_CHARACTERS) return undefined;
    if (wanted(line)) return { index, line };
    if (end < 0) return undefined;
    index = end + 1;
  }
  return undefined;
}

function isOrdered(seen: readonly TimedLine[]): boolean {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { at } of seen.toSorted((one, other) => one.offset - other.offset)) {
    if (at < latest - DISORDER_MS) return false;
    latest = Math.max(latest, at);
  }
  return true;
}
