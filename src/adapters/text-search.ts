/** Looks through the lines of a plain file, or of a range of it, in flat memory. */
import { HostError } from '../errors.ts';
import type { SearchRequest, SearchResult } from '../ports.ts';
import { giveBackScanMemory, takeScanMemory } from './byte-scanner.ts';
import { readLineBlocks, spaceFor } from './line-blocks.ts';
import { createLineMatcher } from './line-matcher.ts';
import { findBytes } from './local-bytes.ts';
import { startStop } from './stop.ts';
import { takeTurn } from './turns.ts';

const SEARCH_TIMEOUT_MS = 30_000;

export function searchLocalFile(path: string, request: SearchRequest): Promise<SearchResult> {
  return searchBytes(findBytes, path, request);
}

export async function searchBytes(find: typeof findBytes, path: string, request: SearchRequest): Promise<SearchResult> {
  const { offset = 0, end, timeoutMs = SEARCH_TIMEOUT_MS, signal } = request;
  const source = await find(path, Math.max(0, offset - 1));
  const stop = startStop({ timeoutMs, signal }, () => void source.close());
  let bytesRead = 0;
  try {
    const size = await source.open();
    // Files of /proc say 0; what a log grows by meanwhile is left for the next look.
    const range = { offset, end: Math.min(end ?? Number.POSITIVE_INFINITY, size || Number.POSITIVE_INFINITY) };
    const memory = takeScanMemory(spaceFor(range));
    const matcher = createLineMatcher(request, memory, stop);
    const blocks = readLineBlocks(source, range, memory.content, (bytes) => {
      bytesRead += bytes;
    });
    for await (const block of blocks) {
      // Many logs are searched at once, and their blocks arrive together.
      await takeTurn();
      if (stop.reason) break;
      matcher.judge(block);
    }
    if (stop.reason === 'timed-out' && bytesRead === 0)
      throw new HostError('timed-out', `${path}: no answer within ${timeoutMs} ms`, 'a longer timeout');
    const isComplete = stop.reason === undefined;
    if (isComplete) giveBackScanMemory(memory);
    return { ...matcher.result(), bytesRead, complete: isComplete };
  } finally {
    stop.release();
    await source.close();
  }
}
