/** One look at the bytes of a file: where each row lies, and a mark of each payment in the bucket of its order. */
import type { SievePlan } from '../ports.ts';
import { MAY_BE_FORMULA, noRest, readMinor, readRest, readSeconds } from './row-sieve-cells.ts';
import { hashText } from './row-sieve-hash.ts';
import { addMark, createMarker, feeMark, flushMarks, markOf, mix, suspectBucket } from './row-sieve-marks.ts';
import { createQuickReader, noFacts, type RowFacts, readQuickly, type Words } from './row-sieve-quick.ts';
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

/** Bytes that a buffer must have behind the last one that is read. */
export const SLACK_BYTES = 64;

export interface ScannedFile {
  readonly rows: RowIndex;
  /** Rows that name a fee. */
  readonly fees: number;
  /** Buckets of the first and the last payment: by them is told which time the side covers. */
  readonly ends: readonly number[];
  readonly words: Readonly<Record<'kind' | 'status' | 'currency', readonly string[]>>;
}

export interface Scanner {
  /** Takes the whole rows before `to`; `bytes` must be longer by SLACK_BYTES. Answers where the rest begins. */
  take(bytes: Uint8Array, from: number, to: number, isLast: boolean): number;
  end(): ScannedFile;
}

export function createScanner(plan: SievePlan, marks: Int32Array, buckets: number): Scanner {
  const special = specialBytes(plan.delimiter.charCodeAt(0));
  const words: Words = {
    kind: createVocabulary(plan.words.kind, special),
    status: createVocabulary(plan.words.status, special),
    currency: createVocabulary(plan.words.currency, special),
  };
  const facts = noFacts();
  const quick = createQuickReader(plan, words, special);
  const patient = createPatientReader(plan, words, facts);
  const rows = createRowIndex();
  const recorder = createRecorder(marks);
  let view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));
  return {
    take(bytes, from, to, isLast) {
      if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset)
        view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      bytes[to] = LINE_FEED;
      for (let at = from, next = 0; ; at = next) {
        if (at >= to) return at;
        next = readQuickly(quick, facts, bytes, view, at);
        if (next < 0 || next > to) next = patient.row(bytes, view, { from: at, to, isLast });
        if (next < 0) return at;
        if (next - at > MAX_ROW_BYTES) throw new NotSievable('a row is too long');
        const bucket = facts.named ? mix(facts.first) & (buckets - 1) : NO_BUCKET;
        rows.add(bucket, facts.ref, next - at);
        if (facts.named) recorder.record(facts, bucket);
      }
    },
    end: () => ({
      rows: rows.end(),
      ...recorder.end(),
      words: { kind: wordsOf(words.kind), status: wordsOf(words.status), currency: wordsOf(words.currency) },
    }),
  };
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

function createRecorder(marks: Int32Array) {
  const marker = createMarker(marks);
  const covered = createCoverage();
  let fees = 0;
  return {
    record({ first, second, kind, state, money, minor, fee, seconds, micros, zoned }: RowFacts, bucket: number): void {
      if (kind !== PAYMENT || state < 0 || money < 0) return suspectBucket(marker, bucket);
      if (seconds >= 0) covered.add(seconds, micros, zoned ? 1 : 0, bucket);
      if (state > LAST_MOVED) return addMark(marker, bucket, second, 0, 0, 0);
      const facts = markOf(minor, (money << 3) | state);
      if (fee >= 0) fees += 1;
      addMark(
        marker,
        bucket,
        second,
        mix(first ^ facts),
        mix(Math.imul(second ^ facts, 0x165667b1) + minor),
        fee >= 0 ? feeMark(second, fee) : 0,
      );
    },
    end() {
      flushMarks(marker);
      return { fees, ends: covered.ends() };
    },
  };
}

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
