import { HostError } from '../errors.ts';
import type { FilesystemStat, Host, ReadOptions } from '../ports.ts';
import { describing, explainFailure, type FileQuestion, hashing, listing, measuring, reading } from './file-questions.ts';
import { createBatchReader } from './ssh-memory.ts';
import type { SshPool } from './ssh-pool.ts';
import { asking, bounded, quoteAll } from './ssh-script.ts';

const DEFAULT_READ_BYTES = 1024 * 1024;
const READ_TIMEOUT_MS = 5_000;
const HASH_TIMEOUT_MS = 30_000;
const STATFS_TIMEOUT_MS = 2_000;
/** How long an answer may be on its way. */
const WAY_MS = 5_000;
/** By its bound: 128 and the number of SIGKILL. */
const KILLED = 137;

interface Timeout {
  readonly timeoutMs?: number;
}

type Files = Pick<Host, 'readFile' | 'list' | 'stat' | 'statFilesystem' | 'hashFile'>;

/** Files of the other machine, asked through its shell. */
export function createSshFiles(pool: SshPool): Files {
  async function ask<T>(path: string, question: FileQuestion<T>, timeoutMs: number, lane: keyof SshPool = 'quick'): Promise<T> {
    if (path.includes('\0')) throw new HostError('not-found', 'path with a NUL byte');
    // Kernel memory answers always; a bound of its own for each of a hundred reads would cost more than the reads.
    const script = isKernelMemory(path) ? quoteAll(question.argv) : bounded(question.argv, timeoutMs);
    const { exitCode, stdout, stderr } = await pool[lane](asking(script), { timeoutMs, what: path });
    if (exitCode !== 0) throw explainFailure(path, exitCode, stderr.toString('utf8'));
    return question.parse(stdout, stderr.toString('utf8'));
  }
  const alone = (path: string, maxBytes: number, timeoutMs: number) => ask(path, readingMemory(path, maxBytes), timeoutMs);
  const readMemory = createBatchReader(pool, alone);
  return {
    readFile: (path, { offset = 0, maxBytes = DEFAULT_READ_BYTES, timeoutMs = READ_TIMEOUT_MS, encoding = 'utf8' }: ReadOptions = {}) =>
      isKernelMemory(path) && offset === 0 && !path.includes('\0')
        ? readMemory(path, maxBytes, timeoutMs)
        : ask(path, reading(path, { offset, maxBytes, encoding }), timeoutMs),
    list: (path, { timeoutMs = READ_TIMEOUT_MS }: Timeout = {}) =>
      ask(path, isKernelMemory(path) ? listingMemory(path) : listing(path), timeoutMs),
    stat: (path, { timeoutMs = READ_TIMEOUT_MS }: Timeout = {}) => ask(path, describing(path), timeoutMs),
    statFilesystem: (path, { timeoutMs = STATFS_TIMEOUT_MS }: Timeout = {}) => askFilesystem(pool, path, timeoutMs),
    hashFile: (path, { timeoutMs = HASH_TIMEOUT_MS }: Timeout = {}) => ask(path, hashing(path), timeoutMs, 'command'),
  };
}

/** Only that machine itself can say that its mount hangs: an answer that is late on the way says nothing about it. */
async function askFilesystem(pool: SshPool, path: string, timeoutMs: number): Promise<FilesystemStat | null> {
  if (path.includes('\0')) throw new HostError('not-found', 'path with a NUL byte');
  const { argv, parse } = measuring(path);
  const bounds = { timeoutMs: timeoutMs + WAY_MS, what: path };
  const { exitCode, stdout, stderr } = await pool.quick(asking(bounded(argv, timeoutMs)), bounds);
  if (exitCode === KILLED) return null;
  if (exitCode !== 0) throw explainFailure(path, exitCode, stderr.toString('utf8'));
  return parse(stdout, stderr.toString('utf8'));
}

/** Neither what leads out of it (root, cwd, fd/3) nor what waits for an event (kmsg). */
function isKernelMemory(path: string): boolean {
  if (!/^\/(proc|sys)(\/|$)/.test(path) || /\/\.\.?(\/|$)/.test(path)) return false;
  return !/^\/proc\/(kmsg|[^/]+\/(task\/[^/]+\/)?(root|cwd|exe|fd|map_files)(\/|$))/.test(path);
}

/** One process instead of five: files there do not know their size, and are whole after one look. */
function readingMemory(path: string, maxBytes: number): FileQuestion<Awaited<ReturnType<Host['readFile']>>> {
  return {
    argv: ['head', '-c', String(maxBytes), '--', path],
    parse: (bytes) => ({ text: bytes.toString('utf8'), offset: 0, bytesRead: bytes.length, size: 0 }),
  };
}

/** ls starts faster than find, and no name there has a line end. */
function listingMemory(path: string): FileQuestion<readonly string[]> {
  return {
    argv: ['ls', '-A', '--', path.endsWith('/') ? path : `${path}/`],
    parse: (bytes) => bytes.toString('utf8').split('\n').filter(Boolean),
  };
}
