/** What the requests of a window add up to; one pass, no request is kept. Pure. */
import type { AccessLine } from './access-line.ts';
import { round } from './linux.ts';
import { v } from './schema.ts';

/** Statuses that name a cause; always in the facts, so that expressions need no guard. */
const NAMED = [401, 403, 413, 429, 499, 500, 502, 503, 504] as const;
type Named = `n${(typeof NAMED)[number]}`;
const MINUTE_MS = 60_000;
const RECENT_MS = 2 * MINUTE_MS;
/** Requests are counted in slots of this length, a part of a minute. */
const SLOT_MS = 5_000;
/** Points of the course that are kept: enough for a picture. */
const MOST_POINTS = 90;
/** Distinct durations in milliseconds that are told apart; longer ones count as this long. */
const LONGEST_MS = 600_000;

const count = v.number();
const course = v.object({
  everyMs: v.number(),
  /** Without those in which nothing came. */
  points: v.array(v.object({ at: v.number(), requests: count, serverErrors: count, meanMs: v.nullable(v.number()) })),
});

export const accessFacts = {
  requests: count,
  serverErrors: count,
  clientErrors: count,
  serverErrorPercent: v.number(),
  clientErrorPercent: v.number(),
  byStatus: v.record(v.string(), count),
  n401: count,
  n403: count,
  n413: count,
  n429: count,
  n499: count,
  n500: count,
  n502: count,
  n503: count,
  n504: count,
  /** The most frequent 5xx; 0 when there is none. */
  mainStatus: v.number(),
  /** The first 5xx of the first minute in which they pass the threshold; else the first 5xx. */
  firstBadAt: v.nullable(v.number()),
  /** The newest request that was not answered with 5xx. */
  lastGoodAt: v.nullable(v.number()),
  /** Of the last two minutes of the window: whether it still goes on. Null: recorded before this was counted. */
  recent: v.optional(v.nullable(v.object({ requests: count, serverErrors: count })), null),
  slowestMs: v.nullable(v.number()),
  p95Ms: v.nullable(v.number()),
  /** How it went over the window; null: the log carries no time. */
  course: v.optional(v.nullable(course), null),
};
const shape = v.object(accessFacts);
export type AccessFacts = v.InferOutput<typeof shape>;

export interface AccessCounter {
  add(access: AccessLine, at: number | null): void;
  facts(): AccessFacts;
}

interface Slot {
  all: number;
  bad: number;
  firstBadAt: number;
  /** Requests that tell how long they took, and how long together. */
  timed: number;
  ms: number;
}

/** `badPercent`: from which share of 5xx on a minute is a bad one; `end`: of the window. */
export function createAccessCounter(badPercent: number, end: number): AccessCounter {
  const statuses = new Array<number>(600).fill(0);
  const durations = new Map<number, number>();
  const slots = new Map<number, Slot>();
  let current: Slot | undefined;
  let currentSlot = Number.NaN;
  let lastGoodAt: number | null = null;
  return {
    add({ status, durationMs }, at) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (durationMs !== null) {
        const ms = Math.min(LONGEST_MS, durationMs);
        durations.set(ms, (durations.get(ms) ?? 0) + 1);
      }
      if (at === null) return;
      const slot = Math.floor(at / SLOT_MS);
      if (slot !== currentSlot || !current) {
        currentSlot = slot;
        current = slots.get(slot) ?? newSlot();
        slots.set(slot, current);
      }
      current.all += 1;
      if (durationMs !== null) {
        current.timed += 1;
        current.ms += durationMs;
      }
      if (status < 500) {
        if (lastGoodAt === null || at > lastGoodAt) lastGoodAt = at;
      } else {
        current.bad += 1;
        if (at < current.firstBadAt) current.firstBadAt = at;
      }
    },
    facts: () => ({
      ...summarize(statuses),
      firstBadAt: findTurn(groupSlots(slots, MINUTE_MS), badPercent),
      lastGoodAt,
      recent: countFrom(slots, end - RECENT_MS),
      ...measure(durations),
      course: describeCourse(slots),
    }),
  };
}

