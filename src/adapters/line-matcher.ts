/** Puts many patterns to the lines of a log; only a line that holds what a pattern needs is put to that pattern. */
import type { SearchRequest, SearchResult } from '../ports.ts';
import { type ByteScanner, SCAN_BYTES, type ScanMemory } from './byte-scanner.ts';
import type { LineBlock } from './line-blocks.ts';
import { createLineJudge } from './line-judge.ts';
import { compileLinePattern, type LinePattern } from './line-pattern.ts';
import { createTally } from './line-tally.ts';
import { createLiteralFinder, indexLiterals, type LiteralFinder } from './literal-finder.ts';
import { countHashes, type Frequencies, planLiterals } from './literal-plan.ts';
import type { Stop } from './stop.ts';

/** From so many bytes on, a sample of the log pays: it shows which literals are rare in it. */
const SAMPLED_BYTES = 512 * 1024;
const SAMPLE_BYTES = 128 * 1024;
/** Among so few there is little to choose. */
const FEW_PATTERNS = 3;
const SMALL_SAMPLE_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

export interface LineMatcher {
  judge(block: LineBlock): void;
  result(): Omit<SearchResult, 'bytesRead' | 'complete'>;
}

export function createLineMatcher(request: SearchRequest, { content, prepareScanner }: ScanMemory, stop: Stop): LineMatcher {
  const patterns = Object.values(request.patterns).map(compileLinePattern);
  const exclude = request.exclude === undefined ? undefined : compileLinePattern(request.exclude);
  const tally = createTally(request);
  const everyPattern = patterns.map((_, index) => index);
  const mayFoldOddly = patterns.some(({ oddFolds }) => oddFolds);
  let prepared: { readonly scanner: ByteScanner; readonly finder: LiteralFinder; readonly everyLine: readonly number[] } | undefined;

  function prepare({ start, end }: LineBlock) {
    const isSmall = end - start < SAMPLED_BYTES;
    const { stride, everyLine, index } = isSmall
      ? chooseForAnyLog(patterns)
      : choose(patterns, countHashes(content, start, start + (patterns.length > FEW_PATTERNS ? SAMPLE_BYTES : SMALL_SAMPLE_BYTES)));
    const scanner = prepareScanner(stride);
    return { scanner, finder: createLiteralFinder(index, scanner), everyLine };
  }

  return {
    judge(block) {
      const { start, end } = block;
      prepared ??= prepare(block);
      const { scanner, finder } = prepared;
      const everyLine = mayFoldOddly && scanner.mayHaveOddFolds(start, end) ? everyPattern : prepared.everyLine;
      const judge = createLineJudge(block, {
        content,
        scanner,
        patterns,
        exclude,
        everyLine,
        tally,
        stop,
        maxLineBytes: request.maxLineBytes,
      });
      for (let from = start; from < end && !stop.reason; from += SCAN_BYTES) {
        const to = Math.min(end, from + SCAN_BYTES);
        tally.lines += scanner.countNewlines(from, to);
        finder.find(content, { start, from, to }, judge.suspect);
        judge.reach(to);
      }
      if (content[end - 1] !== NEWLINE) tally.lines += 1;
    },
    result: tally.result,
  };
}

function choose(patterns: readonly LinePattern[], frequencies?: Frequencies) {
  const plan = planLiterals(patterns, frequencies);
  return { ...plan, index: indexLiterals(plan) };
}

/** Of the same patterns the choice for small files is always the same. */
function chooseForAnyLog(patterns: readonly LinePattern[]): ReturnType<typeof choose> {
  const found = chosen.find(
    (one) => one.patterns.length === patterns.length && one.patterns.every((pattern, at) => pattern === patterns[at]),
  );
  if (found) return found.choice;
  if (chosen.length >= MAX_CHOSEN) chosen.length = 0;
  const choice = choose(patterns);
  chosen.push({ patterns, choice });
  return choice;
}

const MAX_CHOSEN = 32;
const chosen: { readonly patterns: readonly LinePattern[]; readonly choice: ReturnType<typeof choose> }[] = [];
