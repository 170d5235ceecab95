import { HostError } from '../errors.ts';
import type { Host, ReadOptions } from '../ports.ts';
import { describing, explainFailure, type FileQuestion, hashing, listing, measuring, reading } from './file-questions.ts';
import type { SshPool } from './ssh-pool.ts';
import { asking, bounded, quoteAll } from './ssh-script.ts';

const DEFAULT_READ_BYTES = 1024 * 1024;
const READ_TIMEOUT_MS = 5_000;
const HASH_TIMEOUT_MS = 30_000;
const STATFS_TIMEOUT_MS = 2_000;

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
  return {
    readFile: (path, { offset = 0, maxBytes = DEFAULT_READ_BYTES, timeoutMs = READ_TIMEOUT_MS }: ReadOptions = {}) =>
      ask(path, isKernelMemory(path) && offset === 0 ? readingMemory(path, maxBytes) : reading(path, { offset, maxBytes }), timeoutMs),
    list: (path, { timeoutMs = READ_TIMEOUT_MS }: Timeout = {}) =>
      ask(path, isKernelMemory(path) ? listingMemory(path) : listing(path), timeoutMs),
    stat: (path, { timeoutMs = READ_TIMEOUT_MS }: Timeout = {}) => ask(path, describing(path), timeoutMs),
    statFilesystem: async (path, { timeoutMs = STATFS_TIMEOUT_MS }: Timeout = {}) => {
      try {
        return await ask(path, measuring(path), timeoutMs);
      } catch (error) {
        if (error instanceof HostError && error.reason === 'timed-out') return null;
        throw error;
      }
    },
    hashFile: (path, { timeoutMs = HASH_TIMEOUT_MS }: Timeout = {}) => ask(path, hashing(path), timeoutMs, 'command'),
  };
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
