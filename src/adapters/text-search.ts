/** Looks through the lines of a plain file, or of a range of it, in flat memory. */
import { RE2JS } from 're2js';
import { HostError } from '../errors.ts';
import type { FoundLine, SearchRequest, SearchResult } from '../ports.ts';
import { JUDGED_LINE_BYTES, type LineBlock, readLineBlocks } from './line-blocks.ts';
import { findBytes } from './local-bytes.ts';
import { type Stop, startStop } from './stop.ts';

const SEARCH_TIMEOUT_MS = 30_000;
const MAX_KEPT = 10_000;
const MAX_LINE_BYTES = 4096;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export function searchLocalFile(path: string, request: SearchRequest): Promise<SearchResult> {
  return searchBytes(findBytes, path, request);
}

export async function searchBytes(find: typeof findBytes, path: string, request: SearchRequest): Promise<SearchResult> {
  const { offset = 0, end, timeoutMs = SEARCH_TIMEOUT_MS, signal } = request;
  const source = await find(path, Math.max(0, offset - 1));
  const stop = startStop({ timeoutMs, signal }, () => void source.close());
  const tally = createTally(request);
  let bytesRead = 0;
  try {
    const size = await source.open();
    // Files of /proc say 0; what a log grows by meanwhile is left for the next look.
    const range = { offset, end: Math.min(end ?? Number.POSITIVE_INFINITY, size || Number.POSITIVE_INFINITY) };
    const blocks = readLineBlocks(source, range, (bytes) => {
      bytesRead += bytes;
    });
    for await (const block of blocks) {
      if (stop.reason) break;
      judgeBlock(block, tally, stop);
    }
    if (stop.reason === 'timed-out' && bytesRead === 0)
      throw new HostError('timed-out', `${path}: no answer within ${timeoutMs} ms`, 'a longer timeout');
    return { ...tally.result(), bytesRead, complete: stop.reason === undefined };
  } finally {
    stop.release();
    await source.close();
  }
}

type Tally = ReturnType<typeof createTally>;

function createTally({ patterns, exclude, maxKept = MAX_KEPT, maxLineBytes = MAX_LINE_BYTES }: SearchRequest) {
  const compiled = Object.entries(patterns).map(([name, source]) => ({ name, pattern: compile(source), count: 0 }));
  const excluded = exclude === undefined ? undefined : compile(exclude);
  const kept: FoundLine[] = [];
  let lines = 0;
  let matches = 0;
  return {
    judge(bytes: Buffer, start: number, end: number, offset: number): void {
      lines += 1;
      const text = decodeLine(bytes, start, end, JUDGED_LINE_BYTES);
      const found = compiled.filter(({ pattern }) => pattern.test(text));
      if (found.length === 0 || excluded?.test(text)) return;
      for (const one of found) one.count += 1;
      if (maxKept > 0)
        kept[matches % maxKept] = { offset, text: decodeLine(bytes, start, end, maxLineBytes), patterns: found.map(({ name }) => name) };
      matches += 1;
    },
    result: () => ({
      lines,
      matches,
      byPattern: Object.fromEntries(compiled.map(({ name, count }) => [name, count])),
      kept: matches > maxKept ? [...kept.slice(matches % maxKept), ...kept.slice(0, matches % maxKept)] : kept,
    }),
  };
}

function judgeBlock({ bytes, start, end, offset }: LineBlock, tally: Tally, stop: Stop): void {
  for (let from = start; from < end && !stop.reason; ) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline < 0 || newline >= end ? end : newline;
    tally.judge(bytes, from, to, offset + from);
    from = to + 1;
  }
}

/** Without the return of CRLF; cut to the limit, never inside a character. */
function decodeLine(bytes: Buffer, start: number, end: number, limit: number): string {
  if (end - start <= limit) return bytes.toString('utf8', start, end > start && bytes[end - 1] === RETURN ? end - 1 : end);
  let cut = start + limit;
  while (cut > start && ((bytes[cut] as number) & 0xc0) === 0x80) cut -= 1;
  return bytes.toString('utf8', start, cut);
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new HostError('unsupported', `pattern ${source}: ${(error as Error).message}`);
  }
}
