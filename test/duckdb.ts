import { createRequire } from 'node:module';

/** Whether the optional package is there; where it is not, the reason of what is skipped is printed. */
export const hasDuckdb = (() => {
  try {
    createRequire(import.meta.url).resolve('@duckdb/node-api');
    return true;
  } catch {
    console.log('skipped: the optional package @duckdb/node-api is not installed');
    return false;
  }
})();
