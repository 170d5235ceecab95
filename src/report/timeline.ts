/** The journal as moments that a person can read, in the order in which they happened. */
import type { Telling } from './incident.ts';
import { describeEvent, type Told } from './timeline-words.ts';

export interface Moment extends Told {
  readonly at: number;
  /** Position in the journal; null: what was seen in logs, and no event of this session. */
  readonly seq: number | null;
  readonly actor: 'oor' | 'operator' | 'log';
  readonly type: string;
}

/** Probes that begin are left out: their end says when they began. */
export function timelineOf(telling: Telling): readonly Moment[] {
  const moments = telling.events.flatMap((event, index): Moment[] => {
    const told = describeEvent(telling, event);
    return told ? [{ at: event.at, seq: telling.entries[index]?.seq ?? null, actor: event.actor, type: event.type, ...told }] : [];
  });
  return [...seenInLogs(telling), ...moments].sort((one, other) => one.at - other.at || (one.seq ?? -1) - (other.seq ?? -1));
}

/** When something was changed: commands were started, or a person went to do it. */
export function fixTimes({ events }: Pick<Telling, 'events'>): readonly number[] {
  return events.flatMap((event) => {
    const acts = event.type === 'fix.started' || (event.type === 'fix.consented' && event.data.guided);
    return acts ? [event.at] : [];
  });
}

function seenInLogs({ diagnosis: { scope }, say }: Telling): Moment[] {
  const seen = { seq: null, actor: 'log', weighty: true } as const;
  return [
    ...(scope.lastGood === undefined
      ? []
      : [{ ...seen, at: scope.lastGood, type: 'impact.last-good', tone: 'good' as const, text: say('lastGoodSeen') }]),
    ...(scope.firstBad === undefined
      ? []
      : [{ ...seen, at: scope.firstBad, type: 'impact.first-bad', tone: 'bad' as const, text: say('firstBadSeen') }]),
  ];
}
