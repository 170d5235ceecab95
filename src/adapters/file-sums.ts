/** SHA-256 of large files that are about to be read, in threads of their own: the sum takes longer than all else that is done with the bytes. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

const PIECE_BYTES = 1024 * 1024;
/** Of less, the start of a thread takes longer than the sum. */
const LEAST_BYTES = 32 * 1024 * 1024;

export interface SumRequest {
  readonly sum: string;
}

export interface FileSums {
  /** In this order: while one is read, the sum of the next is made too. */
  expect(paths: readonly string[]): void;
  of(path: string): Promise<string>;
  close(): Promise<void>;
}

/** `program` answers a `SumRequest`. Without it all sums are made in this thread. */
export function createFileSums(program: string | undefined): FileSums {
  const expected: string[] = [];
  const sums = new Map<string, Promise<string>>();
  const threads = new Set<Worker>();
  const begin = (path: string): Promise<string> => {
    const sum = sums.get(path) ?? makeSum(path);
    sums.set(path, sum);
    // Of a file that nobody reads in the end.
    sum.catch(() => undefined);
    return sum;
  };
  const makeSum = async (path: string): Promise<string> => {
    const status = await stat(path);
    if (!status.isFile()) throw new Error(`${path} is no file`);
    if (program === undefined || status.size < LEAST_BYTES) return sumFile(path);
    const thread = new Worker(program, { workerData: { sum: path } satisfies SumRequest, env: {}, argv: [], execArgv: [] });
    threads.add(thread);
    return await new Promise((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`a thread of sums ended with ${code}`)));
    });
  };
  return {
    expect: (paths) => void expected.push(...paths),
    of: (path) => {
      const at = expected.indexOf(path);
      const next = at < 0 ? undefined : expected[at + 1];
      if (next !== undefined) void begin(next);
      return begin(path);
    },
    close: async () => void (await Promise.all([...threads].map(async (thread) => await thread.terminate()))),
  };
}

/** Waits for the disk: for a thread of its own. */
export function sumFile(path: string): string {
  const sum = createHash('sha256');
  const piece = Buffer.alloc(PIECE_BYTES);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) sum.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return sum.digest('hex');
}
