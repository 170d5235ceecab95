/** What every report is made from: the journal, and what follows from it. */
import type { CheckRegistry } from '../checks/check.ts';
import { type Diagnosis, diagnose } from '../engine/diagnose.ts';
import type { Event } from '../engine/events.ts';
import { fold } from '../engine/fold.ts';
import type { Plan } from '../engine/plan.ts';
import { readEvents } from '../engine/read-events.ts';
import type { Session, StepResult } from '../engine/session.ts';
import type { JournalEntry, Language } from '../ports.ts';
import { type CheckRow, checkReport } from './check-report.ts';
import { type ClockFace, createClockFace } from './clock-face.ts';
import { groupResults } from './results.ts';
import { type Word, wordsIn } from './words.ts';

export interface IncidentInput {
  readonly plan: Plan;
  readonly registry: CheckRegistry;
  /** The whole journal, in order. */
  readonly entries: readonly JournalEntry[];
  /** SHA-256 of its last record. */
  readonly headHash: string;
  /** Where the report lies in a bundle: paths of the files of each step, relative to the report. */
  readonly artifacts?: ReadonlyMap<string, readonly string[]>;
}

export interface Incident extends IncidentInput {
  /** The entries as the engine knows them. */
  readonly events: readonly Event[];
  readonly session: Session;
  readonly diagnosis: Diagnosis;
}

export function incidentOf(input: IncidentInput): Incident {
  const events = readEvents(input.entries);
  const session = fold(events);
  return { ...input, events, session, diagnosis: diagnose(input.plan, session, input.registry) };
}

/** An incident and the language it is told in. */
export interface Telling extends Incident {
  readonly language: Language;
  readonly clock: ClockFace;
  /** All that each step said, in order. */
  readonly results: ReadonlyMap<string, readonly StepResult[]>;
  /** What each check said last, by step. */
  readonly rows: ReadonlyMap<string, CheckRow>;
  readonly say: (word: Word, data?: Readonly<Record<string, string | number>>) => string;
}

export function tell(incident: Incident, language: Language): Telling {
  const rows = new Map(checkReport(incident).rows.map((row) => [row.step, row]));
  const clock = createClockFace(incident.session.started.utc_offset_min);
  return { ...incident, language, rows, results: groupResults(incident.session), clock, say: wordsIn(language) };
}