function newSlot(): Slot {
  return { all: 0, bad: 0, firstBadAt: Number.POSITIVE_INFINITY, timed: 0, ms: 0 };
}

/** By the start of each longer slot. */
function groupSlots(slots: ReadonlyMap<number, Slot>, everyMs: number): ReadonlyMap<number, Slot> {
  const grouped = new Map<number, Slot>();
  for (const [slot, { all, bad, firstBadAt, timed, ms }] of slots) {
    const start = Math.floor((slot * SLOT_MS) / everyMs) * everyMs;
    const into = grouped.get(start) ?? newSlot();
    grouped.set(start, into);
    into.all += all;
    into.bad += bad;
    into.firstBadAt = Math.min(into.firstBadAt, firstBadAt);
    into.timed += timed;
    into.ms += ms;
  }
  return grouped;
}

/** Slots that end after `from`. */
function countFrom(slots: ReadonlyMap<number, Slot>, from: number): { requests: number; serverErrors: number } {
  const recent = [...slots].filter(([slot]) => (slot + 1) * SLOT_MS > from).map(([, each]) => each);
  return { requests: recent.reduce((sum, { all }) => sum + all, 0), serverErrors: recent.reduce((sum, { bad }) => sum + bad, 0) };
}

function describeCourse(slots: ReadonlyMap<number, Slot>): AccessFacts['course'] {
  if (slots.size === 0) return null;
  const keys = [...slots.keys()];
  const span = keys.reduce((most, key) => Math.max(most, key)) - keys.reduce((least, key) => Math.min(least, key)) + 1;
  const everyMs = SLOT_MS * Math.ceil(span / MOST_POINTS);
  const points = [...groupSlots(slots, everyMs)].toSorted(([one], [other]) => one - other);
  return {
    everyMs,
    points: points.map(([at, { all, bad, timed, ms }]) => ({
      at,
      requests: all,
      serverErrors: bad,
      meanMs: timed === 0 ? null : round(ms / timed, 1),
    })),
  };
}

function summarize(
  statuses: readonly number[],
): Omit<AccessFacts, 'firstBadAt' | 'lastGoodAt' | 'recent' | 'slowestMs' | 'p95Ms' | 'course'> {
  const seen = statuses.flatMap((n, status) => (n > 0 ? [[status, n] as const] : []));
  const sum = (from: number, below: number): number =>
    seen.reduce((total, [status, n]) => (status >= from && status < below ? total + n : total), 0);
  const requests = sum(0, 600);
  const serverErrors = sum(500, 600);
  const clientErrors = sum(400, 500);
  const percent = (part: number): number => (requests > 0 ? round((100 * part) / requests, 2) : 0);
  return {
    requests,
    serverErrors,
    clientErrors,
    serverErrorPercent: percent(serverErrors),
    clientErrorPercent: percent(clientErrors),
    byStatus: Object.fromEntries(seen.map(([status, n]) => [String(status), n])),
    ...(Object.fromEntries(NAMED.map((status) => [`n${status}`, statuses[status] ?? 0])) as Record<Named, number>),
    mainStatus: seen.filter(([status]) => status >= 500).toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? 0,
  };
}

function findTurn(minutes: ReadonlyMap<number, Slot>, badPercent: number): number | null {
  const bad = [...minutes].filter(([, each]) => each.bad > 0).toSorted(([one], [other]) => one - other);
  const turned = bad.find(([, each]) => (100 * each.bad) / each.all > badPercent) ?? bad[0];
  return turned?.[1].firstBadAt ?? null;
}

function measure(durations: ReadonlyMap<number, number>): Pick<AccessFacts, 'slowestMs' | 'p95Ms'> {
  const sorted = [...durations].toSorted(([one], [other]) => one - other);
  const wanted = Math.ceil(0.95 * sorted.reduce((sum, [, n]) => sum + n, 0));
  let passed = 0;
  for (const [ms, n] of sorted) {
    passed += n;
    if (passed >= wanted) return { slowestMs: sorted.at(-1)?.[0] ?? null, p95Ms: ms };
  }
  return { slowestMs: null, p95Ms: null };
}
