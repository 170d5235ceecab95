/**
 * Status and duration of one line of an access log: Common and Combined with the usual additions, Envoy, HAProxy, AWS load
 * balancers, JSON of any of them, and each of these inside a container's log. Pure.
 */
export interface AccessLine {
  readonly status: number;
  /** null: not logged. */
  readonly durationMs: number | null;
}

type Parser = (line: string) => AccessLine | undefined;

/** Remembers which format fitted last. */
export function makeAccessParser(): Parser {
  let last: Parser = parseQuoted;
  return (line) => {
    const quick = last(line);
    if (quick) return quick;
    for (const parse of PARSERS) {
      const found = parse === last ? undefined : parse(line);
      if (!found) continue;
      last = parse;
      return found;
    }
    return undefined;
  };
}

export const parseAccessLine: Parser = (line) => makeAccessParser()(line);

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;

/** `"GET /pay HTTP/1.1" 502 157 ...`: the first quoted text that a status follows. */
function parseQuoted(line: string): AccessLine | undefined {
  let open = line.indexOf('"');
  if (open < 0 || line.charCodeAt(0) === 123) return undefined;
  while (open >= 0) {
    let close = line.indexOf('"', open + 1);
    while (close > 0 && line.charCodeAt(close - 1) === BACKSLASH) close = line.indexOf('"', close + 1);
    if (close < 0) return undefined;
    const status = line.charCodeAt(close + 1) === SPACE ? readStatus(line, close + 2) : 0;
    if (status > 0) return { status, durationMs: readTrailingDuration(line, close + 5) };
    open = line.indexOf('"', close + 1);
  }
  return undefined;
}

/** Three digits that end there; 0 when there are none. */
function readStatus(line: string, at: number): number {
  const status = digit(line, at) * 100 + digit(line, at + 1) * 10 + digit(line, at + 2);
  const ends = at + 3 === line.length || line.charCodeAt(at + 3) === SPACE;
  return ends && status >= 100 && status < 600 ? status : 0;
}

function digit(line: string, at: number): number {
  const value = line.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** Envoy's default format: response flags, bytes in and out, milliseconds. */
const ENVOY = /^ (?:-|[A-Z]{2,}(?:,[A-Z]+)*)(?: \S+ \S+ "[^"]*")? \d+ \d+ (\d+) (?:\d+|-)(?: |$)/;
const NAMED_SECONDS = /\b(?:rt|request_time|reqtime|time)[=:]"?(\d+\.\d+)/;
/** `$request_time $upstream_response_time` by habit: the first of the last figures. */
const LAST_SECONDS = /[ "](\d+\.\d{3})"?(?: "?(?:\d+\.\d{3}|-)"?)*\s*$/;
const LAST_MILLISECONDS = / (\d+)ms$/;

function readTrailingDuration(line: string, at: number): number | null {
  const end = line.charCodeAt(line.length - 1);
  const first = line.charCodeAt(at + 1);
  const figureLast = (end >= 48 && end <= 57) || end === QUOTE || end === 115 || end === 45;
  const named = line.includes('=', at) || line.includes(':', at);
  const flagged = first === 45 || (first >= 65 && first <= 90);
  if (!figureLast && !named && !flagged) return null;
  const rest = line.slice(at);
  const envoy = flagged ? ENVOY.exec(rest)?.[1] : undefined;
  if (envoy !== undefined) return Number(envoy);
  const seconds = (named ? NAMED_SECONDS.exec(rest)?.[1] : undefined) ?? (figureLast ? LAST_SECONDS.exec(rest)?.[1] : undefined);
  if (seconds !== undefined) return Math.round(Number(seconds) * 1_000);
  const milliseconds = end === 115 ? LAST_MILLISECONDS.exec(rest)?.[1] : undefined;
  return milliseconds === undefined ? null : Number(milliseconds);
}

const STATUS_KEY =
  /"(?:status|status_code|statusCode|http_status|http\.status_code|http\.response\.status_code|response_code|response|code|DownstreamStatus|sc-status)"\s*:\s*"?([1-5]\d\d)\b/;
const MILLISECONDS_KEY =
  /"(?:duration_ms|elapsed_ms|latency_ms|ms|response_time_ms|responseTime|response_time|durationMs|took|time_taken)"\s*:\s*"?(\d+(?:\.\d+)?)/;
/** A fraction is of seconds; whole numbers under these names are milliseconds (Envoy) or, from 100 000 on, nanoseconds (Traefik, ECS). */
const DURATION_KEY = /"(?:request_time|duration|elapsed|latency|Duration|event\.duration)"\s*:\s*"?(\d+(?:\.\d+)?)(ms|s)?/;

function parseJson(line: string): AccessLine | undefined {
  const start = line.trimStart();
  if (!start.startsWith('{')) return undefined;
  const status = STATUS_KEY.exec(start)?.[1];
  if (status === undefined) return undefined;
  const milliseconds = MILLISECONDS_KEY.exec(start)?.[1];
  if (milliseconds !== undefined) return { status: Number(status), durationMs: Math.round(Number(milliseconds)) };
  const found = DURATION_KEY.exec(start);
  return { status: Number(status), durationMs: found ? toMilliseconds(found[1] ?? '', found[2]) : null };
}

function toMilliseconds(figure: string, unit: string | undefined): number {
  const value = Number(figure);
  if (unit === 's' || (unit === undefined && figure.includes('.'))) return Math.round(value * 1_000);
  return unit === undefined && value >= 100_000 ? Math.round(value / 1e6) : Math.round(value);
}

/** `10/0/30/69/109 200 2750`: five times in milliseconds, the last from end to end; -1: the client left before an answer. */
function parseHaproxy(line: string): AccessLine | undefined {
  const match = /(?: |^)(?:-?\d+\/){4}\+?(-?\d+) ([1-5]\d\d|-1) \+?\d+ /.exec(line);
  if (!match) return undefined;
  return { status: match[2] === '-1' ? 499 : Number(match[2]), durationMs: Math.max(0, Number(match[1])) };
}

/** AWS Application Load Balancer: the time of the three legs in seconds, then the balancer's status. */
function parseBalancer(line: string): AccessLine | undefined {
  const match = /^(?:https?|h2|grpcs|wss?) \S+ \S+ \S+ \S+ (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) ([1-5]\d\d) /.exec(line);
  if (!match) return undefined;
  const legs = match.slice(1, 4).map(Number);
  const durationMs = legs.includes(-1) ? null : Math.round(legs.reduce((sum, leg) => sum + leg, 0) * 1_000);
  return { status: Number(match[4]), durationMs };
}

const CRI = /^\S+ std(?:out|err) [FP] /;

/** What a container wrote, in the line of docker's json-file driver or of a Kubernetes node (CRI). */
export function unwrapContainerLine(line: string): string | undefined {
  if (line.startsWith('{"log":"')) {
    try {
      const { log } = JSON.parse(line) as { readonly log?: unknown };
      return typeof log === 'string' ? log.trimEnd() : undefined;
    } catch {
      return undefined;
    }
  }
  const prefix = CRI.exec(line);
  return prefix ? line.slice(prefix[0].length) : undefined;
}

function parseWrapped(line: string): AccessLine | undefined {
  const inner = unwrapContainerLine(line);
  if (inner === undefined) return undefined;
  return parseBalancer(inner) ?? parseHaproxy(inner) ?? parseQuoted(inner) ?? parseJson(inner);
}

/** HAProxy and AWS quote a request too, behind their status. */
const PARSERS: readonly Parser[] = [parseWrapped, parseBalancer, parseHaproxy, parseQuoted, parseJson];
