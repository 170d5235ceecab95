import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

/** `text` as GBK, of the characters that are used here. */
const GBK: Readonly<Record<string, string>> = {
  安: 'b0b2',
  全: 'c8ab',
  码: 'c2eb',
  密: 'c3dc',
  '：': 'a3ba',
  卡: 'bfa8',
  号: 'bac5',
};
const gbk = (text: string): Buffer =>
  Buffer.concat([...text].map((sign) => (GBK[sign] ? Buffer.from(GBK[sign], 'hex') : Buffer.from(sign))));
/** As a host gives it: bytes that are no UTF-8 are one sign each. */
const read = (text: string): string => gbk(text).toString('utf8');
const clean = (text: string): string => createRedactor().text(text).text;

describe('a value whose name is in GBK and was read as UTF-8', () => {
  it.each([
    ['安全码：123', '123'],
    ['安全码:123', '123'],
    ['安全码=9876 ok', '9876'],
    ['密码=abcdEFG123 ok', 'abcdEFG123'],
    ['密码：abcdEFG123', 'abcdEFG123'],
    ['{"密码": "abc"}', '"abc"'],
    ['密码 = 12345678', '12345678'],
  ])('%s goes', (text, value) => {
    expect(clean(read(text))).not.toContain(value);
    expect(clean(read(text))).toContain('[SECRET:unreadable]');
  });

  it('goes byte for byte too, where the bytes are kept', () => {
    const kept = Array.from(gbk('密码=abcdEFG123'), (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
    expect(clean(kept)).toBe(`${kept.slice(0, 5)}[SECRET:unreadable]`);
  });

  it('is a card number with the issuer that it has', () => {
    expect(clean(read('卡号:4539876543210988 ok'))).toContain('453987******0988 ok');
  });

  it.each([
    'd\uFFFDploiement en pr\uFFFDparation: 200',
    'caf\uFFFD=3',
    '2026-11-29 \uFFFD\uFFFD\uFFFD\uFFFD done in 120ms',
    '支付耗时 120，订单号：ORD20261129001',
    'ok 😀123',
  ])('an accent that stands alone and what is readable stay: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('is looked for in linear time', () => {
    for (const text of [
      '\uFFFD'.repeat(400_000),
      '\uFFFD\uFFFD:'.repeat(200_000),
      `\uFFFD\uFFFD${'a'.repeat(400_000)}`,
      '\uFFFD\uFFFDa1'.repeat(100_000),
    ])
      expect(clean(text).length).toBeGreaterThan(0);
  });
});
