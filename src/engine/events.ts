/**
 * The journal's vocabulary. Everything the engine decides, shows or exports is a fold over these and the plan.
 * All text in them was redacted before it got here.
 */
import type { Earlier, Judgement } from '../checks/check.ts';
import type { NoticeKind, NoticeMessage } from '../playbook/playbook.ts';
import type { JournalEntry, JournalRecord, Json, JsonObject, Language } from '../ports.ts';

/** All that influences a fold, so that the journal alone can be read next week. */
export interface SessionStarted {
  readonly schema_version: 1;
  readonly session: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly playbook: {
    readonly id: string;
    readonly file: string;
    readonly sha256: string;
    readonly text: string;
    readonly included: readonly { readonly name: string; readonly text: string }[];
  };
  /** Secrets by reference only. */
  readonly profile: { readonly file: string; readonly sha256: string; readonly data: JsonObject };
  readonly inputs: JsonObject;
  readonly local_host: string;
  /** Of this machine's local time, minutes east of UTC. */
  readonly utc_offset_min?: number;
  readonly language: Language;
  readonly flags: RunFlags;
  readonly symptom: string;
}

export interface RunFlags {
  /** A person can be asked. */
  readonly interactive: boolean;
  /** Fix ids (or `ID@target`) consented to on the command line. */
  readonly allow_fix: readonly string[];
  readonly dry_run: boolean;
  /** Most probes at once. */
  readonly concurrency: number;
  /** Epoch ms: the start of the window of interest for logs. */
  readonly since: number;
  /** Its end, where that is not now. */
  readonly until?: number;
  readonly deadline_ms: number | null;
  /** The site goes away with the run: the embedded stack. */
  readonly ephemeral: boolean;
}

export type UndecidedReason = 'condition' | 'needs' | 'not-named' | 'not-evaluated' | 'deadline' | 'ended';

export interface Attempt {
  readonly status: string;
  readonly code: string;
  readonly value?: number | string | boolean;
  readonly unit?: string;
  /** Start, epoch ms. */
  readonly at: number;
  readonly duration_ms: number;
}

/** Why something is not in the evidence, or that it is. */
export type Collected =
  | 'ok'
  | 'failed'
  | 'timed-out'
  | 'not-found'
  | 'not-installed'
  | 'no-permission'
  | 'skipped-by-operator'
  /** It holds secrets, or may. */
  | 'withheld'
  | 'out-of-window'
  | 'over-cap';

/** How many of a kind were removed. As `"cvv": 120` the number itself would be one to remove. */
export interface Removed {
  readonly rule: string;
  readonly count: number;
}

/** A command's output or a part of a file, as it was when it was read, redacted; or why there is none. */
export interface Artifact {
  readonly source: { readonly argv: readonly string[] } | { readonly file: string };
  readonly host: string;
  readonly collected: Collected;
  /** Of a command; null: a signal ended it. */
  readonly exit_code?: number | null;
  /** Start, epoch ms. */
  readonly at: number;
  readonly duration_ms: number;
  /** Of what was read, before redaction. */
  readonly bytes: number;
  /** A part is missing: lines from the middle, or what the host itself left out. */
  readonly truncated: boolean;
  /** Of the text kept, as `Evidence` names it. */
  readonly digest?: string;
  readonly redactions?: readonly Removed[];
  /** Card numbers that were removed, by the first six digits. */
  readonly issuers?: Readonly<Record<string, number>>;
  /** Lines that were read and not kept: they lie outside of the window that was asked for. */
  readonly outside_window?: number;
  /** Lines that a second look left out. */
  readonly withheld_lines?: number;
  readonly why?: string;
  readonly unlock?: string;
}

export interface StepFinished {
  readonly key: string;
  readonly loop: number;
  readonly judgement: Judgement;
  readonly facts: Json;
  readonly duration_ms: number;
  /** Every probe that was made, the one that decided included. */
  readonly attempts: readonly Attempt[];
  readonly redactions: number;
  /** What the judgement was held against beside the facts: judged anew with it, the facts give the same judgement. */
  readonly earlier?: Earlier;
  /** What the probes read. */
  readonly artifacts?: readonly Artifact[];
}

export interface CommandRecord {
  readonly argv: readonly string[];
  readonly exit_code: number | null;
  /** Tail of stdout and stderr, redacted. */
  readonly output: string;
  readonly duration_ms: number;
  /** What was seen after it, where the next stage waited for that. */
  readonly until?: { readonly ok: boolean; readonly steps: readonly LookRecord[] };
}

export interface LookRecord {
  readonly key: string;
  readonly status: string;
  readonly code: string;
}

/** `withheld`: card data or a secret was seen in it, so it did not leave. */
export type NoticeOutcome = 'delivered' | 'refused' | 'failed' | 'withheld';

