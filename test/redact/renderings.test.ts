import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { chanceOf, RENDERINGS, sample } from './renderings.ts';

const redactor = createRedactor();

describe('a card number goes in every writing', () => {
  it.each(Object.keys(RENDERINGS))('%s', (rendering) => {
    const chance = chanceOf(20261128);
    for (let round = 0; round < 100; round++) {
      const { text, middle, pan } = sample(rendering, chance);
      const cleaned = redactor.text(text);
      expect(cleaned.text).not.toContain(middle);
      expect(cleaned.text).not.toContain(pan);
      expect(redactor.text(cleaned.text)).toEqual({ text: cleaned.text, counts: {} });
    }
  });
});

describe('what stands around it stays', () => {
  it.each([
    ['a=1 %34%31%31%31%31%31%31%31%31%31%31%31%31%31%31%31&b=%20x', 'a=1 411111******1111&b=%20x'],
    ['&#52;111&nbsp;1111&nbsp;1111&nbsp;1111 &amp; more', '411111******1111 &amp; more'],
    ['९ x ४१११११११११११११११ y', '९ x 411111******1111 y'],
    ['9F0206000000001000 5A 08 41 11 11 11 11 11 11 11 5F34 01', '9F0206000000001000 5A 08 411111******1111 5F34 01'],
    ['id 8202 570D4111111111111111D2512101F 9F36', 'id 8202 570D[TRACK2] 9F36'],
    ['41111111\n    11111111 and on', '411111******1111\n and on'],
    [`x ${Buffer.from('{"pan":"4111111111111111"}').toString('base64')} y`, 'x [PAN:base64] y'],
    ['70 61 6e 3d 34 31 31 31 31 31 31 31 31 31 31 31 31 31 31 31 26', '70 61 6e 3d 411111******1111 26'],
    ['F4F1F1F1F1F1F1F1F1F1F1F1F1F1F1F1', '411111******1111'],
    [
      '00000000  34 31 31 31 31 31 31 31  31 31 31 31 31 31 31 31  |4111111111111111|\n00000010  0a',
      '00000000  411111******1111\n00000010  0a',
    ],
  ])('%j', (text, expected) => expect(redactor.text(text).text).toBe(expected));

  it.each([
    ['a hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['lines of records', '2026-11-28 06:41:13 size 411111\n1111111111 next record\n1111111112 next record'],
    ['a time at the next line', 'used 41111111\n11111111 203615 148 INFO\n11111112 203615 148 INFO'],
    ['base64 of other things', Buffer.from('{"order":"2026112800012345","state":"paid"}').toString('base64')],
    ['a dump of other things', '00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 0a 00 00  |Hello, world!...|'],
    ['Chinese', '支付渠道 响应超时，订单 2026112800012345 用时 3000 毫秒，已重试'],
    ['colours', '\u001b[32mINFO\u001b[0m 2026-11-28 06:41:13 order 2026112800012345 took 17 ms'],
  ])('%s', (_, text) => expect(redactor.text(text)).toEqual({ text, counts: {} }));
});
