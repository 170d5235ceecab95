/** A journal keeps whatever it is told, and stays one line of JSON a record. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFileStore } from '../../src/adapters/file-store.ts';
import { MALFORMED, NAUGHTY, ODD_CHARACTERS } from '../hostile-texts.ts';

const ID = 'session-0001';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-texts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('of any text, as value and as key; read back it is the same', async () => {
  const decoded = Object.values({ ...MALFORMED, ...ODD_CHARACTERS }).map((bytes) => Buffer.from(bytes).toString('utf8'));
  const texts = [...Object.values(NAUGHTY).flat(), ...decoded];
  const store = createFileStore({ stateDir: folder });
  const journal = await store.create(ID);
  for (const text of texts)
    await journal.append({
      ts: new Date(0).toISOString(),
      mono_ms: 1,
      actor: 'oor',
      type: 'note.added',
      data: { text, of: { [text]: [text] } },
    });
  await journal.close();
  const { entries, tornBytes } = await store.read(ID);
  expect(tornBytes).toBe(0);
  expect(entries.map(({ data }) => JSON.stringify(data))).toEqual(texts.map((text) => JSON.stringify({ text, of: { [text]: [text] } })));
  const lines = readFileSync(join(folder, 'sessions', ID, 'journal.jsonl'), 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.length).toBe(texts.length);
  expect(lines.filter((line) => /[\u0000-\u001f]/.test(line))).toEqual([]);
});
