/**
 * Reads zip archives of strangers: the directory at the end is what counts, as two programs that read an archive differently are an old trick.
 * Bounded in entries, in size and in how much smaller than its content an entry may be. Nothing is written under a name of the archive.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;

const MOST_ENTRIES = 1_000;
/** As of a file; the rest of the path with it. */
const LONGEST_NAME = 255;
const MOST_DIRECTORY_BYTES = 16 * 1024 * 1024;
const MOST_BYTES = 16 * 1024 ** 3;
/** Bills shrink to a tenth; beyond this it is a bomb. */
const MOST_RATIO = 250;
/** Small entries may be all of one letter. */
const ALWAYS_ALLOWED = 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

export interface ZipEntry {
  /** As it stands there, in UTF-8 or in GBK. */
  readonly name: string;
  readonly bytes: number;
  readonly packed: number;
  readonly method: number;
  readonly crc: number;
  readonly offset: number;
}

/** What is wrong with the archive. */
export class ZipProblem extends Error {}

/** Files only, in their order. Throws `ZipProblem` for one that is no whole, plain archive. */
export async function listZip(path: string): Promise<readonly ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { count, directoryBytes, directoryAt } = await findDirectory(file, size);
    if (count > MOST_ENTRIES) throw new ZipProblem(`it has ${count} entries; at most ${MOST_ENTRIES} are read`);
    if (directoryBytes > MOST_DIRECTORY_BYTES || directoryAt + directoryBytes > size)
      throw new ZipProblem('it is cut off or damaged: its directory is not there');
    const directory = await readAt(file, directoryAt, directoryBytes);
    const entries = readDirectory(directory, count);
    let sum = 0;
    for (const entry of entries) {
      refuseBad(entry);
      sum += entry.bytes;
      if (sum > MOST_BYTES) throw new ZipProblem(`it unpacks to more than ${MOST_BYTES} bytes`);
    }
    const names = entries.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice !== undefined) throw new ZipProblem(`${shown(twice)} stands in it twice`);
    return entries.filter(({ name }) => !/[\\/]$/.test(name));
  } finally {
    await file.close();
  }
}

/** Throws `ZipProblem` when the content is not what the directory says. */
export async function* readZipEntry(path: string, entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const local = await readAt(file, entry.offset, LOCAL_BYTES);
    if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL)
      throw new ZipProblem('it is damaged: an entry is not where the directory says');
    const start = entry.offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (start + entry.packed > size) throw new ZipProblem('it is cut off: an entry ends behind its end');
    let crc = 0;
    let bytes = 0;
    for await (const piece of unpacked(packedPieces(file, start, entry.packed, signal), entry.method)) {
      bytes += piece.length;
      if (bytes > entry.bytes) throw new ZipProblem('it unpacks to more than it says: a bomb');
      crc = crc32(piece, crc);
      yield piece;
    }
    if (bytes !== entry.bytes || crc !== entry.crc) throw new ZipProblem('it is damaged: its checksum is another');
  } finally {
    await file.close();
  }
}

async function findDirectory(
  file: FileHandle,
  size: number,
): Promise<{ readonly count: number; readonly directoryBytes: number; readonly directoryAt: number }> {
  const length = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await readAt(file, size - length, length);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END || at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) continue;
    if (tail.readUInt16LE(at + 4) !== 0) throw new ZipProblem('it is one of several parts');
    const [count, directoryBytes, directoryAt] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (count === 0xffff || directoryBytes === 0xffffffff || directoryAt === 0xffffffff) throw new ZipProblem('it is in the format Zip64');
    return { count, directoryBytes, directoryAt };
  }
  throw new ZipProblem('it is cut off: it has no directory at its end');
}

function readDirectory(directory: Buffer, count: number): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY) throw new ZipProblem('its directory is damaged');
    const flags = directory.readUInt16LE(at + 8);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = decodeName(directory.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes), (flags & 0x800) !== 0);
    if ((flags & 0x2041) !== 0) throw new ZipProblem(`${shown(name)} is encrypted`);
    entries.push({
      name,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    if (directory.readUInt32LE(at + 38) >>> 28 === LINK) throw new ZipProblem(`${shown(name)} is a link`);
    at += ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** Of the mode of a file under Unix. */
const LINK = 0xa;

/** Without the flag of UTF-8 the name is of an old code page: in bills that is GBK, unless it is UTF-8 all the same. */
function decodeName(bytes: Buffer, isUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (isUtf8) throw new ZipProblem('the name of an entry is no UTF-8');
  }
  return new TextDecoder('gb18030').decode(bytes);
}

function refuseBad({ name, method, bytes, packed }: ZipEntry): void {
  if (name.length > LONGEST_NAME) throw new ZipProblem(`an entry has a name of more than ${LONGEST_NAME} characters: ${shown(name)}`);
  const parts = name.split(/[\\/]/);
  if (name === '' || /^(?:[\\/]|[A-Za-z]:)/.test(name) || parts.includes('..') || /[\0-\x1f\x7f]/.test(name))
    throw new ZipProblem(`an entry has a name that leads out of it: ${shown(name)}`);
  if (method !== 0 && method !== 8) throw new ZipProblem(`${shown(name)} is packed in a way that is not read (${method})`);
  if (bytes > ALWAYS_ALLOWED && bytes > packed * MOST_RATIO)
    throw new ZipProblem(`${shown(name)} unpacks to ${bytes} bytes from ${packed}: more than ${MOST_RATIO} times its size is a bomb`);
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function* packedPieces(file: FileHandle, start: number, length: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += PIECE_BYTES) {
    signal.throwIfAborted();
    yield await readAt(file, start + at, Math.min(PIECE_BYTES, length - at));
  }
}

async function* unpacked(pieces: AsyncGenerator<Buffer>, method: number): AsyncGenerator<Buffer> {
  if (method === 0) return yield* pieces;
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  const source = Readable.from(pieces);
  source.on('error', (error) => inflate.destroy(error));
  try {
    yield* source.pipe(inflate);
  } catch (error) {
    if (!/^Z_/.test(String((error as NodeJS.ErrnoException).code))) throw error;
    throw new ZipProblem('it is damaged: an entry cannot be unpacked');
  } finally {
    source.destroy();
  }
}
