import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from '../../src/adapters/command.ts';
import { hashInChild, listInChild, readInChild, statFilesystemInChild, statInChild } from '../../src/adapters/local-files-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-child-'));
const file = join(folder, '-odd $(name)\n.txt');
writeFileSync(file, '0123456789');
afterAll(() => rmSync(folder, { recursive: true }));

const MS = 5000;

it.each([
  [{ offset: 0, maxBytes: 1000 }, '0123456789', 0],
  [{ offset: 0, maxBytes: 4 }, '0123', 0],
  [{ offset: 7, maxBytes: 1000 }, '789', 7],
  [{ offset: -3, maxBytes: 1000 }, '789', 7],
  [{ offset: -4, maxBytes: 2 }, '67', 6],
  [{ offset: -99, maxBytes: 1000 }, '0123456789', 0],
  [{ offset: 99, maxBytes: 1000 }, '', 99],
])('reads as this process would: %j', async (wanted, text, offset) => {
  expect(await readInChild(file, wanted, MS)).toEqual({ text, offset, bytesRead: text.length, size: 10 });
});

it('brings every byte of a large piece', async () => {
  const content = 'abcdefghij'.repeat(300_000);
  const path = join(folder, 'large');
  writeFileSync(path, content);
  expect((await readInChild(path, { offset: 0, maxBytes: 4_000_000 }, MS)).text === content).toBe(true);
  expect(await readInChild(path, { offset: 0, maxBytes: 1_000_000 }, MS)).toMatchObject({ bytesRead: 1_000_000, size: 3_000_000 });
  expect(await hashInChild(path, MS)).toBe(createHash('sha256').update(content).digest('hex'));
});

it('lists names with anything in them', async () => {
  const path = join(folder, 'listed');
  mkdirSync(path);
  for (const name of ['a', '.hidden', 'new\nline', '-n']) writeFileSync(join(path, name), '');
  expect([...(await listInChild(path, MS))].sort()).toEqual(['-n', '.hidden', 'a', 'new\nline']);
});

it('tells what a path is', async () => {
  chmodSync(file, 0o4640);
  const seen = await statInChild(file, MS);
  expect(seen).toMatchObject({ kind: 'file', size: 10, mode: 0o4640, uid: process.getuid?.() });
  expect(Math.abs(seen.modifiedAt - Date.now())).toBeLessThan(60_000);
  expect(await statInChild('/dev/null', MS)).toMatchObject({ kind: 'device' });
  expect(await statInChild(folder, MS)).toMatchObject({ kind: 'directory' });
});

it('measures a filesystem', async () => {
  const { blocks, bsize, files } = statfsSync(folder);
  expect(await statFilesystemInChild(folder, MS)).toMatchObject({ totalBytes: blocks * bsize, totalInodes: files });
});

it('says why not', async () => {
  const missing = join(folder, 'missing');
  const wanted = { offset: 0, maxBytes: 10 };
  const asks = [
    readInChild(missing, wanted, MS),
    listInChild(missing, MS),
    statInChild(missing, MS),
    hashInChild(missing, MS),
    listInChild(file, MS),
  ];
  for (const outcome of await Promise.allSettled(asks))
    expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'not-found' } });
  const fifo = join(folder, 'fifo');
  await runCommand(['mkfifo', fifo]);
  for (const path of [fifo, folder]) {
    await expect(readInChild(path, wanted, MS)).rejects.toMatchObject({ reason: 'io', message: expect.stringContaining('not a file') });
    await expect(hashInChild(path, MS)).rejects.toMatchObject({ reason: 'io' });
  }
});
