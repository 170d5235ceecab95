import { readFileSync } from 'node:fs';

/** Output of a tool, as recorded under test/fixtures/checks. */
export function recorded(name: string): string {
  return readFileSync(new URL(`../fixtures/checks/${name}`, import.meta.url), 'utf8');
}