/** Payload by event type. */
export interface EventData {
  'session.started': SessionStarted;
  /** Probes that ran in the dead process are forgotten and run again; a fix that was running is of unknown effect. */
  'session.resumed': { readonly interactive: boolean; readonly torn_bytes: number; readonly allow_fix: readonly string[] };
  'step.started': { readonly key: string; readonly loop: number; readonly params: Json; readonly host: string };
  'step.finished': StepFinished;
  'step.decided': {
    readonly key: string;
    readonly loop: number;
    readonly status: 'skipped' | 'not-applicable' | 'unknown';
    readonly reason: UndecidedReason;
    readonly detail: string;
  };
  'answer.given': {
    readonly id: string;
    readonly value: string | number | boolean;
    readonly source: 'operator' | 'file' | 'flag' | 'timeout';
  };
  'answer.withdrawn': { readonly id: string };
  'question.skipped': { readonly id: string; readonly reason: string };
  'question.unanswered': { readonly id: string };
  /** `by` and `at`: of a note that was left from another terminal. */
  /** `classified_at`, `notified_at`: when it was called a major incident, and when the regulator first heard of it. */
  'note.added': {
    readonly text: string;
    readonly id?: string;
    readonly by?: string;
    readonly at?: number;
    readonly classified_at?: number;
    readonly notified_at?: number;
  };
  'verify.started': { readonly key: string; readonly loop: number };
  'verify.finished': {
    readonly key: string;
    readonly loop: number;
    readonly outcome: 'confirmed' | 'refuted' | 'unknown';
    readonly detail: string;
    readonly facts: Json;
    readonly artifacts?: readonly Artifact[];
  };
  /** What was kept though no check asked for it: the window of each log that the profile names. */
  'evidence.collected': { readonly artifacts: readonly Artifact[] };
  'mitigation.requested': { readonly captured: readonly string[] };
  'mitigation.closed': Record<string, never>;
  'fix.declined': { readonly key: string; readonly reason: string };
  /** `guided`: a person does it by hand; otherwise its commands run or it is not applied at all. */
  'fix.consented': { readonly key: string; readonly source: string; readonly guided: boolean };
  'fix.saved': { readonly key: string; readonly name: string; readonly command: CommandRecord };
  'fix.started': { readonly key: string; readonly argvs: readonly (readonly string[])[]; readonly host: string };
  'fix.finished': { readonly key: string; readonly ok: boolean; readonly commands: readonly CommandRecord[] };
  /** What its dry run printed, before it was consented to. */
  'rehearsal.finished': { readonly key: string; readonly command: CommandRecord };
  'fix.planned': { readonly key: string; readonly argvs: readonly (readonly string[])[]; readonly command: CommandRecord | null };
  'fix.validated': {
    readonly key: string;
    readonly ok: boolean;
    readonly steps: readonly LookRecord[];
  };
  'fix.rolled-back': { readonly key: string; readonly ok: boolean; readonly commands: readonly CommandRecord[]; readonly reason: string };
  /** Validation goes back to evidence: every step is probed again, answers stay. */
  'loop.started': { readonly loop: number; readonly since: number };
  'soak.sampled': { readonly ok: boolean; readonly steps: readonly { readonly key: string; readonly status: string }[] };
  'soak.finished': { readonly ok: boolean; readonly samples: number };
  /** `messages`: by language. */
  'notice.due': { readonly notice: string; readonly what: NoticeKind; readonly messages: Readonly<Record<string, NoticeMessage>> };
  /** `id` and `at`: it is told by a process of its own, and left beside the journal. */
  'notice.finished': {
    readonly notice: string;
    readonly to: string;
    readonly outcome: NoticeOutcome;
    readonly attempts: number;
    readonly duration_ms: number;
    readonly why?: string;
    readonly id?: string;
    readonly at?: number;
  };
  'deadline.passed': Record<string, never>;
  'session.interrupted': { readonly signal: string };
  'session.ended': { readonly verdict: Verdict; readonly outcome: Outcome; readonly exit_code: number };
}

export type Verdict = 'healthy' | 'fault' | 'unknown';

export type Outcome =
  | 'healthy'
  | 'false-alarm'
  | 'fixed'
  | 'mitigated'
  | 'waiting-third-party'
  | 'fault-found'
  | 'fix-failed'
  | 'inconclusive'
  | 'aborted';

export type EventType = keyof EventData;

export type Event = {
  [T in EventType]: {
    readonly type: T;
    readonly data: EventData[T];
    readonly actor: 'oor' | 'operator';
    /** Epoch ms. */
    readonly at: number;
    readonly monoMs: number;
  };
}[EventType];

export function toRecord(event: Event): JournalRecord {
  return {
    ts: new Date(event.at).toISOString(),
    mono_ms: event.monoMs,
    actor: event.actor,
    type: event.type,
    data: event.data as unknown as JsonObject,
  };
}

export function fromEntry(entry: JournalEntry): Event {
  return {
    type: entry.type,
    data: entry.data,
    actor: entry.actor,
    at: Date.parse(entry.ts),
    monoMs: entry.mono_ms,
  } as unknown as Event;
}
