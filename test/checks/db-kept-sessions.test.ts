import { describe, expect, it } from 'vitest';
import { countKept } from '../../src/checks/db-kept-sessions.ts';

const holder = (state: string, pauses: readonly number[], application = 'till') => ({
  application,
  user: 'app',
  client: '10.0.0.7',
  state,
  pauses,
});

describe('sessions that were taken out of a pool and not given back', () => {
  it('lie longer than others of the same pool need', () => {
    expect(countKept([holder('idle in transaction', [41, 40.9, 3.2, 0.4]), holder('active', [])])).toEqual({
      inTransaction: 2,
      outside: 0,
    });
    expect(countKept([holder('idle', [33, 32.8]), holder('idle in transaction (aborted)', [4, 16])])).toEqual({
      inTransaction: 1,
      outside: 2,
    });
  });

  it('are none where nothing of that pool moves: it is not in use', () => {
    expect(countKept([holder('idle', [900, 900]), holder('idle', [1, 2], 'report')])).toEqual({ inTransaction: 0, outside: 0 });
    expect(countKept([])).toEqual({ inTransaction: 0, outside: 0 });
  });

  it('are those of the pool with the most', () => {
    const rows = [holder('Sleep', [60, 2]), holder('Sleep', [60, 50, 40], 'report'), holder('Query', [], 'report')];
    expect(countKept(rows)).toEqual({ inTransaction: 0, outside: 3 });
  });
});
