import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Judgement } from '../../src/checks/check.ts';
import { openProof } from './proof.ts';

/**
 * A FUSE mount that nobody serves: statfs waits for ever, as with a dead file server. A second mount of a file system that is then
 * remounted read-only looks as after a disk error: writable mount, read-only file system. All inside a mount namespace of its own.
 */
const LAB = `set -e
cd "$1"
mkdir hung full grown inodes byhand error errorbind
exec 3<>/dev/fuse
mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 oor-test hung
mount -t tmpfs -o size=256k oor-test full
mkdir full/data
ln -s full link
head -c 1000000 /dev/zero > full/data/x 2>/dev/null || true
mount -t tmpfs -o size=16m oor-test grown
mkdir grown/data
head -c 4000000 /dev/zero > grown/data/backup.tar
mount -t tmpfs -o nr_inodes=20 oor-test inodes
(i=0; while [ $i -lt 20 ]; do : > inodes/$i; i=$((i + 1)); done) 2>/dev/null || true
mount -t tmpfs -o ro oor-test byhand
mount -t tmpfs oor-test error
mount --bind error errorbind
mount -o remount,ro errorbind
cd /
exec "$2" "$1/lab.mjs" "$1"`;

const CHECK_OF: Readonly<Record<string, string>> = {
  space: 'disk.space',
  newest: 'disk.newest',
  inodes: 'disk.inodes',
  hung: 'fs.hung',
  readonly: 'fs.readonly',
};

const obstacle = findObstacle();
if (obstacle) process.stderr.write(`skipped: bad mounts cannot be made here (${obstacle})\n`);
let folder = '';
let judgements: Readonly<Record<string, Judgement>> = {};

beforeAll(async () => {
  if (obstacle) return;
  folder = await mkdtemp(join(tmpdir(), 'oor-mounts-'));
  const entry = fileURLToPath(new URL('mount-lab.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: join(folder, 'lab.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  // It must end by itself although a mount hangs; the timeout only ends the test.
  const { stdout } = await promisify(execFile)(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', LAB, 'sh', folder, process.execPath],
    {
      timeout: 200_000,
      killSignal: 'SIGKILL',
    },
  );
  judgements = JSON.parse(stdout);
});

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

test.skipIf(obstacle !== undefined).each([
  ['a full tmpfs is found among all mounts', 'spaceEverywhere', { status: 'fail', code: 'full', value: 100 }],
  ['and by its path', 'spaceFull', { status: 'fail', code: 'full', value: 100, data: { freeBytes: 0 } }],
  ['and through a symbolic link', 'spaceThroughLink', { status: 'fail', code: 'full' }],
  ['the space of a hung mount cannot be told', 'spaceHung', { status: 'unknown', code: 'hung' }],
  ['a file system out of inodes', 'inodesOut', { status: 'fail', code: 'full', value: 100 }],
  ['what filled a file system', 'newestGrown', { status: 'warn', code: 'grown', data: { count: 1 } }],
  ['a file system without large new files', 'newestQuiet', { status: 'ok', code: 'quiet', value: 0 }],
  ['a hung mount is not looked through', 'newestHung', { status: 'unknown' }],
  ['a hung mount nobody declared', 'hungEverywhere', { status: 'warn', code: 'hung', value: 1, data: { type: 'fuse' } }],
  ['a hung mount that is declared', 'hungDeclared', { status: 'fail', code: 'hung' }],
  ['a declared path under a hung mount', 'hungUnder', { status: 'fail', code: 'hung' }],
  ['a file system that turned read-only', 'readonlyEverywhere', { status: 'fail', code: 'remounted-readonly', value: 1 }],
  ['a declared path that is mounted read-only', 'readonlyDeclared', { status: 'fail', code: 'mounted-readonly' }],
])('%s', (_name, key, expected) => {
  const prove = openProof(CHECK_OF[key.replace(/[A-Z].*/, '')] ?? '', 'real');
  expect(judgements[key]).toMatchObject(expected);
  prove(expected.status as Judgement['status']);
});

function findObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse';
  const { status } = spawnSync('unshare', [
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    'mount -t tmpfs oor-test /mnt && exec 3<>/dev/fuse',
  ]);
  return status === 0 ? undefined : 'may not mount: needs root';
}
