import { describe, expect, it } from 'vitest';
import { countKept } from '../../src/checks/db-kept-sessions.ts';

const holder = (state: string, { lying = 0, moving = 0 }, application = 'till') => ({
  application,
  user: 'app',
  client: '10.0.0.7',
  state,
  lying,
  moving,
});

describe('sessions that were taken out of a pool and not given back', () => {
  it('lie longer than others of the same pool need', () => {
    expect(countKept([holder('idle in transaction', { lying: 2, moving: 2 }), holder('active', { moving: 1 })])).toEqual({
      inTransaction: 2,
      outside: 0,
    });
    expect(countKept([holder('idle', { lying: 2 }), holder('idle in transaction (aborted)', { lying: 1, moving: 1 })])).toEqual({
      inTransaction: 1,
      outside: 2,
    });
  });

  it('are none where nothing of that pool moves: it is not in use', () => {
    expect(countKept([holder('idle', { lying: 2 }), holder('idle', { moving: 2 }, 'report')])).toEqual({ inTransaction: 0, outside: 0 });
    expect(countKept([])).toEqual({ inTransaction: 0, outside: 0 });
  });

  it('are those of the pool with the most', () => {
    const rows = [
      holder('Sleep', { lying: 1, moving: 1 }),
      holder('Sleep', { lying: 3 }, 'report'),
      holder('Query', { moving: 1 }, 'report'),
    ];
    expect(countKept(rows)).toEqual({ inTransaction: 0, outside: 3 });
  });
});
