import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { findProcesses } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-hung-'));
const mount = join(folder, 'hung');
const link = join(folder, 'link');
mkdirSync(mount);
symlinkSync(mount, link);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A FUSE filesystem whose daemon (this shell) never answers, in a mount namespace of its own. Ends with it. */
const BESIDE_HUNG_MOUNT = `exec 7<>/dev/fuse || exit 99
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 hung "$1" || exit 99
shift
exec "$@"`;

function runBesideHungMount(argv: readonly string[], timeout: number) {
  const asRoot = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
  return spawnSync('unshare', [...asRoot, 'sh', '-c', BESIDE_HUNG_MOUNT, 'sh', mount, ...argv], {
    timeout,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
}

const possible = runBesideHungMount(['true'], 5000).status === 0;
if (!possible) process.stderr.write('hung mount: skipped, this machine allows no FUSE mount in a namespace of its own\n');

describe.skipIf(!possible)('a mount that never answers', () => {
  it('hangs a plain look at it', () => {
    expect(runBesideHungMount(['stat', '-f', mount], 500).signal).toBe('SIGKILL');
  });

  it('costs its own operations their deadline, and nothing else anything', async () => {
    const program = join(folder, 'program.mjs');
    const entry = join(import.meta.dirname, 'hung-mount-program.ts');
    const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm', banner });
    const { status, signal, stdout, stderr } = runBesideHungMount([process.execPath, program, mount, link], 30_000);
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      hung: [...Array.from({ length: 15 }, () => 'timed-out'), null, null, null, null, null],
      alive: [true, true, 'answered'],
      path: ['timed-out', 'timed-out'],
    });
    expect(findProcesses(mount)).toEqual([]);
  });
});
