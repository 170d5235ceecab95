import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listZip, readZipEntry } from '../../src/adapters/zip-archive.ts';
import { gbk } from '../payments/reconcile/gbk.ts';
import { makeZip } from './zip-writer.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oor-zip-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(bytes: Buffer): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, 'a.zip');
  writeFileSync(path, bytes);
  const texts: Record<string, string> = {};
  for (const entry of await listZip(path)) {
    const pieces: Buffer[] = [];
    for await (const piece of readZipEntry(path, entry, new AbortController().signal)) pieces.push(piece);
    texts[entry.name] = Buffer.concat(pieces).toString();
  }
  return texts;
}

const problem = async (bytes: Buffer): Promise<string> =>
  await readAll(bytes).then(
    () => 'it was read',
    (error: Error) => error.message,
  );

const text = Buffer.from('a,b\n'.repeat(50_000));

describe('a zip archive', () => {
  it('has no names of more than 255 characters', async () => {
    expect(Object.keys(await readAll(makeZip([{ name: `INN${'1'.repeat(252)}`, bytes: text }])))).toHaveLength(1);
    expect(await problem(makeZip([{ name: `INN${'1'.repeat(253)}`, bytes: text }]))).toContain('a name of more than 255 characters: "INN1');
  });

  it('gives its files, packed and stored, in folders, with names in UTF-8 or GBK whatever the flag says', async () => {
    const name = '20886_20261127_业务明细(汇总).csv';
    const read = await readAll(
      makeZip([
        { name: gbk(name), bytes: text },
        { name: 'bills/', bytes: Buffer.alloc(0), stored: true },
        { name: 'bills/明细.csv', bytes: Buffer.from('x'), stored: true, flags: 0x800 },
      ]),
    );
    expect(Object.keys(read)).toEqual([name, 'bills/明细.csv']);
    expect(read[name]).toBe(text.toString());
    expect(read['bills/明细.csv']).toBe('x');
  });

  it('may have a comment behind its end, and nothing in it', async () => {
    const empty = makeZip([]);
    empty.writeUInt16LE(5, empty.length - 2);
    expect(await readAll(Buffer.concat([empty, Buffer.from('hello')]))).toEqual({});
  });

  const whole = makeZip([{ name: 'a.csv', bytes: text }]);
  const bad: readonly (readonly [what: string, bytes: Buffer, says: string])[] = [
    ['that is cut off at its end', whole.subarray(0, whole.length - 30), 'it is cut off: it has no directory at its end'],
    ['that is cut off at its beginning', whole.subarray(10), 'its directory is damaged'],
    [
      'with a name that leads up',
      makeZip([{ name: '../../etc/cron.d/x', bytes: text }]),
      'a name that leads out of it: "../../etc/cron.d/x"',
    ],
    ['with a name that leads up by backslashes', makeZip([{ name: 'a\\..\\..\\b', bytes: text }]), 'a name that leads out of it'],
    ['with an absolute name', makeZip([{ name: '/etc/passwd', bytes: text }]), 'a name that leads out of it'],
    ['with the name of a drive', makeZip([{ name: 'C:x', bytes: text }]), 'a name that leads out of it'],
    ['with a control character in a name', makeZip([{ name: 'a\n.csv', bytes: text }]), 'a name that leads out of it'],
    ['with a link', makeZip([{ name: 'a.csv', bytes: text, says: { mode: 0o120777 } }]), '"a.csv" is a link'],
    ['with a bomb', makeZip([{ name: 'a.csv', bytes: Buffer.alloc(8 * 1024 * 1024) }]), 'is a bomb'],
    ['with more than it says', makeZip([{ name: 'a.csv', bytes: text, says: { bytes: 100 } }]), 'it unpacks to more than it says: a bomb'],
    ['with a wrong checksum', makeZip([{ name: 'a.csv', bytes: text, says: { crc: 1 } }]), 'its checksum is another'],
    ['with less than it says', makeZip([{ name: 'a.csv', bytes: text, says: { bytes: text.length + 1 } }]), 'its checksum is another'],
    ['that is encrypted', makeZip([{ name: 'a.csv', bytes: text, flags: 1 }]), '"a.csv" is encrypted'],
    ['packed in an unusual way', makeZip([{ name: 'a.csv', bytes: text, says: { method: 14 } }]), 'in a way that is not read (14)'],
    [
      'with one name twice',
      makeZip([
        { name: 'a', bytes: text },
        { name: 'a', bytes: text },
      ]),
      '"a" stands in it twice',
    ],
    ['with damaged content', damaged(whole), 'it is damaged'],
    [
      'with too many entries',
      makeZip(Array.from({ length: 1001 }, (_, at) => ({ name: `${at}`, bytes: Buffer.alloc(0) }))),
      'it has 1001 entries',
    ],
    [
      'that is huge by its own word',
      makeZip([1, 2, 3, 4, 5].map((at) => ({ name: `${at}`, bytes: text, says: { bytes: 0xf0000000, packed: 0x0f000000 } }))),
      'it unpacks to more than',
    ],
  ];
  it.each(bad)('is refused %s', async (_what, bytes, says) => {
    expect(await problem(bytes)).toContain(says);
  });
});

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xff, 40, 60);
  return copy;
}
