import { describe, expect, it } from 'vitest';
import { prefixFinder, wordFinder } from '../../src/redact/beginnings.ts';
import { codesOf } from '../../src/redact/codes.ts';

const placesOf = (words: readonly string[], text: string) => wordFinder(words)(codesOf(text));

describe('where a word may begin', () => {
  it.each([
    ['four letters stand for all fifths', ['trac'], 'trace, TRACK', [0, 7]],
    ['a fifth letter is looked at', ['track'], 'trace, TRACK', [7]],
    ['one of two fifths', ['carta', 'carte'], 'cart carta cards Carte', [5, 17]],
    ['four letters win over five, before and after', ['track', 'trac', 'tract'], 'trace', [0]],
    ['three letters win over five', ['track', 'tra'], 'train', [0]],
    ['the end of a text is no fifth letter', ['track'], 'trac', []],
    ['three letters at the end of a text', ['pin'], 'a pin', [2]],
    ['beyond ASCII by the first character', ['密码'], '旧密码', [1]],
    ['in the order of the text', ['密码', 'pin'], 'pin 密码 pin', [0, 4, 7]],
  ] as const)('%s', (_name, words, text, places) => {
    expect(placesOf(words, text)).toEqual(places);
  });
});

const prefixes = prefixFinder(['sk_', 'AC']);

it.each([
  ['begins the text', 'sk_live', [0]],
  ['another case', 'SK_ ac1 Sk_', []],
  ['in a word', 'ask_ 1AC2', []],
  ['behind a sign', '"sk_ =AC1', [1, 6]],
  ['behind an escape', String.raw`a\nsk_ %20sk_ %2FAC1`, [3, 10, 17]],
  ['in an escape', String.raw`\sk_ \\sk_ %sk_1`, [7]],
] as const)('where a prefix stands: %s', (_, text, places) => {
  expect(prefixes(codesOf(text))).toEqual(places);
});
