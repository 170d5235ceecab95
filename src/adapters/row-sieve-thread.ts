/** The thread of one side: looks through files when it is told to, and writes out what it is told is suspect. Or one that makes the sum of a file. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SievePlan } from '../ports.ts';
import { type SumRequest, sumFile } from './file-sums.ts';
import { type Located, scanFile, writeWanted } from './row-sieve-files.ts';
import { createSieveMemory } from './row-sieve-memory.ts';
import { NotSievable } from './row-sieve-split.ts';
import { type Search, type Step, searchStep } from './row-sieve-suspects.ts';

export interface ThreadData {
  /** Bytes read so far, of all threads. */
  readonly progress: BigInt64Array;
}

export interface ScanOrder {
  readonly kind: 'scan';
  readonly plans: readonly SievePlan[];
  readonly buckets: number;
  /** Another one puts orders that shared a bucket into others. */
  readonly salt: number;
}

/** Of both sides, once both are scanned. */
export interface SearchOrder extends Step {
  readonly kind: 'search';
  readonly search: Search;
}

/** Of the files that were scanned last. */
export interface WriteOrder {
  readonly kind: 'write';
  readonly suspects: Uint8Array;
  readonly targets: readonly string[];
}

export type ThreadOrder = ScanOrder | SearchOrder | WriteOrder;

export type ThreadAnswer =
  | { readonly kind: 'scanned'; readonly files: readonly Located[]; readonly marks: Int32Array }
  | { readonly kind: 'not-sievable'; readonly why: string }
  | { readonly kind: 'searched' }
  | { readonly kind: 'written'; readonly rows: number }
  | { readonly kind: 'changed'; readonly path: string };

const request = workerData as ThreadData | SumRequest;
if ('sum' in request) parentPort?.postMessage(sumFile(request.sum));
else sieve(request);

function sieve({ progress }: ThreadData): void {
  const onRead = (bytes: number): void => void Atomics.add(progress, 0, BigInt(bytes));
  let scanned: readonly { readonly path: string; readonly file: Located }[] = [];
  const scan = ({ plans, buckets, salt }: ScanOrder): ThreadAnswer => {
    try {
      const memory = createSieveMemory(buckets, salt);
      scanned = plans.map((plan) => ({ path: plan.path, file: scanFile(plan, memory, onRead) }));
      return { kind: 'scanned', files: scanned.map(({ file }) => file), marks: memory.marks };
    } catch (error) {
      if (!(error instanceof NotSievable)) throw error;
      return { kind: 'not-sievable', why: error.message };
    }
  };
  const write = ({ suspects, targets }: WriteOrder): ThreadAnswer => {
    let rows = 0;
    for (const [at, { path, file }] of scanned.entries()) {
      const written = writeWanted({ ...file, path, target: targets[at] as string, suspects });
      if (written === undefined) return { kind: 'changed', path };
      rows += written;
    }
    return { kind: 'written', rows };
  };
  const answer = (order: ThreadOrder): ThreadAnswer => {
    if (order.kind === 'scan') return scan(order);
    if (order.kind === 'write') return write(order);
    searchStep(order.search, order);
    return { kind: 'searched' };
  };
  parentPort?.on('message', (order: ThreadOrder) => parentPort?.postMessage(answer(order)));
}
