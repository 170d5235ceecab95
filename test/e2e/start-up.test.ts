import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

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
    return { loaded: files.filter((file) => !file.endsWith('bin/oor.js')).map((file) => relative(dist, file)), status, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function scriptsOf(file: string): string[] {
  const { result } = JSON.parse(readFileSync(file, 'utf8')) as { result: readonly { url: string }[] };
  return result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
}
