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

/**
 * Where the n-th character of a string value stands in its source, counted from the start of the source.
 * Exact for one-line and literal scalars; for values folded over lines it is the start of the value.
 */
export function sourceOffset(source: string, style: ScalarStyle, offset: number): number {
  if (style === 'literal') return literalOffset(source, offset);
  if (style === 'folded' || source.includes('\n')) return 0;
  if (style === 'plain') return offset;
  let at = 1;
  for (let seen = 0; seen < offset && at < source.length - 1; seen += 1)
    at += style === 'single' ? singleWidth(source, at) : doubleWidth(source, at);
  return at;
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
