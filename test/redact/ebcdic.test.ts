/** Bytes of EBCDIC as the filter gets them: each one that is no UTF-8 stands in the text by itself. */
import { expect, it } from 'vitest';
import { createMixedDecoder, encodeMixed } from '../../src/adapters/mixed-text.ts';
import { createRedactor } from '../../src/redact/index.ts';

const PAN = '4539876543210988';

/** Code page 037 of what stands in these texts. */
function ebcdicBytes(text: string): Buffer {
  const rows: readonly (readonly [number, string])[] = [
    [0x15, '\n'],
    [0x40, ' '],
    [0x5e, ';'],
    [0x6b, ','],
    [0x6f, '?'],
    [0x7a, ':'],
    [0x7e, '='],
    [0x81, 'abcdefghi'],
    [0x91, 'jklmnopqr'],
    [0xa2, 'stuvwxyz'],
    [0xc1, 'ABCDEFGHI'],
    [0xd1, 'JKLMNOPQR'],
    [0xe2, 'STUVWXYZ'],
    [0xf0, '0123456789'],
  ];
  const codes = new Map(rows.flatMap(([from, signs]) => [...signs].map((sign, index) => [sign, from + index] as const)));
  return Buffer.from(Uint8Array.from(text, (sign) => codes.get(sign) as number));
}

function clean(bytes: Uint8Array): Buffer {
  const decoder = createMixedDecoder();
  return Buffer.from(encodeMixed(createRedactor().text(decoder.decode(bytes) + decoder.end()).text));
}

it.each([
  ['a number alone', PAN, [PAN]],
  ['a name and a number', `CARD ${PAN}`, [PAN]],
  ['letters that are characters of UTF-8, too', `Saab Cards Cvv Ba ${PAN}\nCap 100`, [PAN]],
  ['digits in groups', 'Card Number: 4539 8765 4321 0988, Amount 100', ['4539 8765 4321 0988']],
  ['a code', `0200 ${PAN} cvv=731 amount=100`, [PAN, '731']],
  ['a track', `Track ;${PAN}=27121010000012300000?`, [PAN, '1010000012300000']],
])('%s', (_name, text, values) => {
  const bytes = clean(ebcdicBytes(text));
  for (const value of values) expect(bytes.includes(ebcdicBytes(value))).toBe(false);
  expect(bytes.includes(Buffer.from(PAN))).toBe(false);
});

it('is a field of a line that is not', () => {
  const line = Buffer.concat([Buffer.from('field 2: '), ebcdicBytes(PAN), Buffer.from(' answered 00\n')]);
  expect(clean(line).toString('latin1')).toBe('field 2: 453987******0988 answered 00\n');
});

it('leaves what is none', () => {
  for (const bytes of [ebcdicBytes('ORDER 20261129123456 AMOUNT 100'), Buffer.from([0xf0, 0xf1, 0xf2, 0xf3, 0x0a])])
    expect(clean(bytes).equals(bytes)).toBe(true);
});
