/** What other processes left beside the journal, taken into it by whoever writes it: at least on disk, and at most once in the chain. */
import type { Clock, Inbox, JsonObject } from '../ports.ts';
import { EVENT_SHAPES, faultOf } from './event-shapes.ts';
import type { EventData } from './events.ts';
import type { Recorder } from './recorder.ts';

/** All that may be left: neither decides anything. */
const LEFT_TYPES = ['note.added', 'notice.finished'] as const;
type LeftType = (typeof LEFT_TYPES)[number];

/** How long a note from another terminal waits at most. */
const LOOK_EVERY_MS = 400;

/** What this version does not understand stays where it is. */
export async function takeIn(inbox: Inbox, recorder: Recorder): Promise<void> {
  for (const { id, at, type, data } of await inbox.waiting()) {
    if (!recorder.session().taken.has(id)) {
      const record = { ...data, id, at };
      if (!isTakeable(type, record)) continue;
      await recorder.record(type, record as unknown as EventData[LeftType], type === 'note.added' ? 'operator' : 'oor');
    }
    await inbox.discard(id);
  }
}

function isTakeable(type: string, data: JsonObject): type is LeftType {
  return (LEFT_TYPES as readonly string[]).includes(type) && faultOf(data, EVENT_SHAPES[type as LeftType], '') === undefined;
}

/** Takes in what comes while a run goes on, without ever ending it; resolves the end with what came last. */
export function keepTakingIn({ inbox, recorder, clock }: { readonly inbox: Inbox; readonly recorder: Recorder; readonly clock: Clock }): {
  stop(): Promise<void>;
} {
  const over = new AbortController();
  const look = (): Promise<void> => takeIn(inbox, recorder).catch(() => undefined);
  const watching = (async () => {
    while (!over.signal.aborted) {
      await look();
      await clock.sleep(LOOK_EVERY_MS, over.signal).catch(() => undefined);
    }
    await look();
  })();
  return {
    async stop() {
      over.abort();
      await watching;
    },
  };
}
