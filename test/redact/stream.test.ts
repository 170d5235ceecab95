import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { chanceOf, RENDERINGS, sample } from './renderings.ts';

const redactor = createRedactor({ secrets: ['tulip-rose-17'] });

/** In chunks of up to so many characters. */
function stream(text: string, most: number): { readonly text: string; readonly removed: readonly string[] } {
  const chance = chanceOf(most);
  const removed: string[] = [];
  const cleaner = redactor.stream((kind, line) => removed.push(`${kind}:${line}`));
  let output = '';
  for (let from = 0; from < text.length; ) {
    const to = from + 1 + chance(most);
    output += cleaner.push(text.slice(from, to));
    from = to;
  }
  return { text: output + cleaner.end(), removed };
}

describe('a text in chunks', () => {
  const chance = chanceOf(7);
  const samples = Array.from({ length: 1_200 }, (_, index) =>
    sample(Object.keys(RENDERINGS)[index % Object.keys(RENDERINGS).length] ?? '', chance),
  );
  const filler = (index: number) => `2026-11-28 06:41:13,${index} INFO request finished order=2026112800 took 17 ms\n`.repeat(6);
  const text = samples.map((one, index) => filler(index) + one.text).join('');

  it.each([1_000, 300_000])('of up to %i characters: nothing survives at their borders', (most) => {
    const cleaned = stream(text, most);
    for (const { middle, pan } of samples)
      expect(cleaned.text.includes(pan) || (middle.length > 8 && cleaned.text.includes(middle)) ? pan : '').toBe('');
  });

  it('is cleaned as if it were one', () => {
    const part = text.slice(0, 700_000);
    expect(stream(part, 50_000).text).toBe(redactor.text(part).text);
  });

  it.each([
    ['card numbers', '4111 1111 1111 1111 '],
    ['numbers in a list', '{"pan":"4111111111111111","cvv":"123"},'],
    ['tracks', ';4111111111111111=25121011000012345678?'],
    ['known secrets', 'x tulip-rose-17;'],
    ['tokens', `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'} `],
    ['passwords', '"password":"hunter2-hunter2",'],
  ])('without a line end: %s', (_, piece) => {
    const cleaned = stream(piece.repeat(1_200_000 / piece.length), 40_000).text;
    expect(cleaned).not.toMatch(/\d{12}|\d{4} \d{4} \d{4}|tulip|ghp_|hunter/);
  });

  it.each([0, 1, 7, 15, 16, 17])('one number in a line of a megabyte, near the border, at %i', (shift) => {
    const border = 512 * 1024 - 48 * 1024;
    const line = `${'x'.repeat(border - shift)} 4111111111111111 ${'y'.repeat(600_000)}`;
    expect(stream(line, 10_000).text).toBe(line.replace('4111111111111111', '411111******1111'));
  });

  it('a key that a border cuts', () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${`${'MIIEpAIBAAKCAQEA'.repeat(4)}\n`.repeat(40)}-----END RSA PRIVATE KEY-----\n`;
    const cleaned = stream(`${'a line\n'.repeat(66_000)}${key}${'a line\n'.repeat(10_000)}`, 9_999).text;
    expect(cleaned).not.toContain('MIIE');
    expect(cleaned.match(/\[SECRET:private-key\]/g)).toHaveLength(1);
  });

  it('tells the line of each find', () => {
    const { removed } = stream(`one\ntwo cvv=123\n${'a line\n'.repeat(100_000)}pan=4111111111111111\nx password=hunter2`, 5_000);
    expect(removed).toEqual(['cvv:2', 'pan:100003', 'password:100004']);
  });

  it('of odd characters stays as it is', () => {
    const odd = '\ud800 lone \udfff \u0000 nul \ufffd \u202e rtl \u200b zw \r\n\t\u0007 \u{1f600}\n'.repeat(30_000);
    expect(stream(odd, 4_321).text).toBe(odd);
  });
});
