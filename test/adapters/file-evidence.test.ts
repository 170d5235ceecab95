import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/adapters/file-store.ts';

let folder: string;
const ID = 'session-one';
const place = (): string => join(folder, 'state/sessions', ID, 'evidence');
const evidence = async () => await createFileStore({ stateDir: join(folder, 'state') }).evidence(ID);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oor-evidence-'));
  const journal = await createFileStore({ stateDir: join(folder, 'state') }).create(ID);
  await journal.append({ ts: '', mono_ms: 1, actor: 'oor', type: 'note.added', data: {} });
  await journal.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('evidence beside a journal', () => {
  it('is there once for the same text, for the owner alone, and comes back as it was', async () => {
    const kept = await evidence();
    const digests = await Promise.all(['one\n', 'one\n', 'two\n'].map((text) => kept.keep(text)));
    expect(new Set(digests).size).toBe(2);
    expect(readdirSync(place())).toHaveLength(2);
    expect(statSync(place()).mode & 0o777).toBe(0o700);
    expect(statSync(join(place(), digests[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(await (await evidence()).read(digests[0] ?? '')).toBe('one\n');
  });

  it('that was altered, begun only, or is none is not read; a text that was begun is kept whole the next time', async () => {
    const digest = await (await evidence()).keep('three\n');
    writeFileSync(join(place(), digest), 'thr');
    expect(await (await evidence()).read(digest)).toBeUndefined();
    expect(await (await evidence()).keep('three\n')).toBe(digest);
    expect(await (await evidence()).read(digest)).toBe('three\n');
    for (const name of ['../journal.jsonl', 'x', '', 'A'.repeat(43)]) expect(await (await evidence()).read(name)).toBeUndefined();
  });

  it('is not read through a link', async () => {
    const digest = await (await evidence()).keep('four\n');
    rmSync(join(place(), digest));
    writeFileSync(join(folder, 'four'), 'four\n');
    symlinkSync(join(folder, 'four'), join(place(), digest));
    expect(await (await evidence()).read(digest)).toBeUndefined();
  });

  it('comes with the journal as it lies there, whole records only', async () => {
    const path = join(folder, 'state/sessions', ID, 'journal.jsonl');
    const whole = readFileSync(path);
    writeFileSync(path, Buffer.concat([whole, Buffer.from('{"seq":2')]));
    expect(Buffer.from(await (await evidence()).journal())).toEqual(whole);
  });

  it('goes with the session', async () => {
    await createFileStore({ stateDir: join(folder, 'state') }).remove(ID);
    expect(readdirSync(join(folder, 'state/sessions'))).toEqual([]);
  });
});
