/** How long the impact has lasted, beside the deadlines that regulators count from it. */
import { describeDuration } from './clock-face.ts';
import type { Telling } from './incident.ts';

const HOUR_MS = 3_600_000;

/**
 * China: PBoC, an interruption of two hours or 100 000 transactions. EU: DORA article 19 with the delegated regulation on time limits,
 * initial notification at most 24 h after the incident was detected. Singapore: MAS notice on technology risk, 4 h within 12 months.
 */
const MARKS = [
  { word: 'clock_cn', afterMs: 2 * HOUR_MS },
  { word: 'clock_sg', afterMs: 4 * HOUR_MS },
  { word: 'clock_dora', afterMs: 24 * HOUR_MS },
] as const;

export interface RegulatoryClock {
  readonly elapsed: string;
  readonly marks: readonly { readonly text: string; readonly passed: boolean }[];
}

/** Counted to the end of this record; it does not know whether the impact lasted longer. */
export function describeClock({ diagnosis: { scope }, session, say, clock }: Telling): RegulatoryClock {
  const { firstBad } = scope;
  if (firstBad === undefined) return { elapsed: say('clockUnknown'), marks: [] };
  const elapsedMs = Math.max(0, (session.endedAt ?? session.lastAt) - firstBad);
  return {
    elapsed: say('clockElapsed', { time: describeDuration(elapsedMs) }),
    marks: MARKS.map(({ word, afterMs }) => {
      const passed = elapsedMs >= afterMs;
      return { passed, text: `${say(word)}: ${clock.both(firstBad + afterMs)} (${say(passed ? 'clockPassed' : 'clockOpen')})` };
    }),
  };
}
