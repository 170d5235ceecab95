import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BYTES, parseYaml } from '../../src/playbook/yaml.ts';
import type { YamlFile } from '../../src/playbook/yaml-file.ts';
import { show } from './support.ts';

function faults(text: string): string[] {
  const result = parseYaml({ file: 'main.oor.yaml', text });
  return result.ok ? [] : result.problems.map(show);
}

function read(text: string): YamlFile {
  const result = parseYaml({ file: 'main.oor.yaml', text });
  if (!result.ok) throw new Error(result.problems.map(show).join('\n'));
  return result.yaml;
}

describe('what is read', () => {
  it('gives plain JSON', () => {
    expect(read('a: [1, 1.5, true, null, "x", {b: ~}]\nc: |\n  text\n').value).toEqual({
      a: [1, 1.5, true, null, 'x', { b: null }],
      c: 'text\n',
    });
  });

  it('leaves yes, no, on and dates as text, and << as a key', () => {
    expect(read('on: yes\nno: 2026-01-01\n<<: {a: 1}').value).toEqual({ on: 'yes', no: '2026-01-01', '<<': { a: 1 } });
  });

  it('repeats a text as often as aliases name it', () => {
    expect(read(`a: &x text\nb: [${'*x, '.repeat(500)}]`).value).toEqual({ a: 'text', b: Array(500).fill('text') });
  });

  it('takes the anchor that stands last before the alias', () => {
    expect(read('a: &x 1\nb: *x\nc: &x 2\nd: *x').value).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('copies what a few aliases name', () => {
    expect(read('a: &x {p: 1}\nb: [*x, *x]').value).toEqual({ a: { p: 1 }, b: [{ p: 1 }, { p: 1 }] });
  });
});

describe('where it stands', () => {
  const yaml = read('a: one\nlist:\n  - x\n  - { key: value, "q": \'two\' }\nempty:\nlong: |\n  first\n  second line\n');

  it.each([
    [['a'], { line: 1, col: 4, length: 3 }, { line: 1, col: 1, length: 1 }],
    [['list', 1, 'key'], { line: 4, col: 12, length: 5 }, { line: 4, col: 7, length: 3 }],
    [['list', 1, 'q'], { line: 4, col: 24, length: 5 }, { line: 4, col: 19, length: 3 }],
    [['empty'], { line: 5, col: 7, length: 1 }, { line: 5, col: 1, length: 5 }],
    [['list', 1, 'absent'], { line: 4, col: 5, length: 26 }, { line: 4, col: 5, length: 26 }],
    [['list', 9], { line: 2, col: 1, length: 4 }, { line: 2, col: 1, length: 4 }],
  ])('%j', (path, value, key) => {
    expect(yaml.at(path)).toEqual(value);
    expect(yaml.keyAt(path)).toEqual(key);
  });

  it.each([
    ['a: out.x == 1', 4, 5, { line: 1, col: 8, length: 5 }],
    ['a: "say \\"hi\\" there"', 9, 5, { line: 1, col: 16, length: 5 }],
    ["a: 'it''s here'", 5, 4, { line: 1, col: 11, length: 4 }],
    ['a: "\\u0041\\x42c"', 2, 1, { line: 1, col: 15, length: 1 }],
    ['a: |\n    first\n    second', 8, 4, { line: 3, col: 7, length: 4 }],
    ['a: >\n  first\n  second', 8, 4, { line: 3, col: 5, length: 4 }],
    ['a: >-\n  first\n\n  second', 6, 6, { line: 4, col: 3, length: 6 }],
    ['a: first\n  second', 6, 3, { line: 2, col: 3, length: 3 }],
    ["a: 'it''s\n  here'", 5, 4, { line: 2, col: 3, length: 4 }],
    ['a: "x\\ty \\"q\\" \\\n   then z"', 8, 4, { line: 2, col: 4, length: 4 }],
  ])('inside %j at %i', (text, offset, length, span) => {
    expect(read(text).within(['a'], offset, length)).toEqual(span);
  });

  it('keeps the source of a value', () => {
    expect(read('v: 1.10').source(['v'])).toBe('1.10');
  });
});

describe('what is refused', () => {
  it.each([
    [
      'if: !checks.x.ok',
      '1:5 yaml: a value that starts with ! is a YAML tag, and this tag does not exist | name the status you mean (checks.x.fail); an expression that starts with ! must be quoted: "!checks.x.ok"',
    ],
    ['if: !(a || b)', '1:5 yaml: a value that starts with ! is a YAML tag, and this tag does not exist | quote it: "!(a"'],
    ['a: !!js/function x', '1:4 yaml: a value that starts with ! is a YAML tag, and this tag does not exist | quote it: "!!js/function"'],
    ['a: !!binary aGk=', '1:4 yaml: a value that starts with ! is a YAML tag, and this tag does not exist | quote it: "!!binary"'],
    [
      'if: a ? b : c',
      '1:5 yaml: Nested mappings are not allowed in compact mappings | quote expressions and texts that hold : # , ? ! [ { or a quote',
    ],
    ['a: 1\n---\nb: 2', '2:1 yaml: more than one document in the file | one file, one document: remove the ---'],
    ['%YAML 1.1\n---\na: yes', '1:1 yaml-directive: directives (%) are not supported'],
    ['a: *x', '1:4 yaml: this alias names no anchor that stands before it'],
    ['a: &x [*x]', '1:8 yaml-aliases: aliases copy more than 20 lists and maps'],
    ['? [a]\n: b', '1:3 yaml: keys must be plain strings'],
    ['a: 1\nb: 2\na: 3', '3:1 yaml-duplicate-key: duplicate key a, first at 1:1'],
    ['a:\n  b: 1\n  "b": 2', '3:3 yaml-duplicate-key: duplicate key b, first at 2:3'],
    ['a: {__proto__: {x: 1}}', '1:5 yaml-unsafe-key: the key __proto__ is refused'],
    ['constructor: 1', '1:1 yaml-unsafe-key: the key constructor is refused'],
    ['"proto\\u0074ype": 1', '1:1 yaml-unsafe-key: the key prototype is refused'],
    ['"a\\0b": 1', '1:1 yaml-unsafe-key: the key a\\u0000b is refused'],
    ['a: 9007199254740993', '1:4 yaml-number: this number cannot be kept exactly | quote it'],
    ['a: .inf', '1:4 yaml-number: this number cannot be kept exactly | quote it'],
    ['a: .NaN', '1:4 yaml-number: this number cannot be kept exactly | quote it'],
    ['a:\n\tb: 1', '2:1 yaml: Tabs are not allowed as indentation | indent with spaces'],
    ['a: x\0y', '1:5 yaml-control-character: control character U+0000 | remove it, or write it as an escape in double quotes'],
    ['a: x\u001b[2J', '1:5 yaml-control-character: control character U+001B | remove it, or write it as an escape in double quotes'],
    ['a: x\u202ey', '1:5 yaml-control-character: control character U+202E | remove it, or write it as an escape in double quotes'],
    ['', '1:1 yaml-empty: the file is empty | start it with oor: 1'],
    ['# only a comment', '1:1 yaml-empty: the file is empty | start it with oor: 1'],
  ])('%j', (text, fault) => {
    expect(faults(text)[0]).toBe(fault);
  });

  it('leaves prototypes alone', () => {
    parseYaml({ file: 'x', text: '__proto__: {polluted: yes}\na: {constructor: {prototype: {polluted: yes}}}' });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('notes at most fifty problems', () => {
    expect(faults('a: 1\n'.repeat(1_000))).toHaveLength(50);
  });
});

const hostile: Record<string, string> = {
  'block maps 900 deep': Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}a:`)
    .join('\n')
    .slice(0, MAX_BYTES),
  'a short file 900 deep': `${'- '.repeat(900)}x`,
  'flow lists 20,000 deep': `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  'flow lists 20,000 deep and never closed': '['.repeat(20_000),
  'flow maps 900 deep': `${'{a: '.repeat(900)}1${'}'.repeat(900)}`,
  'question marks 20,000 deep': `${'? '.repeat(20_000)}x`,
  'compact keys 900 deep': `${'a: '.repeat(900)}x`,
  'flow keys 900 deep': `{${'a: '.repeat(900)}x}`,
  'explicit keys 300 deep': Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}? a\n${' '.repeat(depth)}:`).join('\n'),
  'lists in maps 300 deep': Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth * 2)}- a:`).join('\n'),
  'a billion laughs': [
    'a: &a [x, x, x]',
    ...[...'bcdefghijk'].map((name, index) => `${name}: &${name} [*${'abcdefghijk'[index]}, *${'abcdefghijk'[index]}]`),
  ].join('\n'),
  'aliases of 300 lists': `a: &a [x]\nb: [${'*a, '.repeat(300)}]`,
  'aliases of a text, thousands': `a: &a x\nb: [${'*a, '.repeat(5_000)}]`,
  'quadratic aliases': `a: &a [${'x, '.repeat(5_000)}x]\nb: [${'*a, '.repeat(5_000)}*a]`,
  '50,000 keys': Array.from({ length: 50_000 }, (_, index) => `${index.toString(36)}: 1`)
    .join('\n')
    .slice(0, MAX_BYTES),
  '20,000 equal keys': 'a: 1\n'.repeat(20_000),
  '300 KiB': `a: ${'x'.repeat(300 * 1024)}`,
  'ten MB': 'a: 1\n'.repeat(2_000_000),
  'a key of one MB': `${'k'.repeat(1_000_000)}: 1`,
  '256 KiB of three-byte characters': `a: ${'中'.repeat(100 * 1024)}`,
  'tags in a row': `a: ${'!x '.repeat(80_000)}1`,
  'anchors in a row': `a: ${'&x '.repeat(80_000)}1`,
  'commas in a row': `a: [${','.repeat(200_000)}]`,
  documents: '---\na: 1\n'.repeat(20_000),
};

describe('hostile files', () => {
  it.each(Object.entries(hostile))('%s: refused twice, soon', (_, text) => {
    const started = performance.now();
    expect(faults(text).length).toBeGreaterThan(0);
    expect(faults(text).length).toBeGreaterThan(0);
    expect((performance.now() - started) / 2).toBeLessThan(3_000);
  });

  it('accepts 60 levels', () => {
    expect(faults(`a: ${'['.repeat(60)}${']'.repeat(60)}`)).toEqual([]);
  });

  describe('in a process of their own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'oor-yaml-'));
    beforeAll(async () => {
      const entry = fileURLToPath(new URL('../../src/playbook/yaml.ts', import.meta.url));
      await build({
        entryPoints: [entry],
        outfile: join(folder, 'yaml.cjs'),
        bundle: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'silent',
      });
      writeFileSync(join(folder, 'hostile.json'), JSON.stringify(hostile));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    // The package alone aborts the whole process (rc 134) when it meets such a file a second time.
    it('never abort it, however often they are parsed', () => {
      const script = `
        const { parseYaml } = require('./yaml.cjs');
        const hostile = require('./hostile.json');
        let refused = 0;
        for (let round = 0; round < 3; round += 1) for (const text of Object.values(hostile)) if (!parseYaml({ file: 'x', text }).ok) refused += 1;
        process.stdout.write(String(refused));`;
      const child = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8', timeout: 120_000 });
      expect({ status: child.status, signal: child.signal, refused: child.stdout }).toEqual({
        status: 0,
        signal: null,
        refused: String(Object.keys(hostile).length * 3),
      });
    });
  });
});
