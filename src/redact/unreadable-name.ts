import { type Span, secretSpan } from './span.ts';

/**
 * A value whose name could not be read: text in GBK, GB 18030 or Big5 that was taken for UTF-8. The name may be that of a password or of a
 * card's code, so the value goes. A name of two characters has four bytes; an accent of a Western text read wrongly stands alone. The colon
 * may be one of those characters, so a short number, or letters with digits, need none.
 */
const VALUE =
  /(?<![^\x00-\x7f])([^\x00-\x7f]{2,})(?:["']?[ \t]{0,2}[:=][ \t]{0,2}["']?([^\s"'<>,;&|[\]{}\x80-\uffff]{1,128})|(\d{3,6})(?![\dA-Za-z.])|((?=[^\s\d]{0,127}\d)(?=[^\sA-Za-z]{0,127}[A-Za-z])[!-~]{8,128}))/dg;
/** What bytes that are no UTF-8 become: a sign for all of them, or for each one of its own. */
const UNREAD = /\uFFFD|(?<![\ud800-\udbff])[\udc80-\udcff]/;
/** Those of a card, masked or not: they have finders of their own, which keep the issuer. */
const LONG_NUMBER = /^\d{6}[\d*]{6,13}$/;

export function findUnreadablyNamed(text: string): readonly Span[] {
  if (!UNREAD.test(text)) return [];
  return Array.from(text.matchAll(VALUE)).flatMap(({ 1: name = '', indices = [] }) => {
    const [start, end] = indices[2] ?? indices[3] ?? indices[4] ?? [0, 0];
    return UNREAD.test(name) && !LONG_NUMBER.test(text.slice(start, end)) ? [secretSpan('unreadable', start, end)] : [];
  });
}
