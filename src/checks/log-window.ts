/** The part of a log that lies in a window of time, read from its end. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { makeTimeReader } from './log-time.ts';

const CHUNK_BYTES = 512 * 1024;
/** Some 100 000 lines; a window that holds more is cut at its early end, and said so. */
const CAP_BYTES = 16 * 1024 * 1024;
/** A log whose lines carry no time is looked at this far. */
const UNTIMED_BYTES = 256 * 1024;
/** A line in the writer's own clock this near to the file's last change shows in which zone it was written. */
const ZONE_SLACK_MS = 120_000;

export interface LogSource {
  readonly file?: string | null | undefined;
  readonly argv?: readonly string[] | null | undefined;
}

export interface LogLine {
  /** Of the line, or of the nearest one above that has a time. */
  readonly at: number;
  readonly text: string;
}

export interface LogWindow {
  readonly source: string;
  readonly missing: boolean;
  readonly lines: readonly LogLine[];
  /** False: no line carries a time that can be read; the last 256 KiB stand for the window. */
  readonly timed: boolean;
  /** `from`, or the earliest time that was looked at when the cap cut the window. */
  readonly coveredFrom: number;
  readonly truncated: boolean;
  /** Of the last line of the log, in or before the window; null when there is none. */
  readonly lastLineAt: number | null;
}

interface Tail {
  readonly text: string;
  readonly truncated: boolean;
  readonly modifiedAt: number | null;
}

/** Lines from `from` until now. Lines of another zone than the host's are put right where the file's change time shows it. */
export async function readLogWindow({ file, argv }: LogSource, from: number, context: ProbeContext): Promise<LogWindow> {
  const source = file ?? (argv ?? []).join(' ');
  const zoneMs = await readZone(context.host);
  const nowMs = context.host.now().wallMs;
  const tail = file != null ? await readTail(file, { from, zoneMs, nowMs }, context) : await runSource(argv ?? [], context);
  if (tail === null) return { source, missing: true, lines: [], timed: false, coveredFrom: nowMs, truncated: false, lastLineAt: null };
  return { source, missing: false, ...cutWindow(tail, { from, zoneMs, nowMs }) };
}

interface Clock {
  readonly from: number;
  /** Local time of the host minus UTC. */
  readonly zoneMs: number;
  readonly nowMs: number;
}

/** null: the file does not exist. Goes on in `FILE.1` when the log was rotated within the window. */
async function readTail(path: string, clock: Clock, context: ProbeContext): Promise<Tail | null> {
  const own = await readBackwards(path, clock, { cap: CAP_BYTES, context });
  if (own === null || own.reachedFrom || own.truncated) return own;
  const older = await readRotated(path, clock, { cap: CAP_BYTES - own.text.length, context });
  if (!older) return own;
  return {
    text: `${older.text}${older.text.endsWith('\n') ? '' : '\n'}${own.text}`,
    truncated: older.truncated,
    modifiedAt: own.modifiedAt ?? older.modifiedAt,
  };
}

interface Bounds {
  readonly cap: number;
  readonly context: ProbeContext;
}

async function readRotated(path: string, clock: Clock, bounds: Bounds): Promise<Tail | null> {
  try {
    const older = await readBackwards(`${path}.1`, clock, bounds);
    return older?.modifiedAt != null && older.modifiedAt >= clock.from ? older : null;
  } catch (error) {
    // The log itself could be read: what lies before it is an extra.
    if (error instanceof HostError) return null;
    throw error;
  }
}

async function readBackwards(path: string, clock: Clock, { cap, context }: Bounds): Promise<(Tail & { reachedFrom: boolean }) | null> {
  const { host, signal } = context;
  const stat = await statIfThere(host, path);
  if (stat === null) return null;
  const chunks: string[] = [];
  let end = stat.size;
  let taken = 0;
  let reachedFrom = stat.modifiedAt < clock.from;
  while (end > 0 && taken < cap && !(reachedFrom && taken > 0) && !signal.aborted) {
    const offset = Math.max(0, end - CHUNK_BYTES);
    const { text, bytesRead } = await host.readFile(path, { offset, maxBytes: end - offset });
    chunks.unshift(text);
    taken += bytesRead;
    end = offset;
    const first = firstTime(text, clock);
    reachedFrom = first === undefined ? taken >= UNTIMED_BYTES && isUntimed(chunks, clock) : first < clock.from;
  }
  const text = chunks.join('');
  // The first line of a chunk that does not start the file is only the end of one.
  return {
    text: end > 0 ? text.slice(text.indexOf('\n') + 1) : text,
    truncated: end > 0 && !reachedFrom,
    modifiedAt: stat.modifiedAt,
    reachedFrom,
  };
}

