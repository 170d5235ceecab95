import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const dist = join(process.cwd(), 'dist');

/** Own code that is loaded before anything is known to be needed; every command pays for it. */
const OWN_BYTES = 20_000;

type Contents = Readonly<Record<string, { readonly bytes: number; readonly packages: readonly string[] }>>;

describe('what a light command loads', () => {
  let contents: Contents;

  beforeAll(() => {
    if (!existsSync(join(dist, 'contents.json'))) throw new Error('dist is missing: run npm run build');
    contents = JSON.parse(readFileSync(join(dist, 'contents.json'), 'utf8')) as Contents;
  });

  it('--version: no package and little code', () => {
    const { loaded, status, stdout } = runOor(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(status).toBe(0);
    expect(packagesIn(loaded, contents)).toEqual([]);
    expect(loaded.reduce((sum, file) => sum + (contents[file]?.bytes ?? 0), 0)).toBeLessThan(OWN_BYTES);
  });

  it('--help: commander and no other package', () => {
    const { loaded, status, stdout } = runOor(['--help']);
    expect(stdout).toMatch(/usage/i);
    expect(status).toBe(0);
    expect(packagesIn(loaded, contents)).toEqual(['commander']);
  });
});

describe('what V8 compiled when the program was built', () => {
  let copy: string;
  let help: string;

  beforeEach(() => {
    help = spawnSync(process.execPath, ['bin/oor.js', '--help'], { encoding: 'utf8' }).stdout;
    copy = mkdtempSync(join(tmpdir(), 'oor-copy-'));
    for (const part of ['bin', 'dist', 'package.json']) cpSync(part, join(copy, part), { recursive: true });
  });

  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const builtBy = /"v8":"([^"]+)"/.exec(readFileSync('dist/compiled.bin', 'latin1').slice(0, 1_000))?.[1];
  it.skipIf(builtBy !== process.versions.v8)(`is taken for every file of a health check (V8 ${builtBy})`, () => {
    const program = `
      const taken = {};
      const { main } = require('./bin/loader.js').loadProgram('dist', { isShort: true, onLoad: (name, _source, script) => { taken[name] = script.cachedDataRejected; } });
      main(['check', 'cpu.load', 'disk.space', '--json', '--state-dir', process.argv[1]])
        .then(() => require('node:fs').writeFileSync(process.argv[1] + '/taken', JSON.stringify(taken)));`;
    spawnSync(process.execPath, ['--eval', program, '--', copy], { stdio: 'ignore' });
    const taken = JSON.parse(readFileSync(join(copy, 'taken'), 'utf8')) as Readonly<Record<string, boolean | undefined>>;
    expect(Object.entries(taken).filter(([, rejected]) => rejected !== false)).toEqual([]);
    expect(Object.keys(taken).length).toBeGreaterThan(10);
  });

  it.skipIf(builtBy !== process.versions.v8)(
    'is joined by patience with what gets hot, and by little space, until a log is searched',
    () => {
      const flags = (...args: string[]): { readonly budgets: number[]; readonly growths: number[] } => {
        const program = `
        const v8 = require('node:v8');
        const set = v8.setFlagsFromString;
        const told = [];
        v8.setFlagsFromString = (flag) => { told.push(flag); set(flag); };
        const [folder, ...args] = process.argv.slice(1);
        require('./bin/loader.js').loadProgram('dist', { isShort: true }).main([...args, '--json', '--state-dir', folder])
          .then(() => require('node:fs').writeFileSync(folder + '/told', JSON.stringify(told)));`;
        spawnSync(process.execPath, ['--eval', program, '--', copy, 'check', ...args], { stdio: 'ignore' });
        const told = JSON.parse(readFileSync(join(copy, 'told'), 'utf8')) as string[];
        const valuesOf = (name: string): number[] =>
          told.flatMap((flag) => (flag.startsWith(`--${name}=`) ? [Number(flag.slice(name.length + 3))] : []));
        return { budgets: valuesOf('interrupt-budget'), growths: valuesOf('semi-space-growth-factor') };
      };
      const { budgets, growths } = flags('cpu.load');
      const [patient = 0, usual = 0] = budgets;
      expect(patient).toBeGreaterThan(5 * usual);
      expect(budgets.at(-1)).toBe(patient);
      expect(growths.at(-1)).toBe(1);
      const log = join(copy, 'app.log');
      writeFileSync(log, `${new Date().toISOString()} ERROR x\n`);
      const searched = flags('log.pattern', '--set', `file=${log}`);
      expect(searched.budgets.at(-1)).toBe(usual);
      expect(searched.growths.at(-1)).toBe(2);
    },
  );

  const otherV8 = (text: string): string => text.replace(`"v8":"${process.versions.v8}"`, `"v8":"0${process.versions.v8.slice(1)}"`);
  it.each([
    ['is missing', (file: string) => rmSync(file)],
    ['was cut short in the index', (file: string) => truncateSync(file, 40)],
    ['was cut short in the code', (file: string) => truncateSync(file, readFileSync(file).length >> 1)],
    ['is of another V8', (file: string) => writeFileSync(file, otherV8(readFileSync(file, 'latin1')), 'latin1')],
    ['is something else', (file: string) => writeFileSync(file, 'x')],
  ])('where it %s the program does the same', (_what, damage) => {
    const file = join(copy, 'dist/compiled.bin');
    damage(file);
    expect(spawnSync(process.execPath, ['bin/oor.js', '--help'], { cwd: copy, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: help,
      stderr: '',
    });
  });
});

function packagesIn(files: readonly string[], contents: Contents): readonly string[] {
  return [...new Set(files.flatMap((file) => contents[file]?.packages ?? [`not in the build: ${file}`]))].sort();
}

/** Node's own coverage lists every script that was loaded, without a hook that would load some itself. */
function runOor(args: readonly string[]): { loaded: string[]; status: number | null; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'oor-loaded-'));
  try {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, ['bin/oor.js', ...args], {
      env: { ...env, NODE_V8_COVERAGE: folder },
      encoding: 'utf8',
    });
    const files = readdirSync(folder).flatMap((name) => scriptsOf(join(folder, name)));
    return { loaded: files.filter((file) => !/bin\/(oor|loader)\.js$/.test(file)).map((file) => relative(dist, file)), status, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function scriptsOf(file: string): string[] {
  const { result } = JSON.parse(readFileSync(file, 'utf8')) as { result: readonly { url: string }[] };
  return result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
}
