/** One look at the bytes of a file: where each row lies, and a mark of each payment in the bucket of its order. */
import type { SievePlan } from '../ports.ts';
import { createVocabulary, MAY_BE_FORMULA, namesZone, readMinor, readSeconds, type Vocabulary } from './row-sieve-cells.ts';
import { createHash } from './row-sieve-hash.ts';
import { createMarker, feeMark, markOf, mix } from './row-sieve-marks.ts';
import { createQuickReader, noFacts, type RowFacts, type Words } from './row-sieve-quick.ts';
import { createRowIndex, MAX_ROW_BYTES, NO_BUCKET, NO_REF, type RowIndex } from './row-sieve-rows.ts';
import { createSplitter, NotSievable } from './row-sieve-split.ts';

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
  const [kind, status, currency] = [plan.words.kind, plan.words.status, plan.words.currency].map(createVocabulary) as [
    Vocabulary,
    Vocabulary,
    Vocabulary,
  ];
  const words = { kind, status, currency };
  const facts = noFacts();
  const quick = createQuickReader(plan, words, facts);
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
        next = quick.row(bytes, view, at);
        if (next < 0 || next > to) next = patient.row(bytes, view, { from: at, to, isLast });
        if (next < 0) return at;
        if (next - at > MAX_ROW_BYTES) throw new NotSievable('a row is too long');
        const bucket = facts.named ? mix(facts.first) & (buckets - 1) : NO_BUCKET;
        rows.add(bucket, facts.ref, next - at);
        if (facts.named) recorder.record(facts, bucket);
      }
    },
    end: () => ({ rows: rows.end(), ...recorder.end(), words: { kind: kind.words(), status: status.words(), currency: currency.words() } }),
  };
}

/** Whatever a row looks like. */
function createPatientReader(plan: SievePlan, words: Words, facts: RowFacts) {
  const splitter = createSplitter(plan.delimiter, plan.cells);
  const { begins, ends } = splitter;
  const { order_no, provider_ref = -1, kind = -1, amount, currency, status = -1, time = -1, fee = -1 } = plan.places;
  const hash = createHash();
  const from = (cell: number): number => (cell < 0 ? 0 : (begins[cell] as number));
  const to = (cell: number): number => (cell < 0 ? 0 : (ends[cell] as number));
  const has = (cell: number): boolean => to(cell) > from(cell);
  const meaning = (vocabulary: Vocabulary, bytes: Uint8Array, cell: number): number => vocabulary.find(bytes, from(cell), to(cell));
  return {
    /** The start of the next row; -1: this one is not whole yet. */
    row(bytes: Uint8Array, view: DataView, span: { readonly from: number; readonly to: number; readonly isLast: boolean }): number {
      const next = splitter.row(bytes, span.from, span.to, span.isLast);
      if (next < 0) return -1;
      hash.make(bytes, view, from(provider_ref), to(provider_ref));
      facts.ref = has(provider_ref) ? hash.second() : NO_REF;
      hash.make(bytes, view, from(order_no), to(order_no));
      facts.named = has(order_no);
      facts.first = hash.first();
      facts.second = hash.second();
      facts.state = meaning(words.status, bytes, status);
      facts.money = meaning(words.currency, bytes, currency);
      facts.kind = meaning(words.kind, bytes, kind);
      const sign = bytes[from(fee)] === MINUS ? 1 : 0;
      facts.minor = readMinor(bytes, from(amount), to(amount), facts.money & 7);
      facts.fee = has(fee) ? readMinor(bytes, from(fee) + sign, to(fee), facts.money & 7) : -1;
      facts.seconds = has(time) ? readSeconds(bytes, from(time), to(time)) : -1;
      facts.zoned = has(time) && namesZone(bytes, from(time), to(time));
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
    record({ first, second, kind, state, money, minor, fee, seconds, zoned }: RowFacts, bucket: number): void {
      if (kind !== PAYMENT || state < 0 || money < 0) return marker.suspect(bucket);
      if (seconds >= 0) covered.add(seconds, zoned ? 1 : 0, bucket);
      if (state > LAST_MOVED) return marker.add(bucket, second, 0, 0, 0);
      const facts = markOf(minor, (money << 3) | state);
      if (fee >= 0) fees += 1;
      marker.add(
        bucket,
        second,
        mix(first ^ facts),
        mix(Math.imul(second ^ facts, 0x165667b1) + minor),
        fee >= 0 ? feeMark(second, fee) : 0,
      );
    },
    end() {
      marker.flush();
      return { fees, ends: covered.ends() };
    },
  };
}

/** Times that name a zone and times that do not are not compared with each other. */
function createCoverage() {
  const earliest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const latest = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const buckets = [-1, -1, -1, -1];
  return {
    add(seconds: number, form: number, bucket: number): void {
      if (seconds < (earliest[form] as number)) {
        earliest[form] = seconds;
        buckets[form] = bucket;
      }
      if (seconds > (latest[form] as number)) {
        latest[form] = seconds;
        buckets[form + 2] = bucket;
      }
    },
    ends: (): readonly number[] => buckets.filter((bucket) => bucket >= 0),
  };
}
