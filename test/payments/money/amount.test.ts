import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutByFloat, parseAmount, showMinor } from '../../../src/payments/money/amount.ts';
import { findCurrency } from '../../../src/payments/money/currencies.ts';

describe('amounts', () => {
  it.each([
    ['19.99', 2, 1999, 'no'],
    ['`0.01', 2, 1, 'no'],
    ['¥1,234.50', 2, 123450, 'no'],
    ['-6.00', 2, -600, 'no'],
    ['500', 0, 500, 'no'],
    ['1.234', 3, 1234, 'no'],
    ['19.9900', 2, 1999, 'no'],
    ['19.989999999999998', 2, 1999, 'noise'],
    ['19.989999', 2, 1999, 'noise'],
    ['0.30000000000000004', 2, 30, 'noise'],
    ['19.995', 2, 2000, 'fraction'],
    ['500.5', 0, 501, 'fraction'],
  ] as const)('%s with %i decimals', (text, exponent, minor, finer) => {
    expect(parseAmount(text, exponent)).toEqual({ minor, finer });
  });

  it.each(['', 'abc', '1e3', '1,23', '12.34.56', '99999999999999999999', 'NaN'])('%s is none', (text) => {
    expect(parseAmount(text, 2)).toBeUndefined();
  });

  it('none is longer than 64 characters, and what is longer is not looked at', () => {
    expect(parseAmount(`1${' '.repeat(100)}`, 2)).toEqual({ minor: 100, finer: 'no' });
    expect(parseAmount(`1.${'0'.repeat(62)}`, 2)).toEqual({ minor: 100, finer: 'no' });
    expect(parseAmount(`1.${'0'.repeat(63)}`, 2)).toBeUndefined();
    // As a pattern sees it: blanks that might be the last ones, from each of them.
    expect(parseAmount(`1${' '.repeat(1_000_000)}1`, 2)).toBeUndefined();
  });

  it('minor units are whole', () => {
    expect(parseAmount('1999', 2, 'minor')).toEqual({ minor: 1999, finer: 'no' });
    expect(parseAmount('1998.9999999999998', 2, 'minor')).toEqual({ minor: 1999, finer: 'noise' });
  });

  it('what is shown is read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(0, 2, 3, 4), (minor, exponent) => {
        expect(parseAmount(showMinor(minor, exponent), exponent)).toEqual({ minor, finer: 'no' });
      }),
    );
  });

  it('a float that is cut loses a cent of 19.99', () => {
    expect([1999, 2000, 810, 1].map((minor) => cutByFloat(minor, 2))).toEqual([1998, 2000, 810, 1]);
  });
});

describe('currencies', () => {
  it.each([
    ['JPY', 'JPY', 0],
    ['392', 'JPY', 0],
    ['kwd', 'KWD', 3],
    ['156', 'CNY', 2],
    ['36', 'AUD', 2],
    ['人民币', 'CNY', 2],
    ['CLF', 'CLF', 4],
    ['VND', 'VND', 0],
  ])('%s is %s with %i decimals', (text, code, exponent) => {
    expect(findCurrency(text)).toEqual({ code, exponent });
  });

  it('what is in no list is none', () => {
    for (const text of ['', 'XXY', '000', 'EURO']) expect(findCurrency(text)).toBeUndefined();
  });
});
