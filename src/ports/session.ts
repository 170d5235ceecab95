/** The person, time, and what is kept on disk. */
import type { Instant } from './host.ts';
import type { JsonObject, Text } from './values.ts';

export type QuestionType = 'select' | 'confirm' | 'text' | 'number';

export interface Question {
  readonly id: string;
  readonly type: QuestionType;
  readonly text: Text;
  readonly help?: Text;
  readonly options?: readonly { readonly value: string; readonly label: Text }[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The exact text that must be typed to consent; for questions of type `text` only. */
  readonly mustEqual?: string;
  /** What an empty line means; absent: nothing. Never of a consent. */
  readonly usual?: string | boolean;
  /** False where skipping makes no sense. To skip a consent is to decline it with a reason. */
  readonly skippable: boolean;
  /** True when there is an earlier answer to go back to, or the question at which `m` was pressed. */
  readonly canGoBack: boolean;
  /** True when `m` has something to offer. */
  readonly canMitigate: boolean;
  readonly background?: Background;
}

/** What can be shown beside a question while it stands, in the operator's language; read anew each time, since checks run on behind it. */
export interface Background {
  /** One line, at most so wide: how far the checks are. '' when there is nothing to tell. */
  progress(columns: number): string;
  /** What was found and what runs, one line each, at most so many; safe to print as they are. */
  table(columns: number, rows: number): readonly string[];
  /** One line: why this is asked now. '' when there is nothing to tell. */
  reason(): string;
  /** The status to paste to others. */
  status(): readonly string[];
  /** The ranking, what speaks for and against, the best rival and the cheapest test that separates the two. */
  why(): readonly string[];
}

/** What the operator did at a question. */
export type Reply =
  | { readonly kind: 'answer'; readonly value: string | number | boolean; readonly source: 'operator' | 'file' | 'flag' | 'timeout' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'back' }
  | { readonly kind: 'mitigate' }
  | { readonly kind: 'quit' }
  /** Nobody can answer: no terminal, and no file or flag names it. */
  | { readonly kind: 'nobody' };

export interface Operator {
  /** True when a person sits there: prompts may be shown and fixes offered. */
  readonly interactive: boolean;
  ask(question: Question, signal: AbortSignal): Promise<Reply>;
}

/** What somebody scored in a drill. */
export interface DrillRecord {
  readonly drill: string;
  /** ISO 8601. */
  readonly at: string;
  /** 0 to 1. */
  readonly score: number;
  readonly minutes: number;
  readonly seed: number;
}

export interface DrillScores {
  /** Oldest first. */
  read(): Promise<readonly DrillRecord[]>;
  add(record: DrillRecord): Promise<void>;
}

export interface Clock {
  now(): Instant;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Before work of some milliseconds: resolves for one caller after the other, and what the operator types is seen in between. */
  turn(): Promise<void>;
}

export interface Random {
  /** Lower-case hex of `bytes` random bytes. */
  hex(bytes: number): string;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
}

/** One session's journal: JSON lines, hash-chained, each append durable before it resolves. */
export interface Journal {
  readonly sessionId: string;
  append(record: JournalRecord): Promise<void>;
  close(): Promise<void>;
}

export interface JournalRecord {
  readonly ts: string;
  readonly mono_ms: number;
  readonly actor: string;
  readonly type: string;
  readonly data: JsonObject;
}

export interface JournalEntry extends JournalRecord {
  readonly seq: number;
  readonly prev_hash: string;
}

export interface StoredJournal {
  readonly sessionId: string;
  readonly entries: readonly JournalEntry[];
  /** Bytes of a torn last line that were set aside; 0 normally. */
  readonly tornBytes: number;
  /** SHA-256 of the last whole record, 64 zeros when there is none: shows a cut tail, which the chain alone cannot. */
  readonly headHash: string;
}

export interface SessionSummary {
  readonly id: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
}

/** What a process leaves beside a journal that another one writes, until that one takes it in. */
export interface LeftRecord {
  /** One that stands in the journal already is not taken in again. */
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly data: JsonObject;
}

export interface Inbox {
  /** Durable when it resolves. */
  leave(record: LeftRecord): Promise<void>;
  /** Oldest first. What is no record is passed over. */
  waiting(): Promise<readonly LeftRecord[]>;
  discard(id: string): Promise<void>;
}

/** Sessions on disk, 0600 files in 0700 folders. */
export interface Store {
  create(sessionId: string): Promise<Journal>;
  /** Locks, drops a torn tail with a message, refuses (exit 9) a record altered in the middle. */
  open(sessionId: string): Promise<{ readonly journal: Journal; readonly stored: StoredJournal }>;
  /** Read only, no lock. */
  read(sessionId: string): Promise<StoredJournal>;
  /** Is somebody writing its journal? Also when that cannot be told. */
  isHeld(sessionId: string): Promise<boolean>;
  /** One process at a time does `what` for a session, beside whoever writes its journal. undefined: another one does. */
  tryLock(sessionId: string, what: string): Promise<(() => Promise<void>) | undefined>;
  /** For records of those who do not hold the journal; no lock. */
  inbox(sessionId: string): Promise<Inbox>;
  list(): Promise<readonly SessionSummary[]>;
  remove(sessionId: string): Promise<void>;
  /** What was kept beside the journal; no lock. */
  evidence(sessionId: string): Promise<Evidence>;
}

/** Texts kept beside a journal, each under its digest: SHA-256 in base64url, which no redaction takes for a number. */
export interface Evidence {
  /** Not durable by itself: what a power cut loses is told by its digest. Throws when it cannot be kept. */
  keep(text: string): Promise<string>;
  /** undefined: it is not there, or is not what it was. */
  read(digest: string): Promise<string | undefined>;
  /** The journal as it lies on the disk, whole records only. */
  journal(): Promise<Uint8Array>;
}

/** What a check said, for a run that comes later. */
export interface RememberedStatus {
  readonly status: 'warn' | 'fail';
  /** Which of several things it was about. */
  readonly item?: string;
}

/** The last word of checks that were not ok, by key. Nobody may depend on it: what cannot be read or kept is as if it had never been. */
export interface StatusMemory {
  recall(): Promise<ReadonlyMap<string, RememberedStatus>>;
  /** null: it is ok again. */
  keep(changes: ReadonlyMap<string, RememberedStatus | null>): Promise<void>;
}

/** Bounds the time of one evaluation of untrusted code (an expression, a pattern); throws `HostError` timed-out past it. */
export type TimeLimit = <T>(evaluate: () => T) => T;
