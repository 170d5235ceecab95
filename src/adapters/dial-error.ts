import { HostError, type HostErrorReason } from '../errors.ts';
import type { ConnectOutcome } from '../ports.ts';

export type DialFailure = Exclude<ConnectOutcome, 'connected'>;

/** Thrown by `dial` and `datagram`: the network answered, or did not; the outcome is a fact about the target. */
export class DialError extends HostError {
  readonly outcome: DialFailure;
  /** The operating system's error code. */
  readonly code: string;

  constructor(outcome: DialFailure, code: string, message: string) {
    super(REASONS[outcome], message);
    this.name = 'DialError';
    this.outcome = outcome;
    this.code = code;
  }
}

const REASONS: Readonly<Record<DialFailure, HostErrorReason>> = {
  refused: 'unreachable',
  'timed-out': 'timed-out',
  unreachable: 'unreachable',
  'name-not-resolved': 'not-found',
  reset: 'unreachable',
};

const OUTCOMES: Readonly<Record<string, DialFailure>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ENOTFOUND: 'name-not-resolved',
  EAI_AGAIN: 'name-not-resolved',
};

/** A `DialError` where the code is an answer of the network; else a plain `HostError` (no file handles left, ...). */
export function toDialError(error: unknown, target: string): HostError {
  if (error instanceof HostError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const outcome = OUTCOMES[code];
  return outcome ? new DialError(outcome, code, `${target}: ${message}`) : new HostError('io', `${target}: ${message}`);
}
