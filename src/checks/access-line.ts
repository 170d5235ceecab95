/** Status and duration of one line of an access log: combined format with the usual additions, or JSON. Pure. */
export interface AccessLine {
  readonly status: number;
  /** null: not logged. */
  readonly durationMs: number | null;
  readonly path: string;
}

export function parseAccessLine(line: string): AccessLine | undefined {
  return line.trimStart().startsWith('{') ? parseJsonLine(line) : parseCombined(line);
}

/** `"GET /pay HTTP/1.1" 502 157 ...`, then by habit `rt=0.004`, `request_time=0.004` or a bare last figure in seconds. */
function parseCombined(line: string): AccessLine | undefined {
  const match = /"(?:[A-Z]+ (\S+)[^"]*|-|[^"]*)" (\d{3}) (?:\d+|-)(.*)$/.exec(line);
  if (!match) return undefined;
  const rest = match[3] ?? '';
  const seconds = /\b(?:rt|request_time|reqtime|time)[=:]"?(\d+\.\d+)/.exec(rest)?.[1] ?? /[ "](\d+\.\d{3})"?\s*$/.exec(rest)?.[1];
  return { status: Number(match[2]), durationMs: seconds === undefined ? null : Math.round(Number(seconds) * 1_000), path: match[1] ?? '' };
}

function parseJsonLine(line: string): AccessLine | undefined {
  const status = /"(?:status|status_code|http_status|code|response)"\s*:\s*"?(\d{3})\b/.exec(line)?.[1];
  if (status === undefined) return undefined;
  const milliseconds = /"(?:duration_ms|elapsed_ms|latency_ms|ms|response_time_ms)"\s*:\s*"?(\d+(?:\.\d+)?)/.exec(line)?.[1];
  const seconds = /"(?:request_time|duration|elapsed|latency)"\s*:\s*"?(\d+\.\d+)/.exec(line)?.[1];
  const path = /"(?:uri|path|request_uri|url)"\s*:\s*"([^"]*)"/.exec(line)?.[1] ?? '';
  const durationMs = milliseconds !== undefined ? Number(milliseconds) : seconds !== undefined ? Number(seconds) * 1_000 : null;
  return { status: Number(status), durationMs: durationMs === null ? null : Math.round(durationMs), path };
}
