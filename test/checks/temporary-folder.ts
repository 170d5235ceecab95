import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of this test file, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oor-check-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** Writes a file that was changed so long ago. */
export function writeAged(path: string, ageMs: number, text = 'x'): string {
  writeFileSync(path, text);
  const at = (Date.now() - ageMs) / 1_000;
  utimesSync(path, at, at);
  return path;
}
