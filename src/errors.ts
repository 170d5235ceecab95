/** Exit codes of every command; the meaning of each is part of the contract with pipelines. */
export const ExitCode = {
  healthy: 0,
  fault: 1,
  usage: 2,
  answerNeeded: 3,
  aborted: 4,
  fixFailed: 5,
  rollbackFailed: 6,
  inconclusive: 7,
  exportRefused: 8,
  recordDamaged: 9,
  notSigned: 10,
  unknownSigner: 11,
  untrustedPlaybook: 12,
  invalidInput: 65,
  internal: 70,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface OorErrorDetails {
  /** Stable kebab-case id, for tests and `--json`. */
  readonly code: string;
  /** What went wrong and where. */
  readonly message: string;
  /** The next thing to type or to look at. */
  readonly hint?: string;
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
}

/** An expected failure: printed as what, where, why and next step. Anything else that is thrown is a defect (exit 70). */
export class OorError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor({ code, message, hint, exitCode, cause }: OorErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'OorError';
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }

  /** The same failure in other words. */
  retold(words: { readonly message: string; readonly hint?: string }): OorError {
    const hint = words.hint ?? this.hint;
    const { code, exitCode, cause } = this;
    return new OorError({ code, message: words.message, exitCode, cause, ...(hint !== undefined && { hint }) });
  }
}

/** Why a host could not answer. None of these says anything about the health of what was asked. */
export type HostErrorReason = 'missing-tool' | 'no-permission' | 'not-found' | 'timed-out' | 'unsupported' | 'unreachable' | 'io';

/** Thrown by `Host` and `Protocols`; the engine turns it into the status `unknown` with `unlock` as the way out. */
export class HostError extends Error {
  readonly reason: HostErrorReason;
  /** What would make it known: a package, a group, a capability, a longer timeout. */
  readonly unlock: string | undefined;
  /** What a command had printed when its time was over. */
  readonly printed: string | undefined;

  constructor(reason: HostErrorReason, message: string, unlock?: string, printed?: string) {
    super(message);
    this.name = 'HostError';
    this.reason = reason;
    this.unlock = unlock;
    this.printed = printed;
  }
}
