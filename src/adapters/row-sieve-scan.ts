/** One look at the bytes of a file: where each row lies, and a mark of each payment in the bucket of its order. */
import type { SievePlan } from '../ports.ts';
import { wasm } from '../redact/wasm-code.ts';
import { MAY_BE_FORMULA, noRest, readMinor, readRest, readSeconds, twoDigits } from './row-sieve-cells.ts';
import { rowModule, WORD_COLUMNS } from './row-sieve-code.ts';
import { hashText } from './row-sieve-hash.ts';
import { addMark, feeMark, markOf, mix, suspectBucket } from './row-sieve-marks.ts';
import { AT, addWord, BATCH_ROWS, clearTables, ENDS_BYTES, type SieveMemory } from './row-sieve-memory.ts';
import { createRowIndex, MAX_ROW_BYTES, NO_BUCKET, NO_REF, type RowIndex } from './row-sieve-rows.ts';
import { createSplitter, NotSievable, specialBytes } from './row-sieve-split.ts';
import { createVocabulary, meaningOf, type Vocabulary, wordsOf } from './row-sieve-words.ts';

/** The kind that a payment has in a plan. */
const PAYMENT = 0;
/** Beyond it no money moved, or nobody knows: such a payment differs from nothing, and is not compared. */
const LAST_MOVED = 1;
const NOT_PLAIN = -1;
const LINE_FEED = 10;
const MINUS = 45;

export interface ScannedFile {
  readonly rows: RowIndex;
  /** Rows that name a fee. */
  readonly fees: number;
  /** Buckets of the first and the last payment: by them is told which time the side covers. */
  readonly ends: readonly number[];
  readonly words: Readonly<Record<'kind' | 'status' | 'currency', readonly string[]>>;
}

export interface Scanner {
  /** Takes the whole rows of the content of its memory. Answers where the rest begins. */
  take(from: number, to: number, isLast: boolean): number;
  end(): ScannedFile;
}

type Words = Readonly<Record<(typeof WORD_COLUMNS)[number], Vocabulary>>;

/** One at a time of a memory; marks are added to those of its other files. */
export function createScanner(plan: SievePlan, memory: SieveMemory): Scanner {
  clearTables(memory);
  const { content, view, buckets, salt } = memory;
  const special = specialBytes(plan.delimiter.charCodeAt(0));
  const [kind, status, currency] = WORD_COLUMNS.map((column, at) =>
    createVocabulary(plan.words[column], special, (text, meaning) => addWord(memory, at, text, meaning)),
  ) as [Vocabulary, Vocabulary, Vocabulary];
  const words = { kind, status, currency };
  const facts = noFacts();
  const quick = createQuickReader(plan, memory);
  const patient = createPatientReader(plan, words, facts);
  const rows = createRowIndex();
  const recorder = createRecorder(memory);
  const cells = new DataView(content.buffer, content.byteOffset, content.length);
  const takePatiently = (from: number, to: number, isLast: boolean): number => {
    const next = patient.row(content, cells, { from, to, isLast });
    if (next < 0) return -1;
    if (next - from > MAX_ROW_BYTES) throw new NotSievable('a row is too long');
    const bucket = facts.named ? mix(facts.first ^ salt) & (buckets - 1) : NO_BUCKET;
    rows.add(bucket, facts.ref, next - from);
    if (facts.named) recorder.record(facts, bucket);
    return next;
  };
  return {
    take(from, to, isLast) {
      content[to] = LINE_FEED;
      for (let at = from; at < to; ) {
        const count = quick.read(AT.content + at, AT.content + to);
        if (count > 0) {
          quick.flush(count);
          rows.addBatch({ ...quick.batch, count });
          at = view.getInt32(AT.next, true) - AT.content;
        }
        if (count === BATCH_ROWS || at >= to) continue;
        const next = takePatiently(at, to, isLast);
        if (next < 0) return at;
        at = next;
      }
      return to;
    },
    end: () => ({
      rows: rows.end(),
      ...recorder.end(),
      words: { kind: wordsOf(kind), status: wordsOf(status), currency: wordsOf(currency) },
    }),
  };
}

/** The usual rows, as many as there are one behind the other. */
export function createQuickReader(plan: SievePlan, { memory, content, view, buckets, salt }: SieveMemory) {
  const module = new wasm.Module(rowModule({ plan, buckets, salt }, view.byteLength));
  const minute = (address: number): number => {
    const at = address - AT.content;
    const base = readSeconds(content, at) - twoDigits(content, at + 17);
    return base >= 0 ? base : -1;
  };
  const { exports } = new wasm.Instance(module, { host: { memory, minute } });
  const { read, flush } = exports as { read(from: number, to: number): number; flush(count: number): void };
  const batch = {
    buckets: new Uint32Array(view.buffer, AT.buckets, BATCH_ROWS),
    refs: new Uint32Array(view.buffer, AT.refs, BATCH_ROWS),
    lengths: new Uint16Array(view.buffer, AT.lengths, BATCH_ROWS),
  };
  return { read, flush, batch };
}

/** What a row says. */
interface RowFacts {
  /** It has the number of an order. */
  named: boolean;
  /** Two numbers of its order, made in different ways. */
  first: number;
  second: number;
  /** One of its reference; 0 where there is none. */
  ref: number;
  kind: number;
  state: number;
  money: number;
  minor: number;
  /** -1: it names none. */
  fee: number;
  /** Whole ones, and millionths beyond them. -1: it names no time. */
  seconds: number;
  micros: number;
  zoned: boolean;
}

