// Makes a fresh clone ready: installs what the lock file names, then builds. Silent when there is nothing to do.
// Runs before node_modules exists, so it imports nothing but node's own modules.
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = join(root, '.setup.lock');
const SOURCES = ['src', 'playbooks', '.ci', 'package-lock.json'];

if (needsInstall() || needsBuild()) {
  await takeLock();
  try {
    if (needsInstall()) install();
    if (needsBuild()) run('building', process.execPath, ['.ci/build.mjs']);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** npm writes node_modules/.package-lock.json at the end of an install. */
function needsInstall() {
  return modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json');
}

function needsBuild() {
  return modifiedAt('dist/contents.json') < Math.max(...SOURCES.map(newest));
}

function modifiedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Folders count too: their time changes when a file is removed. */
function newest(path) {
  const own = modifiedAt(path);
  if (own === 0 || !statSync(join(root, path)).isDirectory()) return own;
  return Math.max(own, ...readdirSync(join(root, path)).map((name) => newest(join(path, name))));
}

function install() {
  // The npm that called us, if it was npm: another one on the PATH may be too old.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const options = ['ci', '--engine-strict', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  run('installing the packages of package-lock.json (first run only)', npm[0], [...npm.slice(1), ...options]);
}

function run(what, command, args) {
  process.stderr.write(`oor: ${what} ...\n`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`oor: ${what} failed${error ? `: ${error.message}` : ''}\n`);
  rmSync(lock, { force: true });
  process.exit(status || 1);
}

/** Two set-ups at once would tear node_modules apart: the second waits for the first, and takes over when that one died. */
async function takeLock() {
  for (;;) {
    const mine = `${lock}.${process.pid}`;
    writeFileSync(mine, String(process.pid));
    try {
      // A link appears with its content: nobody ever reads an empty lock.
      linkSync(mine, lock);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(lockHolder())) rmSync(lock, { force: true });
      else await sleep(200);
    } finally {
      rmSync(mine, { force: true });
    }
  }
}

function lockHolder() {
  if (!existsSync(lock)) return Number.NaN;
  return Number(readFileSync(lock, 'utf8'));
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
