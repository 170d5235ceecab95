/** The one way into the journal: redact, fold, append. */
import type { Clock, Journal, Json } from '../ports.ts';
import { type Event, type EventData, type EventType, toRecord } from './events.ts';
import { apply, begin } from './fold.ts';
import type { Session } from './session.ts';

export interface RecorderDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly redact: (value: Json) => { readonly value: Json; readonly count: number };
  /** Told after the event is durable. */
  readonly observe?: (event: Event, session: Session) => void;
}

export interface Recorder {
  session(): Session;
  /** Resolves when the event is on disk; the session has it at once, so that decisions never wait for the disk. */
  record<T extends EventType>(type: T, data: EventData[T], actor?: Event['actor']): Promise<void>;
}

export function createRecorder(deps: RecorderDeps, past: Session | undefined): Recorder {
  let session = past;
  return {
    session() {
      if (!session) throw new Error('nothing was recorded yet');
      return session;
    },
    async record(type, data, actor = 'oor') {
      const { wallMs, monoMs } = deps.clock.now();
      const redacted = deps.redact(data as unknown as Json).value;
      const event = { type, data: redacted, actor, at: wallMs, monoMs } as unknown as Event;
      if (event.type === 'session.started') session = begin(event);
      else if (session) session = apply(session, event);
      const after = session;
      await deps.journal.append(toRecord(event));
      if (after) deps.observe?.(event, after);
    },
  };
}
