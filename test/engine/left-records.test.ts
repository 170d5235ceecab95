import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/events.ts';
import { takeIn } from '../../src/engine/left-records.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import type { Inbox, JournalRecord, LeftRecord } from '../../src/ports.ts';

const STARTED = {
  schema_version: 1,
  session: 's',
  tool: { name: 'oor', version: '0' },
  playbook: { id: 'p', file: 'p.yaml', sha256: '', text: '', included: [] },
  profile: { file: '', sha256: '', data: {} },
  inputs: {},
  local_host: 'here',
  language: 'en',
  flags: { interactive: false, allow_fix: [], dry_run: false, concurrency: 1, since: 0, deadline_ms: null, ephemeral: false },
  symptom: '',
} as const;

function inboxOf(records: LeftRecord[]): Inbox {
  return {
    leave: async (record) => void records.push(record),
    waiting: async () => [...records],
    discard: async (id) => {
      records.splice(0, records.length, ...records.filter((record) => record.id !== id));
    },
  };
}

async function createJournal() {
  const appended: JournalRecord[] = [];
  const observed: Event[] = [];
  const journal = { sessionId: 's', append: async (record: JournalRecord) => void appended.push(record), close: async () => undefined };
  const clock = { now: () => ({ wallMs: 5, monoMs: 5 }), sleep: async () => undefined, turn: async () => undefined };
  const observe = (event: Event): void => void observed.push(event);
  const recorder = createRecorder({ journal, clock, redact: (value) => ({ value, count: 0 }), observe }, undefined);
  await recorder.record('session.started', STARTED);
  return { recorder, appended };
}

const note = (id: string, data: LeftRecord['data'] = { text: id }): LeftRecord => ({ id, at: 3, type: 'note.added', data });

describe('what others left', () => {
  it('is taken in with the time at which it was written', async () => {
    const { recorder, appended } = await createJournal();
    const records = [note('one', { text: 'hello', by: 'ann' })];
    await takeIn(inboxOf(records), recorder);
    expect(records).toEqual([]);
    expect(appended.at(-1)).toMatchObject({ type: 'note.added', actor: 'operator', data: { text: 'hello', by: 'ann', id: 'one', at: 3 } });
    expect(recorder.session().notes).toEqual([{ at: 3, text: 'hello', by: 'ann' }]);
  });

  it('is taken in once, also when the process died before it was discarded', async () => {
    const { recorder, appended } = await createJournal();
    await takeIn(inboxOf([note('one')]), recorder);
    const again = [note('one')];
    await takeIn(inboxOf(again), recorder);
    expect([appended.length, again]).toEqual([2, []]);
  });

  it.each([
    ['decides something', { ...note('x'), type: 'answer.given', data: { id: 'symptom', value: 'errors', source: 'operator' } }],
    ['is of another version', note('x', { words: 'hello' })],
  ])('stays where it is when it %s', async (_what, record) => {
    const { recorder, appended } = await createJournal();
    const records = [record, note('y')];
    await takeIn(inboxOf(records), recorder);
    expect(records).toEqual([record]);
    expect(appended.map(({ type }) => type)).toEqual(['session.started', 'note.added']);
  });
});
