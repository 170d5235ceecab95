/** Searches as `oor` does, in a process of its own; prints what it found and what it cost, as JSON. */
import { readFileSync } from 'node:fs';
import { createLocalHost } from '../../src/adapters/local-host.ts';

interface Task {
  readonly file: string;
  readonly patterns: Readonly<Record<string, string>>;
  /** Instead of one search of the whole: each of these ranges so many times. */
  readonly ranges?: readonly { readonly offset: number; readonly end: number }[];
  readonly rounds?: number;
}

const { file, patterns, ranges = [{ offset: 0, end: Number.MAX_SAFE_INTEGER }], rounds = 1 } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const host = createLocalHost();
const times = [];
let matches = 0;
for (let round = 0; round < rounds; round += 1) {
  for (const range of ranges) {
    const start = performance.now();
    const found = await host.searchFile(file, { patterns, ...range, timeoutMs: 600_000 });
    const searched = performance.now();
    await host.readFile(file, { offset: range.offset, maxBytes: 1024 * 1024 });
    times.push({ searchMs: searched - start, readMs: performance.now() - searched });
    matches = found.matches;
  }
}
process.stdout.write(JSON.stringify({ matches, times, peakMiB: process.resourceUsage().maxRSS / 1024 }));
