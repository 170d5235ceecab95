import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeFileAtomically } from '../../src/adapters/atomic-file.ts';
import { OorError } from '../../src/errors.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-atomic-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('a new file has the mode that was asked for, and nothing else is left', async () => {
  await writeFileAtomically(join(folder, 'new'), 'one\n', 0o644);
  expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o644);
  expect(readdirSync(folder)).toEqual(['new']);
});

it('one that is there is replaced and keeps its mode', async () => {
  const path = join(folder, 'old');
  writeFileSync(path, 'before');
  chmodSync(path, 0o640);
  const { ino } = statSync(path);
  await writeFileAtomically(path, 'after', 0o600);
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, statSync(path).ino === ino]).toEqual(['after', 0o640, false]);
});

it('a link stays a link', async () => {
  symlinkSync('new', join(folder, 'link'));
  await writeFileAtomically(join(folder, 'link'), 'two\n', 0o600);
  expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('two\n');
  expect(readdirSync(folder).sort()).toEqual(['link', 'new', 'old']);
});

it.each(['/dev/null', '.', 'nosuch/file'])('%s is refused', async (name) => {
  const refused = await writeFileAtomically(name.startsWith('/') ? name : join(folder, name), 'x', 0o600).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OorError);
  expect(statSync('/dev/null').isFile()).toBe(false);
});
