/** The window of each log that the profile names, rotated and compressed parts included: it may be gone tomorrow. */
import type { ProbeContext } from '../checks/check.ts';
import { openLog } from '../checks/log-parts.ts';
import { describeSource, textSource } from '../checks/log-source.ts';
import { walkLog } from '../checks/log-walk.ts';
import { absence, type Capture } from '../engine/capture.ts';
import type { Artifact, Collected } from '../engine/events.ts';
import { LOG_KEYS } from '../engine/named-logs.ts';
import type { HostAccess } from '../engine/probe.ts';
import { isObject } from '../engine/targets.ts';
import { HostError } from '../errors.ts';
import type { Clock, JsonObject, TextSource } from '../ports.ts';

/** Of one log: the newest lines of the window. */
const MAX_BYTES = 256 * 1024;
/** All logs together; a run does not wait longer for what no check asked for. */
const BUDGET_MS = 5_000;

export interface LogRequest {
  readonly profile: JsonObject;
  readonly local: HostAccess;
  readonly clock: Clock;
  readonly capture: Capture;
  readonly since: number;
  readonly until?: number | undefined;
  readonly signal: AbortSignal;
}

export async function collectLogs(request: LogRequest): Promise<readonly Artifact[]> {
  const { clock } = request;
  const stop = new AbortController();
  const spent = AbortSignal.any([request.signal, stop.signal]);
  const timer = clock.sleep(BUDGET_MS, spent).then(
    () => stop.abort(),
    () => undefined,
  );
  try {
    return (await Promise.all(logsOf(request.profile).map((source) => collectOne(source, request, spent)))).flat();
  } finally {
    stop.abort();
    await timer;
  }
}

/** Of services on this machine; standard input can be had once and the checks had it. */
function logsOf({ services }: JsonObject): readonly TextSource[] {
  const sources = (Array.isArray(services) ? services : []).flatMap((service) => {
    if (!isObject(service) || service['on'] !== undefined) return [];
    return LOG_KEYS.flatMap((key) => (service[key] === undefined ? [] : [textSource({ file: service[key] as string })]));
  });
  const named = new Map(sources.filter((source) => !('stdin' in source)).map((source) => [describeSource(source), source]));
  return [...named.values()];
}

async function collectOne(
  source: TextSource,
  { local, clock, capture, since, until, ...request }: LogRequest,
  signal: AbortSignal,
): Promise<readonly Artifact[]> {
  const { wallMs: at, monoMs } = clock.now();
  const context: ProbeContext = { ...local, timeoutMs: BUDGET_MS, signal, since, sleep: (ms) => clock.sleep(ms, signal) };
  const windows = { before: since, from: since, until: until ?? Number.POSITIVE_INFINITY };
  const lines = keepNewest(MAX_BYTES);
  const own: Artifact['source'] = 'argv' in source ? { argv: source.argv } : { file: describeSource(source) };
  const about = (named = own): Pick<Artifact, 'source' | 'host' | 'at' | 'duration_ms'> => ({
    source: named,
    host: local.host.name,
    at,
    duration_ms: Math.round(clock.now().monoMs - monoMs),
  });
  const absent = async (collected: Collected, why: string, unlock?: string): Promise<readonly Artifact[]> => [
    await capture.keep({ ...about(), collected, why, ...(unlock !== undefined && { unlock }), text: '', truncated: false }),
  ];
  const failed = (error: HostError, named = own): Promise<Artifact> =>
    capture.keep({ ...about(named), ...absence(error), text: '', truncated: false });
  try {
    const log = await openLog(source, windows, context);
    if (log.missing)
      return await absent('not-found', `${describeSource(source)} does not exist`, 'correct the log of this service in oor.yaml');
    const walked = await walkLog({ log, windows, context }, (line, where) => {
      if (where === 'inside') lines.take(line);
    });
    if (request.signal.aborted) return await absent('skipped-by-operator', 'the run was stopped');
    const unread = await Promise.all(log.unread.map(({ path, error }) => failed(error, { file: path })));
    if (lines.count() === 0) return [...(await absent('out-of-window', 'no line lies in the window', 'a longer --since')), ...unread];
    const kept = await capture.keep({
      ...about(),
      collected: 'ok',
      text: lines.text(),
      truncated: lines.dropped() || !walked.complete,
      maxBytes: MAX_BYTES,
    });
    return [kept, ...unread];
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return [await failed(error)];
  }
}

/** UTF-16 units stand for bytes until the text is cut for good. */
function keepNewest(maxLength: number) {
  let kept: string[] = [];
  let length = 0;
  let all = 0;
  let first = 0;
  return {
    take(line: string): void {
      kept.push(line);
      all += 1;
      length += line.length + 1;
      while (length > maxLength && first < kept.length - 1) {
        length -= (kept[first] ?? '').length + 1;
        first += 1;
      }
      if (first < 4_096) return;
      kept = kept.slice(first);
      first = 0;
    },
    count: () => all,
    dropped: () => all > kept.length - first,
    text: () =>
      kept
        .slice(first)
        .map((line) => `${line}\n`)
        .join(''),
  };
}