async function statIfThere(host: Host, path: string): Promise<{ size: number; modifiedAt: number } | null> {
  try {
    return await host.stat(path);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return null;
    throw error;
  }
}

async function runSource(argv: readonly string[], { host, signal }: ProbeContext): Promise<Tail> {
  const { exitCode, stdout, stderr, truncated } = await host.run(argv, { timeoutMs: 15_000, maxOutputBytes: CAP_BYTES, signal });
  // journalctl without permission prints this and exits 0; nothing seen is not the same as nothing there.
  if (/^-- No entries --$/m.test(stdout) && /not seeing messages|insufficient permissions/i.test(stderr)) {
    throw new HostError('no-permission', `${argv[0]}: no access to the journal`, 'run as root or as a member of the group systemd-journal');
  }
  if (exitCode !== 0 && stdout === '')
    throw new HostError('io', `${argv.join(' ')}: exit ${exitCode ?? 'by signal'}: ${stderr.trim().slice(0, 200)}`);
  return { text: stdout, truncated, modifiedAt: null };
}

/** The host's local time minus UTC; 0 when it cannot be told. */
async function readZone(host: Host): Promise<number> {
  try {
    const { stdout } = await host.run(['date', '+%z'], { timeoutMs: 2_000 });
    const match = /^([+-])(\d\d)(\d\d)/.exec(stdout.trim());
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0;
  } catch (error) {
    if (error instanceof HostError) return 0;
    throw error;
  }
}

function cutWindow(tail: Tail, clock: Clock): Omit<LogWindow, 'source' | 'missing'> {
  const { from } = clock;
  const texts = tail.text.split('\n');
  if (texts.at(-1) === '') texts.pop();
  const read = makeTimeReader(clock.nowMs + clock.zoneMs);
  const zoneMs = chooseZone(texts, tail.modifiedAt, clock);
  const lines: LogLine[] = [];
  let at: number | null = null;
  let first: number | null = null;
  for (const text of texts) {
    const time = read(text);
    if (time) at = time.zoned ? time.ms : time.ms - zoneMs;
    first ??= at;
    if (at !== null && at >= from) lines.push({ at, text });
  }
  if (at !== null)
    return {
      lines,
      timed: true,
      coveredFrom: tail.truncated ? Math.max(from, first ?? from) : from,
      truncated: tail.truncated,
      lastLineAt: at,
    };
  return cutUntimed(texts, tail, clock);
}

/** Without times the change time of the file still tells whether anything was written in the window. */
function cutUntimed(
  texts: readonly string[],
  { modifiedAt, truncated }: Tail,
  { from, nowMs }: Clock,
): Omit<LogWindow, 'source' | 'missing'> {
  const at = modifiedAt ?? nowMs;
  const written = at >= from && texts.length > 0;
  return {
    lines: written ? texts.map((text) => ({ at, text })) : [],
    timed: false,
    coveredFrom: from,
    truncated,
    lastLineAt: texts.length > 0 ? modifiedAt : null,
  };
}

/** Many programs write UTC without saying so. The last line was written when the file was last changed, which decides. */
function chooseZone(texts: readonly string[], modifiedAt: number | null, { zoneMs, nowMs }: Clock): number {
  if (modifiedAt === null || zoneMs === 0) return zoneMs;
  const read = makeTimeReader(nowMs + zoneMs);
  const last = texts
    .slice(-200)
    .reverse()
    .map(read)
    .find((time) => time !== undefined);
  if (!last || last.zoned) return zoneMs;
  const fits = (zone: number): boolean => Math.abs(last.ms - zone - modifiedAt) <= ZONE_SLACK_MS;
  return !fits(zoneMs) && fits(0) ? 0 : zoneMs;
}

function firstTime(text: string, { zoneMs, nowMs }: Clock): number | undefined {
  const read = makeTimeReader(nowMs + zoneMs);
  for (const line of text.split('\n', 200)) {
    const time = read(line);
    // Taken for UTC or local, whichever is later: a chunk too many is read rather than one too few.
    if (time) return time.zoned ? time.ms : Math.max(time.ms, time.ms - zoneMs);
  }
  return undefined;
}

function isUntimed(chunks: readonly string[], clock: Clock): boolean {
  return chunks.every((chunk) => firstTime(chunk.slice(-20_000), clock) === undefined);
}
