import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createInbox } from '../../src/adapters/file-inbox.ts';

let base: string;
let dir: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'oor-inbox-'));
  dir = join(base, 'inbox');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const record = (id: string, at: number) => ({ id, at, type: 'note.added', data: { text: id } });

it('keeps records in the order in which they were left, for the owner alone', async () => {
  const inbox = createInbox(dir);
  expect(await inbox.waiting()).toEqual([]);
  await inbox.leave(record('b', 1_000));
  await inbox.leave(record('a', 998.4));
  await inbox.leave(record('c', 20_000));
  expect((await inbox.waiting()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  await inbox.discard('b');
  await inbox.discard('never there');
  expect((await inbox.waiting()).map(({ id }) => id)).toEqual(['a', 'c']);
});

it.each([
  ['half a record', '{"id":"x","at":1,"type":"no'],
  ['another thing', '[1]'],
  ['no data', '{"id":"x","at":1,"type":"note.added"}'],
])('passes over %s, and it stays', async (_what, text) => {
  const inbox = createInbox(dir);
  await inbox.leave(record('good', 2));
  writeFileSync(join(dir, '1-x.json'), text);
  writeFileSync(join(dir, '.1-y.json.tmp'), '{}');
  expect((await inbox.waiting()).map(({ id }) => id)).toEqual(['good']);
  expect(readdirSync(dir)).toContain('1-x.json');
});

it('an id is never a path', async () => {
  mkdirSync(dir, { mode: 0o700 });
  await expect(createInbox(dir).leave(record('../../x', 1))).rejects.toThrow('no id');
});
