/** The session in a bundle. */
import { JOURNAL } from '../bundle/names.ts';
import type { CheckRegistry } from '../checks/check.ts';
import type { Event } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import type { Plan } from '../engine/plan.ts';
import { readEvents } from '../engine/read-events.ts';
import type { Session } from '../engine/session.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { JournalEntry } from '../ports.ts';
import type { BundleOptions } from './bundle.ts';
import { openSound, type Sound } from './bundle-open.ts';
import { cleanEntries } from './clean-entries.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';

export interface BundledSession extends Sound {
  readonly entriesOfJournal: readonly JournalEntry[];
  readonly headHash: string;
  readonly events: readonly Event[];
  readonly session: Session;
  readonly plan: Plan;
  readonly registry: CheckRegistry;
}

/** Throws for a bundle that was altered: what it says is then worth nothing. */
export async function openSession(services: Services, file: string, options: BundleOptions): Promise<BundledSession> {
  const opened = await openSound(services, file, options);
  const archives = await services.archives();
  const journal = archives.readJournal(opened.entries.get(JOURNAL) ?? new Uint8Array());
  if (!journal.ok || journal.entries.length === 0)
    throw new OorError({
      code: 'not-a-session',
      message: `${file} holds no session of one host`,
      hint: `look at what it holds: oor bundle inspect ${file}`,
      exitCode: ExitCode.invalidInput,
    });
  const entries = cleanEntries(journal.entries);
  const events = readEvents(entries, file);
  const session = fold(events);
  return {
    ...opened,
    entriesOfJournal: entries,
    headHash: journal.head,
    events,
    session,
    ...(await planOf(services, session.started)),
  };
}
