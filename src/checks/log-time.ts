/** The time of a log line, in the formats that servers and libraries write by themselves. Pure. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MS = 86_400_000;
/** Long prefixes are data, not the time of the line. */
const LOOKED_AT = 400;

export interface LineTime {
  readonly ms: number;
  /** False: written in the local time of whoever wrote it; `ms` reads it as UTC. */
  readonly zoned: boolean;
}

type Reader = (line: string, nowMs: number) => LineTime | undefined;

/**
 * Remembers the format that fitted last, for a file keeps to one, and the minute, for the next line is mostly of the same.
 * `nowMs` supplies a year or a day that is not written.
 */
export function makeTimeReader(nowMs: number): (line: string) => LineTime | undefined {
  let last = 0;
  let minute: Minute | undefined;
  return (line) => {
    const quick = minute && readWithin(minute, line);
    if (quick) return quick;
    const start = line.slice(0, LOOKED_AT);
    const tries = [READERS[last] as Reader, ...READERS];
    for (const [index, read] of tries.entries()) {
      const found = read(start, nowMs);
      if (!found) continue;
      if (index > 0) last = index - 1;
      minute = rememberMinute(start, found);
      return found;
    }
    return undefined;
  };
}

interface Minute {
  /** The date up to the minute, with the colon behind it, as it stands in the line. */
  readonly stamp: string;
  readonly position: number;
  readonly ms: number;
  readonly zoned: boolean;
}

const STAMP = /(?:\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d\/[A-Z][a-z]{2}\/\d{4}:|^[A-Z][a-z]{2} [ \d]\d )\d\d:\d\d:(?=\d\d(?:[.,]\d{1,9})?)/;

function rememberMinute(line: string, { ms, zoned }: LineTime): Minute | undefined {
  const match = STAMP.exec(line);
  if (!match) return undefined;
  const minute = { stamp: match[0], position: match.index, ms: 0, zoned };
  const within = readWithin(minute, line);
  // Another time than the one that was found stands here, or its zone is not of whole minutes.
  if (!within || (ms - within.ms) % 60_000 !== 0) return undefined;
  return { ...minute, ms: ms - within.ms };
}

/** The same minute at the same place, or, as the address in front of it varies, behind the first bracket. */
function readWithin({ stamp, position, ms, zoned }: Minute, line: string): LineTime | undefined {
  let at = position;
  if (!line.startsWith(stamp, at)) {
    at = line.indexOf('[') + 1;
    if (at === 0 || at > LOOKED_AT || !line.startsWith(stamp, at)) return undefined;
  }
  at += stamp.length;
  const tens = line.charCodeAt(at) - 48;
  const ones = line.charCodeAt(at + 1) - 48;
  if (!(tens >= 0 && tens <= 6 && ones >= 0 && ones <= 9)) return undefined;
  return { ms: ms + tens * 10_000 + ones * 1_000 + readMilliseconds(line, at + 2), zoned };
}

function readMilliseconds(line: string, at: number): number {
  const mark = line.charCodeAt(at);
  if (mark !== 46 && mark !== 44) return 0;
  let value = 0;
  for (let place = 1, scale = 100; place <= 3; place++, scale /= 10) {
    const digit = line.charCodeAt(at + place) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value += digit * scale;
  }
  return value;
}

/** `{"ts": ...}`: only here a bare number deep in the line is a time. */
function readJson(line: string): LineTime | undefined {
  const match = /^\s*\{.*?"(?:ts|time|timestamp|@timestamp|t|datetime|date|asctime)"\s*:\s*(?:"([^"]+)"|(\d+(?:\.\d+)?))/.exec(line);
  if (!match) return undefined;
  return match[2] === undefined ? (readIso(match[1] as string) ?? readClf(match[1] as string)) : readEpochNumber(match[2]);
}

function readIso(line: string): LineTime | undefined {
  const match =
    /(?<![\d-])(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|GMT)\b| ?([+-]\d\d):?(\d\d)(?!\d))?/.exec(
      line,
    );
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, utc, zoneHours, zoneMinutes] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + readFraction(fraction);
  return { ms: ms - readZone(zoneHours, zoneMinutes), zoned: utc !== undefined || zoneHours !== undefined };
}

