import { describe, expect, it } from 'vitest';
import type { HostError } from '../../src/errors.ts';
import { createCompiler } from '../../src/playbook/expr.ts';
import { ROOTS } from '../../src/playbook/expr-scope.ts';
import type { Scope } from '../../src/playbook/playbook.ts';
import { compileTemplate, hasTemplate, type TemplateOptions } from '../../src/playbook/template.ts';
import type { Json } from '../../src/ports.ts';
import { timeLimit } from './support.ts';

const names = {
  steps: new Map([['disk', { codes: ['ok'] }]]),
  questions: new Map([['count', { type: 'double' as const }]]),
  inputs: new Map([['port', 'int' as const]]),
  vars: new Set<string>(),
};
const compile = createCompiler({ names, vars: new Map(), timeLimit });
const scope: Partial<Scope> = {
  inputs: { port: 8443 },
  target: {
    name: 'nginx',
    listen: [80, 443],
    restart: ['systemctl', 'restart', 'nginx'],
    on: true,
    nothing: null,
    tls: { ca: 'x' },
    evil: 'x; rm -rf /',
    empty: [],
  },
};

function fill(source: Json, as?: TemplateOptions['as']): Json {
  const result = compileTemplate(source, compile, { roots: ROOTS, ...(as && { as }) });
  if (!result.template) throw new Error(JSON.stringify(result.problems));
  return result.template.fill(scope);
}

describe('filling', () => {
  it.each<[Json, Json]>([
    ['plain', 'plain'],
    ['${{ inputs.port }}', 8443],
    ['${{inputs.port}}', 8443],
    ['a ${{ inputs.port }} b', 'a 8443 b'],
    ['${{ inputs.port }}${{ target.on }}', '8443true'],
    ['${{ target.listen }}', [80, 443]],
    [
      { url: 'https://${{ target.name }}:${{ inputs.port + 1 }}/', deep: [{ ports: '${{ target.listen }}' }] },
      { url: 'https://nginx:8444/', deep: [{ ports: [80, 443] }] },
    ],
    ['${{ "}}" }}', '}}'],
    ['${{ target.name == "a}}b" ? 1 : 2 }}', 2],
    ['${{ {"a": {"b": 1}}["a"]["b"] }}', 1],
    [
      { keep: 1, yes: true, none: null },
      { keep: 1, yes: true, none: null },
    ],
    ['$ {{ not one }}', '$ {{ not one }}'],
  ])('%j', (source, value) => {
    expect(fill(source)).toEqual(value);
  });

  it.each<[Json, Json]>([
    ['${{ target.restart }}', ['systemctl', 'restart', 'nginx']],
    [
      ['ports', '${{ target.listen }}', 'end'],
      ['ports', '80', '443', 'end'],
    ],
    [
      ['kill', '-9', 17],
      ['kill', '-9', '17'],
    ],
    [
      ['echo', '${{ target.evil }}'],
      ['echo', 'x; rm -rf /'],
    ],
  ])('argv %j', (source, value) => {
    expect(fill(source, 'argv')).toEqual(value);
  });

  it.each<[Json, TemplateOptions['as'], HostError['reason']]>([
    ['${{ target.unit }}', undefined, 'not-found'],
    ['unit ${{ target.tls }}', undefined, 'unsupported'],
    ['unit ${{ target.nothing }}', undefined, 'unsupported'],
    [['echo', '${{ target.tls }}'], 'argv', 'unsupported'],
    ['${{ target.empty }}', 'argv', 'unsupported'],
    [['${{ "" }}'], 'argv', 'unsupported'],
    [['a', '${{ "x\\u0000y" }}'], 'argv', 'unsupported'],
    ['${{ target.listen }}', 'text', 'unsupported'],
  ])('%j as %s cannot be filled', (source, as, reason) => {
    expect(() => fill(source, as)).toThrow(expect.objectContaining({ reason }));
  });
});

describe('compiling', () => {
  it('names what it reads', () => {
    const { template, single } = compileTemplate(['${{ checks.disk.ok }}', '${{ answers.count }}'], compile, { roots: ROOTS });
    expect(template).toMatchObject({ steps: ['disk'], answers: ['count'] });
    expect([...single]).toEqual(['disk']);
  });

  it('points into the string at fault', () => {
    const { template, problems } = compileTemplate({ a: ['x', 'ab ${{  checks.dsk.ok }}', '${{ open'] }, compile, { roots: ROOTS });
    expect(template).toBeUndefined();
    expect(problems.map(({ path, offset, message }) => ({ path, offset, message }))).toEqual([
      { path: ['a', 1], offset: 15, message: 'unknown step dsk' },
      { path: ['a', 2], offset: 0, message: '${{ without its }}' },
    ]);
  });

  it('sees templates at any depth', () => {
    expect(hasTemplate({ a: [{ b: 'x ${{ y }}' }] })).toBe(true);
    expect(hasTemplate({ a: [{ b: 'x {{ y }}' }], c: null, d: 1 })).toBe(false);
  });
});
