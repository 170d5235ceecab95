import type { Language } from '../ports.ts';
import type { FinishedLine } from './progress-lines.ts';

export interface StartedStep {
  readonly id: string;
  readonly title: string;
  /** Its phase, where the caller knows it. */
  readonly phase?: string;
  /** 0: none. */
  readonly timeoutMs: number;
}

export interface FinishedStep extends FinishedLine {
  readonly phase?: string;
}

export type DecidedStep = Pick<FinishedStep, 'id' | 'phase' | 'status'>;

/** What runs and what came out of it, on stderr, while a run is under way. */
export interface Progress {
  /** How many steps each phase has, in the order of the phases; again when the plan grows. Without it totals are those started so far. */
  planned(phases: readonly { readonly id: string; readonly steps: number }[]): void;
  started(step: StartedStep): void;
  finished(step: FinishedStep): void;
  /** It is counted where phases are, and said nowhere: nothing was looked at. */
  decided(step: DecidedStep): void;
  /** A line, or several. */
  note(text: string): void;
  /** The impact began so long ago. */
  impact(agoMs: number): void;
  /** How far it is, in one line at most so wide; '' where nothing may be redrawn. */
  line(columns: number): string;
  /** Beside a question: phases that are over, what went wrong, what is under way; at most so many lines. */
  table(columns: number, rows: number): readonly string[];
  /** Leaves the screen to a question; what happens meanwhile is shown after it. */
  pause(): void;
  resume(): void;
  /** Must be called, or the line that is redrawn keeps the process alive. May be called twice. */
  stop(): void;
}

export type ProgressOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  cork?(): void;
  uncork?(): void;
};

export interface ProgressOptions {
  readonly output: ProgressOutput;
  readonly language: Language;
  readonly ascii: boolean;
  readonly colour: boolean;
  /** False: one plain line for each finished step, without escape sequences. */
  readonly animated: boolean;
  /** At a terminal, prints ok steps too instead of counting them. */
  readonly verbose?: boolean;
  /** Makes hostile characters visible; newlines may stay. */
  readonly escape?: (text: string) => string;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}
