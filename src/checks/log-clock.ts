/** Reads the times of one log's lines as instants: the zone of those that name none, and what cannot be. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { makeTimeReader } from './log-time.ts';

/** A line in the writer's own clock this near to the file's last change shows in which zone it was written. */
const ZONE_SLACK_MS = 120_000;
/** A time farther ahead is data, or of a clock that means nothing: the line counts to the one above. */
const FUTURE_MS = 86_400_000;

export interface LogClock {
  timeOf(line: string): number | undefined;
}

export interface ClockRequest {
  /** Lines of the log's end, oldest first. */
  readonly sample: readonly string[];
  /** Of the file; null for what is not one. */
  readonly modifiedAt: number | null;
}

/** Lines of another zone than the host's are put right where the file's change time shows it. */
export async function makeLogClock(host: Host, { sample, modifiedAt }: ClockRequest): Promise<LogClock> {
  const nowMs = host.now().wallMs;
  const latest = nowMs + FUTURE_MS;
  const probe = makeTimeReader(nowMs);
  const hostZoneMs = sample.some((line) => probe(line)?.zoned === false) ? await readHostZone(host) : 0;
  const read = makeTimeReader(nowMs + hostZoneMs);
  const zoneMs = chooseZone(sample, { read, modifiedAt, hostZoneMs });
  return {
    timeOf(line) {
      const time = read(line);
      if (!time) return undefined;
      const ms = time.zoned ? time.ms : time.ms - zoneMs;
      return ms > latest ? undefined : ms;
    },
  };
}

/** The host's local time minus UTC; 0 when it cannot be told. */
async function readHostZone(host: Host): Promise<number> {
  try {
    const { stdout } = await host.run(['date', '+%z'], { timeoutMs: 2_000 });
    const match = /^([+-])(\d\d)(\d\d)/.exec(stdout.trim());
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0;
  } catch (error) {
    if (error instanceof HostError) return 0;
    throw error;
  }
}

interface ZoneChoice {
  readonly read: ReturnType<typeof makeTimeReader>;
  readonly modifiedAt: number | null;
  readonly hostZoneMs: number;
}

/** Many programs write UTC without saying so. The last line was written when the file was last changed, which decides. */
function chooseZone(sample: readonly string[], { read, modifiedAt, hostZoneMs }: ZoneChoice): number {
  if (modifiedAt === null || hostZoneMs === 0) return hostZoneMs;
  const last = sample
    .toReversed()
    .map(read)
    .find((time) => time !== undefined);
  if (!last || last.zoned) return hostZoneMs;
  const fits = (zone: number): boolean => Math.abs(last.ms - zone - modifiedAt) <= ZONE_SLACK_MS;
  return !fits(hostZoneMs) && fits(0) ? 0 : hostZoneMs;
}
