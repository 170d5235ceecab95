import type { Check } from '../../src/checks/check.ts';
import { v } from '../../src/checks/schema.ts';

/** What the check's own schema says against a `with`. */
export function problemsOf(check: Check, params: unknown): string[] {
  return (v.safeParse(check.params, params).issues ?? []).map(({ message }) => message);
}
