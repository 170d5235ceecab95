/** Archives from anywhere: what they try, and that nothing of it happens. */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArchives } from '../../src/adapters/archives.ts';
import { writeTar } from '../../src/adapters/tar.ts';
import { isEntryName } from '../../src/bundle/names.ts';

const archives = createArchives(isEntryName);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-archives-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A ustar header with anything in it, its checksum right. */
function header(name: string, size: number, { type = '0', link = '' } = {}): Buffer {
  const block = Buffer.from(writeTar([{ name: 'report.html', bytes: new Uint8Array() }]).subarray(0, 512));
  block.fill(0, 0, 100);
  block.write(name, 0);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(type, 156);
  block.write(link, 157);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const END = Buffer.alloc(1024);
const archiveOf = (...blocks: readonly Buffer[]): Buffer => gzipSync(Buffer.concat([...blocks, END]));
const content = (text: string): Buffer => Buffer.concat([Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);

describe('what a bundle never holds is refused, unread', () => {
  it.each([
    '../evil.txt',
    '/etc/cron.d/evil',
    'artifacts/../../evil.txt',
    'artifacts/web/../../../evil.txt',
    'artifacts/.ssh/authorized_keys.txt',
    'artifacts/web/.hidden.txt',
    'artifacts\\web\\x.txt',
    'C:/evil.txt',
    'report.html/../../x',
    'artifacts/web/x.sh',
    'artifacts/web/\u001b[2Jx.txt',
    'artifacts/web/\u202Etxt.exe',
    './report.html',
    'hosts/../../../root/journal.jsonl',
    `artifacts/web/${'a'.repeat(200)}.txt`,
  ])('the name %j', async (name) => {
    const { entries, stopped } = await archives.unpack(archiveOf(header(name.slice(0, 99), 1), content('x')));
    expect(entries).toEqual([]);
    expect(stopped?.kind).toBe('refused');
  });

  it.each([
    ['a hard link', '1'],
    ['a symbolic link', '2'],
    ['a character device', '3'],
    ['a block device', '4'],
    ['a folder', '5'],
    ['a pipe', '6'],
    ['a contiguous file', '7'],
    ['a pax header', 'x'],
    ['a global pax header', 'g'],
    ['a long name of GNU', 'L'],
    ['a long link of GNU', 'K'],
    ['a sparse file of GNU', 'S'],
  ])('%s', async (_what, type) => {
    const { entries, stopped } = await archives.unpack(archiveOf(header('report.html', 0, { type, link: '/etc/passwd' })));
    expect({ entries, kind: stopped?.kind, at: stopped?.at }).toEqual({ entries: [], kind: 'refused', at: 'report.html' });
  });

  it.each([
    ['artifacts/web/A.txt', 'artifacts/web/a.txt'],
    ['artifacts/web/a.txt', 'artifacts/web/A.txt'],
  ])('%s and %s, which are one where case does not count', async (one, other) => {
    const twice = archiveOf(header(one, 1), content('x'), header(other, 1), content('y'));
    expect((await archives.unpack(twice)).stopped).toMatchObject({ kind: 'refused', at: other });
  });

  it('a checksum that is wrong, of the compression and of a header', async () => {
    const good = await archives.pack([{ name: 'report.html', bytes: Buffer.from('hello') }]);
    const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect((await archives.unpack(flip(good, good.length - 8))).stopped).toMatchObject({ kind: 'damaged', reason: 'a checksum is wrong' });
    const tar = flip(writeTar([{ name: 'report.html', bytes: Buffer.from('hello') }]), 105);
    expect((await archives.unpack(gzipSync(tar))).stopped).toMatchObject({ reason: 'the checksum of its header is wrong' });
  });

  it('a name that goes on in the prefix field', async () => {
    const block = header('report.html', 1);
    block.write('../../..', 345);
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    expect((await archives.unpack(archiveOf(block, content('x')))).entries).toEqual([]);
  });

  it.each(['77777777777', '-0000000001', '8'.repeat(11), ' '.repeat(11)])('a size of %j', async (size) => {
    const block = header('report.html', 1);
    block.write(`${size}\0`, 124);
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const { entries, stopped } = await archives.unpack(archiveOf(block, content('x')));
    expect(entries).toEqual([]);
    expect(stopped).toBeDefined();
  });
});

describe('a flood', () => {
  it('10 GB out of 10 MB end at the first bytes that are too much', async () => {
    // One member of 10 MB zeros compresses a thousandfold; a thousand of them are 10 GB.
    const member = gzipSync(Buffer.alloc(10 * 1024 * 1024), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 1_000 }, () => member));
    const before = process.memoryUsage.rss();
    const { entries, stopped } = await archives.unpack(bomb);
    expect({ entries, kind: stopped?.kind }).toEqual({ entries: [], kind: 'refused' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 * 1024);
  });

  it('a small file that unpacks to very much', async () => {
    expect((await archives.unpack(gzipSync(Buffer.alloc(60 * 1024 * 1024)))).stopped?.kind).toBe('refused');
  });

  it('a million entries, or parts without end', async () => {
    const blocks = Array.from({ length: 50_000 }, (_, index) => header(`artifacts/web/${index}.txt`, 0));
    const { entries, stopped } = await archives.unpack(gzipSync(Buffer.concat([...blocks, END]), { level: 1 }));
    expect(stopped?.kind).toBe('refused');
    expect(entries.length).toBeLessThanOrEqual(4_096);
    const empty = Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync('')));
    expect((await archives.unpack(empty)).stopped?.kind).toBe('refused');
  });
});

