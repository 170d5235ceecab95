// What V8 compiles of the built program in a run and in a health check, kept as dist/compiled.bin for bin/loader.js, so that a start-up
// finds it done. The embedded stack is there to be looked at. Nothing depends on it: where it cannot be made the program starts later.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { formatCompiled, readCompiled } from '../bin/loader.js';

const PATIENCE_MS = 60_000;

export async function precompile(root) {
  const folder = await mkdtemp(join(tmpdir(), 'oor-build-'));
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', OOR_STATE_DIR: join(folder, 'state') };
  const record = (name, args) => {
    const argv = [join(root, '.ci', 'record-compiled.cjs'), join(folder, name), ...args];
    const { status, signal, stderr } = spawnSync(process.execPath, argv, { cwd: folder, env, encoding: 'utf8', timeout: PATIENCE_MS });
    // 0 and 1 are findings about this machine, which is not what is asked.
    if (status !== 0 && status !== 1) throw new Error(`oor ${args.join(' ')}: ${signal ?? `exit ${status}`}\n${stderr}`);
    return readCompiled(join(folder, name));
  };
  const stack = spawn(process.execPath, [join(root, 'bin', 'oor.js'), 'sandbox', 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => stack.once('close', resolve));
  try {
    const profile = await firstLine(stack);
    await writeFile(join(folder, 'app.log'), `${new Date().toISOString()} INFO ready\n`);
    await writeFile(join(folder, 'local.yaml'), playbookOf(localChecks(await readFile(profile, 'utf8'))));
    const ofRun = record('run', ['run', '--profile', profile, '--no-input', '--json']);
    const ofList = record('list', ['check', '--list', '--json']);
    const ofCheck = record('check', ['check', '--playbook', 'local.yaml', '--json']);
    // A health check is the one that is started every minute: of what both load, it gets what it needs and nothing else.
    const path = join(root, 'dist', 'compiled.bin');
    await writeFile(`${path}.new`, formatCompiled([...new Map([...ofList, ...ofRun, ...ofCheck])], usualFlags()));
    await rename(`${path}.new`, path);
  } catch (error) {
    process.stderr.write(`build: not precompiled: ${error.message}\n`);
  } finally {
    stack.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** As V8 says in its list of options; undefined where it has not both. */
function usualFlags() {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  const [budget, growth] = ['interrupt-budget', 'semi-space-growth-factor'].map((option) =>
    Number(new RegExp(`default: --${option}=(\\d+)`).exec(stdout)?.[1]),
  );
  return budget > 0 && growth > 0 ? { budget, growth } : undefined;
}

async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the embedded stack did not start');
}

/** Step, check and its parameters: what is commonly asked of one machine. */
function localChecks(profile) {
  const value = (pattern) => pattern.exec(profile)?.[1] ?? '';
  const url = value(/^ {2}"url": "(.+)"/m);
  return [
    ['ping', 'net.ping', { host: '127.0.0.1' }],
    ['tcp', 'net.tcp', { host: '127.0.0.1', port: Number(new URL(url).port) }],
    ['http', 'net.http', { url: value(/"health":"(http:[^"]+)"/), body_contains: 'o' }],
    ['cert', 'tls.cert', { url, ca_file: value(/^ {2}"ca_file": "(.+)"/m) }],
    ['dns', 'net.dns', { name: 'api.bank.test', resolver: value(/"resolvers": \["([^"]+)"/), expect: '127.0.0.2' }],
    ['disk', 'disk.space', { path: '/' }],
    ['load', 'cpu.load', {}],
    ['procs', 'proc.pids', {}],
    ['zombies', 'proc.zombies', {}],
    ['node', 'proc.match', { process: 'node' }],
    ['swap', 'mem.swap', {}],
    ['clock', 'time.offset', { servers: [value(/"servers": \["([^"]+)"/)] }],
    ['log', 'log.pattern', { file: 'app.log', pattern: 'ERROR|FATAL' }],
    ['user', 'user.exists', { name: 'root' }],
  ];
}

/** JSON is YAML; the braces that people write are parsed as such. */
function playbookOf(checks) {
  const steps = checks.map(([id, uses, params]) => `      - { id: ${id}, uses: ${uses}, with: ${JSON.stringify(params)} }\n`).join('');
  return `oor: 1\nid: local\ntitle: Local checks\nphases:\n  network:\n    steps:\n${steps}`;
}
