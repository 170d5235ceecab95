import { describe, expect, test } from 'vitest';
import { compilePattern, explainPattern, matchesPattern, patternText } from '../../src/checks/pattern.ts';
import { v } from '../../src/checks/schema.ts';
import { OorError } from '../../src/errors.ts';

describe('compilePattern', () => {
  test('finds, with groups by number and by name', () => {
    const pattern = compilePattern('code=(\\w+) ms=(?P<ms>\\d+)(x)?');
    expect(pattern.test('ok code=05 ms=120')).toBe(true);
    expect(pattern.test('nothing here')).toBe(false);
    expect(pattern.exec('ok code=05 ms=120')).toEqual({
      index: 3,
      text: 'code=05 ms=120',
      groups: ['05', '120', null],
      named: { ms: '120' },
    });
    expect(pattern.exec('nothing here')).toBeNull();
  });

  test('find gives the first group, or the whole match where there is none', () => {
    expect(compilePattern('v(\\d+\\.\\d+)').find('paygw v2.4 (2025)')).toBe('2.4');
    expect(compilePattern('\\d+\\.\\d+').find('paygw v2.4')).toBe('2.4');
    expect(compilePattern('a(b)?').find('a')).toBeNull();
    expect(compilePattern('x').find('y')).toBeNull();
  });

  test('takes the flags i, m and s', () => {
    expect(compilePattern('error').test('ERROR')).toBe(false);
    expect(compilePattern('error', 'i').test('ERROR')).toBe(true);
    expect(compilePattern('^b$', 'm').test('a\nb')).toBe(true);
    expect(compilePattern('a.b').test('a\nb')).toBe(false);
    expect(compilePattern('a.b', 's').test('a\nb')).toBe(true);
  });

  test.each(['ERROR', 'ERROR|FATAL', 'timed out|timed', 'a|ab|b', 'x=1|=', 'no such'])(
    'plain words as the whole language finds them: %s',
    (text) => {
      for (const input of ['', 'FATAL then ERROR', 'it timed out', 'xab ba', 'x=1', 'abab', 'ERRORFATAL']) {
        const all = compilePattern(`(?:${text})`).exec(input);
        expect(compilePattern(text).exec(input)).toEqual(all);
        expect(compilePattern(text).test(input)).toBe(all !== null);
        expect(compilePattern(text).find(input)).toBe(all?.text ?? null);
      }
    },
  );

  test('matches Chinese text and positions after it', () => {
    expect(compilePattern('支付(失败|超时)').exec('订单支付超时')).toMatchObject({ index: 2, groups: ['超时'] });
  });

  test.each([
    ['a(?=b)', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'back-reference'],
    ['(?<n>a)\\k<n>', 'back-reference'],
    ['(?>a+)b', 'atomic'],
  ])('refuses %s: %s', (text, reason) => {
    expect(() => compilePattern(text)).toThrow(OorError);
    expect(() => compilePattern(text)).toThrow(new RegExp(`${reason}.* is not supported`));
  });

  test.each(['(', '[z-a]', 'a**', 'a{1001}'])('refuses the malformed %s with exit code 65', (text) => {
    expect(() => compilePattern(text)).toThrow(expect.objectContaining({ code: 'bad-pattern', exitCode: 65 }));
    expect(explainPattern(text)).toContain(text);
  });

  test('stays linear where a backtracking matcher explodes', () => {
    expect(compilePattern('^(a+)+$').test(`${'a'.repeat(50_000)}!`)).toBe(false);
  });
});

test('a pattern as a parameter is refused with the reason', () => {
  expect(v.parse(patternText, 'ERROR (\\w+)')).toBe('ERROR (\\w+)');
  expect(v.safeParse(patternText, '(?=x)').issues?.[0]?.message).toContain('look-around');
  expect(v.safeParse(patternText, 5).success).toBe(false);
});

test('matchesPattern looks anywhere unless anchored', () => {
  expect(matchesPattern('\\d{4}', 'order 1234')).toBe(true);
  expect(matchesPattern('^\\d{4}$', 'order 1234')).toBe(false);
});
