/** Several questions to the lines of a window and of the one before: ordered files are searched by range, the rest line by line. */
import { OorError } from '../errors.ts';
import type { SearchRequest, SearchResult } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import type { LogFormat } from './log-format.ts';
import { detach } from './log-lines.ts';
import type { OpenLog, RangePart, ScanPart, Windows } from './log-parts.ts';
import { MOST_MINED } from './log-template.ts';
import { formatOf, type Walked, type Where, walkPart } from './log-walk.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** Of each window; the newest. */
const MOST_KEPT = 10_000;
/** Of those, as many as are put together as templates, the newest five included; the rest would only be decoded. */
const MOST_LISTED = MOST_MINED - 5;
const LONGEST_KEPT = 2_048;
/** Where the first match of a window is looked for, before more of it is. */
const FIRST_BYTES = 1024 * 1024;

export interface Question {
  readonly patterns: Readonly<Record<string, string>>;
  /** Lines that match it do not count. */
  readonly exclude?: string | undefined;
}

export interface KeptLine {
  readonly text: string;
  readonly at: number | null;
}

export interface Counts {
  lines: number;
  matches: number;
  byPattern: Record<string, number>;
  /** Matching lines, oldest first. */
  kept: KeptLine[];
  firstMatchAt: number | null;
}

export interface Found {
  readonly before: Counts;
  readonly inside: Counts;
  readonly timed: boolean;
  readonly lastLineAt: number | null;
  /** Lines read, in no window too. */
  readonly lines: number;
  readonly complete: boolean;
  readonly format: LogFormat | null;
}

export interface SearchContext {
  readonly windows: Windows;
  readonly context: ProbeContext;
}

export async function searchLog(log: OpenLog, question: Question, around: SearchContext): Promise<Found> {
  const counts = { before: emptyCounts(question), inside: emptyCounts(question) };
  const walked: Walked[] = [];
  // Lines of several parts are thinned out together, later.
  const maxListed = log.parts.length === 1 ? MOST_LISTED : MOST_KEPT;
  for (const part of log.parts)
    walked.push(
      part.kind === 'range'
        ? await searchRange(part, { ...question, maxListed }, around, counts)
        : await scan(part, question, around, counts),
    );
  return {
    ...counts,
    timed: log.timed ?? walked.some(({ timed }) => timed),
    lastLineAt: walked.reduce((last, each) => each.lastLineAt ?? last, log.lastLineAt),
    lines: walked.reduce((sum, { lines }) => sum + lines, 0),
    complete: walked.every(({ complete }) => complete),
    format: formatOf(log, walked),
  };
}

type BothCounts = Readonly<Record<Where, Counts>>;

function emptyCounts({ patterns }: Question): Counts {
  return {
    lines: 0,
    matches: 0,
    byPattern: Object.fromEntries(Object.keys(patterns).map((name) => [name, 0])),
    kept: [],
    firstMatchAt: null,
  };
}

type RangeQuestion = Question & Pick<SearchRequest, 'maxListed'>;

async function searchRange(part: RangePart, question: RangeQuestion, { context }: SearchContext, counts: BothCounts): Promise<Walked> {
  const ask = (offset: number, end: number): Promise<SearchResult> => askRange(context, part.path, question, { offset, end });
  const [before, inside] = await Promise.all([ask(part.before, part.from), ask(part.from, part.until)]);
  addResult(counts.before, before, part);
  const first = await findFirst(inside, part, ask);
  addResult(counts.inside, inside, part, first);
  return {
    timed: part.clock !== null,
    lastLineAt: null,
    lines: before.lines + inside.lines,
    complete: before.complete && inside.complete,
    format: null,
  };
}

