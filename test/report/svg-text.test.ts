import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTo, wrapTo } from '../../src/report/svg-text.ts';

describe('text of pictures', () => {
  it('is cut by columns, of which a Chinese character takes two', () => {
    expect(cutTo('payments', 8)).toBe('payments');
    expect(cutTo('payments fail', 9)).toBe('payments…');
    expect(cutTo('支付中断', 8)).toBe('支付中断');
    expect(cutTo('支付中断', 7)).toBe('支付中…');
  });

  it('is wrapped between words, and anywhere within Chinese', () => {
    expect(wrapTo('The provider accepts requests and answers none', 30, 2)).toEqual(['The provider accepts requests', 'and answers none']);
    expect(wrapTo('支付通道接受请求但不应答', 14, 2)).toEqual(['支付通道接受请', '求但不应答']);
    expect(wrapTo('short', 30, 2)).toEqual(['short']);
    expect(wrapTo('one two three four five six seven', 10, 2)).toEqual(['one two', 'three four…']);
  });

  it('loses nothing but what the last line cannot hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 4, max: 40 }), (text, columns) => {
        const lines = wrapTo(text, columns, 3);
        expect(lines.length).toBeLessThanOrEqual(3);
        const joined = lines.join('').replace(/…$/, '').replace(/\s/g, '');
        expect(text.replace(/\s/g, '').startsWith(joined)).toBe(true);
      }),
    );
  });
});
