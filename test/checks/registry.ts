import { loadChecks } from '../../src/checks/index.ts';

/** All checks, loaded. */
export const checks = await loadChecks();
