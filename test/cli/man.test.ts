import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram, visibleCommands } from '../../src/cli/command-tree.ts';
import { manPage } from '../../src/cli/man.ts';

const { version, man } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; man: string };
const program = createProgram({ version, acts: () => () => Promise.resolve() });
const page = manPage({ version, program, commands: visibleCommands(program) });

/** Printed by a real formatter; undefined: there is none. */
function format(argv: readonly string[]): { readonly text: string; readonly complaints: string } | undefined {
  const [file = '', ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    input: page,
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '100', LC_ALL: 'C.UTF-8', GROFF_NO_SGR: '1' },
  });
  if (error) {
    process.stderr.write(`skipped: oor(1) through ${file}: not installed\n`);
    return undefined;
  }
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit ${status}: ${stderr}`);
  return { text: stdout.replace(/.\x08/g, ''), complaints: stderr };
}

describe('oor(1)', () => {
  it('names every command, every flag with its twin in the environment, and every exit code', () => {
    const plain = page.replaceAll('\\-', '-');
    for (const command of visibleCommands(program)) expect(plain).toContain(`.SS oor ${command.name()}`);
    for (const { long, envVar } of [program, ...visibleCommands(program)].flatMap(({ options }) => options)) {
      expect(plain).toContain(long);
      if (envVar !== undefined) expect(plain).toContain(`Environment: ${envVar}.`);
    }
    for (const hidden of ['soak', 'deliver']) expect(plain).not.toContain(`.SS oor ${hidden}`);
    expect(plain).toMatch(/129, 130, 143 {3}interrupted/);
  });

  it('the shipped file is this page', () => {
    if (!existsSync(man)) throw new Error('it is missing: run npm run build');
    expect(readFileSync(man, 'utf8')).toBe(page);
  });

  const groff = format(['groff', '-man', '-Tutf8', '-wall', '-ww']);
  it.skipIf(groff === undefined)('groff takes it without a word, and shows what was written', () => {
    expect(groff?.complaints).toBe('');
    expect(groff?.text).toContain('--allow-fix <id>');
    expect(groff?.text).toContain('oor run --sandbox=tls-expired');
  });

  const mandoc = format(['mandoc', '-Tlint', '-Wwarning']);
  it.skipIf(mandoc === undefined)('mandoc finds nothing in it', () => {
    expect(mandoc?.text).toBe('');
  });
});
