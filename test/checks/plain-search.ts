import { RE2JS } from 're2js';
import type { SearchRequest, SearchResult } from '../../src/ports.ts';

/** What a search means, line by line, with nothing to make it fast. */
export function searchPlainly(bytes: Buffer, request: SearchRequest): SearchResult {
  const { patterns, exclude, offset = 0, end = bytes.length, maxKept = 10_000, maxLineBytes = 4096 } = request;
  const compiled = Object.entries(patterns).map(([name, source]) => [name, RE2JS.compile(source)] as const);
  const excluded = exclude === undefined ? undefined : RE2JS.compile(exclude);
  const lines = splitLines(bytes).filter((line) => line.offset >= offset && line.offset < end);
  const found = lines.flatMap((line) => {
    const text = line.bytes.toString('utf8');
    const names = compiled.filter(([, pattern]) => pattern.matcher(text).find()).map(([name]) => name);
    if (names.length === 0 || excluded?.matcher(text).find()) return [];
    return [{ offset: line.offset, text: cutText(line.bytes, maxLineBytes), patterns: names }];
  });
  return {
    lines: lines.length,
    matches: found.length,
    byPattern: Object.fromEntries(compiled.map(([name]) => [name, found.filter((line) => line.patterns.includes(name)).length])),
    kept: maxKept === 0 ? [] : found.slice(-maxKept),
    bytesRead: Math.max(0, Math.min(end, bytes.length) - offset),
    complete: true,
  };
}

function splitLines(bytes: Buffer): { readonly offset: number; readonly bytes: Buffer }[] {
  const lines = [];
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf('\n', offset);
    const stop = newline < 0 ? bytes.length : newline;
    const content = stop > offset && bytes[stop - 1] === 0x0d ? stop - 1 : stop;
    lines.push({ offset, bytes: bytes.subarray(offset, content) });
    offset = stop + 1;
  }
  return lines;
}

function cutText(bytes: Buffer, limit: number): string {
  let cut = Math.min(limit, bytes.length);
  while (cut > 0 && cut < bytes.length && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return bytes.toString('utf8', 0, cut);
}
