/** A record left beside a journal: it gets into the chain through whoever holds the journal, or through this process when nobody does. */
import { fold } from '../engine/fold.ts';
import { takeIn } from '../engine/left-records.ts';
import { readEvents } from '../engine/read-events.ts';
import { createRecorder, type RecorderDeps } from '../engine/recorder.ts';
import { OorError } from '../errors.ts';
import type { LeftRecord, Store } from '../ports.ts';
import type { Services } from './services.ts';

export interface Leaving {
  readonly services: Pick<Services, 'clock' | 'interruption'>;
  readonly store: Store;
  readonly session: string;
  readonly redact: RecorderDeps['redact'];
}

/** Whoever writes the journal looks more often than this, unless it was stopped. */
const PATIENCE_MS = 4_000;
const LOOK_EVERY_MS = 50;

/** True: it stands in the journal. False: whoever holds the journal has not looked yet; it is kept until then. */
export async function leaveRecord(at: Leaving, record: LeftRecord): Promise<boolean> {
  const { services, store, session, redact } = at;
  const { clock, interruption } = services;
  const inbox = await store.inbox(session);
  await inbox.leave(record);
  const until = clock.now().monoMs + PATIENCE_MS;
  while (clock.now().monoMs < until && !interruption.aborted) {
    const opened = await openFree(store, session);
    if (opened) {
      try {
        await takeIn(inbox, createRecorder({ journal: opened.journal, clock, redact }, fold(readEvents(opened.stored.entries, session))));
        return true;
      } finally {
        await opened.journal.close();
      }
    }
    if (!(await inbox.waiting()).some(({ id }) => id === record.id)) return true;
    await clock.sleep(LOOK_EVERY_MS, interruption).catch(() => undefined);
  }
  return false;
}

/** undefined: somebody holds it. */
async function openFree(store: Store, session: string): Promise<Awaited<ReturnType<Store['open']>> | undefined> {
  if (await store.isHeld(session)) return undefined;
  try {
    return await store.open(session);
  } catch (error) {
    if (error instanceof OorError && ['session-locked', 'session-busy'].includes(error.code)) return undefined;
    throw error;
  }
}
