// The fault lab, driven through its own command line; it is a folder outside this project and may not be there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));
/** The seat of the operator, and where the tool is put there. */
const SEAT = 'gw';
const TOOL = '/opt/oor';
/** Share of good payments, in percent, from which the stack counts as healthy. */
const HEALTHY_PERCENT = 90;
const HEALTHY_WITHIN_MS = 60_000;

export function openLab(folder) {
  const program = join(folder, 'lab');
  if (!existsSync(program)) throw new Error(`no fault lab in ${folder}: there is no ${program}`);
  const call = (...args) => spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
  const lab = {
    faults: () => readLines(call('json').stdout),
    isUp: () => call('status').stdout.trim() !== 'down',
    up: () => must(call('up'), 'lab up'),
    down: () => call('down'),
    clean: () => call('clean'),
    inject: (name) => call('inject', name),
    heal: (name) => call('heal', name),
    sli: (seconds = 4) => JSON.parse(call('sli', String(seconds)).stdout || '{}'),
    async settle(withinMs = HEALTHY_WITHIN_MS) {
      for (const until = Date.now() + withinMs; Date.now() < until; await sleep(1_000)) {
        const { n = 0, web_ok = 0, pos_ok = 0 } = lab.sli();
        if (n >= 8 && web_ok >= HEALTHY_PERCENT && pos_ok >= HEALTHY_PERCENT) return true;
      }
      return false;
    },
    /** What a package holds, and the profile, at the seat. */
    install(profile) {
      const tar = spawnSync('tar', ['-cf', '-', '-C', project, 'bin', 'dist', 'playbooks', 'package.json'], { maxBuffer: 1024 ** 3 });
      const unpack = `mkdir -p ${TOOL} /etc/oor && tar -xf - -C ${TOOL} && cp ${TOOL}/${profile} /etc/oor/oor.yaml`;
      const done = spawnSync(program, ['exec', SEAT, '--', 'sh', '-c', unpack], { input: tar.stdout, encoding: 'utf8' });
      must(done, 'install at the seat');
    },
    /** Runs the tool at the seat; resolves with what it printed and how long it took. */
    async oor(args, { timeoutMs = 180_000 } = {}) {
      const started = performance.now();
      const command = `cd /root && exec ${TOOL}/bin/oor.js "$@"`;
      const child = spawn(program, ['exec', SEAT, '--', 'sh', '-c', command, 'sh', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      const output = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      const exitCode = await new Promise((resolve) => child.on('close', resolve));
      clearTimeout(timer);
      return { ...output, exitCode, seconds: (performance.now() - started) / 1_000, result: parse(output.stdout) };
    },
  };
  return lab;
}

function readLines(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function must(done, what) {
  if (done.status !== 0) throw new Error(`${what} failed: ${(done.stderr || done.stdout || String(done.error ?? '')).trim()}`);
  return done;
}
