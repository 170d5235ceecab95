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
import { beginSearch, STEPS } from './row-sieve-suspects.ts';
import type { ThreadAnswer, ThreadData, ThreadOrder } from './row-sieve-thread.ts';

const MIN_BUCKETS = 1 << 12;
/** 16 bytes each, on both sides: 1 GiB. */
const MAX_BUCKETS = 1 << 25;
/** The emptier they are, the fewer orders share one that disagrees. */
const BUCKETS_A_ROW = 1.3;
const SIDES = ['orders', 'statements'] as const;
/** A second pass is worth it where no more than one row in so many is left. */
const LEAST_LEFT_OUT = 4;
/** Of both sides together. */
const BUCKETS_A_ROW_LEFT = 4;
const SECOND_SALT = 0x3c6ef372;
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
  const threads = SIDES.map((side) => ({ side, thread: startThread({ progress }, options) }));
  const watch = setInterval(() => options.onRead(Number(Atomics.load(progress, 0))), WATCH_MS);
  try {
    const first = await passOnce({ plans, threads, buckets, salt: 0, folder: options.folder, name: 'sieved' });
    clearInterval(watch);
    if (first === undefined || first.passed > first.rows / LEAST_LEFT_OUT) return first?.files;
    // Of the few that are left most only shared a bucket: in more room they do not meet again.
    const left = plans.map((plan, at) => ({ ...plan, path: (first.files[at] as Sieved).path }));
    const room = powerOf2(first.passed * BUCKETS_A_ROW_LEFT);
    const second = await passOnce({ plans: left, threads, buckets: room, salt: SECOND_SALT, folder: options.folder, name: 'twice-sieved' });
    return first.files.map((file, at) => ({ ...file, path: second?.files[at]?.path ?? file.path }));
  } finally {
    clearInterval(watch);
    await Promise.all(threads.map(({ thread }) => thread.stop()));
  }
}

interface Pass {
  readonly plans: readonly SievePlan[];
  readonly threads: readonly { readonly side: SievePlan['side']; readonly thread: Thread }[];
  readonly buckets: number;
  readonly salt: number;
  readonly folder: string;
  readonly name: string;
}

interface Passed {
  readonly files: readonly Sieved[];
  /** Of both sides: all, and those that were let through. */
  readonly rows: number;
  readonly passed: number;
}

async function passOnce({ plans, threads, buckets, salt, folder, name }: Pass): Promise<Passed | undefined> {
  const shares = threads.map(({ side, thread }) => {
    const own = plans.filter((plan) => plan.side === side);
    return { own, targets: own.map((_, at) => join(folder, `${name}-${side}-${at}.csv`)), thread };
  });
  const answers = await Promise.all(shares.map(({ thread, own }) => thread.ask({ kind: 'scan', plans: own, buckets, salt })));
  const [here, there] = answers.map((answer) => (answer.kind === 'scanned' ? answer : undefined));
  if (!here || !there) return undefined;
  const search = beginSearch(here, there);
  for (const step of STEPS)
    await Promise.all(shares.map(({ thread }, part) => thread.ask({ kind: 'search', search, step, part, parts: shares.length })));
  const { suspects } = search;
  let passed = 0;
  for (const answer of await Promise.all(shares.map(({ thread, targets }) => thread.ask({ kind: 'write', suspects, targets })))) {
    if (answer.kind === 'changed') throw changed(answer.path);
    if (answer.kind === 'written') passed += answer.rows;
  }
  const found = new Map([here, there].flatMap(({ files }, side) => match(shares[side], files)));
  const files = plans.map((plan) => found.get(plan) as Sieved);
  return { files, rows: files.reduce((sum, { rows }) => sum + rows, 0), passed };
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
  return powerOf2(Math.max(rows.orders, rows.statements) * BUCKETS_A_ROW);
}

function powerOf2(wanted: number): number {
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
  ask(order: ThreadOrder): Promise<ThreadAnswer>;
  stop(): Promise<unknown>;
}

/** One order at a time. Ends with the signal: what waits for an answer is told so at once. */
function startThread(data: ThreadData, { program, signal }: SieveOptions): Thread {
  const worker = new Worker(program, { workerData: data, env: {}, argv: [], execArgv: [] });
  let onAnswer = (_answer: ThreadAnswer): void => undefined;
  let onFailure = (_error: unknown): void => undefined;
  worker.on('message', (answer) => onAnswer(answer));
  worker.on('error', (error) => onFailure(error));
  worker.on('exit', (code) => onFailure(new Error(`a thread of the sieve ended with ${code}`)));
  signal.addEventListener('abort', () => onFailure(signal.reason), { once: true });
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        onAnswer = resolve;
        onFailure = reject;
        worker.postMessage(order);
      }),
    stop: async () => await worker.terminate(),
  };
}
