import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCardNumber } from '../../src/redact/card-number.ts';
import { createRedactor } from '../../src/redact/index.ts';
import { isPlainNumber } from '../../src/redact/plain-number.ts';

const redactor = createRedactor();
/** With a known secret nothing is passed over unread. */
const thorough = createRedactor({ secrets: ['nowhere-in-any-of-these'] });

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((each) => each.join(''));
const prefix = fc.constantFrom('4', '51', '2221', '34', '36', '6011', '62', '5018', '5893', '6759', '3841', '1946');
const card = fc
  .tuple(prefix, fc.integer({ min: 13, max: 19 }), digits(18, 18))
  .map(([issuer, length, rest]) => withCheckDigit((issuer + rest).slice(0, length - 1)));
const inHexadecimal = (text: string): string => Buffer.from(text).toString('hex');
/** Characters that two decimal digits stand for. */
const words = fc
  .array(fc.constantFrom('cc ', 'pay', 'pass', 'cvc 123 ', 'cvp', 'api"', "'123", '4111111111111111', ' ', '1', 'PAY', 'csc'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => inHexadecimal(parts.join('').slice(0, 17)));
const before = fc.constantFrom('', '', '', '0', '13', '14', '15', '16', '17', '18', '19', '00', '7', '42');
const after = fc.oneof(fc.constant(''), fc.constant(''), fc.constantFrom(...'aAbBcCdDeEfFgxXzZ'), digits(0, 3));
const number = fc.oneof(
  digits(0, 34),
  fc.tuple(before, card, after).map((parts) => parts.join('')),
  card.map(inHexadecimal),
  words,
);

function withCheckDigit(body: string): string {
  return [...'0123456789'].map((last) => body + last).find((whole) => isCardNumber(whole, false)) ?? `${body}0`;
}

describe('a plain number', () => {
  it('is one in which nothing is found when it is read with care', () => {
    const seen = { plain: 0, removed: 0 };
    fc.assert(
      fc.property(number, after, (body, letter) => {
        const text = body + letter;
        const { text: cleaned } = thorough.text(text);
        seen.plain += isPlainNumber(text) ? 1 : 0;
        seen.removed += cleaned === text ? 0 : 1;
        expect(redactor.text(text).text).toBe(cleaned);
      }),
      { numRuns: 4000 },
    );
    expect(Math.min(seen.plain, seen.removed)).toBeGreaterThan(400);
  });

  it('may be as long as transactions are numbered', () => {
    expect(['4200000000001a', '4200001234202611271234567890', '20261127220014159265358979', '9'.repeat(34)].map(isPlainNumber)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it.each([
    ['a card number behind a zero, and the mark of bytes behind it', '038416589349663518910x'],
    ['a message with a card number in it', '1615798556812817643994454930424145b'],
    ['a text in hexadecimal digits', '2570637663203132332050415970617373C'],
    ['a card number that its own length goes before', '164111111111111111'],
    ['a card number that is filled up', '4222222222222F'],
  ])('is none with %s', (_what, text) => {
    expect(isPlainNumber(text)).toBe(false);
    expect(redactor.text(text).text).not.toBe(text);
  });
});
