import { describe, expect, it } from 'vitest';
import { joinLines } from '../../../src/payments/money/record-lines.ts';

function join(lines: readonly string[], quoted = true): readonly string[] {
  const joined = joinLines(quoted);
  const records = lines.flatMap((line) => joined.take(line) ?? []);
  const rest = joined.rest();
  return [...records, ...(rest ? [rest] : [])].map(({ line, text }) => `${line}: ${text}`);
}

describe('lines', () => {
  it('are joined while a cell in quotes is open, and bear the number of the first', () => {
    expect(join(['a,"b', 'c"', 'd'])).toEqual(['1: a,"b\nc"', '3: d']);
    expect(join(['"say ""hi"', '""",2', 'x'])).toEqual(['1: "say ""hi"', '2: """,2\nx']);
    expect(join(['"a\r', 'b";"c', 'd"\r', 'e\r'])).toEqual(['1: "a\nb";"c\nd"', '4: e']);
  });

  it('are left alone where a quote stands within a cell, or quotes mean nothing', () => {
    expect(join(['5" pipe,1', 'a "b, c', 'd'])).toEqual(['1: 5" pipe,1', '2: a "b, c', '3: d']);
    expect(join(['"a,"b" c",d', 'e'])).toEqual(['1: "a,"b" c",d', '2: e']);
    expect(join(['a,"b', 'c'], false)).toEqual(['1: a,"b', '2: c']);
  });

  it('end where a quote is never closed', () => {
    expect(join(['"a', 'b'])).toEqual(['1: "a\nb']);
    const records = join(['"', ...Array.from({ length: 100_000 }, () => '')]);
    expect(records.length).toBeGreaterThan(30_000);
    expect(records.every((record) => record.length <= 64 * 1024 + 10)).toBe(true);
  });

  it('are looked at once, whatever they hold', () => {
    // One cell goes on from line to line: looked at from its beginning each time, this takes minutes.
    const block = ['"', ...Array.from({ length: 70_000 }, () => '')];
    expect(join(Array.from({ length: 5 }, () => block).flat())).toHaveLength(5 * (1 + 70_000 - 65_534));
  });
});
