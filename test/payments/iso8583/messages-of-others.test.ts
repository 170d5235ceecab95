import { describe, expect, test } from 'vitest';
import { explainMessage } from '../../../src/cli/decode-message.ts';
import { readMessageText } from '../../../src/cli/message-input.ts';
import { openFrame } from '../../../src/payments/iso8583/framing.ts';
import { type Explanation, sniff } from '../../../src/payments/iso8583/sniff.ts';
import { toHexText } from './bytes.ts';
import { MESSAGES_OF_OTHERS } from './messages-of-others.ts';

/** As `oor decode` chooses among the ways to read what was pasted. */
function explain(text: string) {
  const answers = readMessageText(text).map(({ form, bytes }) => explainMessage(bytes, sniff(bytes), form).json);
  return answers.find(({ ok }) => ok) ?? answers.sort((one, other) => other.confidence - one.confidence)[0];
}

describe('messages of other projects', () => {
  test.each(MESSAGES_OF_OTHERS.map((each, index) => [`${index + 1}: ${each.source}`, each] as const))('%s', (_name, message) => {
    const answer = explain(message.text);
    if (message.refused !== undefined) {
      expect(answer).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.objectContaining({ code: message.refused })]) });
      return;
    }
    const { dialect, framing, mti, fields } = message;
    expect(answer).toMatchObject({ ok: true, dialect, framing, mti, fields });
  });

  test('damaged in every way: each bit of each bitmap and of each length of a frame, and cut short', () => {
    let damaged = 0;
    const accepted: string[] = [];
    for (const { source, text } of MESSAGES_OF_OTHERS.filter(({ refused }) => refused === undefined)) {
      const { bytes, best } = readWhole(text);
      const { from } = openFrame(bytes, best.framing);
      const bitmap = from + (best.codec.dialect.mti === 'bcd' ? 2 : 4);
      const bitmapBytes = (best.decoded.message?.bitmaps ?? 1) * (best.codec.dialect.bitmap === 'raw' ? 8 : 16);
      const frameBytes = best.framing.length === 'none' ? 0 : best.framing.length.startsWith('len2') ? 2 : 4;
      const mutants = [
        ...flips(bytes, bitmap, bitmapBytes),
        ...flips(bytes, 0, frameBytes),
        ...Array.from({ length: bytes.length >> 1 }, (_, half) => bytes.slice(0, half * 2 + (half & 1))),
      ];
      damaged += mutants.length;
      for (const mutant of mutants) if (sniff(mutant).best?.decoded.problems.length === 0) accepted.push(`${source}: ${toHexText(mutant)}`);
    }
    console.info(`${damaged} damaged messages, ${accepted.length} accepted`);
    expect(damaged).toBeGreaterThan(8_000);
    expect(accepted).toEqual([]);
  }, 240_000);

  test('there are enough of them, of every dialect', () => {
    expect(MESSAGES_OF_OTHERS.length).toBeGreaterThanOrEqual(60);
    const dialects = new Set(MESSAGES_OF_OTHERS.map(({ dialect }) => dialect));
    for (const id of ['iso87-ascii', 'iso87-binary', 'iso87-ebcdic', 'iso93', 'unionpay-pos']) expect(dialects).toContain(id);
  });
});

function readWhole(text: string): { readonly bytes: Uint8Array; readonly best: Explanation } {
  for (const { bytes } of readMessageText(text)) {
    const { best } = sniff(bytes);
    if (best?.decoded.problems.length === 0) return { bytes, best };
  }
  throw new Error('refused');
}

/** A hexadecimal letter that changes its case says the same. */
function flips(bytes: Uint8Array, from: number, size: number): readonly Uint8Array[] {
  return Array.from({ length: size * 8 }, (_, bit) => {
    const flipped = Uint8Array.from(bytes);
    flipped[from + (bit >> 3)] = (flipped[from + (bit >> 3)] as number) ^ (1 << (bit & 7));
    return flipped;
  }).filter((flipped) => Buffer.from(flipped).toString('latin1').toLowerCase() !== Buffer.from(bytes).toString('latin1').toLowerCase());
}
