import type { Problem, ProblemCode } from './message.ts';

/** Where a reader stands in the bytes of one message, and what it found wrong. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  lowerCase: boolean | undefined;
  /** What ended the reading. */
  fatal: Problem | undefined;
  /** Impossible values in their right place; the reading went on. */
  doubts: Problem[] | undefined;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.lowerCase = undefined;
    this.fatal = undefined;
    this.doubts = undefined;
  }

  stop(code: ProblemCode, offset: number, message: string): undefined {
    this.fatal = { code, offset, message };
    return undefined;
  }

  doubt(code: ProblemCode, offset: number, message: string): void {
    this.doubts ??= [];
    this.doubts.push({ code, offset, message });
  }

  /** Hexadecimal letters of one message are all of one case; false otherwise. */
  sawCase(lower: boolean): boolean {
    if (this.lowerCase !== undefined && this.lowerCase !== lower) return false;
    this.lowerCase = lower;
    return true;
  }
}
