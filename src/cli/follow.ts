/** `oor follow SESSION`: what happens in a session, read from its journal as it grows; changes nothing and holds no lock. */
import { readEvents } from '../engine/read-events.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { JournalEntry } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { incidentOf, type Telling, tell } from '../report/incident.ts';
import { jsonLine } from '../report/json-text.ts';
import { describeEvent } from '../report/timeline-words.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import type { Services } from './services.ts';
import { planOf } from './session-run.ts';

const LOOK_EVERY_MS = 300;
const CODES: Readonly<Record<string, number>> = { SIGTERM: ExitCode.terminated, SIGHUP: ExitCode.hangup };

/** Resolves when the session has ended; without an id the newest one is followed. */
export async function followCommand(services: Services, [given]: readonly string[], options: GlobalOptions): Promise<number> {
  const store = await services.store(options.stateDir);
  const id = given ?? (await newestOf(await store.list()));
  const { language } = policyOf(options, services);
  let seen = 0;
  let planned: Awaited<ReturnType<typeof planOf>> | undefined;
  for (;;) {
    const { entries, headHash } = await store.read(id);
    if (entries.length > seen) {
      if (options.json || options.jsonl)
        await services.out(
          entries
            .slice(seen)
            .map((entry) => jsonLine(entry))
            .join(''),
        );
      else {
        planned ??= await planOf(services, incidentStart(entries, id));
        await services.out(tellSince(tell(incidentOf({ ...planned, entries, headHash }), language), seen));
      }
      seen = entries.length;
    }
    if (isOver(entries)) return ExitCode.healthy;
    await services.clock.sleep(LOOK_EVERY_MS, services.interruption).catch(() => undefined);
    if (services.interruption.aborted) return CODES[String(services.interruption.reason)] ?? ExitCode.interrupted;
  }
}

/** What comes behind the end (evidence, notes, samples of a soak) does not open it again; only a resumption does. */
function isOver(entries: readonly JournalEntry[]): boolean {
  const last = entries.findLast(({ type }) => type === 'session.ended' || type === 'session.resumed');
  return last?.type === 'session.ended';
}

async function newestOf(sessions: readonly { readonly id: string; readonly modifiedAt: number }[]): Promise<string> {
  const [newest] = sessions.toSorted((one, other) => other.modifiedAt - one.modifiedAt);
  if (newest) return newest.id;
  throw new OorError({ code: 'no-session', message: 'there is no session here', hint: 'see: oor sessions', exitCode: ExitCode.usage });
}

function incidentStart(entries: readonly JournalEntry[], id: string) {
  const [first] = readEvents(entries.slice(0, 1), id);
  if (first?.type !== 'session.started')
    throw new OorError({ code: 'no-start', message: `${id} does not begin with its start`, exitCode: ExitCode.recordDamaged });
  return first.data;
}

function tellSince(telling: Telling, seen: number): string {
  const lines = telling.events.slice(seen).flatMap((event) => {
    const told = describeEvent(telling, event);
    return told ? [`${telling.clock.both(event.at)}  ${escapeControlInLine(told.text)}\n`] : [];
  });
  return lines.join('');
}
