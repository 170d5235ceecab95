/**
 * Leaves out what agrees before anything is compared: of two files of millions of orders nearly all are one and the same on both sides.
 * Two threads, one a side, read the bytes once and mark each payment in the bucket of its order; orders of buckets that disagree, and all
 * that is no plain payment, go on to the database. It lets through too much rather than too little: the SQL has the last word.
 */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ExitCode, OorError } from '../errors.ts';
import type { Sieved, SievePlan } from '../ports.ts';
import type { Located } from './row-sieve-files.ts';
import { WORDS_A_BUCKET } from './row-sieve-marks.ts';
import { findSuspects } from './row-sieve-suspects.ts';
import type { ThreadAnswer, ThreadData, WriteOrder } from './row-sieve-thread.ts';

const MIN_BUCKETS = 1 << 12;
/** 16 bytes each, on both sides: 1 GiB. */
const MAX_BUCKETS = 1 << 25;
/** The emptier they are, the fewer orders share one that disagrees. */
const BUCKETS_A_ROW = 1.3;
const SAMPLE_BYTES = 64 * 1024;
const WATCH_MS = 200;

export interface SieveOptions {
  /** The built thread. */
  readonly program: string;
  /** Where what goes on is written. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onRead: (bytes: number) => void;
}

/** In the order of the plans. undefined: some file cannot be split into rows with certainty. */
export async function sieveRows(plans: readonly SievePlan[], options: SieveOptions): Promise<readonly Sieved[] | undefined> {
  options.signal.throwIfAborted();
  const buckets = await chooseBuckets(plans);
  const progress = new BigInt64Array(new SharedArrayBuffer(8));
  const threads = (['orders', 'statements'] as const).map((side) => {
    const own = plans.filter((plan) => plan.side === side);
    const marks = new Int32Array(new SharedArrayBuffer(buckets * WORDS_A_BUCKET * 4));
    const targets = own.map((_, at) => join(options.folder, `sieved-${side}-${at}.csv`));
    return { own, marks, targets, thread: startThread({ plans: own, marks, buckets, progress }, options) };
  });
  const watch = setInterval(() => options.onRead(Number(Atomics.load(progress, 0))), WATCH_MS);
  try {
    const [here = [], there = []] = await Promise.all(threads.map(async ({ thread }) => scannedBy(await thread.next())));
    const [hereMarks, thereMarks] = threads.map(({ marks }) => marks) as [Int32Array, Int32Array];
    const suspects = findSuspects({ marks: hereMarks, files: here }, { marks: thereMarks, files: there });
    for (const answer of await Promise.all(threads.map(({ thread, targets }) => thread.write({ suspects, targets }))))
      if (answer.kind === 'changed') throw changed(answer.path);
    const found = new Map([here, there].flatMap((files, side) => match(threads[side], files)));
    return plans.map((plan) => found.get(plan) as Sieved);
  } catch (error) {
    if (error instanceof NotSieved) return undefined;
    throw error;
  } finally {
    clearInterval(watch);
    await Promise.all(threads.map(({ thread }) => thread.stop()));
  }
}

/** Some row of some file cannot be told from the next with certainty. */
class NotSieved extends Error {}

function scannedBy(answer: ThreadAnswer): readonly Located[] {
  if (answer.kind === 'scanned') return answer.files;
  throw new NotSieved();
}

function changed(path: string): OorError {
  return new OorError({
    code: 'unreadable-file',
    message: `${path}: it has changed while it was read`,
    hint: 'wait until it is written whole; nothing was compared',
    exitCode: ExitCode.invalidInput,
  });
}

interface Share {
  readonly own: readonly SievePlan[];
  readonly targets: readonly string[];
}

function match(share: Share | undefined, files: readonly Located[]): readonly (readonly [SievePlan, Sieved])[] {
  return files.map(({ rows, words }, at) => [share?.own[at] as SievePlan, { path: share?.targets[at] as string, rows: rows.count, words }]);
}

async function chooseBuckets(plans: readonly SievePlan[]): Promise<number> {
  const rows = { orders: 0, statements: 0 };
  for (const { side, path } of plans) rows[side] += await guessRows(path);
  const wanted = Math.max(rows.orders, rows.statements) * BUCKETS_A_ROW;
  let buckets = MIN_BUCKETS;
  while (buckets < wanted && buckets < MAX_BUCKETS) buckets *= 2;
  return buckets;
}

async function guessRows(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    const lines = buffer.subarray(0, bytesRead).toString('latin1').split('\n').length;
    return ((await stat(path)).size / Math.max(bytesRead, 1)) * lines;
  } finally {
    await file.close();
  }
}

interface Thread {
  next(): Promise<ThreadAnswer>;
  write(order: WriteOrder): Promise<ThreadAnswer>;
  stop(): Promise<unknown>;
}

/** Ends with the signal: what waits for an answer is told so at once. */
function startThread(data: ThreadData, { program, signal }: SieveOptions): Thread {
  const worker = new Worker(program, { workerData: data, env: {}, argv: [], execArgv: [] });
  const next = (): Promise<ThreadAnswer> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a thread of the sieve ended with ${code}`)));
    });
  return {
    next,
    write: async (order) => {
      worker.postMessage(order);
      return await next();
    },
    stop: async () => await worker.terminate(),
  };
}
