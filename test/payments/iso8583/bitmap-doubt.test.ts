import { describe, expect, test } from 'vitest';
import type { Codec } from '../../../src/payments/iso8583/codec.ts';
import { encodeMessage } from '../../../src/payments/iso8583/decode.ts';
import { codecsOf } from '../../../src/payments/iso8583/dialects.ts';
import { type Framing, parseFraming } from '../../../src/payments/iso8583/framing.ts';
import { sniff } from '../../../src/payments/iso8583/sniff.ts';

const framing = parseFraming('len2-binary') as Framing;

function problemsOf(mti: string, fields: Readonly<Record<number, string>>, id = 'iso87-ascii'): readonly string[] {
  const [codec] = codecsOf(id) as [Codec];
  const values = new Map(Object.entries(fields).map(([number, value]) => [Number(number), value] as const));
  const bitmaps = [...values.keys()].some((number) => number > 64) ? 2 : 1;
  const bytes = encodeMessage({ mti, fields: values, bitmaps, envelope: {} }, codec, framing);
  return sniff(bytes, { codecs: [codec], framings: [framing] }).best?.decoded.problems.map(({ code }) => code) ?? ['nothing'];
}

const base = { 3: '000000', 4: '000000012345', 7: '0131235959', 11: '123456', 12: '235959', 13: '0131' };
const place = { 41: 'TERM0001', 42: 'MERCHANT0000001' };

describe('a bitmap that one bit more or less would explain as well', () => {
  test('a condition and the institution after it that are one institution: doubtful without a way to read the card, sound with it', () => {
    expect(problemsOf('0200', { ...base, 25: '08', 32: '007350', ...place })).toEqual(['doubtful-bitmap']);
    expect(problemsOf('0200', { ...base, 22: '812', 25: '08', 32: '007350', ...place })).toEqual([]);
    expect(problemsOf('0200', { ...base, 22: '812', 25: '09', 32: '1234507', ...place })).toEqual(['doubtful-bitmap']);
  });

  test('a settlement that is no day after the transaction is an expiry, and the other way round', () => {
    expect(problemsOf('0200', { ...base, 15: '0201', ...place })).toEqual([]);
    expect(problemsOf('0200', { ...base, 15: '0609', ...place })).toEqual(['doubtful-bitmap']);
    expect(problemsOf('0200', { ...base, 14: '2812', ...place })).toEqual([]);
    expect(problemsOf('0200', { ...base, 14: '0201', ...place })).toEqual(['doubtful-bitmap']);
  });

  test('a card number that its check digit denies, where code and amount would fit: either may be meant', () => {
    const rest = { 11: '123456', 70: '001', ...place };
    expect(problemsOf('0200', { 2: '4111111111111111', ...rest })).toEqual([]);
    expect(problemsOf('0200', { 2: '4100000000001234', ...rest })).toEqual(['doubtful-bitmap']);
  });

  test('codes about an answer stand in an answer, a place in what was asked', () => {
    const rest = { 3: '000000', 11: '123456', ...place };
    expect(problemsOf('1110', { ...rest, 39: '000', 44: 'M' }, 'iso93')).toEqual([]);
    expect(problemsOf('1100', { ...rest, 44: 'M' }, 'iso93')).toEqual(['doubtful-bitmap']);
    expect(problemsOf('1100', { ...rest, 43: 'SHOP 12 HARBOUR' }, 'iso93')).toEqual([]);
  });
});
