/** How long the impact has lasted and what it counts to, beside the limits that regulators set. */
import type { Diagnosis } from '../engine/diagnose.ts';
import type { Session } from '../engine/session.ts';
import type { JsonObject } from '../ports.ts';
import { type ClockFace, describeDuration } from './clock-face.ts';
import type { Telling } from './incident.ts';
import { type MeterReading, readMeter } from './regulatory-limits.ts';
import type { Word } from './words.ts';

export interface RegulatoryClock {
  readonly elapsed: string;
  readonly marks: readonly { readonly text: string; readonly passed: boolean }[];
}

type Counted = Pick<Telling, 'diagnosis' | 'session'>;

/** Counted to the end of this record; it does not know whether the impact lasted longer. */
export function describeClock({
  language,
  clock,
  say,
  ...counted
}: Pick<Telling, 'language' | 'clock' | 'say'> & Counted): RegulatoryClock {
  const { firstBad } = counted.diagnosis.scope;
  if (firstBad === undefined) return { elapsed: say('clockUnknown'), marks: [] };
  const elapsedMs = Math.max(0, endOf(counted.session) - firstBad);
  const told = describeMeter({ language, clock, say, ...counted });
  return {
    elapsed: say('clockElapsed', { time: describeDuration(elapsedMs) }),
    marks: told.map(({ text, state }) => ({ text, passed: state === 'passed' })),
  };
}

export interface ToldReading {
  readonly text: string;
  readonly source: string;
  readonly state: MeterReading['state'];
}

/** One line a limit: whose, what, how much of it is used, when it is reached. */
export function describeMeter({
  language,
  clock,
  say,
  diagnosis,
  session,
}: Pick<Telling, 'language' | 'clock' | 'say'> & Counted): readonly ToldReading[] {
  return readings(diagnosis, session).map((reading) => {
    const { limit, state } = reading;
    const duty = limit.duty[language] ?? limit.duty.en;
    const within = limit.within ? ` (${limit.within[language] ?? limit.within.en})` : '';
    return { text: `${limit.region}: ${duty}${within}: ${usedOf(reading, clock, say)}`, source: limit.source, state };
  });
}

function usedOf({ limit, state, used, at }: MeterReading, clock: ClockFace, say: (word: Word) => string): string {
  const word = say(state === 'unknown' && limit.counts === 'classification' ? 'meter_unclassified' : `meter_${state}`);
  if (limit.counts === 'failed-payments') return `${used ?? 0} / ${limit.limit} (${word})`;
  if (used === undefined || at === undefined) return word;
  if (used === 0) return `${clock.both(at)} (${word})`;
  return `${describeDuration(used)} / ${describeDuration(limit.limit)}, ${clock.both(at)} (${word})`;
}

function readings(diagnosis: Diagnosis, session: Session): readonly MeterReading[] {
  const { firstBad, failed } = diagnosis.scope;
  return readMeter({
    firstBad,
    detected: session.startedAt,
    classified: session.notes.findLast(({ classifiedAt }) => classifiedAt !== undefined)?.classifiedAt,
    notified: session.notes.findLast(({ notifiedAt }) => notifiedAt !== undefined)?.notifiedAt,
    failedPayments: failed,
    until: endOf(session),
  });
}

/** Of a run that found payments well there is nothing to count. */
export function meterAsJson(diagnosis: Diagnosis, session: Session): readonly JsonObject[] {
  if (isQuiet(diagnosis)) return [];
  return readings(diagnosis, session).map(({ limit, state, used, at }) => ({
    ...{ id: limit.id, region: limit.region, duty: limit.duty.en, counts: limit.counts, limit: limit.limit, state, source: limit.source },
    ...(used !== undefined && { used }),
    ...(at !== undefined && { due_at: new Date(at).toISOString() }),
  }));
}

/** The limits that are near or passed, for the few lines of a verdict. */
export function pressing(telling: Pick<Telling, 'language' | 'clock' | 'say'> & Counted): readonly ToldReading[] {
  if (isQuiet(telling.diagnosis)) return [];
  return describeMeter(telling).filter(({ state }) => state === 'near' || state === 'passed');
}

/** The limit of time that is reached next, counted up to now. */
export function nextDue(telling: Pick<Telling, 'language' | 'clock' | 'say'> & Counted, now: number): ToldReading | undefined {
  if (isQuiet(telling.diagnosis)) return undefined;
  const { endedAt: _, ...session } = telling.session;
  const counted = { ...telling, session: { ...session, lastAt: now } };
  const dues = readings(counted.diagnosis, counted.session).map(({ at }) => (at !== undefined && at > now ? at : Number.POSITIVE_INFINITY));
  const soonest = Math.min(...dues);
  return Number.isFinite(soonest) ? describeMeter(counted)[dues.indexOf(soonest)] : undefined;
}

function isQuiet({ scope }: Diagnosis): boolean {
  return scope.state === 'healthy' && scope.failed === 0;
}

function endOf({ endedAt, lastAt }: Session): number {
  return endedAt ?? lastAt;
}
