import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileDialect } from '../../../src/payments/iso8583/codec.ts';
import { decodeMessage, encodeMessage } from '../../../src/payments/iso8583/decode.ts';
import type { Dialect } from '../../../src/payments/iso8583/dialect.ts';
import { DIALECTS } from '../../../src/payments/iso8583/dialects.ts';
import { FRAMINGS, type Framing, parseFraming } from '../../../src/payments/iso8583/framing.ts';
import { messageOf } from './arbitrary.ts';
import { toHexText } from './bytes.ts';

const [ASCII, BINARY] = ['iso87-ascii', 'iso87-binary'].map((id) => DIALECTS.find((dialect) => dialect.id === id)) as [Dialect, Dialect];

/** Beyond the dialects of the shelf: EBCDIC throughout, binary lengths, a bitmap in EBCDIC. */
const MORE: readonly Dialect[] = [
  { ...ASCII, id: 'ebcdic', mti: 'ebcdic', digits: 'ebcdic', text: 'ebcdic', lengths: 'ebcdic', bitmap: 'raw', binary: 'raw' },
  { ...ASCII, id: 'ebcdic-hex', mti: 'ebcdic', digits: 'ebcdic', text: 'ebcdic', lengths: 'binary', bitmap: 'hex-ebcdic' },
  { ...BINARY, id: 'binary-lengths', text: 'ebcdic', lengths: 'binary' },
];

function expectRoundTrip(dialect: Dialect, framing: Framing, runs: number): void {
  const codec = compileDialect(dialect);
  fc.assert(
    fc.property(messageOf(dialect, framing), (message) => {
      const bytes = encodeMessage(message, codec, framing);
      const decoded = decodeMessage(bytes, codec, framing);
      expect(decoded.problems).toEqual([]);
      expect(decoded.message?.mti).toBe(message.mti);
      expect(Object.fromEntries(decoded.message?.fields ?? [])).toEqual(Object.fromEntries(message.fields));
      if (decoded.message !== undefined) expect(toHexText(encodeMessage(decoded.message, codec, framing))).toBe(toHexText(bytes));
    }),
    { numRuns: runs },
  );
}

describe('what is encoded decodes to itself, byte for byte', () => {
  test.each(DIALECTS.map((dialect) => [`${dialect.id} (${dialect.variant})`, dialect] as const))('%s', (_name, dialect) => {
    for (const id of ['none', 'len2-binary', 'len4-ascii-tpdu']) expectRoundTrip(dialect, parseFraming(id) as Framing, 40);
  });

  test.each(MORE.map((dialect) => [dialect.id, dialect] as const))('%s', (_name, dialect) => {
    expectRoundTrip(dialect, parseFraming('vml') as Framing, 60);
  });

  test.each(FRAMINGS.map((framing) => [framing.id, framing] as const))('framing %s', (_id, framing) => {
    for (const dialect of [ASCII, BINARY]) expectRoundTrip(dialect, framing, 8);
  });
});
