/** Where each row of a file lies, so that it is read again only when it is wanted; in memory that threads share. */

const PAGE_BITS = 18;
const PAGE = 1 << PAGE_BITS;

/** Of a row that belongs to no order: it is always wanted. */
export const NO_BUCKET = 0xffff_ffff;
/** Of a row without a reference. */
export const NO_REF = 0;
/** Bytes with the line end. */
export const MAX_ROW_BYTES = 0xffff;

interface Page {
  readonly buckets: Uint32Array;
  readonly refs: Uint32Array;
  readonly lengths: Uint16Array;
}

export interface RowIndex {
  readonly count: number;
  readonly pages: readonly Page[];
}

/** Rows one behind the other; those behind `count` are not in use. */
export interface RowBatch extends Page {
  readonly count: number;
}

export interface RowIndexer {
  add(bucket: number, ref: number, length: number): void;
  addBatch(batch: RowBatch): void;
  end(): RowIndex;
}

export function createRowIndex(): RowIndexer {
  const pages: Page[] = [];
  let page: Page | undefined;
  let count = 0;
  /** The page in which there is room. */
  const open = (): Page => {
    if ((count & (PAGE - 1)) !== 0 && page !== undefined) return page;
    page = {
      buckets: new Uint32Array(new SharedArrayBuffer(PAGE * 4)),
      refs: new Uint32Array(new SharedArrayBuffer(PAGE * 4)),
      lengths: new Uint16Array(new SharedArrayBuffer(PAGE * 2)),
    };
    pages.push(page);
    return page;
  };
  return {
    add(bucket, ref, length) {
      const at = count & (PAGE - 1);
      const { buckets, refs, lengths } = open();
      buckets[at] = bucket;
      refs[at] = ref;
      lengths[at] = length;
      count += 1;
    },
    addBatch(batch) {
      for (let done = 0; done < batch.count; ) {
        const at = count & (PAGE - 1);
        const { buckets, refs, lengths } = open();
        const to = Math.min(batch.count, done + PAGE - at);
        buckets.set(batch.buckets.subarray(done, to), at);
        refs.set(batch.refs.subarray(done, to), at);
        lengths.set(batch.lengths.subarray(done, to), at);
        count += to - done;
        done = to;
      }
    },
    end: () => ({ count, pages }),
  };
}

export function eachRow({ count, pages }: RowIndex, visit: (bucket: number, ref: number, length: number) => void): void {
  for (const [number, { buckets, refs, lengths }] of pages.entries()) {
    const rows = Math.min(PAGE, count - number * PAGE);
    for (let at = 0; at < rows; at++) visit(buckets[at] as number, refs[at] as number, lengths[at] as number);
  }
}

export interface RowPage extends Page {
  /** How many of it are in use. */
  readonly rows: number;
}

/** For loops without a call a row. */
export function pagesOf({ count, pages }: RowIndex): readonly RowPage[] {
  return pages.map((page, number) => ({ ...page, rows: Math.min(PAGE, count - number * PAGE) }));
}

/** Buckets of the first rows. */
export function firstBuckets({ count, pages }: RowIndex, limit: number): Uint32Array {
  return pages[0]?.buckets.subarray(0, Math.min(limit, count)) ?? new Uint32Array();
}
