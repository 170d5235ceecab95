import { describe, expect, it } from 'vitest';
import { removedAt } from '../../src/bundle/removed-lines.ts';
import { createRedactor } from '../../src/redact/index.ts';

const LINES = [
  'order 17 accepted',
  'pan=4111111111111111 cvv=731',
  'password=Xk29!fpQ and pan 5555555555554444',
  '',
  'track2=4111111111111111=27121010000012345678',
  'pin_block=0412AC89ABCDEF67 cvv=402',
  'Authorization: Bearer 9f8e7d6c5b4a39281706f5e4d3c2b1a0',
  `encoded ${Buffer.from('4111111111111111').toString('base64')}`,
];

const ledger = (text: string, options = {}) => {
  const { text: cleaned, counts } = createRedactor(options).text(text);
  return removedAt(
    cleaned,
    Object.entries(counts).map(([rule, count]) => ({ rule, count })),
  );
};

describe('where what was removed stood', () => {
  it('is told by rule and line', () => {
    const lines = Object.fromEntries(ledger(LINES.join('\n')).map(({ rule, lines }) => [rule, lines]));
    expect(lines).toEqual({ pan: [2, 3, 8], cvv: [2, 6], password: [3], track2: [5], 'pin-block': [6], bearer: [7] });
  });

  it('also under pseudonyms and beside other masks', () => {
    const found = ledger('411111******1111\n\n5555555555554444\n', { panPseudonym: (_: string, digits: string) => `c${digits.length}` });
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ rule: 'pan', count: 1, lines: [3] });
    expect(found).toContainEqual({ rule: 'pan-mask', count: 1, lines: [1] });
  });

  it('is a line once, and no line for what is not in the text', () => {
    expect(
      removedAt('x\n[CVV] [CVV]\n', [
        { rule: 'cvv', count: 2 },
        { rule: 'pan', count: 1 },
      ]),
    ).toEqual([
      { rule: 'cvv', count: 2, lines: [2] },
      { rule: 'pan', count: 1, lines: [] },
    ]);
  });

  it('ends after a hundred lines', () => {
    const [found] = removedAt('[CVV]\n'.repeat(500), [{ rule: 'cvv', count: 500 }]);
    expect(found?.lines).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });
});
