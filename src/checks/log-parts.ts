/** Finds what of a log lies in a window of time and in the one before it: byte ranges of ordered files, else all lines. */
import { HostError } from '../errors.ts';
import type { Host, TextSource } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { type LogClock, makeLogClock } from './log-clock.ts';
import { countBytes } from './log-lines.ts';
import { locateTimes } from './log-locate.ts';
import { COMPRESSED } from './log-name.ts';
import { findRotated, type RotatedFile } from './log-rotated.ts';
import { describeSource } from './log-source.ts';

const TAIL_BYTES = 64 * 1024;
/** So far from the end a line with a time is looked for. */
const FARTHEST_TAIL_BYTES = 1024 * 1024;
/** Of a log whose lines carry no time this much stands for the window. */
const UNTIMED_BYTES = 256 * 1024;
const HEAD_BYTES = 64 * 1024;

/** Instants: [before, from) is held against [from, until). */
export interface Windows {
  readonly before: number;
  readonly from: number;
  /** Infinity: to the end. */
  readonly until: number;
}

export interface RangePart {
  readonly kind: 'range';
  readonly path: string;
  /** Byte offsets of the two windows. */
  readonly before: number;
  readonly from: number;
  readonly until: number;
  /** null: its lines carry no time. */
  readonly clock: LogClock | null;
}

export interface ScanPart {
  readonly kind: 'scan';
  readonly source: TextSource;
  /** Of a plain file: read by range, so that it may be rotated meanwhile. */
  readonly size?: number;
  /** null: shown by the lines themselves once they come. */
  readonly clock: LogClock | null;
}

export interface OpenLog {
  readonly source: string;
  readonly missing: boolean;
  /** Oldest first. */
  readonly parts: readonly (RangePart | ScanPart)[];
  /** False: no line of the file carries a time; null: not known before it is read. */
  readonly timed: boolean | null;
  /** False: a large file out of order, which was read from start to end. */
  readonly ordered: boolean;
  /** Of the file's last line; null when that is not known before it is read. */
  readonly lastLineAt: number | null;
  /** Lines of its end; none of what is not a file. */
  readonly sample: readonly string[];
  readonly clock: LogClock | null;
  /** Older files of it that cannot be read. */
  readonly unread: readonly UnreadFile[];
}

export interface UnreadFile {
  readonly path: string;
  readonly error: HostError;
}

export async function openLog(source: TextSource, windows: Windows, { host }: Pick<ProbeContext, 'host'>): Promise<OpenLog> {
  const name = describeSource(source);
  const nothing = { source: name, missing: false, timed: null, ordered: true, lastLineAt: null, sample: [], clock: null, unread: [] };
  if (!('file' in source)) return { ...nothing, parts: [{ kind: 'scan', source, clock: null }] };
  const stat = await statLog(host, source.file);
  if (stat === null) return { ...nothing, missing: true, parts: [], timed: false };
  // Its bytes are no lines, and its size says nothing about where they lie.
  if (COMPRESSED.test(source.file)) return { ...nothing, parts: [{ kind: 'scan', source, clock: null }] };
  const own = await openFile(host, { path: source.file, ...stat }, windows);
  const { opened: older, unread } = own.reachesBack ? { opened: [], unread: [] } : await openRotated(host, source.file, windows);
  return {
    ...nothing,
    ...own,
    unread,
    parts: [...older.flatMap(({ parts }) => parts), ...own.parts],
    lastLineAt: own.lastLineAt ?? older.at(-1)?.lastLineAt ?? null,
    timed: own.timed === false && own.sample.length === 0 && older.length > 0 ? true : own.timed,
    sample: own.sample.length > 0 ? own.sample : (older.at(-1)?.sample ?? []),
  };
}

/** null: the file does not exist. */
async function statLog(host: Host, path: string): Promise<{ readonly size: number; readonly modifiedAt: number } | null> {
  try {
    const { kind, size, modifiedAt } = await host.stat(path);
    if (kind === 'file') return { size, modifiedAt };
    throw new HostError(
      'io',
      `${path} is a ${kind}, not a file that can be looked through`,
      'name the file that the service writes to, a command (argv), or - and pipe the log in',
    );
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return null;
    throw error;
  }
}

interface LogFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: number;
}

interface OpenFile extends Pick<OpenLog, 'parts' | 'timed' | 'ordered' | 'lastLineAt' | 'sample' | 'clock'> {
  /** Nothing of the windows lies in an older file. */
  readonly reachesBack: boolean;
}

async function openFile(host: Host, file: LogFile, windows: Windows): Promise<OpenFile> {
  const { path, size, modifiedAt } = file;
  const { lines: sample, whole, plain } = await readTail(host, file);
  const clock = await makeLogClock(host, { sample, modifiedAt });
  const lastLineAt = lastTime(sample, clock);
  const known = { lastLineAt, sample, clock, ordered: true };
  const firstAt = whole ? firstTime(sample, clock) : await readFirstTime(host, path, clock);
  if (lastLineAt === null && firstAt === null) return { ...known, ...openUntimed(file, windows) };
  const reachesBack = firstAt !== null && firstAt < windows.before;
  const scan: ScanPart = { kind: 'scan', source: { file: path }, size, clock };
  const times = [windows.before, windows.from, ...(Number.isFinite(windows.until) ? [windows.until] : [])];
  if (whole && plain && lastLineAt !== null) {
    const places = placesIn(sample, clock, times);
    if (places === null) return { ...known, parts: [scan], timed: true, reachesBack };
    const [before = size, from = size, until = size] = places;
    return { ...known, parts: [{ kind: 'range', path, before, from, until, clock }], timed: true, reachesBack };
  }
  const found = lastLineAt === null ? null : await locateTimes(host, { path, size, timeOf: clock.timeOf, times });
  if (found === null) return { ...known, parts: [scan], timed: true, ordered: false, reachesBack };
  const [before = size, from = size, until = size] = found;
  return { ...known, parts: [{ kind: 'range', path, before, from, until, clock }], timed: true, reachesBack };
}

