/** Archives that were made to do harm, given to every command that opens a bundle: refused, quickly, in little memory, and nothing is written. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTar } from '../../src/adapters/tar.ts';
import { archives, judgeable, compose as make, ofOtherSession, utf8 } from '../bundle/made-bundle.ts';
import { type Desk, openDesk } from './oor.ts';
import { peakMib } from './resident.ts';

const compose = () => make({}, judgeable);
const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);
/** A start and what a bundle may unpack to; ten gigabytes or a million entries would be far more. */
const MAX_MIB = 350;

interface Oddity {
  readonly type?: string;
  readonly link?: string;
  readonly prefix?: string;
}

/** A ustar header of anything, its checksum right. */
function header(name: string, size: number, { type = '0', link = '', prefix = '' }: Oddity = {}): Buffer {
  const block = Buffer.from(writeTar([{ name: 'report.html', bytes: new Uint8Array() }]).subarray(0, BLOCK));
  block.fill(0, 0, 100);
  block.write(name, 0, 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(type, 156);
  block.write(link, 157);
  block.write(prefix, 345);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const file = (name: string, text: string, odd?: Oddity): Buffer => {
  const bytes = utf8(text);
  return Buffer.concat([header(name, bytes.length, odd), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
};

/** A good bundle with something more in front of its end. */
async function and(...more: readonly Buffer[]): Promise<Uint8Array> {
  const tar = writeTar(await compose());
  return gzipSync(Buffer.concat([tar.subarray(0, tar.length - END.length), ...more, END]));
}

const HOSTILE: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'a way up': () => and(file('../evil.txt', 'x')),
  'a way up in the middle': () => and(file('artifacts/web/../../../evil.txt', 'x')),
  'a way up in the prefix': () => and(file('evil.txt', 'x', { prefix: '../../..' })),
  'a path from the root': () => and(file('/tmp/oor-evil.txt', 'x')),
  'a path of Windows': () => and(file('C:\\evil.txt', 'x')),
  'a symbolic link, and a file through it': () =>
    and(header('artifacts/web', 0, { type: '2', link: '/tmp' }), file('artifacts/web/oor-evil.txt', 'x')),
  'a hard link': () => and(header('artifacts/web/01-x.txt', 0, { type: '1', link: '/etc/passwd' })),
  'a device': () => and(header('artifacts/web/01-x.txt', 0, { type: '3' })),
  'a pipe': () => and(header('artifacts/web/01-x.txt', 0, { type: '6' })),
  'a folder': () => and(header('artifacts/web', 0, { type: '5' })),
  'a name twice': () => and(file('journal.jsonl', '{}\n')),
  'a name twice but for case': () => and(file('artifacts/web/a.txt', 'x'), file('artifacts/web/A.txt', 'y')),
  'a name of a hundred signs and a long one of GNU': () =>
    and(header('././@LongLink', 300, { type: 'L' }), Buffer.alloc(BLOCK, 'a'), file(`artifacts/web/${'a'.repeat(82)}.txt`, 'x')),
  'a name from a pax header': () =>
    and(file('PaxHeaders/x', '30 path=../../../tmp/oor-evil.txt\n', { type: 'x' }), file('report.txt', 'x')),
  'a size of eight gigabytes': () => and(header('artifacts/web/01-x.txt', 8 * 1024 ** 3 - 1)),
  'fifty thousand entries': () => and(...Array.from({ length: 50_000 }, (_, index) => header(`artifacts/web/${index}.txt`, 0))),
  'ten gigabytes out of ten megabytes': async () => {
    const member = gzipSync(Buffer.alloc(10 * 1024 * 1024), { level: 9 });
    return Buffer.concat([await archives.pack(await compose()), ...Array.from({ length: 1_000 }, () => member)]);
  },
  'a bomb alone': async () => gzipSync(Buffer.alloc(300 * 1024 * 1024)),
  'parts without end': async () => Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync(''))),
  'a gzip in a gzip': async () => gzipSync(await archives.pack(await compose())),
};

describe('an archive that was made to do harm', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = openDesk();
    writeFileSync(join(desk.folder, 'good.tar.gz'), await archives.pack(await compose()));
  });
  afterAll(() => desk.leave());

  const commands = (bad: string): readonly (readonly string[])[] => [
    ['verify', bad],
    ['inspect', bad],
    ['analyze', bad],
    ['extract', bad, '--out', 'never'],
    ['extract', bad, 'report.html'],
    ['diff', 'good.tar.gz', bad],
    ['diff', bad, 'good.tar.gz'],
    ['merge', 'good.tar.gz', bad, '--out', 'never.tar.gz'],
  ];

  it.each(Object.keys(HOSTILE))('%s', async (kind) => {
    const make = HOSTILE[kind] as () => Promise<Uint8Array>;
    writeFileSync(join(desk.folder, 'bad.tar.gz'), await make());
    for (const args of commands('bad.tar.gz')) {
      const running = desk.start(['bundle', ...args]);
      const [peak, { status, stdout, stderr }] = await Promise.all([peakMib(running.child), running.ended]);
      const told = { kind, args, said: stderr };
      expect([9, 65], JSON.stringify(told)).toContain(status);
      expect({ ...told, peak: peak < MAX_MIB ? 'little' : peak }).toEqual({ ...told, peak: 'little' });
      if (args[0] !== 'inspect' && args[0] !== 'verify') expect(stdout).toBe('');
    }
    const made = readdirSync(desk.folder).filter((name) => !['bad.tar.gz', 'good.tar.gz', 'state'].includes(name));
    expect(made).toEqual([]);
    expect(['/tmp/oor-evil.txt', join(desk.folder, '../evil.txt')].filter((path) => existsSync(path))).toEqual([]);
  });

  it('and the good one beside it is taken by each of them', async () => {
    const ran = [];
    writeFileSync(join(desk.folder, 'other.tar.gz'), await archives.pack(await make({}, ofOtherSession(judgeable))));
    for (const args of commands('other.tar.gz').map((given) => given.map((word) => word.replace('never', 'made'))))
      ran.push([args[0], (await desk.run(['bundle', ...args])).status]);
    expect(ran).toEqual([
      ['verify', 11],
      ['inspect', 0],
      ['analyze', 7],
      ['extract', 0],
      ['extract', 0],
      ['diff', 0],
      ['diff', 0],
      ['merge', 1],
    ]);
  });
});
