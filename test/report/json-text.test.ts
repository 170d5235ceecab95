import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine, toJson } from '../../src/report/json-text.ts';

describe('toJson', () => {
  it.each([
    ['C1 controls', '\x85\x9b31m', '"\\u0085\\u009b31m"'],
    ['delete', '\x7f', '"\\u007f"'],
    ['bidirectional controls', 'cod\u202egnp\u2066', '"cod\\u202egnp\\u2066"'],
    ['zero-width signs', 'a\u200bb\ufeff', '"a\\u200bb\\ufeff"'],
    ['line separators', '\u2028', '"\\u2028"'],
    ['tag characters, as the two units that JSON knows', '\u{e0041}', '"\\udb40\\udc41"'],
  ])('escapes %s', (_, hostile, json) => {
    expect(toJson(hostile)).toBe(json);
  });

  it('leaves what people read alone', () => {
    expect(toJson({ 说明: '⚠️ 支付 ✔' })).toBe('{"说明":"⚠️ 支付 ✔"}');
    expect(jsonLine({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  it('is the same value read back, and holds nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom(0, 2), (value, text, indent) => {
        const json = toJson({ value, [text]: text }, indent);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, [text]: text })));
        expect(json).not.toMatch(/[^\P{C}\n\p{Co}\p{Cn}]|[\u2028\u2029]/u);
      }),
    );
  });

  it('is what every command and report writes its JSON with', () => {
    const files = ['src/cli', 'src/report', 'src/bundle'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    const past = files.filter((file) => file.endsWith('.ts') && /\$\{JSON\.stringify\([^`]*\)\}\\n`/.test(readFileSync(file, 'utf8')));
    expect(files.length).toBeGreaterThan(50);
    expect(past).toEqual([]);
  });
});
