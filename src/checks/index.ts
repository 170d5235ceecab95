import type { CheckRegistry } from './check.ts';

/** Every check, by id, sorted. Explicit, so that bundling keeps it and a typo is a compile error. */
export const checks: CheckRegistry = {};
