import { createHash } from 'node:crypto';
import { type BigIntStats, constants, type Stats } from 'node:fs';
import { type FileHandle, open, readdir, stat, statfs } from 'node:fs/promises';
import { HostError } from '../errors.ts';
import type { FileContent, FileStat, FilesystemStat, ReadOptions } from '../ports.ts';
import { withDeadline } from './deadline.ts';
import { notFound, readPermission, type Slice } from './file-questions.ts';
import { hashInChild, listInChild, readInChild, statFilesystemInChild, statInChild } from './local-files-child.ts';
import { isKernelProcNow, locate } from './local-mounts.ts';
import { isProcFile, readProcFile } from './local-proc.ts';

const DEFAULT_READ_BYTES = 1024 * 1024;
const READ_TIMEOUT_MS = 5_000;
const HASH_TIMEOUT_MS = 30_000;
const STATFS_TIMEOUT_MS = 2_000;
const CHUNK = 64 * 1024;

interface Timeout {
  readonly timeoutMs?: number;
}

/** Only Linux has a mount table to judge by; elsewhere there are no host checks and files are read plainly. */
const KNOWS_MOUNTS = process.platform === 'linux';

export async function readLocalFile(path: string, options: ReadOptions = {}): Promise<FileContent> {
  const { offset = 0, maxBytes = DEFAULT_READ_BYTES, encoding = 'utf8' } = options;
  const wanted = { offset, maxBytes, encoding };
  const ms = options.timeoutMs ?? READ_TIMEOUT_MS;
  if (isProcFile(path) && isKernelProcNow()) return attempt(path, () => readProcFile(path, wanted, ms));
  const where = await findLocally(path);
  if (!where.inProcess) return readInChild(where.path, wanted, ms);
  if (isProcFile(where.path)) return attempt(path, () => readProcFile(where.path, wanted, ms));
  return inProcess(path, ms, () => withFile(where.path, (file, size) => readSlice(file, size, wanted)));
}

export async function listLocalFolder(path: string, { timeoutMs = READ_TIMEOUT_MS }: Timeout = {}): Promise<readonly string[]> {
  const where = await findLocally(path);
  if (!where.inProcess) return listInChild(where.path, timeoutMs);
  return inProcess(path, timeoutMs, () => readdir(where.path));
}

export async function statLocalFile(path: string, { timeoutMs = READ_TIMEOUT_MS }: Timeout = {}): Promise<FileStat> {
  const where = await findLocally(path);
  if (!where.inProcess) return statInChild(where.path, timeoutMs);
  return inProcess(path, timeoutMs, async () => toFileStat(await stat(where.path)));
}

export async function hashLocalFile(path: string, { timeoutMs = HASH_TIMEOUT_MS }: Timeout = {}): Promise<string> {
  const where = await findLocally(path);
  if (!where.inProcess) return hashInChild(where.path, timeoutMs);
  const stop = new AbortController();
  const hash = inProcess(path, timeoutMs, () => withFile(where.path, (file) => hashWhole(file, stop.signal)));
  return hash.finally(() => stop.abort());
}

/** null: hung. A mount that may hang is asked by a child, so that neither this process nor its end depends on it. */
export async function statLocalFilesystem(path: string, { timeoutMs = STATFS_TIMEOUT_MS }: Timeout = {}): Promise<FilesystemStat | null> {
  const where = await findLocally(path);
  try {
    if (!where.inProcess) return await statFilesystemInChild(where.path, timeoutMs);
    const found = await inProcess(path, timeoutMs, () => statfs(where.path));
    return {
      totalBytes: found.blocks * found.bsize,
      freeBytes: found.bfree * found.bsize,
      availableBytes: found.bavail * found.bsize,
      totalInodes: found.files,
      freeInodes: found.ffree,
    };
  } catch (error) {
    if (error instanceof HostError && error.reason === 'timed-out') return null;
    throw error;
  }
}

/** Where the path leads, and whether this process may look there itself. */
export async function findLocally(path: string): Promise<{ path: string; inProcess: boolean }> {
  if (path.includes('\0')) throw new HostError('not-found', 'path with a NUL byte');
  return KNOWS_MOUNTS ? await locate(path) : { path, inProcess: true };
}

async function inProcess<T>(path: string, timeoutMs: number, operation: () => Promise<T>): Promise<T> {
  return attempt(path, () => withDeadline(operation(), timeoutMs, path));
}

async function attempt<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw toHostError(error, path);
  }
}

export function toHostError(error: unknown, path: string): HostError {
  if (error instanceof HostError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return notFound(path);
  if (code === 'EACCES' || code === 'EPERM') return new HostError('no-permission', `${path}: not allowed to read it`, readPermission(path));
  return new HostError('io', `${path}: ${message}`);
}

async function withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const { file, size } = await openPlainFile(path);
  try {
    return await use(file, size);
  } finally {
    await file.close();
  }
}

/** Never waits for a writer (FIFO) or for an event (/proc/kmsg): both are opened without blocking. */
export async function openPlainFile(path: string): Promise<{ readonly file: FileHandle; readonly size: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new HostError('io', `${path}: is a ${kindOf(found)}, not a file`, `the path of a file instead of ${path}`);
    return { file, size: found.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readSlice(file: FileHandle, size: number, wanted: Slice): Promise<FileContent> {
  const offset = wanted.offset < 0 ? Math.max(0, size + wanted.offset) : wanted.offset;
  // Files of /proc say 0; their content ends where a read returns nothing.
  const expected = size > 0 ? Math.max(0, size - offset) : CHUNK;
  let buffer = Buffer.allocUnsafe(Math.min(wanted.maxBytes, expected + 1));
  let length = 0;
  while (length < wanted.maxBytes) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(wanted.maxBytes, length * 2));
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return { text: buffer.toString(wanted.encoding, 0, length), offset, bytesRead: length, size };
}

async function hashWhole(file: FileHandle, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK * 4);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
  }
}

function toFileStat(found: Stats): FileStat {
  const { size, uid, gid, mtimeMs } = found;
  return { kind: kindOf(found), size, mode: found.mode & 0o7777, uid, gid, modifiedAt: Math.floor(mtimeMs) };
}

function kindOf(found: Stats | BigIntStats): FileStat['kind'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  if (found.isFIFO()) return 'fifo';
  if (found.isSocket()) return 'socket';
  return found.isBlockDevice() || found.isCharacterDevice() ? 'device' : 'other';
}
