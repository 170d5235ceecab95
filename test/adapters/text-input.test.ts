import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeMixed } from '../../src/adapters/mixed-text.ts';
import { createPseudonym, incidentKey, randomKey } from '../../src/adapters/pseudonym-key.ts';
import { listFiles, openText } from '../../src/adapters/text-input.ts';
import { createTextFile } from '../../src/adapters/text-output.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-text-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(
  bytes: Uint8Array,
  chunk = 7,
): Promise<{ readonly encoding: unknown; readonly packed: boolean; readonly text: string; readonly withheld: number }> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += chunk) yield bytes.subarray(from, from + chunk);
  }
  const { encoding, packed, chunks } = await openText('-', pieces());
  let text = '';
  let withheld = 0;
  for await (const piece of chunks()) {
    if (typeof piece === 'string') text += piece;
    else withheld += piece.withheld;
  }
  return { encoding, packed, text, withheld };
}

describe('text in', () => {
  it.each([
    ['utf8', Buffer.from('naïve 支付 \u{1f600}\n')],
    ['utf16le', Buffer.from('\ufeffpaid 支付\n', 'utf16le')],
    ['utf16le', Buffer.from('paid by card at the desk\n', 'utf16le')],
    ['utf8', Buffer.from('caf\xe9 \xd6\xa7\xb8\xb6 \x80\xff\n', 'latin1')],
    ['utf8', Buffer.from('')],
  ] as const)('%s, cut anywhere, byte for byte', async (encoding, bytes) => {
    for (const chunk of [1, 3, 1000]) {
      const input = await read(bytes, chunk);
      expect(input).toMatchObject({ encoding, withheld: 0 });
      expect(Buffer.from(encoding === 'utf8' ? encodeMixed(input.text) : Buffer.from(input.text, encoding))).toEqual(bytes);
    }
  });

  it('packed: in members, cut anywhere', async () => {
    expect(await read(Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]))).toEqual({
      encoding: 'utf8',
      packed: true,
      text: 'one\ntwo\n',
      withheld: 0,
    });
  });

  it('binary: only its size', async () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 32));
    expect(await read(bytes, 1000)).toEqual({ encoding: undefined, packed: false, text: '', withheld: 4096 });
    expect(await read(gzipSync(bytes), 1000)).toMatchObject({ encoding: undefined, packed: true, withheld: 4096 });
  });

  it('a stretch of binary in a text', async () => {
    const text = 'a line of text\n'.repeat(5_000);
    const input = await read(Buffer.concat([Buffer.from(text), Buffer.alloc(4096, 1), Buffer.from(text)]), 1_000);
    expect(input.encoding).toBe('utf8');
    expect(input.withheld).toBeGreaterThanOrEqual(4_000);
    expect(input.text).toContain(text.slice(0, 70_000));
  });

  it.each([
    ['damaged', gzipSync('x'.repeat(100_000)).subarray(0, 60)],
    ['too well packed', gzipSync(Buffer.alloc(80 * 1024 * 1024, 'x'))],
  ])('packed and %s: refused', async (_, bytes) => {
    await expect(read(bytes, 10_000)).rejects.toMatchObject({ code: 'unreadable-file', exitCode: 65 });
  });

  it('a file that is not there or may not be read', async () => {
    await expect(openText(join(folder, 'none'))).rejects.toMatchObject({ code: 'unreadable-file' });
  });
});

describe('files', () => {
  it('of a folder: regular ones by name, no links', async () => {
    const root = join(folder, 'tree');
    mkdirSync(join(root, 'b'), { recursive: true });
    writeFileSync(join(root, 'b', 'two.log'), '2');
    writeFileSync(join(root, 'a.log'), '1');
    symlinkSync('/etc/passwd', join(root, 'link'));
    symlinkSync('/etc', join(root, 'etc'));
    expect((await listFiles(root))?.files.map(({ name }) => name)).toEqual(['a.log', 'b/two.log']);
    expect(await listFiles(join(root, 'a.log'))).toEqual({ files: [{ path: join(root, 'a.log'), name: 'a.log' }], passed: [] });
    expect(await listFiles(join(root, 'nothing'))).toBeUndefined();
  });

  it('out: 0600, packed again, never replaced', async () => {
    const out = join(folder, 'out');
    const file = await createTextFile(out, 'deep/a.gz', { encoding: 'utf8', packed: true });
    await file.write('caf\udce9 ');
    await file.write('x'.repeat(500_000));
    await file.close();
    const path = join(out, 'deep/a.gz');
    expect(gunzipSync(readFileSync(path)).subarray(0, 5)).toEqual(Buffer.from('caf\xe9 ', 'latin1'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(createTextFile(out, 'deep/a.gz', { encoding: 'utf8', packed: false })).rejects.toMatchObject({ code: 'unwritable-file' });
  });
});

describe('pseudonyms', () => {
  it('are the same under one key, others under another, and of another kind', () => {
    const [one, other] = [createPseudonym(randomKey()), createPseudonym(randomKey())];
    expect(one('ip', '10.0.0.7')).toMatch(/^[a-z2-9]{12}$/);
    expect(one('ip', '10.0.0.7')).toBe(one('ip', '10.0.0.7'));
    expect(new Set([one('ip', '10.0.0.7'), one('host', '10.0.0.7'), one('ip', '10.0.0.8'), other('ip', '10.0.0.7')]).size).toBe(4);
  });

  it('keep their key per incident in the state folder, 0600, under no name that was given', async () => {
    const state = join(folder, 'state');
    const key = await incidentKey(state, '../../etc/x');
    expect(key).toHaveLength(32);
    expect(await incidentKey(state, '../../etc/x')).toEqual(key);
    expect(await incidentKey(state, 'other')).not.toEqual(key);
    const kept = (await listFiles(state))?.files;
    expect(kept?.map(({ name }) => name.replace(/[0-9a-f]{32}$/, 'HASH'))).toEqual(['pseudonym-keys/HASH', 'pseudonym-keys/HASH']);
    expect(kept?.map(({ path }) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
  });
});
