/** The thread of one side: looks through its files, waits to be told what is suspect, and writes that out. Or one that makes the sum of a file. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SievePlan } from '../ports.ts';
import { type SumRequest, sumFile } from './file-sums.ts';
import { type Located, scanFile, writeWanted } from './row-sieve-files.ts';
import { NotSievable } from './row-sieve-split.ts';

export interface ThreadData {
  readonly plans: readonly SievePlan[];
  readonly marks: Int32Array;
  readonly buckets: number;
  /** Bytes read so far, of all threads. */
  readonly progress: BigInt64Array;
}

export type ThreadAnswer =
  | { readonly kind: 'scanned'; readonly files: readonly Located[] }
  | { readonly kind: 'not-sievable'; readonly why: string }
  | { readonly kind: 'written' }
  | { readonly kind: 'changed'; readonly path: string };

export interface WriteOrder {
  readonly suspects: Uint8Array;
  readonly targets: readonly string[];
}

const request = workerData as ThreadData | SumRequest;
if ('sum' in request) parentPort?.postMessage(sumFile(request.sum));
else sieve(request);

function sieve({ plans, marks, buckets, progress }: ThreadData): void {
  const answer = (message: ThreadAnswer): void => parentPort?.postMessage(message);
  const onRead = (bytes: number): void => void Atomics.add(progress, 0, BigInt(bytes));
  try {
    const files = plans.map((plan) => scanFile(plan, { marks, buckets, onRead }));
    parentPort?.once('message', (order: WriteOrder) => answer(write(plans, files, order)));
    answer({ kind: 'scanned', files });
  } catch (error) {
    if (!(error instanceof NotSievable)) throw error;
    answer({ kind: 'not-sievable', why: error.message });
  }
}

function write(plans: readonly SievePlan[], files: readonly Located[], { suspects, targets }: WriteOrder): ThreadAnswer {
  for (const [at, { start, bytes, rows }] of files.entries()) {
    const { path } = plans[at] as SievePlan;
    if (!writeWanted({ path, target: targets[at] as string, start, bytes, rows, suspects })) return { kind: 'changed', path };
  }
  return { kind: 'written' };
}
