import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Codec } from '../../../src/payments/iso8583/codec.ts';
import { encodeMessage } from '../../../src/payments/iso8583/decode.ts';
import { codecsOf, DIALECT_IDS } from '../../../src/payments/iso8583/dialects.ts';
import { type Framing, parseFraming } from '../../../src/payments/iso8583/framing.ts';
import { sniff } from '../../../src/payments/iso8583/sniff.ts';
import { transactionOf } from './arbitrary.ts';
import { toHexText } from './bytes.ts';

/** OOR_FUZZ_MESSAGES=100000 for the long run. */
const MESSAGES = Number(process.env['OOR_FUZZ_MESSAGES'] ?? 5000);
/** A hundred thousand take minutes. */
const PATIENCE_MS = Math.max(30_000, MESSAGES * 6);
const FRAMES = ['len2-binary', 'len2-binary-tpdu', 'len4-ascii', 'len2-bcd', 'len4-hex', 'len4-binary'].map(
  (id) => parseFraming(id) as Framing,
);
const CODECS = DIALECT_IDS.flatMap((id) => codecsOf(id));

interface Mutant {
  readonly kind: 'bits' | 'cut' | 'length' | 'bitmap';
  readonly bytes: Uint8Array;
  readonly codec: Codec;
  readonly framing: Framing;
  readonly sameButForCase: boolean;
}

describe(`${MESSAGES} damaged messages`, () => {
  test(
    'nothing crashes, nothing that is accepted was misread',
    () => {
      const accepted = { bits: 0, cut: 0, length: 0, bitmap: 0 };
      fc.assert(
        fc.property(mutant(), ({ kind, bytes, codec, framing, sameButForCase }) => {
          // As a user does who names the dialect and the framing.
          const { decoded } = sniff(bytes, { codecs: [codec], framings: [framing] }).best ?? {};
          if (decoded === undefined || decoded.problems.length > 0) {
            for (const { offset } of decoded?.problems ?? []) expect(offset >= 0 && offset <= bytes.length).toBe(true);
            return;
          }
          // A hexadecimal letter that changed its case says the same.
          if (!sameButForCase) accepted[kind]++;
          expect(decoded.message).toBeDefined();
          if (decoded.message !== undefined) expect(toHexText(encodeMessage(decoded.message, codec, framing))).toBe(toHexText(bytes));
        }),
        { numRuns: MESSAGES },
      );
      console.info(`accepted: ${JSON.stringify(accepted)} of ${MESSAGES}`);
      expect(accepted).toMatchObject({ cut: 0, length: 0, bitmap: 0 });
      // Digits that became other digits: nobody can tell, and without them this test would prove nothing.
      expect(accepted.bits).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test(
    'nor by the dialect and the framing that the damaged message looks like',
    () => {
      fc.assert(
        fc.property(mutant(), ({ bytes }) => {
          const { best, confidence } = sniff(bytes);
          expect(confidence).toBeLessThan(1);
          const { codec, framing, decoded } = best ?? {};
          if (codec === undefined || framing === undefined || decoded?.message === undefined || decoded.problems.length > 0) return;
          expect(toHexText(encodeMessage(decoded.message, codec, framing))).toBe(toHexText(bytes));
        }),
        { numRuns: Math.ceil(MESSAGES / 10) },
      );
    },
    PATIENCE_MS,
  );
});

function mutant(): fc.Arbitrary<Mutant> {
  const whole = fc
    .constantFrom(...CODECS)
    .chain((codec) =>
      fc
        .constantFrom(...FRAMES)
        .chain((framing) =>
          transactionOf(codec.dialect, framing).map((message) => ({ codec, framing, bytes: encodeMessage(message, codec, framing) })),
        ),
    );
  return fc
    .tuple(whole, fc.constantFrom('bits', 'cut', 'length', 'bitmap'), fc.nat(), fc.nat())
    .map(([{ codec, framing, bytes }, kind, place, amount]) => {
      if (kind === 'cut') return { kind, codec, framing, bytes: bytes.slice(0, place % bytes.length), sameButForCase: false };
      const head = { 'len2-binary': 2, 'len2-bcd': 2 }[framing.length as string] ?? 4;
      const bitmapAt = head + (framing.tpdu ? 5 : 0) + (codec.dialect.mti === 'bcd' ? 2 : 4);
      const [from, size] =
        kind === 'length' ? [0, head] : kind === 'bitmap' ? [bitmapAt, codec.dialect.bitmap === 'raw' ? 8 : 16] : [0, bytes.length];
      const damaged = Uint8Array.from(bytes);
      damaged[from + (place % size)] = (damaged[from + (place % size)] as number) ^ (1 << (amount % 8));
      const sameButForCase = toText(damaged) === toText(bytes);
      return { kind, codec, framing, bytes: damaged, sameButForCase };
    });
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').toLowerCase();
}
