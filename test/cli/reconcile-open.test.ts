import { describe, expect, it } from 'vitest';
import { openToCompare } from '../../src/cli/reconcile.ts';
import { ExitCode, OorError } from '../../src/errors.ts';
import type { Workbench } from '../../src/ports.ts';

const GIVEN = { orders: ['o.csv'], statements: ['s.csv'], tz: undefined, mappings: [], nowMs: 0 };
const forever = new Promise<never>(() => undefined);

function benchWith(part: Partial<Workbench>): Workbench {
  const untold = (): never => {
    throw new Error('nobody asked for it');
  };
  return {
    expect: () => undefined,
    unpack: untold,
    ready: untold,
    pieces: untold,
    replace: untold,
    sieve: untold,
    database: untold,
    close: untold,
    ...part,
  };
}

describe('a comparison without the database', () => {
  it('is refused while the files are still looked at', async () => {
    const missing = new OorError({ code: 'missing-package', message: 'not installed', exitCode: ExitCode.usage });
    const bench = benchWith({ unpack: () => forever, database: async () => await Promise.reject(missing) });
    await expect(openToCompare(bench, GIVEN)).rejects.toBe(missing);
  });
});
