import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flow, measure, padTo, truncate, wrap } from '../../src/adapters/terminal-layout.ts';

describe('wrap', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrap('? Who says that payments fail?', 16, 'en', 2)).toEqual(['? Who says that', '  payments fail?']);
  });

  it('keeps the indentation and the line breaks of the text', () => {
    expect(wrap('  one\n\n  two three', 9, 'en')).toEqual(['  one', '', '  two', 'three']);
  });

  it('breaks Chinese between characters, never before closing punctuation', () => {
    expect(wrap('支付网关已停止，请检查。', 14, 'zh-CN')).toEqual(['支付网关已停', '止，请检查。']);
    expect(wrap('支付网关,停止', 8, 'zh-CN')).toEqual(['支付网', '关,停止']);
  });

  it('takes quotes for wide where Chinese terminals draw them so', () => {
    expect(measure('“支付”', 'zh-CN')).toBe(8);
    expect(measure('“支付”', 'en')).toBe(6);
  });

  it('tears a word that is longer than the line', () => {
    expect(wrap('see /var/log/nginx/error.log now', 12, 'en', 2)).toEqual(['see', '  /var/log/n', '  ginx/error', '  .log now']);
  });

  it('gives up an indentation that leaves no room', () => {
    expect(wrap(' a，aé“', 8, 'zh-CN')).toEqual(['a，aé“']);
  });

  it('never exceeds the width and loses nothing but white space, for any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '支', '付', '，', '“', '-', 'é', '🏦') });
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 30 }), fc.integer({ min: 0, max: 4 }), (whole, columns, hang) => {
        const lines = wrap(whole, columns, 'zh-CN', hang);
        for (const line of lines) expect(measure(line, 'zh-CN')).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('truncate and padTo', () => {
  it('counts columns, not characters', () => {
    expect(truncate('支付网关已停止', 9, 'zh-CN')).toBe('支付网...');
    expect(truncate('nginx', 5, 'en')).toBe('nginx');
    expect(padTo('失败', 6, 'zh-CN')).toBe('失败  ');
  });
});

describe('flow', () => {
  it('keeps each item whole', () => {
    expect(flow(['? help', 'b back', 'q save and quit'], 15, 'en')).toEqual(['? help  b back', 'q save and quit']);
  });
});
