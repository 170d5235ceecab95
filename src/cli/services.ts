/** What the commands are handed by the composition root; every adapter behind it is loaded on first use. */

import type { Status } from '../checks/check.ts';
import type { HostAccess, ProberDeps } from '../engine/probe.ts';
import type { OorError } from '../errors.ts';
import type { Prepared } from '../playbook/prepared.ts';
import type {
  Archives,
  Clock,
  DrillScores,
  Host,
  HostActor,
  JsonObject,
  Language,
  Operator,
  Random,
  Seals,
  Secrets,
  StatusMemory,
  Store,
  TimeLimit,
  Webhook,
  Workbench,
} from '../ports.ts';
import type { Pseudonym } from '../redact/index.ts';
import type { Picture } from '../report/glance.ts';
import type { TextOptions } from '../report/text.ts';
import type { TerminalPolicy } from './terminal-policy.ts';

type Redact = ProberDeps['redact'];

export interface NamedText {
  /** What a person calls it: a shipped name or a path. */
  readonly file: string;
  readonly text: string;
  /** What the build made of this very text. */
  readonly prepared?: Prepared;
}

/** What runs and what came out of it, on stderr. */
export interface Progress {
  planned(phases: readonly { readonly id: string; readonly steps: number }[]): void;
  started(step: { readonly id: string; readonly title: string; readonly phase?: string; readonly timeoutMs: number }): void;
  finished(step: {
    readonly id: string;
    readonly title: string;
    readonly phase?: string;
    readonly status: Status;
    readonly summary: string;
    readonly durationMs: number;
    readonly value?: string;
    readonly limit?: string;
    readonly picture?: Picture;
  }): void;
  /** It was not run. */
  decided(step: { readonly id: string; readonly phase?: string; readonly status: Status }): void;
  note(text: string): void;
  /** The impact began so long ago. */
  impact(agoMs: number): void;
  /** How far it is, in one line at most so wide. */
  line(columns: number): string;
  /** What was found and what runs, one line each, at most so many. */
  table(columns: number, rows: number): readonly string[];
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface RunningStack {
  readonly profilePath: string;
  stop(): Promise<void>;
  /** Lets this process end and the stack stay up for a while, for `oor resume`. */
  leave(): void;
}

export interface Terminal {
  readonly stdinIsTTY: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  readonly columns: number | undefined;
  /** Lines as wide as the screen, broken between words, each under its own beginning; absent: nobody reads at one. */
  readonly wrap?: (text: string, language: Language) => Promise<string>;
}

export interface ScriptedAnswers {
  readonly file: Readonly<Record<string, string | number | boolean>>;
  readonly flags: Readonly<Record<string, string>>;
  readonly allowFix: readonly string[];
}

export interface CleaningFile {
  readonly path: string;
  readonly name: string;
}

export interface PassedFile {
  readonly name: string;
  /** In English: `symbolic link`, `socket`. */
  readonly kind: string;
}

type CleaningEncoding = 'utf8' | 'utf16le';

export interface CleaningInput {
  /** undefined: no text. */
  readonly encoding: CleaningEncoding | undefined;
  readonly packed: boolean;
  chunks(): AsyncIterable<string | { readonly withheld: number }>;
}

export interface CleaningOutput {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  /** Nothing of it is left. */
  abandon(): Promise<void>;
  /** Nobody takes any more of it. */
  isOver(): boolean;
}

export interface CleaningFiles {
  /** `passed`: what in a folder is not looked at, since it is no regular file. undefined: there is no such file or folder. */
  list(path: string): Promise<{ readonly files: readonly CleaningFile[]; readonly passed: readonly PassedFile[] } | undefined>;
  /** `-` is standard input. Throws `OorError`. */
  open(path: string): Promise<CleaningInput>;
  /** A new file. Throws `OorError`, also when it exists. */
  create(folder: string, name: string, options: { readonly encoding: CleaningEncoding; readonly packed: boolean }): Promise<CleaningOutput>;
  standardOutput(options: { readonly encoding: CleaningEncoding }): CleaningOutput;
}

/** A playbook that may fit what was said, the best first. */
export interface StartChoice {
  readonly id: string;
  readonly title: string;
  /** What it was understood by; empty: nothing. */
  readonly heard: readonly string[];
}

export interface Services {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** stdout: the result and nothing else. */
  out(text: string): Promise<void>;
  /** What was given to `out` and could not leave, as on a full disk; a reader that left is no failure. */
  lostOutput(): Promise<OorError | undefined>;
  /** stderr. */
  err(text: string): void;
  readonly clock: Clock;
  readonly random: Random;
  readonly timeLimit: TimeLimit;
  /** Aborted by SIGINT, SIGTERM or SIGHUP with the signal's name as reason. */
  readonly interruption: AbortSignal;
  sha256(text: string): string;
  /** undefined when there is no such file; other failures throw `OorError`. At most `maxBytes` are read. */
  readFile(path: string, maxBytes: number): Promise<string | undefined>;
  /** Replaces the file in one step, so that no reader ever sees half of it. Throws `OorError`. */
  writeFile(path: string, text: string, mode: number): Promise<void>;
  user(): { readonly user: string; readonly isRoot: boolean };
  /** How oor is started here: the program and its first arguments. */
  readonly command: readonly string[];
  /** Could somebody else have written this file? (another owner than this user and root, or writable by all) */
  isForeign(path: string): Promise<boolean>;
  shippedPlaybooks(): Promise<readonly NamedText[]>;
  /** The folder of the incidents that prove them. */
  readonly shippedFixtures: string;
  shippedSchema(of: 'playbook' | 'profile'): Promise<string>;
  /** Machines of which one log was written down. */
  writtenHosts(): Promise<(log: { readonly path: string; readonly lines: readonly string[]; readonly now: number }) => Host>;
  /** The shipped drills by file name, and the recorded facts that they name. */
  drills(): Promise<{ readonly files: readonly NamedText[]; readonly shapes: string }>;
  drillScores(stateDir: string | undefined): Promise<DrillScores>;
  store(stateDir: string | undefined): Promise<Store>;
  statusMemory(stateDir: string | undefined): Promise<StatusMemory>;
  archives(): Promise<Archives>;
  /** SHA-256 over all files of this program; lower-case hex. */
  programDigest(): Promise<string>;
  seals(stateDir: string | undefined): Promise<Seals>;
  /** Default places of a profile, nearest first. */
  readonly profilePlaces: readonly string[];
  readonly localHost: string;
  /** This machine, also as '', and those that the profile names. */
  hosts(profile: JsonObject, stateDir?: string): Promise<(name: string) => HostAccess | undefined>;
  actors(profile: JsonObject): Promise<(name: string) => HostActor | undefined>;
  /**
   * Knows the values behind every secret that the profile names, so that they never reach the disk, wherever they turn up. `harmless`: texts
   * that everybody has, and that stay as they are.
   */
  redactor(profile: JsonObject, harmless?: readonly string[]): Promise<Redact>;
  /** Those values themselves, to look for in what leaves. */
  secretsOf(profile: JsonObject): Promise<readonly string[]>;
  /** Secrets of the environment and of files of this machine. */
  secrets(): Promise<Secrets>;
  webhook(): Promise<Webhook>;
  /** undefined: the person left. */
  askStart(
    policy: TerminalPolicy,
    propose: (said: string) => readonly StartChoice[],
  ): Promise<{ readonly symptom: string; readonly playbook: string } | undefined>;
  operator(policy: TerminalPolicy, answers: ScriptedAnswers): Promise<Operator & { unused(): readonly string[] }>;
  progress(policy: TerminalPolicy): Promise<Progress>;
  painter(colour: boolean): Promise<TextOptions['paint']>;
  sandbox: {
    faults(): Promise<
      readonly {
        readonly id: string;
        readonly cause: string;
        readonly class: string;
        readonly repairable: boolean;
        readonly available: boolean;
        readonly reason?: string;
      }[]
    >;
    /** Runs the stack in a child process until `stop`. */
    start(fault: string): Promise<RunningStack>;
    /** The stack that an earlier run left up, by the folder of its profile. */
    left(dir: string): Promise<Pick<RunningStack, 'stop'> | undefined>;
    /** Runs the stack in this process until the interruption. */
    serve(dir: string, fault: string): Promise<void>;
    control(dir: string, verb: string, words: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }>;
  };
  /** A file or a pipe, `-` for standard input; undefined when there is none of that name. Throws `OorError` past `maxBytes`. */
  readBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Files and pipes of any size, to be cleaned. */
  cleaning(): Promise<CleaningFiles>;
  /** For reconciliation; ends with the interruption. */
  workbench(): Promise<Workbench>;
  /** Keyed names; the key is this process's own or, given an incident, kept in the state folder. */
  pseudonym(incident: string | undefined, stateDir: string | undefined): Promise<Pseudonym>;
  /** Starts `oor` again, detached from this terminal. */
  spawnDetached(args: readonly string[]): void;
}
