/** Puts patterns to the lines of one block: to a line that holds a literal those that need it, to each line those that need none. */
import type { ByteScanner } from './byte-scanner.ts';
import { JUDGED_LINE_BYTES, type LineBlock } from './line-blocks.ts';
import type { LinePattern } from './line-pattern.ts';
import type { LineTally } from './line-tally.ts';
import type { Stop } from './stop.ts';

const MAX_LINE_BYTES = 4096;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface LineJudge {
  /** A literal that these patterns need begins at the place. */
  suspect(patterns: Iterable<number>, place: number): void;
  /** Everything before the place was searched for literals. */
  reach(place: number): void;
}

export interface JudgeOptions {
  readonly content: Buffer;
  readonly scanner: Pick<ByteScanner, 'isAscii'>;
  readonly patterns: readonly LinePattern[];
  readonly exclude: LinePattern | undefined;
  readonly everyLine: readonly number[];
  readonly tally: LineTally;
  readonly stop: Stop;
  readonly maxLineBytes?: number | undefined;
}

export function createLineJudge(block: LineBlock, options: JudgeOptions): LineJudge {
  const { content, patterns, everyLine } = options;
  const { putLine, takeLine } = createPutter(block, options);
  /** Then a literal is all that is asked for. */
  const areProof = everyLine.length === 0 && options.exclude === undefined && patterns.every(({ proves }) => proves);
  /** Where the first line begins that was not judged. */
  let open = block.start;
  /** The line under suspicion; none when it ends where it begins. */
  let start = block.start;
  let end = block.start;
  let suspects: number[] = [];
  const isSuspect = new Uint8Array(patterns.length);

  const endOfLine = (from: number): number => {
    const newline = content.indexOf(NEWLINE, from);
    return newline < 0 ? block.end : Math.min(newline, block.end);
  };
  const judgeQuietLines = (before: number): void => {
    while (everyLine.length > 0 && open < before && !options.stop.reason) {
      const lineEnd = endOfLine(open);
      if (lineEnd >= before && before < block.end) return;
      putLine(open, lineEnd, everyLine);
      open = lineEnd + 1;
    }
  };
  const judgeSuspect = (): void => {
    if (suspects.length === 0) return;
    if (areProof && end - start <= JUDGED_LINE_BYTES) {
      takeLine(start, end, suspects);
    } else {
      for (const pattern of everyLine) if (!isSuspect[pattern]) suspects.push(pattern);
      putLine(start, end, suspects);
    }
    for (const pattern of suspects) isSuspect[pattern] = 0;
    suspects = [];
    open = end + 1;
  };

  return {
    suspect(found, place) {
      if (place >= end || suspects.length === 0) {
        judgeSuspect();
        start = Math.max(block.start, content.lastIndexOf(NEWLINE, place) + 1);
        end = endOfLine(place);
        judgeQuietLines(start);
      }
      for (const pattern of found) {
        if (isSuspect[pattern]) continue;
        isSuspect[pattern] = 1;
        suspects.push(pattern);
      }
    },
    reach(place) {
      if (end < place || place >= block.end) judgeSuspect();
      if (suspects.length === 0) judgeQuietLines(place);
    },
  };
}

function createPutter(
  { offset }: LineBlock,
  { content, scanner, patterns, exclude, tally, stop, maxLineBytes = MAX_LINE_BYTES }: JudgeOptions,
) {
  const add = (matching: number[], start: number, end: number): void => {
    if (matching.length > 1) matching.sort((one, other) => one - other);
    tally.add(matching, offset + start, content, start, limitText(content, start, end, maxLineBytes));
  };
  const withoutReturn = (start: number, end: number): number => (end > start && content[end - 1] === RETURN ? end - 1 : end);
  const putLine = (start: number, end: number, asked: readonly number[]): void => {
    const isWhole = end - start <= JUDGED_LINE_BYTES;
    const cut = limitText(content, start, isWhole ? withoutReturn(start, end) : end, JUDGED_LINE_BYTES);
    const isAscii = scanner.isAscii(start, cut);
    const text = content.toString(isAscii ? 'latin1' : 'utf8', start, cut);
    // One line may keep one pattern busy for a tenth of a second.
    const matching = asked.filter((pattern) => !stop.reason && patterns[pattern]?.test(text, isAscii));
    if (matching.length > 0 && !exclude?.test(text, isAscii)) add(matching, start, cut);
  };
  return { putLine, takeLine: (start: number, end: number, found: number[]): void => add(found, start, withoutReturn(start, end)) };
}

/** Where a text ends that is at most `limit` bytes long, never inside a character. */
function limitText(content: Buffer, start: number, end: number, limit: number): number {
  if (end - start <= limit) return end;
  let cut = start + limit;
  while (cut > start && ((content[cut] as number) & 0xc0) === 0x80) cut -= 1;
  return cut;
}
