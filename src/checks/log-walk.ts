/** Goes through the lines of a log, each told in which window it lies. */
import { HostError } from '../errors.ts';
import type { Host, TextSource } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { type LogClock, makeLogClock } from './log-clock.ts';
import { detectFormat, type LogFormat } from './log-format.ts';
import { readPieces, splitLines } from './log-lines.ts';
import { COMPRESSED } from './log-name.ts';
import type { OpenLog, RangePart, ScanPart, Windows } from './log-parts.ts';

/** A piped text is judged by so much of its start, and by more when that shows no time. */
const HEAD_CHARACTERS = 64 * 1024;
const LONGEST_HEAD_CHARACTERS = 1024 * 1024;
/** What a probe keeps of its budget for everything else. */
const RESERVE_MS = 500;
/** By which the format is known. */
const SAMPLED_LINES = 200;

export type Where = 'before' | 'inside';
/** `at`: of the line, or of the nearest one above that has a time; null when the log has none. */
export type OnLine = (line: string, where: Where, at: number | null) => void;

export interface Walked {
  readonly timed: boolean;
  readonly lastLineAt: number | null;
  /** Lines in no window too. */
  readonly lines: number;
  /** False: the budget was spent before the end. */
  readonly complete: boolean;
  /** Null where it was not looked at. */
  readonly format: LogFormat | null;
}

export interface WalkRequest {
  readonly log: OpenLog;
  readonly windows: Windows;
  readonly context: ProbeContext;
}

export async function walkLog({ log, windows, context }: WalkRequest, onLine: OnLine): Promise<Walked> {
  const walked: Walked[] = [];
  for (const part of log.parts) walked.push(await walkPart(part, { windows, context }, onLine));
  return {
    timed: log.timed ?? walked.some(({ timed }) => timed),
    lastLineAt: walked.reduce((last, each) => each.lastLineAt ?? last, log.lastLineAt),
    lines: walked.reduce((sum, { lines }) => sum + lines, 0),
    complete: walked.every(({ complete }) => complete),
    format: formatOf(log, walked),
  };
}

/** Of a file known by its end, of what is piped in by its start. */
export function formatOf({ sample, clock }: OpenLog, walked: readonly Walked[]): LogFormat | null {
  return sample.length > 0 ? detectFormat(sample, clock) : (walked.find(({ format }) => format !== null)?.format ?? null);
}

/** One part alone; a scan reads all of it, a range only the windows. */
export async function walkPart(
  part: RangePart | ScanPart,
  { windows, context }: Pick<WalkRequest, 'windows' | 'context'>,
  onLine: OnLine,
): Promise<Walked> {
  const { pieces, clock } = await openPieces(part, context);
  const sorter = createSorter(windows, clock, onLine);
  const splitter = splitLines(sorter.take);
  let complete = true;
  try {
    for await (const piece of pieces) {
      splitter.push(piece);
      complete = !context.signal.aborted;
      if (!complete) break;
    }
  } catch (error) {
    // A command that says something and then ends badly has still said it; a damaged file still holds what is before the damage.
    const spoke = error instanceof HostError && error.reason === 'io' && part.kind === 'scan' && maySayPart(part.source);
    if (!spoke || sorter.result().lines === 0) throw error;
    complete = false;
  }
  splitter.end();
  return { ...sorter.result(), complete };
}

function maySayPart(source: TextSource): boolean {
  return 'argv' in source || ('file' in source && COMPRESSED.test(source.file));
}

interface Sorter {
  take(line: string): void;
  result(): Omit<Walked, 'complete'>;
}

/** `clock` null: the lines carry no time, and all count as of now. */
function createSorter({ before, from, until }: Windows, clock: LogClock | null, onLine: OnLine): Sorter {
  let at: number | null = null;
  let lines = 0;
  const sample: string[] = [];
  return {
    take(line) {
      lines += 1;
      if (lines <= SAMPLED_LINES) sample.push(line);
      if (clock === null) return onLine(line, 'inside', null);
      at = clock.timeOf(line) ?? at;
      if (at === null || at < before || at >= until) return;
      onLine(line, at < from ? 'before' : 'inside', at);
    },
    result: () => ({ timed: clock !== null, lastLineAt: at, lines, format: lines > 0 ? detectFormat(sample, clock) : null }),
  };
}

interface Pieces {
  readonly pieces: AsyncIterable<string>;
  readonly clock: LogClock | null;
}

async function openPieces(part: RangePart | ScanPart, context: ProbeContext): Promise<Pieces> {
  const { host } = context;
  if (part.kind === 'range') return { pieces: readRange(host, part), clock: part.clock };
  if (part.size !== undefined && 'file' in part.source)
    return { pieces: readPieces(host, part.source.file, 0, part.size), clock: part.clock };
  const stream = host.streamText(part.source, { timeoutMs: Math.max(RESERVE_MS, context.timeoutMs - RESERVE_MS) });
  return part.clock ? { pieces: stream, clock: part.clock } : await readHead(host, stream);
}

/** A line that the range begins within belongs to what is before it. */
async function* readRange(host: Host, { path, before, until }: RangePart): AsyncGenerator<string> {
  let skipping = before > 0;
  for await (const piece of readPieces(host, path, Math.max(0, before - 1), until)) {
    const start = skipping ? piece.indexOf('\n') + 1 : 0;
    if (skipping && start === 0) continue;
    skipping = false;
    yield start > 0 ? piece.slice(start) : piece;
  }
}

async function readHead(host: Host, stream: AsyncIterable<string>): Promise<Pieces> {
  const rest = stream[Symbol.asyncIterator]();
  const probe = await makeLogClock(host, { sample: [], modifiedAt: null });
  let head = '';
  let sample: readonly string[] = [];
  let timed = false;
  while (head.length < (timed ? HEAD_CHARACTERS : LONGEST_HEAD_CHARACTERS)) {
    const { value, done } = await nextPiece(rest);
    if (done) break;
    head += value;
    sample = head.slice(0, LONGEST_HEAD_CHARACTERS).split(/\r?\n/);
    timed ||= sample.some((line) => probe.timeOf(line) !== undefined);
  }
  const clock = timed ? await makeLogClock(host, { sample, modifiedAt: null }) : null;
  return { pieces: joinHead(head, rest), clock };
}

/** There may be no standard input at all; the log is then unknown, it is not that there can be none. */
async function nextPiece(stream: AsyncIterator<string>): Promise<IteratorResult<string>> {
  try {
    return await stream.next();
  } catch (error) {
    if (!(error instanceof HostError) || error.reason !== 'unsupported') throw error;
    throw new HostError(
      'io',
      `nothing is piped in: ${error.message}`,
      'pipe the log in: zcat export.gz | oor check log.pattern --set file=-',
    );
  }
}

async function* joinHead(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Is the window before the other to be compared with? What is piped in may begin after it; a file is all there is. */
export function hasBaseline(log: OpenLog, { timed, before }: { readonly timed: boolean; readonly before: number }): boolean {
  if (log.parts.length === 0) return true;
  return timed && (before > 0 || !log.parts.some((part) => part.kind === 'scan' && !('file' in part.source)));
}