/** nginx and Apache access logs: `[23/Nov/2026:14:00:00 +0000]`; HAProxy: `[23/Nov/2026:14:00:00.123]`. */
function readClf(line: string): LineTime | undefined {
  const match = /(\d{1,2})\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d\d)(\d\d))?/.exec(line);
  if (!match) return undefined;
  const [, day, month, year, hour, minute, second, fraction, zoneHours, zoneMinutes] = match;
  const ms = Date.UTC(Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second)) + readFraction(fraction);
  return { ms: ms - readZone(zoneHours, zoneMinutes), zoned: zoneHours !== undefined };
}

/** syslog `Nov 23 14:00:00`; Apache error log `Mon Nov 23 14:00:00.123456 2026`. */
function readSyslog(line: string, nowMs: number): LineTime | undefined {
  const match = /^(?:<\d+>)?\[?(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?: (\d{4})\b)?/.exec(line);
  if (!match || monthOf(match[1]) < 0) return undefined;
  const [, month, day, hour, minute, second, fraction, year] = match;
  const inYear = (value: number): number =>
    Date.UTC(value, monthOf(month), Number(day), Number(hour), Number(minute), Number(second)) + readFraction(fraction);
  if (year !== undefined) return { ms: inYear(Number(year)), zoned: false };
  return { ms: inLastYear(inYear, nowMs), zoned: false };
}

/** In January the lines of December carry no year either. */
function inLastYear(inYear: (year: number) => number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  return inYear(thisYear) > nowMs + 2 * DAY_MS ? inYear(thisYear - 1) : inYear(thisYear);
}

/** Redis: `1234:M 23 Nov 2026 14:00:00.123 # ...`; Tomcat: `23-Nov-2026 14:00:00.123 SEVERE [main] ...`. */
function readDayMonth(line: string): LineTime | undefined {
  const match = /\b(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d+))?( GMT| UTC)?/.exec(line);
  if (!match || monthOf(match[2]) < 0) return undefined;
  const [, day, month, year, hour, minute, second, fraction, utc] = match;
  return {
    ms: Date.UTC(Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second)) + readFraction(fraction),
    zoned: utc !== undefined,
  };
}

/** Go services and Kubernetes (klog): `E1123 14:00:00.123456 4242 file.go:12] ...`. */
function readKlog(line: string, nowMs: number): LineTime | undefined {
  const match = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d+)/.exec(line);
  if (!match) return undefined;
  const [, month, day, hour, minute, second, fraction] = match;
  const inYear = (year: number): number =>
    Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + readFraction(fraction);
  return { ms: inLastYear(inYear, nowMs), zoned: false };
}

function readEpoch(line: string): LineTime | undefined {
  const number = /^[[(]?(\d{10}(?:\.\d+)?|\d{13}|\d{16}|\d{19})(?![\d-])/.exec(line)?.[1];
  return number === undefined ? undefined : readEpochNumber(number);
}

/** Seconds, milliseconds, microseconds or nanoseconds, told apart by the number of digits; good from 2001 to 2286. */
function readEpochNumber(text: string): LineTime | undefined {
  const digits = text.split('.')[0]?.length ?? 0;
  if (digits !== 10 && digits !== 13 && digits !== 16 && digits !== 19) return undefined;
  return { ms: Math.round(Number(text) / 10 ** (digits - 13)), zoned: true };
}

/** `14:00:00.123` at the start of a line: today, or yesterday when that is still to come. */
function readClock(line: string, nowMs: number): LineTime | undefined {
  const match = /^\[?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\b/.exec(line);
  if (!match) return undefined;
  const [, hour, minute, second, fraction] = match;
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return { ms: midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + readFraction(fraction), zoned: false };
}

const READERS: readonly Reader[] = [readJson, readIso, readClf, readSyslog, readDayMonth, readKlog, readEpoch, readClock];

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf(name?.toLowerCase() ?? '');
}

function readFraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Math.floor(Number(`0.${digits}`) * 1_000);
}

function readZone(hours: string | undefined, minutes: string | undefined): number {
  if (hours === undefined) return 0;
  const sign = hours.startsWith('-') ? -1 : 1;
  return sign * (Math.abs(Number(hours)) * 60 + Number(minutes)) * 60_000;
}
