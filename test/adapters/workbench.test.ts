import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWorkbench } from '../../src/adapters/workbench.ts';

/** So long that its sum is made in a thread. */
const LARGE = 'order_no,amount\n'.padEnd(33 * 1024 * 1024, 'A1,10.00\n');

describe('the workbench', () => {
  let folder = '';
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oor-bench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(
    [true, false].flatMap((isPlain) =>
      [
        ['longer', "appendFileSync(path, 'A2,1.00\\n');"],
        ['as long', 'const { atime, mtimeMs } = statSync(path); utimesSync(path, atime, new Date(mtimeMs + 1000));'],
      ].map(([what, change]) => [what, isPlain, change] as const),
    ),
  )('refuses a file that another reading finds %s (plain: %s)', async (_what, isPlain, change) => {
    const thread = file(
      'changing.mjs',
      `import { appendFileSync, statSync, utimesSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
const path = workerData.sum;
${change}
parentPort.postMessage({ sha256: '0'.repeat(64), isPlain: ${isPlain} });
`,
    );
    const bench = await openWorkbench({ signal: new AbortController().signal, sieve: thread });
    await expect(bench.ready(file('growing.csv', LARGE))).rejects.toThrow('growing.csv: it has changed while it was read');
    await bench.close();
  });

  it('waits for no sum when it is told to stop', async () => {
    const started = join(folder, 'started');
    const thread = file(
      'endless.mjs',
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(started)}, '');\nsetInterval(() => undefined, 1000);\n`,
    );
    const stop = new AbortController();
    const bench = await openWorkbench({ signal: stop.signal, sieve: thread });
    const ready = bench.ready(file('large.csv', LARGE));
    const ended = expect(ready).rejects.toThrow();
    await vi.waitFor(() => expect(existsSync(started)).toBe(true), 120_000);
    // The file itself is read by then.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    stop.abort();
    await ended;
    await bench.close();
  });
});
