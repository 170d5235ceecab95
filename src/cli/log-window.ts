/** Narrows the text of a log to the lines of a window. */
import { makeLogClock } from '../checks/log-clock.ts';
import type { CaptureDeps } from '../engine/capture.ts';
import { logsOfProfile } from '../engine/named-logs.ts';
import type { Host, JsonObject } from '../ports.ts';
import type { GlobalOptions } from './options.ts';

export interface LogWindow {
  /** Epoch ms. */
  readonly since: number;
  readonly until: number | undefined;
}

export interface Narrowed {
  readonly text: string;
  /** Lines outside. */
  readonly left: number;
}

/** A line without a time counts to the one above. Null: none has one. */
export async function narrow(host: Host, text: string, modifiedAt: number, { since, until }: LogWindow): Promise<Narrowed | null> {
  const lines = text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
  const clock = await makeLogClock(host, { sample: lines.slice(-200), modifiedAt });
  let at: number | undefined;
  const kept = lines.filter((line) => {
    at = clock.timeOf(line) ?? at;
    return at !== undefined && at >= since && (until === undefined || at < until);
  });
  if (at === undefined) return null;
  return { text: kept.map((line) => `${line}\n`).join(''), left: lines.length - kept.length };
}

/** Of what the checks read of logs, where a window was asked for: without one the time before it is what a check compares with. */
export function captureWindow(
  { sinceGiven, until }: Pick<GlobalOptions, 'sinceGiven' | 'until'>,
  profile: JsonObject,
  window: LogWindow,
): CaptureDeps['inWindow'] {
  if (!sinceGiven && until === undefined) return undefined;
  const isLog = logsOfProfile(profile);
  return async (host, { source, at, text }) => (isLog(source) ? await narrow(host, text, at, window) : null);
}
