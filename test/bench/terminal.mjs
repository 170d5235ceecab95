// What a person at a terminal waits for: CPU and time up to the first useful line and the first question, against a bare Node measured the
// same way in interleaved rounds, and the time from a key to its reaction while twenty checks run. Usage: node test/bench/terminal.mjs
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';

const ROUNDS = 16;
const KEYS = 120;
const CHECKS = 20;
const LOG_MIB = 24;
/** Budgets of the product: times a bare Node, and milliseconds. */
const FIRST_LINE_BUDGET = 4;
const REACTION_BUDGET_MS = 100;

const launcher = fileURLToPath(new URL('../../bin/oor.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'oor-bench-terminal-'));
const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env;
const env = { ...rest, HOME: folder, OOR_STATE_DIR: join(folder, 'state'), LANG: 'en_US.UTF-8', TERM: 'xterm-256color', CI: '' };

try {
  writePlaybook();
  await benchStart();
  await benchKeys();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Half of the checks read a log of their own with all they have, the other half wait for a command. */
function writePlaybook() {
  const line = '2026-11-28T02:14:05Z payment 4711 answered 200 in 35 ms by bank after 1 attempt, order 20261128-000123\n';
  writeFileSync(join(folder, 'busy.log'), line.repeat(Math.ceil((LOG_MIB * 1024 * 1024) / line.length)));
  const steps = Array.from({ length: CHECKS }, (_, index) =>
    index % 2 === 0
      ? `{ id: log_${index}, uses: log.pattern, with: { file: ${join(folder, 'busy.log')}, pattern: "(?i)attempt ${index}|refused${index}", since: 365d }, timeout: 5m }`
      : `{ id: wait_${index}, uses: file.value, with: { argv: [sleep, "30.${index}"], want: x }, timeout: 5m }`,
  );
  writeFileSync(
    join(folder, 'busy.yaml'),
    `oor: 1
id: busy
title: Busy
phases:
  confirm:
    steps:
      - { id: seen, ask: What do people see?, type: select, options: [{ value: a, label: First }, { value: b, label: Second }, { value: unknown, label: Unknown }] }
  software:
    steps:
${steps.map((step) => `      - ${step}`).join('\n')}
`,
  );
}

async function benchStart() {
  const idle = ['-e', 'require("node:fs").writeSync(1, "ready"); setTimeout(() => {}, 60_000)'];
  const run = [launcher, 'run'];
  const cases = [
    { name: 'node -e 0', args: idle, until: /ready/, seen: [] },
    { name: 'oor run: first line', args: run, until: /\S/, seen: [] },
    { name: 'oor run: first question', args: run, until: /save and quit/, seen: [] },
    { name: 'oor alone: first question', args: [launcher], until: /\?/, seen: [] },
  ];
  for (let round = 0; round < ROUNDS; round += 1)
    for (let turn = 0; turn < cases.length; turn += 1) {
      const one = cases[(round + turn) % cases.length];
      one.seen.push(await measureUntil(one));
    }
  const reference = fastestQuarter(cases[0].seen.map(({ cpu }) => cpu));
  console.log(`up to what a person sees, ${ROUNDS} interleaved rounds, Node ${process.versions.node}`);
  console.table(
    Object.fromEntries(
      cases.map(({ name, seen }) => {
        const cpu = fastestQuarter(seen.map((each) => each.cpu));
        return [
          name,
          {
            'CPU ms': rounded(cpu),
            'x node -e 0': rounded(cpu / reference),
            'wall ms': rounded(fastestQuarter(seen.map((each) => each.wall))),
          },
        ];
      }),
    ),
  );
  const ratio = fastestQuarter(cases[1].seen.map(({ cpu }) => cpu)) / reference;
  if (ratio > FIRST_LINE_BUDGET) fail(`the first line costs ${rounded(ratio)} times a bare Node; the budget is ${FIRST_LINE_BUDGET}`);
}

/** The process is ended where it stands. */
async function measureUntil({ args, until }) {
  const begun = performance.now();
  const child = start(args);
  const seen = await new Promise((resolve, reject) => {
    let text = '';
    const reading = child.onData((data) => {
      text += data;
      if (!until.test(text)) return;
      // What it says as it ends is no first line, and then it has no processor time to be read.
      reading.dispose();
      resolve({ wall: performance.now() - begun, cpu: cpuMs(child.pid) });
    });
    child.onExit(() => reject(new Error(`it ended before ${until}:\n${text}`)));
  });
  await end(child);
  return seen;
}

async function benchKeys() {
  const child = start([launcher, 'run', join(folder, 'busy.yaml')]);
  let text = '';
  const waiting = new Set();
  child.onData((data) => {
    text += data;
    for (const look of waiting) look();
  });
  const until = (pattern, from) =>
    new Promise((resolve) => {
      const look = () => {
        if (!pattern.test(text.slice(from))) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await until(/save and quit/, 0);
  const times = [];
  for (let press = 0; press < KEYS; press += 1) {
    const from = text.length;
    const begun = performance.now();
    child.write(press % 2 === 0 ? '1' : '2');
    await until(press % 2 === 0 ? /\u276f 1/ : /\u276f 2/, from);
    times.push(performance.now() - begun);
    await sleep(15);
  }
  const running = [...text.matchAll(/software (\d+)\/(\d+)/g)].at(-1);
  await end(child);
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  console.log(
    `from a key to its reaction while ${CHECKS} checks run (${running ? `${running[1]} of ${running[2]} were done at the end` : 'none was done'})`,
  );
  console.table({ [`${KEYS} keys`]: { 'median ms': at(0.5), 'p95 ms': at(0.95), 'max ms': at(1), 'budget ms': REACTION_BUDGET_MS } });
  if (at(1) > REACTION_BUDGET_MS) fail(`a key took more than ${REACTION_BUDGET_MS} ms`);
}

function start(args) {
  return spawn(process.execPath, args, { name: 'xterm-256color', cols: 100, rows: 30, cwd: folder, env });
}

function end(child) {
  return new Promise((resolve) => {
    child.onExit(resolve);
    // It ends what it started.
    child.kill('SIGTERM');
  });
}

/** All threads, in nanoseconds: the clock of /proc/PID/stat ticks too slowly. */
function cpuMs(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + runtimeOf(`/proc/${pid}/task/${task}/schedstat`), 0) / 1e6;
}

/** 0 of a thread that has ended in between. */
function runtimeOf(path) {
  try {
    return Number(readFileSync(path, 'utf8').split(' ')[0]);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}

function fastestQuarter(values) {
  const fastest = values.toSorted((one, other) => one - other).slice(0, Math.max(1, values.length / 4));
  return fastest.reduce((sum, value) => sum + value, 0) / fastest.length;
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}

function fail(message) {
  console.log(message);
  process.exitCode = 1;
}
