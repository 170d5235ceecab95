import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The rule, the file the violation is planted in, and its text. */
type Planted = readonly [rule: string, file: string, text: string];

const IMPORTS = 'lint/style/noRestrictedImports';
const GLOBALS = 'lint/style/noRestrictedGlobals';
const PROPERTIES = 'lint/nursery/noJsRestrictedProperties';

const VIOLATIONS: readonly Planted[] = [
  [IMPORTS, 'src/ports.ts', "import type { A } from './errors.ts';\nexport type B = A;"],
  [IMPORTS, 'src/ports/host.ts', "import type { A } from '../errors.ts';\nexport type B = A;"],
  [IMPORTS, 'src/errors.ts', "export { a } from './redact/a.ts';"],
  [IMPORTS, 'src/redact/to-ports.ts', "import type { A } from '../ports.ts';\nexport type B = A;"],
  [IMPORTS, 'src/scan/to-redact.ts', "export { a } from '../redact/a.ts';"],
  [IMPORTS, 'src/payments/to-checks.ts', "export { a } from '../checks/a.ts';"],
  [IMPORTS, 'src/payments/deep/to-engine.ts', "export { a } from '../../engine/a.ts';"],
  [IMPORTS, 'src/checks/to-engine.ts', "export { a } from '../engine/a.ts';"],
  [IMPORTS, 'src/checks/to-adapters.ts', "export { a } from '../adapters/a.ts';"],
  [IMPORTS, 'src/checks/to-valibot.ts', "export { object } from 'valibot';"],
  [IMPORTS, 'src/checks/schema.ts', "export { RE2JS } from 're2js';"],
  [IMPORTS, 'src/checks/pattern.ts', "export { object } from 'valibot';"],
  [IMPORTS, 'src/checks/round-about.ts', "export { a } from '../payments/../engine/a.ts';"],
  [IMPORTS, 'src/playbook/to-one-check.ts', "export { a } from '../checks/a.ts';"],
  [IMPORTS, 'src/playbook/to-engine.ts', "export { a } from '../engine/a.ts';"],
  [IMPORTS, 'src/playbook/to-yaml.ts', "export { parseDocument } from 'yaml';"],
  [IMPORTS, 'src/playbook/yaml.ts', "export { Environment } from '@marcbachmann/cel-js';"],
  [IMPORTS, 'src/playbook/expr.ts', "export { parseDocument } from 'yaml';"],
  [IMPORTS, 'src/engine/to-adapters.ts', "export { a } from '../adapters/a.ts';"],
  [IMPORTS, 'src/engine/to-sandbox.ts', "export { a } from '../sandbox/a.ts';"],
  [IMPORTS, 'src/engine/to-cli.ts', "export { a } from '../cli/a.ts';"],
  [IMPORTS, 'src/engine/to-one-check.ts', "export { a } from '../checks/a.ts';"],
  [IMPORTS, 'src/engine/to-parser.ts', "export { a } from '../playbook/a.ts';"],
  [IMPORTS, 'src/engine/to-node.ts', "export { readFileSync } from 'node:fs';"],
  [IMPORTS, 'src/engine/to-node-promises.ts', "export { readFile } from 'node:fs/promises';"],
  [IMPORTS, 'src/engine/to-package.ts', "export { execa } from 'execa';"],
  [IMPORTS, 'src/engine/lazy.ts', "export const execa = () => import('execa');"],
  [IMPORTS, 'src/engine/round-about.ts', "export { a } from './../adapters/a.ts';"],
  [IMPORTS, 'src/report/to-cli.ts', "export { a } from '../cli/a.ts';"],
  [IMPORTS, 'src/report/to-node.ts', "export { EOL } from 'node:os';"],
  [IMPORTS, 'src/bundle/to-adapters.ts', "export { a } from '../adapters/a.ts';"],
  [IMPORTS, 'src/bundle/to-node.ts', "export { createHash } from 'node:crypto';"],
  [IMPORTS, 'src/cli/to-adapters.ts', "export { a } from '../adapters/a.ts';"],
  [IMPORTS, 'src/cli/to-sandbox.ts', "export { a } from '../sandbox/a.ts';"],
  [IMPORTS, 'src/cli/to-main.ts', "export { main } from '../main.ts';"],
  [IMPORTS, 'src/cli/to-node.ts', "export { readFileSync } from 'node:fs';"],
  [IMPORTS, 'src/adapters/to-engine.ts', "export { a } from '../engine/a.ts';"],
  [IMPORTS, 'src/adapters/to-checks.ts', "export { a } from '../checks/a.ts';"],
  [IMPORTS, 'src/adapters/to-sandbox.ts', "export { a } from '../sandbox/a.ts';"],
  [IMPORTS, 'src/adapters/protocols/to-engine.ts', "export { a } from '../../engine/a.ts';"],
  [IMPORTS, 'src/sandbox/to-engine.ts', "export { a } from '../engine/a.ts';"],
  [IMPORTS, 'src/sandbox/to-adapters.ts', "export { a } from '../adapters/a.ts';"],
  [IMPORTS, 'src/sandbox/to-main.ts', "export { main } from '../main.ts';"],
  ['lint/suspicious/noImportCycles', 'src/engine/cycle-a.ts', "import { b } from './cycle-b.ts';\nexport const a = () => b;"],
  ['lint/suspicious/noImportCycles', 'src/engine/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = () => a;"],
  [GLOBALS, 'src/engine/process.ts', 'export const home = process.env.HOME;'],
  [GLOBALS, 'src/cli/process.ts', 'export const home = process.argv;'],
  [GLOBALS, 'src/engine/global-this.ts', 'export const now = () => globalThis.Date.now();'],
  [GLOBALS, 'src/checks/fetch.ts', "export const get = () => fetch('http://127.0.0.1/');"],
  [GLOBALS, 'src/engine/timer.ts', 'export const later = (then: () => void) => setTimeout(then, 1);'],
  [PROPERTIES, 'src/checks/date-now.ts', 'export const now = () => Date.now();'],
  [PROPERTIES, 'src/report/random.ts', 'export const chance = () => Math.random();'],
  ['plugin', 'src/engine/new-date.ts', 'export const now = () => new Date();'],
  ['lint/suspicious/noConsole', 'src/adapters/console.ts', "console.log('x');"],
  ['lint/suspicious/noExplicitAny', 'src/adapters/any.ts', 'export const a: any = 1;'],
  ['lint/nursery/noProcessExit', 'src/adapters/exit.ts', 'process.exit(1);'],
  [
    'lint/nursery/noFloatingPromises',
    'src/adapters/floating.ts',
    'async function a(): Promise<void> {}\nexport function b(): void {\n  a();\n}',
  ],
  ['lint/style/noDefaultExport', 'src/engine/default-export.ts', 'export default 1;'],
  ['lint/style/useFilenamingConvention', 'src/engine/camelCase.ts', 'export const a = 1;'],
  ['lint/correctness/useImportExtensions', 'src/engine/no-extension.ts', "export { a } from './a';"],
  ['lint/correctness/noUndeclaredDependencies', 'src/adapters/undeclared.ts', "export { a } from 'left-pad';"],
  [
    'lint/complexity/noExcessiveLinesPerFunction',
    'src/engine/long.ts',
    `export function a(b: () => void): void {\n${'  b();\n'.repeat(61)}}`,
  ],
  [PROPERTIES, 'test/engine/mock.test.ts', "import { vi } from 'vitest';\n\nvi.mock('../../src/engine/a.ts');"],
  [PROPERTIES, 'test/engine/do-mock.test.ts', "import { vi } from 'vitest';\n\nvi.doMock('../../src/engine/a.ts');"],
];

/** The same constructs where they belong: a rule that fires here would be worked around sooner or later. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/redact/a.ts': 'export const a = 1;',
  'src/scan/a.ts': 'export const a = 1;',
  'src/payments/a.ts': "export { a } from './deep/a.ts';",
  'src/payments/deep/a.ts': "import type { Text } from '../../ports.ts';\n\nexport const a: Text = { en: 'a' };",
  'src/payments/deep/b.ts': "export { b } from '../b.ts';",
  'src/payments/b.ts': 'export const b = new Date(0);',
  'src/checks/a.ts': "import { b } from '../payments/b.ts';\n\nexport const a = b;",
  'src/playbook/a.ts': "export { PHASES } from '../checks/check.ts';",
  'src/engine/a.ts': "import { a as clean } from '../redact/a.ts';\n\nexport const a = clean;",
  'src/report/a.ts': "export { a } from '../engine/a.ts';",
  'src/bundle/a.ts': "export { a } from '../report/a.ts';",
  'src/cli/a.ts':
    "import { Command } from 'commander';\nimport { a } from '../bundle/a.ts';\n\nexport const command = new Command(String(a));",
  'src/adapters/a.ts':
    "import { readFileSync } from 'node:fs';\nimport { execa } from 'execa';\nimport { a as clean } from '../redact/a.ts';\n\nexport const a = [readFileSync, execa, clean, Date.now(), process.pid];",
  'src/adapters/protocols/a.ts': "export { a } from '../a.ts';",
  'src/sandbox/a.ts': "import { createServer } from 'node:net';\n\nexport const a = createServer;",
  'src/main.ts':
    "import { a } from './adapters/a.ts';\nimport { a as b } from './sandbox/a.ts';\n\nexport const main = () => [a, b, process.argv];",
  'src/checks/check.ts': "export const PHASES = ['confirm'];",
  'test/engine/a.test.ts':
    "import { expect, it, vi } from 'vitest';\nimport { a } from '../../src/engine/a.ts';\n\nit('calls', () => expect(vi.fn(() => a)()).toBe(1));",
};

describe('the lint rules that hold the architecture', () => {
  let tree: string;
  let found: ReadonlyMap<string, readonly string[]>;

  // A copy: a test that dies must not leave a violation in the checkout.
  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'oor-lint-'));
    for (const path of ['.biome.json', '.ci/lint', 'package.json']) cpSync(path, join(tree, path), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(tree, 'node_modules'));
    for (const [file, text] of Object.entries(ALLOWED)) plant(tree, file, text);
    for (const [, file, text] of VIOLATIONS) plant(tree, file, text);
    found = lint(tree);
  });

  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it.each(VIOLATIONS)('%s fires in %s', (rule, file) => {
    expect(found.get(file) ?? []).toContain(rule);
  });

  it.each(Object.keys(ALLOWED))('nothing fires in %s', (file) => {
    expect(found.get(file) ?? []).toEqual([]);
  });
});

function plant(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), `${text}\n`);
}

/** Rules that fired, by file. */
function lint(tree: string): ReadonlyMap<string, readonly string[]> {
  const output = runBiome(tree);
  const found = new Map<string, string[]>();
  for (const [, rule, file] of output.matchAll(/^::\w+ title=([^,]+),file=([^,]+),/gm)) {
    const name = (file as string).replace(`${tree}/`, '');
    found.set(name, [...(found.get(name) ?? []), rule as string]);
  }
  return found;
}

function runBiome(tree: string): string {
  const biome = join(process.cwd(), 'node_modules/@biomejs/biome/bin/biome');
  try {
    execFileSync(process.execPath, [biome, 'lint', '--error-on-warnings', '--reporter=github', '--max-diagnostics=none'], {
      cwd: tree,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
  throw new Error('biome found nothing in a tree of planted violations');
}
