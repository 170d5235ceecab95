import { describe, expect, test } from 'vitest';
import { codesOf } from '../../src/redact/codes.ts';
import { beginningScanner, runsOf, signSet, TABLE_BYTES } from '../../src/redact/scanner.ts';
import { chanceOf } from './renderings.ts';

/** Texts are scanned in pieces of this size. */
const CHUNK = 32 * 1024;
const HEXADECIMAL = signSet((sign) => /[0-9a-f]/.test(sign));

describe('runs of signs', () => {
  test.each([
    ['nothing', '', 1],
    ['all of it', 'cafe1234', 1],
    ['at both ends', '12 zz cafe', 1],
    ['too short', '12 zz cafe', 3],
    ['beyond ASCII', '\u0131\u0132\uff11 \u5361 12é34', 1],
    ['of a block', `${'a'.repeat(64)}z${'b'.repeat(63)}z`, 64],
    ['over the border of two pieces', `${'z'.repeat(CHUNK - 3)}abcdefz${'1'.repeat(CHUNK)}`, 5],
    ['that end with a piece', `${'z'.repeat(CHUNK - 3)}abc`, 3],
    ['that begin with a piece', `${'z'.repeat(CHUNK)}abcz`, 3],
    ['as long as the text, of several pieces', 'e'.repeat(3 * CHUNK + 5), 100],
  ])('%s', (_, text, least) => {
    expect([...runsOf(codesOf(text), HEXADECIMAL, least)]).toEqual(byPattern(text, least));
  });

  test('drawn texts of any length', () => {
    const chance = chanceOf(20_261_129);
    for (let round = 0; round < 300; round++) {
      const length = round < 290 ? chance(400) : CHUNK + chance(CHUNK);
      const signs = round % 3 === 0 ? '0az é卡' : round % 3 === 1 ? '09afz .' : '09afAG/:@`g';
      const text = Array.from({ length }, () => signs[chance(signs.length)]).join('');
      const least = 1 + chance(5);
      expect([...runsOf(codesOf(text), HEXADECIMAL, least)]).toEqual(byPattern(text, least));
    }
  });
});

test('third letters are found in either case, over the border of two pieces too', () => {
  const table = new Uint8Array(TABLE_BYTES);
  const [p, i, n] = [...'pin'].map((letter) => letter.charCodeAt(0) & 31) as [number, number, number];
  table[(p << 10) | (i << 5) | n] = 1;
  const find = beginningScanner(table);
  const text = `PIN spin p${'.'.repeat(CHUNK - 11)}pin ${'x'.repeat(CHUNK - 6)}pIn`;
  expect([...find(codesOf(text))]).toEqual(Array.from(text.matchAll(/pin/gi), ({ index }) => index + 2));
});

function byPattern(text: string, least: number): number[] {
  return Array.from(text.matchAll(new RegExp(`[0-9a-f]{${least},}`, 'g')), ({ 0: run, index }) => [index, index + run.length]).flat();
}
