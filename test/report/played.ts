/** A played session as the incident that reports are made from. */
import type { Event } from '../../src/engine/events.ts';
import { toRecord } from '../../src/engine/events.ts';
import type { JournalEntry } from '../../src/ports.ts';
import { type Incident, type IncidentInput, incidentOf } from '../../src/report/incident.ts';
import { type Outcome, play, registry, type Scenario } from '../engine/harness.ts';

export async function playIncident(scenario: Scenario, given: Partial<IncidentInput> = {}): Promise<Incident> {
  const { plan, events } = await play(scenario);
  return incidentOf({ plan, registry, entries: asEntries(events), headHash: 'ab'.repeat(32), ...given });
}

function asEntries(events: Outcome['events']): JournalEntry[] {
  return events.map((event: Event, seq) => ({ ...toRecord(event), seq, prev_hash: '' }));
}
