import { beforeAll, describe, expect, it } from 'vitest';
import { composeBundle } from '../../src/bundle/compose.ts';
import { renderReport } from '../../src/cli/report-format.ts';
import { fold } from '../../src/engine/fold.ts';
import { readEvents } from '../../src/engine/read-events.ts';
import { OorError } from '../../src/errors.ts';
import type { JournalEntry, Json } from '../../src/ports.ts';
import { type Incident, incidentOf } from '../../src/report/incident.ts';
import { archives, artifact, compose, journalOf, records, signer, text, utf8, verify } from '../bundle/made-bundle.ts';
import { fixedIncident } from '../report/fixed-incident.ts';
import { registry } from './harness.ts';

let incident: Incident;
let entries: readonly JournalEntry[];

beforeAll(async () => {
  incident = await fixedIncident();
  const collected = { ...incident.entries[0], type: 'evidence.collected', data: { artifacts: [artifact({ file: '/var/log/a' }, 'x\n')] } };
  entries = [...incident.entries, collected as unknown as JournalEntry];
});

/** All that is made of a journal that was kept. */
async function use(of: readonly JournalEntry[]): Promise<void> {
  const events = readEvents(of);
  const session = fold(events);
  const { plan } = incident;
  const told = incidentOf({ plan, registry, entries: of, headHash: 'ab' });
  for (const format of ['text', 'md', 'html', 'junit', 'csv', 'json'] as const) await renderReport(format, told, 'en');
  const evidence = { read: async () => 'x\n' };
  const tool = { name: 'oor', version: '1', sha256: '' };
  const rest = { journal: new Uint8Array(), head: '', report: () => '', window: { since: 0 }, maxBytes: 1_000, signer, archives };
  await composeBundle({ events, session, evidence, tool, ...rest });
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [[key], ...pathsIn((value as never)[key]).map((path) => [key, ...path])]);
}

/** undefined: without it. */
function changed(entry: JournalEntry, path: Path, to: Json | undefined): JournalEntry {
  const copy = structuredClone(entry) as unknown as { data: Record<string, unknown> };
  const holder = path.slice(0, -1).reduce<never>((inner, key) => inner[key] as never, copy.data as never) as Record<
    string | number,
    unknown
  >;
  const last = path.at(-1) ?? '';
  if (to !== undefined) holder[last] = to;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy as unknown as JournalEntry;
}

describe('a journal whose chain holds and whose records do not', () => {
  it('is used, or refused with exit 65, whatever field is missing or of another kind', async () => {
    await use(entries);
    let refused = 0;
    for (const [index, entry] of entries.entries()) {
      for (const path of pathsIn(entry.data)) {
        for (const to of [undefined, null, 'x', -1e300, [null], {}]) {
          const altered = entries.with(index, changed(entry, path, to));
          const error = await use(altered).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error === undefined) continue;
          const where = `${entry.type} ${path.join('.')} = ${JSON.stringify(to)}`;
          expect([where, error]).toEqual([where, expect.objectContaining({ exitCode: 65, code: 'journal-not-understood' })]);
          refused += 1;
        }
      }
    }
    expect(refused).toBeGreaterThan(200);
  });

  it('names the record, its type and the field', () => {
    const bad = entries.map((entry) => (entry.type === 'step.finished' ? changed(entry, ['judgement', 'status'], undefined) : entry));
    const seq = bad.find(({ type }) => type === 'step.finished')?.seq;
    expect(() => readEvents(bad, 'session a')).toThrow(
      `session a cannot be read: record ${seq} (step.finished): judgement.status is missing`,
    );
  });

  it.each([
    ['no record at all', () => []],
    ['no beginning', () => entries.slice(1)],
    ['two beginnings', () => [...entries, entries[0] as JournalEntry]],
    ['a record of another version', () => [...entries, { ...(entries[1] as JournalEntry), type: 'fix.dreamt-of' }]],
    ['a time that is none', () => entries.with(1, { ...(entries[1] as JournalEntry), ts: 'yesterday' })],
  ])('refuses %s', (_, of) => {
    expect(() => readEvents(of())).toThrow(OorError);
  });

  it('makes a bundle an altered one for whoever verifies it', async () => {
    const bad = [records[0], { ...records[1], data: { key: 'uptime', artifacts: 'none' } }, ...records.slice(2)] as typeof records;
    const journal = journalOf(bad);
    const made = (await compose()).filter(({ name }) => name !== 'manifest.json.sig');
    const entriesOf = made.map(({ name, bytes }) => (name === 'journal.jsonl' ? { name, bytes: journal.bytes } : { name, bytes }));
    const sealed = entriesOf.map((entry) => (entry.name === 'manifest.json' ? { ...entry, bytes: remade(entry.bytes, journal) } : entry));
    const told = await verify(await archives.pack(sealed));
    expect([told.exitCode, told.firstBad]).toEqual([9, 'journal.jsonl']);
    expect(told.reason).toContain('record 2 (step.finished): loop is missing');
  });
});

/** The manifest as somebody would write it who changed the journal and knows how it is sealed. */
function remade(manifest: Uint8Array, journal: { readonly bytes: Uint8Array; readonly head: string }): Uint8Array {
  const parsed = JSON.parse(text(manifest));
  parsed.journal.head = journal.head;
  const listed = parsed.entries.find(({ name }: { name: string }) => name === 'journal.jsonl');
  Object.assign(listed, { bytes: journal.bytes.length, sha256: archives.sha256(journal.bytes) });
  return utf8(JSON.stringify(parsed));
}