describe('a new file', () => {
  it('is for the owner alone, and is never laid over another', async () => {
    const path = join(folder, 'x.tar.gz');
    await archives.writeNew(path, Buffer.from('one'));
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    await expect(archives.writeNew(path, Buffer.from('two'))).rejects.toMatchObject({ exitCode: 2 });
    expect(readFileSync(path, 'utf8')).toBe('one');
  });

  it('is known beforehand to be none that can be made, in words', async () => {
    const path = (...parts: readonly string[]): string => join(folder, ...parts);
    expect(await archives.mayCreate(path('early.tar.gz'))).toBe(true);
    writeFileSync(path('early.tar.gz'), 'there');
    symlinkSync(path('nowhere'), path('early-link'));
    expect(await archives.mayCreate(path('early.tar.gz'))).toBe(false);
    expect(await archives.mayCreate(path('early-link'))).toBe(false);
    for (const [place, why] of [
      [folder, 'it is a folder'],
      [path('no', 'x.tar.gz'), 'its folder is not there'],
      [path('early.tar.gz', 'x.tar.gz'), 'what should be its folder is none'],
    ] as const) {
      await expect(archives.mayCreate(place)).rejects.toMatchObject({ exitCode: 2, message: `${place} cannot be written: ${why}` });
    }
    await expect(archives.writeNew(path('no', 'x.tar.gz'), Buffer.from('one'))).rejects.toThrow('its folder is not there');
    await expect(archives.writeNew(path('early.tar.gz'), Buffer.from('one'))).rejects.toThrow('there is a file of this name');
  });

  it.skipIf(process.getuid?.() === 0)("is none in a folder that is somebody else's", async () => {
    await expect(archives.mayCreate('/etc/oor-none.tar.gz')).rejects.toThrow('no permission');
  });

  it('is not there, nor a part of it, when who looks at it refuses', async () => {
    const path = join(folder, 'refused.tar.gz');
    const refuse = async (bytes: Uint8Array): Promise<void> => {
      expect(Buffer.from(bytes).toString()).toBe('bytes');
      throw new Error('no');
    };
    await expect(archives.writeNew(path, Buffer.from('bytes'), refuse)).rejects.toThrow('no');
    expect(readdirSync(folder).filter((name) => name.includes('refused'))).toEqual([]);
  });

  it('is not written through a link that lies there', async () => {
    const [target, path] = [join(folder, 'target'), join(folder, 'link.tar.gz')];
    writeFileSync(target, 'mine');
    symlinkSync(target, path);
    await expect(archives.writeNew(path, Buffer.from('evil'))).rejects.toMatchObject({ exitCode: 2 });
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });
});

describe('a folder of entries', () => {
  it('is whole or is not there', async () => {
    const path = join(folder, 'half');
    const entries = ['report.html', 'report.html'].map((name) => ({ name, bytes: Buffer.from('x') }));
    await expect(archives.writeFolder(path, entries)).rejects.toMatchObject({ exitCode: 2 });
    expect(existsSync(path)).toBe(false);
    mkdirSync(path);
    await expect(archives.writeFolder(path, [])).rejects.toThrow('there is something of this name');
    expect(existsSync(path)).toBe(true);
  });

  it('is made anew, 0700 and 0600', async () => {
    const path = join(folder, 'out');
    await archives.writeFolder(path, [{ name: 'artifacts/web/a.txt', bytes: Buffer.from('a') }]);
    expect(lstatSync(path).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(path, 'artifacts/web/a.txt')).mode & 0o777).toBe(0o600);
    await expect(archives.writeFolder(path, [])).rejects.toMatchObject({ exitCode: 2 });
  });

  it('is not made through a link, and takes no name that is none of a bundle', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(folder, 'linked'));
    await expect(archives.writeFolder(join(folder, 'linked'), [{ name: 'report.html', bytes: Buffer.from('x') }])).rejects.toMatchObject({
      exitCode: 2,
    });
    expect(readdirSync(elsewhere)).toEqual([]);
    await archives.writeFolder(join(folder, 'named'), [{ name: '../escaped.txt', bytes: Buffer.from('x') }]);
    expect(existsSync(join(folder, 'escaped.txt'))).toBe(false);
  });
});
