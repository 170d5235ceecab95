/** Entries of a journal -> events. A chain that holds proves who wrote them, not that this version understands them. Pure. */
import { ExitCode, OorError } from '../errors.ts';
import type { JournalEntry } from '../ports.ts';
import { EVENT_SHAPES, faultOf } from './event-shapes.ts';
import { type Event, fromEntry } from './events.ts';

/** Throws (exit 65) where something is missing that the fold relies on: a record of another version, or made by hand. */
export function readEvents(entries: readonly JournalEntry[], whose = ''): readonly Event[] {
  const reason = explainEntries(entries);
  if (reason === undefined) return entries.map(fromEntry);
  throw new OorError({
    code: 'journal-not-understood',
    message: `the journal${whose === '' ? '' : ` of ${whose}`} cannot be read: ${reason}`,
    hint: 'another version of oor wrote it, or somebody changed it: keep the file, and read it with the version that its first record names',
    exitCode: ExitCode.invalidInput,
  });
}

/** Which record is not understood and why; undefined: all are. */
export function explainEntries(entries: readonly JournalEntry[]): string | undefined {
  if (entries.length === 0) return 'it holds no record';
  for (const [index, entry] of entries.entries()) {
    const fault = explain(entry, index);
    if (fault !== undefined) return `record ${entry.seq} (${entry.type}): ${fault}`;
  }
  return undefined;
}

function explain({ type, ts, data }: JournalEntry, index: number): string | undefined {
  if ((index === 0) !== (type === 'session.started')) return index === 0 ? 'it should be session.started' : 'a session starts once';
  if (Number.isNaN(Date.parse(ts))) return 'ts is no time';
  const shape = Object.hasOwn(EVENT_SHAPES, type) ? EVENT_SHAPES[type as Event['type']] : undefined;
  return shape === undefined ? 'this version knows no such record' : faultOf(data, shape, '');
}