/**
 * Of a file that is known whole: for each time the offset of the first line that is not older, undefined when there is none.
 * null: its lines are not in order.
 */
function placesIn(lines: readonly string[], { timeOf }: LogClock, times: readonly number[]): readonly (number | undefined)[] | null {
  const places: (number | undefined)[] = times.map(() => undefined);
  let offset = 0;
  let latest = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const at = timeOf(line);
    if (at !== undefined) {
      if (at < latest) return null;
      latest = at;
      times.forEach((time, index) => {
        if (at >= time) places[index] ??= offset;
      });
    }
    offset += countBytes(line) + 1;
  }
  return places;
}

/** Without times the change time of the file still tells whether anything was written in the window. */
function openUntimed({ path, size, modifiedAt }: LogFile, { from }: Windows): Omit<OpenFile, 'ordered' | 'sample' | 'clock'> {
  const start = Math.max(0, size - UNTIMED_BYTES);
  const parts: readonly RangePart[] =
    size > 0 && modifiedAt >= from ? [{ kind: 'range', path, before: start, from: start, until: size, clock: null }] : [];
  return { parts, timed: false, reachesBack: size > 0, lastLineAt: size > 0 ? modifiedAt : null };
}

interface Tail {
  readonly lines: readonly string[];
  readonly whole: boolean;
  /** Every line ends in one byte, so that places can be counted. */
  readonly plain: boolean;
}

/** Goes back until a line shows a time: the log may end in a long stack trace. */
async function readTail(host: Host, { path, size }: LogFile): Promise<Tail> {
  const probe = await makeLogClock(host, { sample: [], modifiedAt: null });
  for (let bytes = Math.min(size, TAIL_BYTES); ; bytes = Math.min(size, bytes * 4)) {
    const { text } = bytes > 0 ? await host.readFile(path, { offset: size - bytes, maxBytes: bytes }) : { text: '' };
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    const whole = bytes === size;
    // The first line of a part of a file is only the end of one.
    if (!whole) lines.shift();
    if (whole || bytes >= FARTHEST_TAIL_BYTES || lines.some((line) => probe.timeOf(line) !== undefined))
      return { lines, whole, plain: !text.includes('\r') };
  }
}

async function readFirstTime(host: Host, path: string, clock: LogClock): Promise<number | null> {
  const { text } = await host.readFile(path, { maxBytes: HEAD_BYTES });
  return firstTime(text.split('\n').slice(0, -1), clock);
}

function firstTime(lines: readonly string[], clock: LogClock): number | null {
  for (const line of lines) {
    const at = clock.timeOf(line);
    if (at !== undefined) return at;
  }
  return null;
}

function lastTime(lines: readonly string[], clock: LogClock): number | null {
  return firstTime(lines.toReversed(), clock);
}

/** Those last written within the windows, oldest first. */
async function openRotated(
  host: Host,
  path: string,
  windows: Windows,
): Promise<{ readonly opened: readonly OpenFile[]; readonly unread: readonly UnreadFile[] }> {
  const opened: OpenFile[] = [];
  const unread: UnreadFile[] = [];
  for (const file of await findRotated(host, path, windows.before)) {
    const each = await tryOpen(host, file, windows);
    if ('parts' in each) opened.unshift(each);
    else unread.unshift(each);
  }
  return { opened, unread };
}

async function tryOpen(host: Host, file: RotatedFile, windows: Windows): Promise<OpenFile | UnreadFile> {
  try {
    return await (file.compressed ? openCompressed(host, file, windows) : openFile(host, file, windows));
  } catch (error) {
    // The log itself could be read: what lies before it is an extra.
    if (error instanceof HostError) return { path: file.path, error };
    throw error;
  }
}

/** Its first line tells whether it is worth unpacking. */
async function openCompressed(host: Host, { path }: RotatedFile, { before, until }: Windows): Promise<OpenFile> {
  let head = '';
  for await (const piece of host.streamText({ file: path }, { maxBytes: HEAD_BYTES })) head += piece;
  const sample = head.split(/\r?\n/).slice(0, -1);
  const clock = await makeLogClock(host, { sample, modifiedAt: null });
  const firstAt = firstTime(sample, clock);
  const wanted = firstAt !== null && firstAt < until;
  return {
    parts: wanted ? [{ kind: 'scan', source: { file: path }, clock }] : [],
    timed: firstAt !== null,
    ordered: true,
    lastLineAt: null,
    sample,
    clock,
    reachesBack: firstAt !== null && firstAt < before,
  };
}
