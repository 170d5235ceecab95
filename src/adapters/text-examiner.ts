/** Whether a text is one that a table can be: in one encoding, without zero bytes, in lines. */
import { isUtf8 } from 'node:buffer';
import { wholeCharacters } from './workbench-encoding.ts';

/** A line of a table of payments; longer is something else. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** The text is in UTF-8 up to some place, and not beyond. */
export const MIXED = 'mixed-encoding';

export interface Fault {
  /** In the text, in bytes. */
  readonly at: number;
  readonly why: (line: number) => string;
  readonly hint: string;
  readonly code?: string;
}

/** Finds the first line that no table has; called once more at the end. Lines are counted when one is to be named: that takes longer than all else. */
export function createExaminer(): (piece: Buffer | undefined) => Fault | undefined {
  let before = 0;
  let length = 0;
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    if (piece === undefined) return isUtf8(rest) ? undefined : mixed(before);
    const zero = piece.indexOf(0);
    if (zero >= 0) return { at: before + zero, why: (line) => `line ${line}: there is a zero byte`, hint: 'export it again' };
    const joined = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const whole = wholeCharacters(joined);
    if (!isUtf8(whole)) return mixed(before);
    // A copy: the piece may be read over.
    rest = Buffer.from(joined.subarray(whole.length));
    before += piece.length;
    const lastBreak = piece.lastIndexOf(10);
    length = lastBreak < 0 ? length + piece.length : piece.length - lastBreak;
    if (length <= MAX_LINE_BYTES) return undefined;
    return { at: before, why: (line) => `line ${line} is longer than ${MAX_LINE_BYTES} bytes`, hint: 'this is no table of payments' };
  };
}

function mixed(at: number): Fault {
  return { at, why: (line) => `its text is not in one encoding, from line ${line} on`, hint: 'save it again in UTF-8', code: MIXED };
}
