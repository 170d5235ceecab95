import { describe, expect, it } from 'vitest';
import { removedFrom } from '../../src/bundle/manifest.ts';

describe('what was removed from several', () => {
  it('is the sum by rule', () => {
    const of = (...redactions: { rule: string; count: number }[]) => ({ redactions });
    expect(removedFrom([of({ rule: 'pan', count: 2 }), of(), of({ rule: 'cvv', count: 1 }, { rule: 'pan', count: 3 })])).toEqual([
      { rule: 'cvv', count: 1 },
      { rule: 'pan', count: 5 },
    ]);
  });
});
