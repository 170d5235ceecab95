/** A ustar archive of plain files, and a reader that takes nothing else. */
import type { ArchiveEntry, Unpacked } from '../ports.ts';

const BLOCK = 512;
/** Two blocks of zeros end an archive; `tar` writes records of twenty. */
const FILLED = 21 * BLOCK;
/** `name` of the header; the `prefix` field is never used. */
const NAME_BYTES = 100;
/** Of an archive from anywhere. */
const MAX_ENTRIES = 4_096;

type Stopped = NonNullable<Unpacked['stopped']>;

/** Owner, mode and time are the same for all, so that equal entries make equal bytes. */
export function writeTar(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts = entries.flatMap(({ name, bytes }) => [header(name, bytes.length), bytes, new Uint8Array(padding(bytes.length))]);
  return Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]);
}

export function readTar(bytes: Uint8Array, isName: (name: string) => boolean): Unpacked {
  const entries: ArchiveEntry[] = [];
  const names = new Set<string>();
  const stop = (kind: Stopped['kind'], at: string, reason: string): Unpacked => ({ entries, stopped: { kind, at, reason } });
  let offset = 0;
  let at = 'archive';
  for (;;) {
    const block = bytes.subarray(offset, offset + BLOCK);
    if (block.length < BLOCK) return stop(entries.length === 0 ? 'foreign' : 'damaged', 'archive', `it ends early, after ${at}`);
    if (block.every((byte) => byte === 0)) break;
    const found = readHeader(block);
    if (typeof found === 'string') return stop(entries.length === 0 ? 'foreign' : 'damaged', `after ${at}`, found);
    const { name, size, type } = found;
    at = name;
    if (type !== '0') return stop('refused', name, `it is no plain file (type ${JSON.stringify(type)})`);
    if (!isName(name)) return stop('refused', name, 'no bundle has an entry of this name');
    if (names.has(name.toLowerCase())) return stop('refused', name, 'there are two entries of this name');
    if (entries.length >= MAX_ENTRIES) return stop('refused', name, `more than ${MAX_ENTRIES} entries`);
    const start = offset + BLOCK;
    if (start + size > bytes.length) return stop('damaged', name, 'it ends early');
    names.add(name.toLowerCase());
    entries.push({ name, bytes: bytes.subarray(start, start + size) });
    offset = start + size + padding(size);
  }
  const rest = bytes.subarray(offset);
  if (rest.length < 2 * BLOCK || rest.length > FILLED || rest.some((byte) => byte !== 0))
    return stop('damaged', 'archive', 'there is something behind its end');
  return { entries };
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function header(name: string, size: number): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > NAME_BYTES) throw new RangeError(`the name of an entry is longer than ${NAME_BYTES} bytes: ${name}`);
  block.write(name, 0, 'utf8');
  writeOctal(block, 0o600, 100, 8);
  writeOctal(block, 0, 108, 8);
  writeOctal(block, 0, 116, 8);
  writeOctal(block, size, 124, 12);
  writeOctal(block, 0, 136, 12);
  block.write('0', 156);
  block.write('ustar\0' + '00', 257, 'latin1');
  writeChecksum(block);
  return block;
}

function writeOctal(block: Buffer, value: number, offset: number, length: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
}

function writeChecksum(block: Buffer): void {
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

/** The field itself counts as spaces. */
function sumOf(block: Uint8Array): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function readHeader(block: Uint8Array): { readonly name: string; readonly size: number; readonly type: string } | string {
  const text = (from: number, to: number): string =>
    Buffer.from(block.subarray(from, to))
      .toString('utf8')
      .replace(/\0[\s\S]*$/, '');
  const octal = (from: number, to: number): number =>
    /^ *[0-7]+[ \0]*$/.test(text(from, to)) ? Number.parseInt(text(from, to), 8) : Number.NaN;
  if (octal(148, 156) !== sumOf(block)) return 'the checksum of its header is wrong';
  if (text(257, 263) !== 'ustar') return 'it is no ustar archive';
  if (text(345, 500) !== '') return 'its name is longer than any of a bundle';
  const size = octal(124, 136);
  if (!Number.isSafeInteger(size)) return 'its size cannot be read';
  return { name: text(0, NAME_BYTES), size, type: text(156, 157) || '0' };
}
