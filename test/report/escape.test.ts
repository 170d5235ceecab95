import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControl, escapeControlInLine } from '../../src/report/escape.ts';

describe('escapeControl', () => {
  it.each([
    ['a colour sequence', '\x1b[31mred', '\\x1b[31mred'],
    ['a window title', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
    ['a carriage return that overwrites the line', 'FAIL\rok', 'FAIL\\x0dok'],
    ['backspace and delete', 'a\bb\x7f', 'a\\x08b\\x7f'],
    ['C1 control sequence introducer', 'a\x9b31m', 'a\\x9b31m'],
    ['right-to-left override', 'cod\u202egnp', 'cod\\u202egnp'],
    ['isolates', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['zero-width space and joiner', 'a\u200bb\u200dc', 'a\\u200bb\\u200dc'],
    ['byte order mark and soft hyphen', '\ufeffa\u00ad', '\\ufeffa\\xad'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['line and paragraph separator', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['Hangul filler', '\u3164', '\\u3164'],
    ['a lone surrogate', 'a\ud800', 'a\\ud800'],
  ])('shows %s', (_, hostile, shown) => {
    expect(escapeControl(hostile)).toBe(shown);
  });

  it.each(['plain text, with "quotes" — and dashes', '支付网关：证书已过期', 'line\nline\ttab', '⚠️ ✔ 🏦 é é', '\\x1b already visible'])(
    'leaves %j alone',
    (text) => {
      expect(escapeControl(text)).toBe(text);
    },
  );

  it('leaves no control, format or separator character in any text, and nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeControl(text);
        expect(escaped).not.toMatch(/[^\P{C}\n\t\p{Co}\p{Cn}]|[\u2028\u2029]/u);
        expect(escapeControl(escaped)).toBe(escaped);
      }),
    );
  });
});

describe('escapeControlInLine', () => {
  it('keeps text that would fake a second result on its own line', () => {
    expect(escapeControlInLine('down\n✔ ok all fine\t!')).toBe('down\\n✔ ok all fine\\t!');
  });
});
