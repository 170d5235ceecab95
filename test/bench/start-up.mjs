// CPU time (user + system) of the light commands against a bare Node, in interleaved rounds: only the ratio means something.
// Usage: npm run bench [-- "check --list" ...]      Each argument is one more command line. Exit 1 when --version passes its budget.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 32;
/** Times the reference. */
const VERSION_BUDGET = 1.5;

const launcher = fileURLToPath(new URL('../../bin/oor.js', import.meta.url));
const cases = [
  { name: 'node -e 0', args: ['-e', '0'], ms: [] },
  ...['--version', '--help', ...process.argv.slice(2)].map((line) => ({
    name: `oor ${line}`,
    args: [launcher, ...line.split(' ')],
    ms: [],
  })),
];
// Node 20 parses these certificates at every start: more than all that is measured here.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

for (let round = 0; round < ROUNDS; round += 1) {
  // Each round starts with another case, so that no case always follows the same one.
  for (let turn = 0; turn < cases.length; turn += 1) {
    const one = cases[(round + turn) % cases.length];
    one.ms.push(cpuMs(one.args));
  }
}

const reference = fastestQuarter(cases[0].ms);
console.log(`CPU ms of ${ROUNDS} interleaved rounds, Node ${process.versions.node}`);
console.table(Object.fromEntries(cases.map((one) => [one.name, summary(one)])));
const version = fastestQuarter(cases[1].ms) / reference;
if (version > VERSION_BUDGET) {
  console.log(`--version costs ${rounded(version)} times a bare Node; the budget is ${VERSION_BUDGET}`);
  process.exitCode = 1;
}

function summary({ ms }) {
  const quarter = fastestQuarter(ms);
  return { min: Math.min(...ms), 'fastest quarter': rounded(quarter), median: median(ms), 'x node -e 0': rounded(quarter / reference) };
}

/** The mean of the fastest quarter: as free of the neighbours' load as the minimum, and finer than the clock's tick. */
function fastestQuarter(values) {
  const fastest = values.toSorted((a, b) => a - b).slice(0, values.length / 4);
  return fastest.reduce((sum, value) => sum + value, 0) / fastest.length;
}

/** bash is asked because Node cannot read the usage of a finished child; its clock ticks in milliseconds. */
function cpuMs(args) {
  const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1 </dev/null', 'bash', process.execPath, ...args], {
    env,
    encoding: 'utf8',
  });
  const [user, system] = timed.stderr.trim().split(' ').map(Number);
  if (!Number.isFinite(user + system)) throw new Error(`bash gave no times: ${timed.stderr || timed.error}`);
  return Math.round((user + system) * 1000);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
