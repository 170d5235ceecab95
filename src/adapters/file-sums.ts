/** SHA-256 of files that are about to be read, and whether they are plain text: of large ones in threads of their own, two at a time. */
import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { createExaminer } from './text-examiner.ts';

/** Of more, what was read is out of the processor's memory by the time it is looked at. */
const PIECE_BYTES = 128 * 1024;
/** Of less, the start of a thread takes longer than the sum. */
const LEAST_BYTES = 32 * 1024 * 1024;

export interface SumRequest {
  readonly sum: string;
}

export interface FileLook {
  readonly sha256: string;
  /** A text in UTF-8 without a fault: nobody needs to look through it again. */
  readonly isPlain: boolean;
}

export interface FileSum extends FileLook {
  /** Of the file before its sum was made. */
  readonly version: string;
}

export interface FileSums {
  /** In this order: while one is read, the sum of the next is made too. */
  expect(paths: readonly string[]): void;
  of(path: string): Promise<FileSum>;
  close(): Promise<void>;
}

/** Of an archive only the files in it are summed, once they are unpacked. */
type IsArchive = (path: string) => Promise<boolean>;

/** `program` answers a `SumRequest`. Without it all sums are made in this thread. */
export function createFileSums(program: string | undefined, isArchive: IsArchive): FileSums {
  const expected: string[] = [];
  const sums = new Map<string, Promise<FileSum>>();
  const threads = new Set<Worker>();
  let isClosed = false;
  const begin = (path: string): Promise<FileSum> => {
    const sum = sums.get(path) ?? makeSum(path);
    sums.set(path, sum);
    // Of a file that nobody reads in the end.
    sum.catch(() => undefined);
    return sum;
  };
  const makeSum = async (path: string): Promise<FileSum> => {
    const status = await stat(path, { bigint: true });
    if (!status.isFile()) throw new Error(`${path} is no file`);
    const isSmall = program === undefined || status.size < LEAST_BYTES;
    return { ...(isSmall ? sumFile(path) : await sumInThread(program, path)), version: showVersion(status) };
  };
  const sumInThread = async (program: string, path: string): Promise<FileLook> => {
    if (isClosed) throw new Error('closed');
    const thread = new Worker(program, { workerData: { sum: path } satisfies SumRequest, env: {}, argv: [], execArgv: [] });
    threads.add(thread);
    return await new Promise((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`a thread of sums ended with ${code}`)));
    });
  };
  const beginAhead = async (path: string): Promise<void> => {
    if (!(await isArchive(path))) void begin(path);
  };
  return {
    expect: (paths) => void expected.push(...paths),
    of: (path) => {
      const at = expected.indexOf(path);
      const next = at < 0 ? undefined : expected[at + 1];
      if (next !== undefined) void beginAhead(next);
      return begin(path);
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...threads].map(async (thread) => await thread.terminate()));
    },
  };
}

/** Another one once the file was written to: its size, and when that was. */
export async function versionOf(path: string): Promise<string> {
  return showVersion(await stat(path, { bigint: true }));
}

function showVersion({ size, mtimeNs }: BigIntStats): string {
  return `${size} ${mtimeNs}`;
}

/** Nothing else is done until it is made: of large files in a thread of its own. */
export function sumFile(path: string): FileLook {
  const sum = createHash('sha256');
  const findFault = createExaminer();
  const piece = Buffer.alloc(PIECE_BYTES);
  const file = openSync(path, 'r');
  let isPlain = true;
  let total = 0;
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      const bytes = piece.subarray(0, read);
      sum.update(bytes);
      isPlain &&= findFault(bytes) === undefined;
      total += read;
    }
  } finally {
    closeSync(file);
  }
  return { sha256: sum.digest('hex'), isPlain: isPlain && total > 0 && findFault(undefined) === undefined };
}
