import { describe, expect, it } from 'vitest';
import { createMixedDecoder, encodeMixed } from '../../src/adapters/mixed-text.ts';
import { openText } from '../../src/adapters/text-input.ts';
import { createRedactor } from '../../src/redact/index.ts';
import { MALFORMED, ODD_CHARACTERS } from '../hostile-texts.ts';

const utf8 = (text: string): Buffer => Buffer.from(text);
const ALL = { ...MALFORMED, ...ODD_CHARACTERS };

function decodePieces(bytes: Uint8Array, size: number): string {
  const decoder = createMixedDecoder();
  let text = '';
  for (let from = 0; from < bytes.length; from += size) text += decoder.decode(bytes.subarray(from, from + size));
  return text + decoder.end();
}

describe.each(Object.entries(ALL))('%s', (_, odd) => {
  it('comes back byte for byte, cut anywhere; what stands beside it is read', () => {
    const bytes = Buffer.concat([utf8('zahlung 支付 \u{1f600}'), odd, utf8('支付 \u{1f600} paid\n'), odd]);
    const whole = decodePieces(bytes, bytes.length);
    expect(whole).toContain('zahlung 支付 \u{1f600}');
    expect(whole).toContain('支付 \u{1f600} paid\n');
    for (const size of [1, 2, 3, 5, 64]) {
      expect(decodePieces(bytes, size)).toBe(whole);
      expect(Buffer.from(encodeMixed(whole)).equals(bytes)).toBe(true);
    }
  });

  it.each([
    ['in ASCII', '4539578763621486'],
    ['in groups between no-break spaces', '4539\u00a05787\u00a06362\u00a01486'],
    ['between narrow and thin spaces', '4539\u202f5787\u20096362\u202f1486'],
    ['in full width', '４５３９５７８７６３６２１４８６'],
    ['in Arabic digits', '٤٥٣٩٥٧٨٧٦٣٦٢١٤٨٦'],
  ])('hides no card number %s: it goes, and all else is as it was', async (_writing, number) => {
    const line = (shown: Buffer): Buffer => Buffer.concat([utf8('before '), odd, utf8(' card '), shown, utf8(' after '), odd, utf8('\n')]);
    expect((await redacted(line(utf8(number)))).equals(line(utf8('453957******1486')))).toBe(true);
  });
});

it('what UTF-8 cannot hold is what it decodes to, and nothing else', () => {
  expect(decodePieces(Uint8Array.of(0x61, 0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0x62), 8)).toBe('a\udcff\udcc0\udcaf\udced\udca0\udc80b');
  expect(encodeMixed('a\udc41\ud83d\udc80').length).toBe(1 + 3 + 4);
});

async function redacted(bytes: Uint8Array): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += 4_096) yield bytes.subarray(from, from + 4_096);
  }
  const input = await openText('-', pieces());
  const stream = createRedactor().stream(() => undefined);
  const out: Uint8Array[] = [];
  for await (const chunk of input.chunks()) if (typeof chunk === 'string') out.push(encodeMixed(stream.push(chunk)));
  out.push(encodeMixed(stream.end()));
  return Buffer.concat(out);
}
