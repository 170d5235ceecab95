import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileLinePattern } from '../../src/adapters/line-pattern.ts';
import { findNeed, type Literal, type Need } from '../../src/adapters/literal-sets.ts';
import { toExpression } from '../../src/adapters/pattern-regexp.ts';
import { parsePattern } from '../../src/adapters/pattern-syntax.ts';
import { patternSource } from './pattern-arbitrary.ts';

/** Two letters, in both cases, a letter with odd folds, what patterns are written with, and what is not ASCII. */
const text = fc
  .array(fc.constantFrom('a', 'b', 'A', 's', 'k', 'K', 'S', 'ſ', '\u212a', ' ', '_', '0', '\r', '-', '.', '支', 'é', 'É', '\ufffd'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
/** Made of what patterns look for. */
const wordy = fc
  .array(fc.constantFrom('abs', 'ABS', 'aBk', 'Abk', 'skA', 'SKa', 'a b', '支é', '支支', 'aaa', 'bbb', 'k', 's', '0', ' '), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const isAscii = (line: string): boolean => /^[\0-\x7f]*$/.test(line);

function engineOf(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

describe('whatever is asked, the answer is that of RE2', () => {
  it('of the fast expression, on lines of ASCII', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        patternSource,
        fc.array(
          text.map((line) => line.replace(/[^\0-\x7f]/g, '.')),
          { minLength: 5, maxLength: 20 },
        ),
        (source, lines) => {
          const syntax = parsePattern(source);
          const quick = syntax && toExpression(syntax);
          if (!quick) return;
          const engine = RE2JS.compile(source);
          for (const line of lines) {
            expect(quick.test(line), `${source} on ${JSON.stringify(line)}`).toBe(engine.matcher(line).find());
            compared += 1;
          }
        },
      ),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(5000);
  });

  it('of the pattern, on any line; and what RE2 refuses is refused', () => {
    fc.assert(
      fc.property(patternSource, fc.array(text, { maxLength: 5 }), (source, lines) => {
        const engine = engineOf(source);
        if (!engine) expect(() => compileLinePattern(source), source).toThrow();
        else
          for (const line of lines)
            expect(compileLinePattern(source).test(line, isAscii(line)), `${source} on ${line}`).toBe(engine.matcher(line).find());
      }),
      { numRuns: 1500 },
    );
  });

  it('a line that matches holds what the pattern needs', () => {
    let needed = 0;
    fc.assert(
      fc.property(patternSource, fc.array(wordy, { minLength: 30, maxLength: 30 }), (source, lines) => {
        const syntax = parsePattern(source);
        const found = syntax && findNeed(syntax);
        if (!found?.need) return;
        const engine = RE2JS.compile(source);
        for (const line of lines.filter((one) => engine.matcher(one).find())) {
          if (found.oddFolds && /[ſ\u212a]/.test(line)) continue;
          needed += 1;
          expect(holdsNeed(Buffer.from(line).toString('latin1'), found.need), `${source} on ${line}`).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
    expect(needed).toBeGreaterThan(250);
  });

  it('where its literals prove it, a line that holds one matches', () => {
    const words = fc.array(fc.constantFrom('abs', '(?i)abs', 'a b', 'aaa', '[kK]s0', '\\babs', 'sk(A|a)', 'abs$'), {
      minLength: 1,
      maxLength: 3,
    });
    const sources = fc.oneof(
      patternSource,
      words.map((parts) => parts.join('|')),
    );
    let proved = 0;
    fc.assert(
      fc.property(sources, fc.array(fc.oneof(text, wordy), { minLength: 30, maxLength: 30 }), (source, lines) => {
        const syntax = parsePattern(source);
        const found = syntax && findNeed(syntax);
        if (!found?.proves || !found.need) return;
        const engine = RE2JS.compile(source);
        for (const line of lines) {
          if (!holdsNeed(Buffer.from(line).toString('latin1'), found.need)) continue;
          proved += 1;
          expect(engine.matcher(line).find(), `${source} on ${line}`).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
    expect(proved).toBeGreaterThan(250);
  });
});

it.each(['ERROR', 'ERROR|FATAL', '(?i)refused', 'timed (out|down)'])('the literals of %s are proof', (source) => {
  expect(findNeed(parsePattern(source) ?? { kind: 'sequence', parts: [] })).toMatchObject({ proves: true });
});

it.each(['ERROR$', '^ERROR', '\\bERROR', 'ERROR .*x', '支付失败', 'ERROR\\r', 'ERROR|no'])('the literals of %s are none', (source) => {
  expect(findNeed(parsePattern(source) ?? { kind: 'sequence', parts: [] })).toMatchObject({ proves: false });
});

function holdsNeed(line: string, need: Need): boolean {
  if (need.kind === 'any') return need.of.some((one) => holdsNeed(line, one));
  if (need.kind === 'all') return need.of.every((one) => holdsNeed(line, one));
  return new RegExp(need.literal.map(writeUnit).join('')).test(line);
}

function writeUnit(unit: number): string {
  const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`;
  return unit >= 0x100 ? `[${hex(unit & 0xff)}${hex((unit & 0xff) - 0x20)}]` : hex(unit);
}

describe('what a pattern needs', () => {
  it.each([
    ['connect\\(\\) failed \\(111', ['connect() failed (111']],
    ['(?i)ENOSPC|disk (is )?full', ['enospc', 'disk is full', 'disk full']],
    ['(?i)upstream.*(timed out|timeout)', ['upstream']],
    ['^.{0,80}\\b(401|403)\\b', ['401', '403']],
    ['colou?r (red|blue)', ['colour red', 'colour blue', 'color red', 'color blue']],
    ['[Ee]rror: \\d+', ['error: ']],
    ['[Ef]rror: \\d+', ['Error: ', 'frror: ']],
    ['(abc)+x{2,}', ['abc']],
    ['支付失败', ['支付失败']],
    ['(?i)a(?-i:BCD)', ['aBCD']],
  ])('%s', (source, literals) => {
    expect(literalsOf(findNeed(parsePattern(source) ?? { kind: 'sequence', parts: [] }).need)).toEqual(literals);
  });

  it.each(['a.b', '.*', 'abc|.', '(abc)?', '(abc)*', '\\bdb\\b', '(?i)é+ﬀ', '\\p{Han}', '\ufffd\ufffd'])('nothing: %s', (source) => {
    const syntax = parsePattern(source);
    expect(syntax && findNeed(syntax).need).toBeUndefined();
  });
});

/** Of the first way to fulfil it. */
function literalsOf(need: Need | undefined): string[] {
  if (!need) return [];
  if (need.kind === 'literal') return [show(need.literal)];
  return need.kind === 'any' ? need.of.flatMap(literalsOf) : literalsOf(need.of[0]);
}

function show(literal: Literal): string {
  return Buffer.from(literal.map((unit) => unit & 0xff)).toString('utf8');
}

it('those of the shipped playbooks are all understood, and nearly all fast', () => {
  const sources = [...readFileSync('playbooks/payment-gateway.yaml', 'utf8').matchAll(/"(\(\?i\)(?:[^"\\]|\\.)*)"/g)].map(
    ([, text = '']) => JSON.parse(`"${text}"`) as string,
  );
  expect(sources.length).toBeGreaterThan(40);
  for (const source of sources) {
    const syntax = parsePattern(source);
    expect(syntax, source).toBeDefined();
    expect(syntax && toExpression(syntax), source).toBeDefined();
    expect(syntax && findNeed(syntax).need, source).toBeDefined();
  }
});

it('a line that would take too long is left to the engine that is linear', () => {
  const pattern = compileLinePattern('(?i)a.*b.*c.*d.*e');
  const start = performance.now();
  expect(pattern.test('abcd'.repeat(1000), true)).toBe(false);
  expect(toExpression(parsePattern('(a+)+$') ?? { kind: 'sequence', parts: [] })).toBeUndefined();
  expect(toExpression(parsePattern('(a|ab)*c') ?? { kind: 'sequence', parts: [] })).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(60_000);
});
