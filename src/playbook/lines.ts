import type { Span } from './problem.ts';

/** Turns offsets of a text into 1-based lines and columns. */
export interface Lines {
  span(start: number, end: number): Span;
}

export function indexLines(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    span(start, end) {
      const line = countUpTo(starts, start);
      return { line, col: start - (starts[line - 1] as number) + 1, length: Math.max(1, end - start) };
    },
  };
}

/** How many of the sorted numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** Where the n-th character of a string value stands in its source, counted from the start of the source. */
export function sourceOffset(source: string, style: ScalarStyle, offset: number, value: string): number {
  if (style === 'literal') return literalOffset(source, offset);
  if (style === 'folded' || source.includes('\n')) return foldedOffset(source, style, value.slice(0, offset));
  if (style === 'plain') return offset;
  let at = 1;
  for (let seen = 0; seen < offset && at < source.length - 1; seen += 1)
    at += style === 'single' ? singleWidth(source, at) : doubleWidth(source, at);
  return at;
}

/** Folding changes nothing but white space, so the characters that are none are counted. */
function foldedOffset(source: string, style: ScalarStyle, before: string): number {
  let left = before.replace(/\s/g, '').length;
  let at = style === 'folded' ? source.indexOf('\n') + 1 : style === 'plain' ? 0 : 1;
  for (; at < source.length; at += widthAt(source, style, at)) {
    if (isBlank(source, style, at)) continue;
    if (left === 0) return at;
    left -= 1;
  }
  return 0;
}

function widthAt(source: string, style: ScalarStyle, at: number): number {
  return style === 'single' ? singleWidth(source, at) : style === 'double' ? doubleWidth(source, at) : 1;
}

function isBlank(source: string, style: ScalarStyle, at: number): boolean {
  return /\s/.test(source[at] ?? '') || (style === 'double' && /^\\[\sntrvf]/.test(source.slice(at, at + 2)));
}

function literalOffset(source: string, offset: number): number {
  const body = source.indexOf('\n') + 1;
  const indent = /^(?:[ ]*\n)*([ ]*)/.exec(source.slice(body))?.[1]?.length ?? 0;
  let seen = 0;
  let at = body;
  for (const line of source.slice(body).split('\n')) {
    const width = Math.max(0, line.length - indent);
    if (offset <= seen + width) return at + indent + (offset - seen);
    seen += width + 1;
    at += line.length + 1;
  }
  return 0;
}

function singleWidth(source: string, at: number): number {
  return source.startsWith("''", at) ? 2 : 1;
}

const ESCAPE_WIDTH: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function doubleWidth(source: string, at: number): number {
  return source[at] === '\\' ? (ESCAPE_WIDTH[source[at + 1] ?? ''] ?? 2) : 1;
}
