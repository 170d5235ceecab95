import type { Detector, Span } from './span.ts';
import { findInView } from './view.ts';

/** `0000020 030464 030461` (od without flags): two bytes a word, in octal, the first of them low. */
const ROW = /^[0-7]{7,11}((?: {1,4}[0-7]{6}){1,32})[ \t\r]*$/;
const LIKE_ROW = /^[0-7]{7,11} {1,4}[0-7]{6} {1,4}[0-7]{6}/m;
const WORD = /[0-7]{6}/g;
const MAX_ROW = 300;

/** What words of octal digits hold, across their rows. */
export function findOctalWords(text: string, find: Detector): Span[] {
  if (!LIKE_ROW.test(text)) return [];
  const spans: Span[] = [];
  let view = { text: '', at: [] as number[], ends: [] as number[] };
  for (let start = 0; start <= text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const words = end - start > MAX_ROW ? undefined : ROW.exec(text.slice(start, end))?.[1];
    if (words === undefined && view.text !== '') {
      spans.push(...findInView(view, find));
      view = { text: '', at: [], ends: [] };
    }
    const from = start + text.slice(start, end).indexOf(' ');
    for (const { 0: word, index } of (words ?? '').matchAll(WORD)) {
      const value = Number.parseInt(word, 8);
      view.text += shown(value & 0xff) + shown(value >> 8);
      view.at.push(from + index, from + index);
      view.ends.push(from + index + word.length, from + index + word.length);
    }
    start = end + 1;
  }
  return [...spans, ...findInView(view, find)].map((span) =>
    text.slice(span.start, span.end).includes('\n') ? { ...span, replacement: `${span.replacement}\n` } : span,
  );
}

function shown(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\u00a4';
}
