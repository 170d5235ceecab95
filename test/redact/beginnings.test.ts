import { describe, expect, it } from 'vitest';
import { wordFinder } from '../../src/redact/beginnings.ts';
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
  ] as const)('%s', (_name, words, text, places) => {
    expect(placesOf(words, text)).toEqual(places);
  });
});
