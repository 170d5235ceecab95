/** The whole state of an incident, as `fold.ts` makes it from the journal. Shapes only. */
import type { Judgement, Status } from '../checks/check.ts';
import type { Json } from '../ports.ts';
import type { CommandRecord, EventData, SessionStarted } from './events.ts';

export interface StepResult {
  readonly key: string;
  readonly loop: number;
  /** Position in the journal; orders it against answers. */
  readonly seq: number;
  readonly status: Status;
  readonly judgement?: Judgement;
  readonly facts: Json;
  readonly durationMs: number;
  readonly attempts: EventData['step.finished']['attempts'];
  /** Why it was skipped or does not apply. */
  readonly reason?: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly params: Json;
  readonly host: string;
}

export interface Answer {
  readonly id: string;
  readonly value: string | number | boolean;
  readonly source: 'operator' | 'file' | 'flag' | 'timeout';
  readonly at: number;
  readonly seq: number;
}

export interface Verification {
  /** `cause instance#index`. */
  readonly key: string;
  readonly loop: number;
  readonly outcome: 'confirmed' | 'refuted' | 'unknown';
  readonly detail: string;
}

/** How far a fix got; a fix found in `running` after a crash is of unknown effect. */
export type FixStage =
  | 'declined'
  | 'consented'
  | 'running'
  | 'applied'
  | 'failed'
  | 'validated'
  | 'not-validated'
  | 'rolled-back'
  | 'rollback-failed'
  | 'planned'
  | 'interrupted';

export interface FixState {
  readonly key: string;
  readonly stage: FixStage;
  readonly guided: boolean;
  readonly saved: Readonly<Record<string, string>>;
  readonly commands: readonly CommandRecord[];
  readonly at: number;
  readonly loop: number;
  readonly reason?: string;
}

export interface Note {
  readonly at: number;
  readonly text: string;
  readonly by?: string;
  /** When the incident was called a major one. */
  readonly classifiedAt?: number;
  /** When the regulator first heard of it. */
  readonly notifiedAt?: number;
}

export interface Session {
  readonly started: SessionStarted;
  readonly startedAt: number;
  readonly lastAt: number;
  /** Events folded so far. */
  readonly seq: number;
  /** 0 for the first pass; each validation that goes back to evidence adds one. */
  readonly loop: number;
  /** Start of the window of interest: the flag's, or since the last fix. */
  readonly since: number;
  /** The latest result of each step instance, of this loop or an earlier one. */
  readonly results: ReadonlyMap<string, StepResult>;
  readonly history: readonly StepResult[];
  readonly running: ReadonlyMap<string, { readonly params: Json; readonly host: string; readonly at: number }>;
  readonly answers: ReadonlyMap<string, Answer>;
  /** Questions that were left without an answer, with the reason. */
  readonly unanswered: ReadonlyMap<string, { readonly by: 'operator' | 'nobody'; readonly reason: string }>;
  readonly notes: readonly Note[];
  /** What people outside are told, by its id. */
  readonly notices: ReadonlyMap<string, EventData['notice.due']>;
  readonly told: readonly EventData['notice.finished'][];
  /** Ids of the records that other processes left and that stand in the journal. */
  readonly taken: ReadonlySet<string>;
  readonly verifying: ReadonlySet<string>;
  /** Of this loop; earlier ones are in `pastVerifications`. */
  readonly verifications: ReadonlyMap<string, Verification>;
  readonly pastVerifications: readonly Verification[];
  readonly fixes: ReadonlyMap<string, FixState>;
  /** Of this loop, by fix: what it would do. */
  readonly rehearsals: ReadonlyMap<string, CommandRecord>;
  /** True from `m` at a prompt until the offers were made. */
  readonly mitigating: boolean;
  readonly deadlinePassed: boolean;
  readonly interactive: boolean;
  readonly allowFix: readonly string[];
  readonly soak: { readonly samples: number; readonly failed: number; readonly finished?: boolean };
  /** Card numbers in what was read, by the first six digits, as often as they were masked. */
  readonly issuers: Readonly<Record<string, number>>;
  readonly interrupted?: string;
  readonly ended?: EventData['session.ended'];
  readonly endedAt?: number;
}
