/** Archives and whole texts of the workbench: each a file of its own folder. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ExitCode, OorError } from '../errors.ts';
import type { ArchiveMember } from '../ports.ts';
import { listZip, readZipEntry, ZipProblem } from './zip-archive.ts';

const PIECE_BYTES = 1024 * 1024;

export interface Packed {
  readonly path: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A name in the folder that nobody has yet. */
  readonly nextName: () => string;
}

/** undefined: it is no zip archive. Names of the archive are never names on the disk. */
export async function unpackZip({ path, folder, signal, nextName }: Packed): Promise<readonly ArchiveMember[] | undefined> {
  if (!(await isZip(path))) return undefined;
  try {
    const members: ArchiveMember[] = [];
    for (const entry of await listZip(path)) {
      const target = join(folder, nextName());
      await writePieces(target, readZipEntry(path, entry, signal), signal);
      members.push({ name: entry.name, path: target });
    }
    return members;
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    throw new OorError({
      code: 'unreadable-file',
      message: `${path}: the zip archive: ${error.message}`,
      hint: 'fetch it again, or unpack it and name the files in it',
      exitCode: ExitCode.invalidInput,
    });
  }
}

/** What cannot be read is told by whoever reads it whole. */
export async function isZip(path: string): Promise<boolean> {
  try {
    // Of a pipe the opening would wait for whoever writes into it.
    if (!(await stat(path)).isFile()) return false;
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return bytesRead === 4 && (buffer.readUInt32LE(0) === LOCAL || buffer.readUInt32LE(0) === EMPTY);
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

const LOCAL = 0x04034b50;
const EMPTY = 0x06054b50;

export async function* readPieces(path: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, encoding: 'utf8', signal })) yield piece as string;
}

/** The beginning of what was written. */
export async function writeText(path: string, pieces: AsyncIterable<string>, signal: AbortSignal, headLength: number): Promise<string> {
  let head = '';
  await writePieces(path, remember(), signal);
  return head;
  async function* remember(): AsyncGenerator<string> {
    for await (const piece of pieces) {
      if (head.length < headLength) head += piece.slice(0, headLength - head.length);
      yield piece;
    }
  }
}

async function writePieces(path: string, pieces: AsyncGenerator<string | Buffer>, signal: AbortSignal): Promise<void> {
  await pipeline(Readable.from(pieces, { objectMode: true }), createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
}