async function askRange(
  { host, timeoutMs, signal }: ProbeContext,
  path: string,
  { patterns, exclude, maxListed }: RangeQuestion,
  range: { readonly offset: number; readonly end: number },
): Promise<SearchResult> {
  if (range.offset >= range.end) return { lines: 0, matches: 0, byPattern: {}, kept: [], bytesRead: 0, complete: true };
  return await host.searchFile(path, {
    patterns,
    ...(exclude !== undefined && { exclude }),
    ...range,
    maxKept: MOST_KEPT,
    ...(maxListed !== undefined && { maxListed }),
    maxLineBytes: LONGEST_KEPT,
    timeoutMs: timeoutMs * 0.8,
    signal,
  });
}

/** When not all matches were kept, the first of them is looked for by itself; in a burst it is near. */
async function findFirst(
  { matches, kept }: SearchResult,
  { from, until, clock }: RangePart,
  ask: (offset: number, end: number) => Promise<SearchResult>,
): Promise<number | null> {
  if (clock === null || matches <= MOST_KEPT || kept.length === 0) return null;
  for (let bytes = FIRST_BYTES; ; bytes *= 8) {
    const start = await ask(from, Math.min(until, from + bytes));
    if (start.matches > 0) return start.matches <= MOST_KEPT ? (firstTime(start, clock) ?? null) : null;
    if (from + bytes >= until) return null;
  }
}

function firstTime({ kept }: SearchResult, clock: NonNullable<RangePart['clock']>): number | undefined {
  return kept.map(({ text }) => clock.timeOf(text)).find((at) => at !== undefined);
}

function addResult(counts: Counts, result: SearchResult, { clock }: RangePart, first: number | null = null): void {
  counts.lines += result.lines;
  counts.matches += result.matches;
  for (const [name, count] of Object.entries(result.byPattern)) counts.byPattern[name] = (counts.byPattern[name] ?? 0) + count;
  let at: number | null = null;
  for (const { text } of result.kept) {
    at = clock?.timeOf(text) ?? at;
    counts.kept.push({ text, at });
  }
  counts.firstMatchAt ??= first ?? counts.kept.find((line) => line.at !== null)?.at ?? null;
  trim(counts);
}

async function scan(part: ScanPart, question: Question, around: SearchContext, counts: BothCounts): Promise<Walked> {
  const match = makeMatcher(question);
  return await walkPart(part, around, (line, where, at) => {
    const own = counts[where];
    own.lines += 1;
    const names = match(line);
    if (names === null) return;
    own.matches += 1;
    for (const name of names) own.byPattern[name] = (own.byPattern[name] ?? 0) + 1;
    own.firstMatchAt ??= at;
    own.kept.push({ text: detach(line.slice(0, LONGEST_KEPT)), at });
    if (own.kept.length >= 2 * MOST_KEPT) trim(own);
  }).finally(() => {
    trim(counts.before);
    trim(counts.inside);
  });
}

function trim(counts: Counts): void {
  if (counts.kept.length > MOST_KEPT) counts.kept = counts.kept.slice(-MOST_KEPT);
}

/** Names of the patterns that a line matches; null when it counts for none. */
function makeMatcher({ patterns, exclude }: Question): (line: string) => readonly string[] | null {
  const named = Object.entries(patterns).map(([name, text]) => [name, compilePattern(text)] as const);
  const any = compileAny(Object.values(patterns));
  const unwanted = exclude === undefined ? undefined : compilePattern(exclude);
  return (line) => {
    if (!any.some((pattern) => pattern.test(line)) || unwanted?.test(line)) return null;
    return named.filter(([, pattern]) => named.length === 1 || pattern.test(line)).map(([name]) => name);
  };
}

/** Joined, twenty patterns cost as much as one; patterns that cannot be joined (the same group name twice) stay apart. */
function compileAny(texts: readonly string[]): readonly Pattern[] {
  try {
    return [compilePattern(texts.map((text) => `(?:${text})`).join('|'))];
  } catch (error) {
    if (error instanceof OorError) return texts.map((text) => compilePattern(text));
    throw error;
  }
}
