/** A log of a gibibyte that is made up where it is read: how often it is looked at, and what is found. */
import { expect, it } from 'vitest';
import { locateTimes } from '../../src/checks/log-locate.ts';
import type { Host } from '../../src/ports.ts';

const LINE_BYTES = 128;
const LINES = 8 * 1024 * 1024;
const START = Date.UTC(2026, 10, 28);

/** `timeAt`: of each line, in order. */
function madeUp(timeAt: (line: number) => number) {
  let reads = 0;
  const lineAt = (index: number): string => `${`${new Date(timeAt(index)).toISOString()} order ${index}`.padEnd(LINE_BYTES - 1, '.')}\n`;
  const host = {
    async readFile(_path: string, { offset, maxBytes }: { readonly offset: number; readonly maxBytes: number }) {
      reads += 1;
      const first = Math.floor(offset / LINE_BYTES);
      const last = Math.min(LINES, Math.ceil((offset + maxBytes) / LINE_BYTES));
      const whole = Array.from({ length: last - first }, (_, index) => lineAt(first + index)).join('');
      const text = whole.slice(offset - first * LINE_BYTES).slice(0, maxBytes);
      return { text, offset, bytesRead: text.length, size: LINES * LINE_BYTES };
    },
  } as unknown as Host;
  const timeOf = (line: string): number | undefined => {
    const at = Date.parse(line.slice(0, 24));
    return Number.isNaN(at) ? undefined : at;
  };
  const locate = (times: readonly number[]) => locateTimes(host, { path: '/log', size: LINES * LINE_BYTES, timeOf, times });
  return { locate, reads: () => reads };
}

const DAY_MS = 86_400_000;

it.each([
  ['evenly', (line: number) => (line / LINES) * DAY_MS, 24],
  ['by day more than by night', (line: number) => (line / LINES) * DAY_MS + 5_000_000 * Math.sin((line / LINES) * 12), 36],
  ['faster and faster', (line: number) => DAY_MS * (1 - (1 - line / LINES) ** 12), 52],
  ['after a standstill of hours', (line: number) => (line < LINES / 3 ? line / 1_000 : DAY_MS / 2 + line / 1_000), 32],
  ['within a second', (line: number) => (line > LINES * 0.73 ? DAY_MS : 0) + line / 10_000, 60],
])('a log that grew %s is looked at a few times', async (_how, grown, most) => {
  const timeAt = (line: number): number => START + Math.floor(grown(line));
  const { locate, reads } = madeUp(timeAt);
  const times = [0.7, 0.9].map((share) => timeAt(Math.floor(LINES * share)));
  const found = await locate(times);
  // The first of the lines of that millisecond.
  const expected = times.map((time) => {
    let [low, high] = [0, LINES];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low * LINE_BYTES;
  });
  expect(found).toEqual(expected);
  expect(reads()).toBeLessThanOrEqual(most);
});