function noFacts(): RowFacts {
  return { named: true, first: 0, second: 0, ref: 0, kind: 0, state: 0, money: 0, minor: 0, fee: -1, seconds: -1, micros: 0, zoned: false };
}

/** Whatever a row looks like. */
function createPatientReader(plan: SievePlan, words: Words, facts: RowFacts) {
  const splitter = createSplitter(plan.delimiter, plan.cells);
  const { begins, ends } = splitter;
  const { order_no, provider_ref = -1, kind = -1, amount, currency, status = -1, time = -1, fee = -1 } = plan.places;
  const hash = { first: 0, second: 0 };
  const rest = noRest();
  const from = (cell: number): number => (cell < 0 ? 0 : (begins[cell] as number));
  const to = (cell: number): number => (cell < 0 ? 0 : (ends[cell] as number));
  const has = (cell: number): boolean => to(cell) > from(cell);
  const meaning = (vocabulary: Vocabulary, bytes: Uint8Array, view: DataView, cell: number): number =>
    meaningOf(vocabulary, bytes, view, from(cell), to(cell));
  return {
    /** The start of the next row; -1: this one is not whole yet. */
    row(bytes: Uint8Array, view: DataView, span: { readonly from: number; readonly to: number; readonly isLast: boolean }): number {
      const next = splitter.row(bytes, span.from, span.to, span.isLast);
      if (next < 0) return -1;
      hashText(hash, view, from(provider_ref), to(provider_ref));
      facts.ref = has(provider_ref) ? hash.second : NO_REF;
      hashText(hash, view, from(order_no), to(order_no));
      facts.named = has(order_no);
      facts.first = hash.first;
      facts.second = hash.second;
      facts.state = meaning(words.status, bytes, view, status);
      facts.money = meaning(words.currency, bytes, view, currency);
      facts.kind = meaning(words.kind, bytes, view, kind);
      const sign = bytes[from(fee)] === MINUS ? 1 : 0;
      facts.minor = readMinor(bytes, from(amount), to(amount), facts.money & 7);
      facts.fee = has(fee) ? readMinor(bytes, from(fee) + sign, to(fee), facts.money & 7) : -1;
      const isTimed = to(time) - from(time) >= 19 && readRest(rest, bytes, from(time) + 19, to(time));
      facts.seconds = isTimed ? readSeconds(bytes, from(time)) - rest.offset : -1;
      facts.micros = rest.micros;
      facts.zoned = rest.zoned;
      const isFormula = (cell: number): boolean => has(cell) && MAY_BE_FORMULA[bytes[from(cell)] as number] !== 0;
      const isOdd = facts.minor < 0 || (has(fee) && facts.fee < 0) || (has(time) && !(facts.seconds >= 0));
      if (isOdd || isFormula(order_no) || isFormula(provider_ref)) facts.kind = NOT_PLAIN;
      return next;
    },
  };
}

function createRecorder({ marks, view }: SieveMemory) {
  const covered = createCoverage();
  let fees = 0;
  return {
    record({ first, second, kind, state, money, minor, fee, seconds, micros, zoned }: RowFacts, bucket: number): void {
      if (kind !== PAYMENT || state < 0 || money < 0) return suspectBucket(marks, bucket);
      if (seconds >= 0) covered.add(seconds, micros, zoned ? 1 : 0, bucket);
      if (state > LAST_MOVED) return addMark(marks, bucket, second, 0, 0, 0);
      const facts = markOf(minor, (money << 3) | state);
      if (fee >= 0) fees += 1;
      const secondMark = mix(Math.imul(second ^ facts, 0x165667b1) + minor);
      addMark(marks, bucket, second, mix(first ^ facts), secondMark, fee >= 0 ? feeMark(second, fee) : 0);
    },
    /** With what the usual rows came to. */
    end() {
      for (const form of [0, 1])
        for (const end of [0, 1]) {
          const at = AT.ends + form * ENDS_BYTES;
          const time = view.getBigInt64(at + 8 * end, true);
          const bucket = view.getInt32(at + 16 + 4 * end, true);
          if (bucket >= 0) covered.add(Number(time / MILLION), Number(time % MILLION), form, bucket);
        }
      return { fees: fees + view.getInt32(AT.fees, true), ends: covered.ends() };
    },
  };
}

const MILLION = 1_000_000n;

/** Times that name a zone and times that do not are not compared with each other. */
function createCoverage() {
  const earliest = new Float64Array(4).fill(Number.POSITIVE_INFINITY);
  const latest = new Float64Array(4).fill(Number.NEGATIVE_INFINITY);
  const buckets = [-1, -1, -1, -1];
  // Of each form: seconds and millionths.
  return {
    add(seconds: number, micros: number, form: number, bucket: number): void {
      const at = form * 2;
      const early = earliest[at] as number;
      const late = latest[at] as number;
      if (seconds < early || (seconds === early && micros < (earliest[at + 1] as number))) {
        earliest[at] = seconds;
        earliest[at + 1] = micros;
        buckets[form] = bucket;
      }
      if (seconds > late || (seconds === late && micros > (latest[at + 1] as number))) {
        latest[at] = seconds;
        latest[at + 1] = micros;
        buckets[form + 2] = bucket;
      }
    },
    ends: (): readonly number[] => buckets.filter((bucket) => bucket >= 0),
  };
}
